/** Mistakes that a translation could make, each put into a copy of a function: every one that changes what the function does has to lose its proof. */
import type { Block, Instruction, IrFunction, Operand } from "../../src/stages/prove/ir/model.ts";
import { calledName } from "../../src/stages/prove/strips.ts";
import {
  argumentsExchanged,
  exchanged,
  further,
  HINT,
  indexWidth,
  withOperand,
  withoutClobbers,
} from "./wrong-operands.ts";

export interface Mutant {
  /** `operator: add for sub`. */
  what: string;
  function: IrFunction;
}

/** What becomes of an instruction, as often as there are ways. */
type Rule = (i: Instruction) => (readonly [string, Instruction[]])[];

const OPERATORS: Record<string, string[]> = {
  add: ["sub"],
  sub: ["add"],
  mul: ["add"],
  and: ["or"],
  or: ["and", "xor"],
  xor: ["or"],
  shl: ["lshr"],
  lshr: ["shl", "ashr"],
  ashr: ["lshr"],
  udiv: ["urem", "sdiv"],
  sdiv: ["udiv"],
  urem: ["udiv"],
  srem: ["urem"],
};
const PREDICATES: Record<string, [string, string][]> = {
  eq: [["operator", "ne"]],
  ne: [["operator", "eq"]],
  ult: [
    ["off by one", "ule"],
    ["sign", "slt"],
  ],
  ule: [
    ["off by one", "ult"],
    ["sign", "sle"],
  ],
  ugt: [
    ["off by one", "uge"],
    ["sign", "sgt"],
  ],
  uge: [
    ["off by one", "ugt"],
    ["sign", "sge"],
  ],
  slt: [
    ["off by one", "sle"],
    ["sign", "ult"],
  ],
  sle: [
    ["off by one", "slt"],
    ["sign", "ule"],
  ],
  sgt: [
    ["off by one", "sge"],
    ["sign", "ugt"],
  ],
  sge: [
    ["off by one", "sgt"],
    ["sign", "uge"],
  ],
};
const WEAKER: Record<string, string> = {
  seq_cst: "monotonic",
  acq_rel: "monotonic",
  acquire: "monotonic",
  release: "monotonic",
};
const RULES: Rule[] = [
  (i) => (OPERATORS[i.op] ?? []).map((op) => [`operator: ${op} for ${i.op}`, [{ ...i, op, flags: [] }]]),
  (i) =>
    i.op === "icmp"
      ? (PREDICATES[i.flags.at(-1) as string] ?? []).map(([kind, p]) => [
          `${kind}: ${p} for ${i.flags.at(-1)}`,
          [{ ...i, flags: [p] }],
        ])
      : [],
  (i) =>
    i.op === "alloca" || HINT.test(calledName(i) ?? "") || (i.op === "getelementptr" && i.source?.kind === "struct")
      ? []
      : i.operands.flatMap((o, n) => constants(i, o, n)),
  // A wrong member or element.
  (i) =>
    i.op === "getelementptr" && i.source?.kind === "struct" ? [["constant: 4 bytes further", [...further(i)]]] : [],
  (i) => (i.op === "getelementptr" ? i.operands.slice(1).flatMap((o, n) => indexWidth(i, o, n + 1)) : []),
  (i) => (i.op === "select" ? [["select the wrong way round", [exchanged(i, 1, 2)]]] : []),
  (i) => argumentsExchanged(i),
  (i) => {
    const callee = i.operands[0]?.value;
    return i.op === "call" && callee?.kind === "global" && !callee.name.startsWith("llvm.")
      ? [["callee: another function", [withOperand(i, 0, { kind: "global", name: "kport_mutant" })]]]
      : [];
  },
  (i) =>
    i.op === "load" || i.op === "store"
      ? i.operands.flatMap((o, n) =>
          o.value.kind === "global"
            ? [["global: another one", [withOperand(i, n, { kind: "global", name: "kport_mutant" })]] as const]
            : [],
        )
      : [],
  (i) => withoutClobbers(i),
  (i) =>
    i.op === "switch" && i.operands.length > 1
      ? [["case lost", [{ ...i, operands: i.operands.slice(0, -1), labels: (i.labels ?? []).slice(0, -1) }]]]
      : [],
  (i) =>
    i.op === "zext" || i.op === "sext"
      ? [
          [
            `sign: ${i.op === "zext" ? "sext" : "zext"} for ${i.op}`,
            [{ ...i, op: i.op === "zext" ? "sext" : "zext", flags: [] }],
          ],
        ]
      : [],
  (i) =>
    i.op === "load" && i.type.kind === "int" && i.type.bits > 8 && i.type.bits % 16 === 0
      ? [[`width: ${i.type.bits / 2} bits for ${i.type.bits}`, narrowed(i, i.type.bits)]]
      : [],
  (i) =>
    i.flags.includes("volatile")
      ? [["volatile dropped", [{ ...i, flags: i.flags.filter((f) => f !== "volatile") }]]]
      : [],
  (i) => (i.op === "store" ? [["store dropped", []]] : []),
  (i) => (i.op === "fence" ? [["barrier dropped", []]] : []),
  (i) =>
    i.ordering !== undefined && WEAKER[i.ordering.at(-1) as string] !== undefined && i.op !== "fence"
      ? [["ordering weakened", [{ ...i, ordering: i.ordering.map((o) => WEAKER[o] ?? o) }]]]
      : [],
  (i) =>
    i.op === "call" && i.type.kind === "void" && !HINT.test(calledName(i) ?? "") && !i.signature?.noreturn
      ? [[`call of ${calledName(i) ?? "a pointer"} dropped`, []]]
      : [],
  (i) =>
    i.op === "br" && i.operands.length === 1
      ? [["branch the wrong way round", [{ ...i, labels: [...(i.labels ?? [])].reverse() }]]]
      : [],
];

