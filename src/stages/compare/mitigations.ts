/** The kernel's compiler flags against speculation and corrupted control flow, read off the instructions: in the crate, in what is left of core, in helpers. */
import type { Finding } from "../../report/schema.ts";
import { addressesTaken } from "../inspect/address-taken.ts";
import type { CodeOf, Instruction } from "../inspect/code.ts";
import { type Check, definedSymbols, finding, named, sourceName, type Pair } from "./check.ts";

export const mitigations: Check = {
  name: "mitigations",
  proves:
    "As the kernel's configuration has them: no indirect branch but through a thunk (RETPOLINE), no plain return (RETHUNK), an `int3` behind every return and indirect jump (SLS), `endbr64` at the functions that C begins with one and an indirect branch may reach (IBT), a kCFI prefix at global functions, objtool's padding before functions (PREFIX_SYMBOLS), frame pointers. No instruction uses SSE, AVX, MMX or x87 registers or the red zone that C does not have. objtool listed every return and indirect branch for patching",
  allows:
    "Full barriers, which add nothing to what lies below the stack pointer; indirect calls through a variable that C calls through without a thunk as well (paravirtual operations, patched at boot)",
  severity: "error",
  run: (pair: Pair) => RULES.flatMap((rule) => rule(pair)),
};

type Rule = (pair: Pair) => Finding[];

/** Configuration symbols were renamed `MITIGATION_…` in 6.9. */
const has = ({ config }: Pair, symbol: string): boolean =>
  config.get(`CONFIG_${symbol}`) === "y" || config.get(`CONFIG_MITIGATION_${symbol}`) === "y";

/**
 * Instructions that `bad` is true of, and that C has nowhere, become one finding. The same one in another function, or more often, is the
 * same code: a function that C inlines is one of its own in Rust, or the reverse. A compiler chooses the registers.
 */
function none(pair: Pair, what: string, bad: (i: Instruction, at: number, f: CodeOf) => boolean): Finding[] {
  const places = (code: readonly CodeOf[]): { text: string; within: string }[] =>
    code.flatMap((f) =>
      f.instructions.flatMap((i, at) => (bad(i, at, f) ? [{ text: withoutRegisters(i), within: f.name }] : [])),
    );
  const [c, rust] = [places(pair.c.code), places(pair.rust.code)];
  const known = new Set(c.map((p) => p.text));
  const only = rust.filter((p) => !known.has(p.text));
  const functions = (some: typeof c): string[] => [...new Set(some.map((p) => p.within))];
  return only.length > 0
    ? [
        finding("mitigations", "error", `${what} in ${named(functions(only))}`, {
          c: functions(c).join("\n"),
          rust: functions(only).join("\n"),
        }),
      ]
    : [];
}

/** As `none`, for what a compiler makes at every place: C has it only in assembly, which both modules hold as often. */
function noMore(pair: Pair, what: string, bad: (i: Instruction, at: number, f: CodeOf) => boolean): Finding[] {
  const places = (code: readonly CodeOf[]): string[] =>
    code.flatMap((f) => f.instructions.flatMap((i, at) => (bad(i, at, f) ? [f.name] : [])));
  const [c, rust] = [places(pair.c.code), places(pair.rust.code)];
  return rust.length > c.length
    ? [
        finding("mitigations", "error", `${what} in ${named([...new Set(rust)])}`, {
          c: c.join("\n"),
          rust: rust.join("\n"),
        }),
      ]
    : [];
}

/** An instruction's text, whichever registers it uses; vectors are of a width. */
const withoutRegisters = (i: Instruction): string =>
  `${i.op} ${i.operands.replace(/%(?:([xyz])mm\d+|mm\d|r\w+|e\w+|[a-d][lhx])/g, (r, width: string | undefined) => (width !== undefined ? `%${width}mm` : r.startsWith("%mm") ? "%mm" : r === "%rsp" ? r : "%reg"))} ${through(i)}`;

/** A full barrier for SMP (arch/x86/include/asm/barrier.h) adds nothing to what lies below the stack pointer, which nobody reads: only the lock counts. */
const isBarrier = (i: Instruction): boolean => /^(?:add|or)[lq]$/.test(i.op) && i.operands.startsWith("$0x0, ");

const isBranch = (i: Instruction): boolean => /^(?:call|jmp)[ql]?$/.test(i.op);
const isReturn = (i: Instruction): boolean => /^ret[ql]?$/.test(i.op);
/** The variable an indirect branch goes through: `*(%rip)` with a relocation. */
const through = (i: Instruction): string =>
  i.operands.includes("(%rip)") || /^\*0x[0-9a-f]+$/.test(i.operands) ? (i.target ?? "") : "";