function constants(i: Instruction, o: Operand, n: number): (readonly [string, Instruction[]])[] {
  if (
    o.value.kind !== "int" ||
    o.type.kind !== "int" ||
    (i.op === "call" && calledName(i)?.startsWith("llvm.") && o.type.bits === 1)
  )
    return [];
  let value = o.type.bits === 1 ? 1n - o.value.value : o.value.value + 1n;
  // A case of a switch has to be another than all others.
  while (i.op === "switch" && i.operands.some((x) => x.value.kind === "int" && x.value.value === value)) value++;
  const fits = BigInt.asIntN(o.type.bits, value);
  const other: Operand = { ...o, value: { kind: "int", value: o.type.bits === 1 ? value : fits } };
  return [
    [`constant: ${value} for ${o.value.value}`, [{ ...i, operands: i.operands.map((x, m) => (m === n ? other : x)) }]],
  ];
}

function narrowed(i: Instruction, bits: number): Instruction[] {
  const half = { kind: "int", bits: bits / 2 } as const;
  const result = `${i.result} narrow`;
  return [
    { ...i, type: half, result },
    {
      op: "zext",
      flags: [],
      type: i.type,
      operands: [{ type: half, value: { kind: "local", name: result } }],
      result: i.result as string,
    },
  ];
}

/** Every single mistake in a function. */
export function mutantsOf(f: IrFunction): Mutant[] {
  const out: Mutant[] = [];
  const put = (what: string, block: Block, instructions: Instruction[]): void => {
    out.push({ what, function: { ...f, blocks: f.blocks.map((b) => (b === block ? { ...b, instructions } : b)) } });
  };
  for (const block of f.blocks) {
    for (const [n, i] of block.instructions.entries()) {
      for (const rule of RULES) {
        for (const [what, made] of rule(i))
          if ((!what.startsWith("width") || isSeenWhole(f, i)) && !(what === "case lost" && isNamedByPhi(f, block)))
            put(what, block, block.instructions.toSpliced(n, 1, ...made));
      }
      const next = block.instructions.findIndex((x, m) => m > n && x.op === "store");
      const between = block.instructions.slice(n + 1, next);
      if (i.op === "store" && next > 0 && between.every((x) => x.op === "getelementptr" || x.op === "load"))
        put("order of stores", block, [...block.instructions.toSpliced(n, 1).toSpliced(next, 0, i)]);
    }
  }
  return out;
}

/** Whether what comes together somewhere depends on a block: a way less from it would make no program. */
function isNamedByPhi(f: IrFunction, { name }: Block): boolean {
  return f.blocks.some((b) => b.instructions.some((i) => i.op === "phi" && i.labels?.includes(name) === true));
}

/** Operations of which the low bits of the result are made of the low bits of the operands alone. */
const CARRYING = new Set(["add", "sub", "mul", "and", "or", "xor"]);

/** Whether more than the lower half of a value is ever looked at, also by way of what is computed of it: else its width is no mistake. */
function isSeenWhole(f: IrFunction, { result, type }: Instruction): boolean {
  const half = BigInt(type.kind === "int" ? type.bits / 2 : 0);
  const all = f.blocks.flatMap((b) => b.instructions);
  const seen = new Set<string>();
  const isWhole = (name: string | undefined): boolean => {
    if (name === undefined || seen.has(name)) return false;
    seen.add(name);
    return all.some((i) => {
      if (!i.operands.some((o) => o.value.kind === "local" && o.value.name === name)) return false;
      const isMasked =
        i.op === "and" &&
        i.operands.some((m) => m.value.kind === "int" && m.value.value >= 0n && m.value.value >> half === 0n);
      if (isMasked || (i.op === "trunc" && i.type.kind === "int" && BigInt(i.type.bits) <= half)) return false;
      return CARRYING.has(i.op) ? isWhole(i.result) : true;
    });
  };
  return isWhole(result);
}

/** `count` of some, spread over all of them and over their kinds; the same ones each time. */
export function sample<T extends { what: string }>(all: readonly T[], count: number): T[] {
  const kinds = [...Map.groupBy(all, (m) => m.what.replace(/[: ].*/, "")).values()];
  const out: T[] = [];
  for (let round = 0; out.length < Math.min(count, all.length); round++) {
    for (const kind of kinds) {
      // Steps through a kind by a number that has no divisor with its length.
      const step = kind.length % 7 === 0 ? 11 : 7;
      const m = round < kind.length ? kind[(round * step) % kind.length] : undefined;
      if (m !== undefined && !out.includes(m) && out.length < count) out.push(m);
    }
    if (round > all.length) break;
  }
  return out;
}