const RULES: Rule[] = [
  (pair) => {
    if (!has(pair, "RETPOLINE")) return [];
    const known = new Set(
      pair.c.code.flatMap((f) => f.instructions.filter((i) => isBranch(i) && i.operands.startsWith("*")).map(through)),
    );
    return none(
      pair,
      "an indirect branch without a retpoline",
      (i) =>
        isBranch(i) &&
        i.operands.startsWith("*") &&
        !(through(i) !== "" && (known.has(through(i)) || /^pv_ops/.test(through(i)))),
    );
  },
  (pair) => (has(pair, "RETHUNK") ? noMore(pair, "a return without the return thunk", isReturn) : []),
  (pair) =>
    has(pair, "SLS")
      ? noMore(
          pair,
          "no int3 behind a return or an indirect jump",
          (i, at, f) =>
            (isReturn(i) || (i.op.startsWith("jmp") && i.operands.startsWith("*"))) &&
            f.instructions[at + 1]?.op !== "int3",
        )
      : [],
  (pair) => none(pair, "a register of SSE, AVX, MMX or x87", (i) => /%(?:[xyz]mm\d|mm\d|st\b)/.test(i.operands)),
  // With an index it is an element of an array that begins above: where it lies the index says (`-0x8(%rsp,%r15)` is `array[i - 1]`).
  (pair) =>
    none(
      pair,
      "the red zone below the stack pointer",
      (i) => /-0x[0-9a-f]+\(%rsp\)/.test(i.operands) && !i.op.startsWith("lea") && !isBarrier(i),
    ),
  sameStart("X86_KERNEL_IBT", "begins without endbr64", (f) => f.instructions[0]?.op === "endbr64"),
  (pair) =>
    has(pair, "FRAME_POINTER")
      ? missing(
          pair,
          "calls without setting up a frame pointer",
          (f) =>
            !f.instructions.some((i) => /^call/.test(i.op) && i.target !== "__fentry__") ||
            f.instructions.some((i) => /^movq?$/.test(i.op) && i.operands === "%rsp, %rbp"),
        )
      : [],
  prefixed("__cfi_", "kCFI prefix"),
  prefixed("__pfx_", "padding for call depth tracking and live patching"),
  listed("RETHUNK", ".return_sites", "return", (i) => /^jmp/.test(i.op) && i.target === "__x86_return_thunk"),
  listed(
    "RETPOLINE",
    ".retpoline_sites",
    "indirect branch",
    (i) => isBranch(i) && /^__x86_indirect_thunk_/.test(i.target ?? ""),
  ),
];

/** Functions for which `good` does not hold in Rust, less those of the same name in C, which assembly makes. */
function missing(pair: Pair, what: string, good: (f: CodeOf) => boolean): Finding[] {
  const bad = (code: readonly CodeOf[]): string[] => code.filter((f) => !good(f)).map((f) => f.name);
  const [c, rust] = [bad(pair.c.code), bad(pair.rust.code)];
  const inC = new Set(c);
  const only = rust.filter((f) => !inC.has(f) && !inC.has(sourceName(pair, f)));
  return only.length > 0
    ? [finding("mitigations", "error", `${named(only)} ${what}`, { c: c.join("\n"), rust: only.join("\n") })]
    : [];
}

/** Functions of both modules that an indirect branch may reach begin in the same way where the configuration asks for it: global ones, and those whose address is taken. */
function sameStart(symbol: string, what: string, good: (f: CodeOf) => boolean): Rule {
  return (pair) => {
    if (!has(pair, symbol)) return [];
    const inC = new Set(pair.c.code.filter(good).map((f) => f.name));
    const isTaken = addressesTaken(pair.rust);
    const reachable = new Set(
      pair.rust.elf.symbols.filter((s) => s.binding !== "Local" || isTaken(s)).map((s) => s.name),
    );
    const bad = pair.rust.code.filter((f) => inC.has(f.name) && reachable.has(f.symbol) && !good(f)).map((f) => f.name);
    return bad.length === 0
      ? []
      : [finding("mitigations", "error", `${named(bad)} ${what}`, { c: "endbr64", rust: bad.join("\n") })];
  };
}

/** Where C's functions have a symbol with a prefix before them, so have Rust's global ones. */
function prefixed(prefix: string, what: string): Rule {
  return (pair) => {
    const { c, rust } = pair;
    const [inC, inRust] = [c, rust].map((o) => new Set(o.elf.symbols.map((s) => s.name))) as [Set<string>, Set<string>];
    if (!c.elf.symbols.some((s) => s.name.startsWith(prefix))) return [];
    // Assembly has none in C either; a function of file-scope assembly has the name of its helper in Rust.
    const bare = new Set(
      definedSymbols(c)
        .filter((s) => s.type === "Function" && !inC.has(`${prefix}${s.name}`))
        .map((s) => s.name),
    );
    const isBare = (name: string): boolean => bare.has(name) || bare.has(sourceName(pair, name));
    const bad = definedSymbols(rust)
      .filter(
        (s) =>
          s.type === "Function" &&
          s.binding !== "Local" &&
          !s.name.startsWith("__") &&
          !isBare(s.name) &&
          !inRust.has(`${prefix}${s.name}`),
      )
      .map((s) => s.name);
    return bad.length === 0
      ? []
      : [
          finding(
            "mitigations",
            "error",
            `${named(bad)} ${bad.length === 1 ? "has" : "have"} no ${what} (\`${prefix}\`)`,
            { c: prefix, rust: bad.join("\n") },
          ),
        ];
  };
}

/** objtool lists every place that the kernel patches at load. One that it did not list keeps its thunk, or is not protected. */
function listed(symbol: string, section: string, what: string, is: (i: Instruction) => boolean): Rule {
  return (pair) => {
    if (!has(pair, symbol) || pair.c.sections[section] === undefined) return [];
    const places = pair.rust.code.reduce((n, f) => n + f.instructions.filter(is).length, 0);
    const entries = pair.rust.sections[section]?.entries ?? 0;
    return entries >= places
      ? []
      : [
          finding(
            "mitigations",
            "error",
            `\`${section}\` lists ${entries} of ${places} ${what}es`.replace(/returnes$/, "returns"),
            { c: "all", rust: `${entries} of ${places}` },
          ),
        ];
  };
}
