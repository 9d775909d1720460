/** Writes the tree as LLVM's assembly language, for `opt`. */
import type { Instruction, IrFunction, Operand, Passing, Type, Value } from "./model.ts";

export function printType(t: Type): string {
  switch (t.kind) {
    case "int":
      return `i${t.bits}`;
    case "float":
      return t.name;
    case "array":
      return `[${t.count} x ${printType(t.of)}]`;
    case "vector":
      return `<${t.count} x ${printType(t.of)}>`;
    case "struct": {
      const fields = t.fields.length === 0 ? "{}" : `{ ${t.fields.map(printType).join(", ")} }`;
      return t.packed ? `<${fields}>` : fields;
    }
    case "function":
      return `${printType(t.returns)} (${[...t.parameters.map(printType), ...(t.variadic ? ["..."] : [])].join(", ")})`;
    default:
      return t.kind;
  }
}

export function quoted(name: string): string {
  return `"${escape(Buffer.from(name, "latin1"))}"`;
}

/** The name of a value or a block. One that is only a number would be taken for one of those that `opt` makes. */
function localName(name: string): string {
  return quoted(/^\d/.test(name) ? `#${name}` : name);
}

function escape(bytes: Buffer): string {
  let out = "";
  for (const b of bytes)
    out +=
      b >= 32 && b < 127 && b !== 34 && b !== 92
        ? String.fromCharCode(b)
        : `\\${b.toString(16).toUpperCase().padStart(2, "0")}`;
  return out;
}

export function printValue(v: Value, type: Type): string {
  switch (v.kind) {
    case "local":
      return `%${localName(v.name)}`;
    case "global":
      return `@${quoted(v.name)}`;
    case "int":
      return type.kind === "int" && type.bits === 1 ? (v.value === 0n ? "false" : "true") : String(v.value);
    case "float":
      return v.text;
    case "zero":
      return "zeroinitializer";
    case "bytes":
      return `c"${escape(v.bytes)}"`;
    case "aggregate": {
      const [open, close] = { array: ["[", "]"], struct: ["{ ", " }"], packed: ["<{ ", " }>"], vector: ["<", ">"] }[
        v.shape
      ] as [string, string];
      return `${open}${v.elements.map(printOperand).join(", ")}${close}`;
    }
    case "expression":
      if (v.op === "getelementptr")
        return `getelementptr (${[printType(v.source as Type), ...v.operands.map(printOperand)].join(", ")})`;
      return v.source
        ? `${v.op} (${printOperand(v.operands[0] as Operand)} to ${printType(v.source)})`
        : `${v.op} (${v.operands.map(printOperand).join(", ")})`;
    case "asm":
      return `asm ${[...v.flags, `"${v.text}"`].join(" ")}, "${v.constraints}"`;
    case "metadata":
      return `!${v.text}`;
    default:
      return v.kind;
  }
}

export function printOperand(o: Operand): string {
  return `${[printType(o.type), ...printPassing(o.passing)].join(" ")} ${printValue(o.value, o.type)}`;
}

function printPassing(p: Passing | undefined): string[] {
  return p === undefined
    ? []
    : [
        ...p.words,
        ...p.typed.map((t) => `${t.name}(${printType(t.type)})${t.align === undefined ? "" : ` align ${t.align}`}`),
      ];
}

function values(i: Instruction): string {
  const [first, ...rest] = i.operands;
  return first === undefined ? "" : [printOperand(first), ...rest.map((o) => printValue(o.value, o.type))].join(", ");
}

export function printInstruction(i: Instruction): string {
  const lead = i.result === undefined ? "" : `%${localName(i.result)} = `;
  const labels = (i.labels ?? []).map((l) => `label %${localName(l)}`);
  const head = [i.op, ...i.flags].join(" ");
  const all = i.operands.map(printOperand).join(", ");
  const align = i.align === undefined ? "" : `, align ${i.align}`;
  const ordering =
    i.ordering === undefined
      ? ""
      : ` ${(i.ordering.length > 1 && i.op !== "cmpxchg") || i.ordering.length > 2 ? [`syncscope("${i.ordering[0]}")`, ...i.ordering.slice(1)].join(" ") : i.ordering.join(" ")}`;
  switch (i.op) {
    case "ret":
      return all === "" ? "ret void" : `ret ${all}`;
    case "br":
      return `br ${[...(all === "" ? [] : [all]), ...labels].join(", ")}`;
    case "switch":
      return `switch ${printOperand(i.operands[0] as Operand)}, ${labels[0]} [${i.operands
        .slice(1)
        .map((o, n) => ` ${printOperand(o)}, ${labels[n + 1]}`)
        .join("")} ]`;
    case "alloca":
      return `${lead}alloca ${[printType(i.source as Type), ...(all === "" ? [] : [all])].join(", ")}${align}`;
    case "load":
      return `${lead}${head} ${printType(i.type)}, ${all}${ordering}${align}`;
    case "store":
    case "cmpxchg":
    case "atomicrmw":
      return `${lead}${head} ${all}${ordering}${align}`;
    case "fence":
      return `fence${ordering}`;
    case "getelementptr":
      return `${lead}${head} ${[printType(i.source as Type), all].join(", ")}`;
    case "phi":
      return `${lead}phi ${printType(i.type)} ${i.operands.map((o, n) => `[ ${printValue(o.value, o.type)}, %${localName(i.labels?.[n] as string)} ]`).join(", ")}`;
    case "extractvalue":
    case "insertvalue":
      return `${lead}${i.op} ${[all, ...(i.indices ?? [])].join(", ")}`;
    case "call":
    case "callbr": {
      const [callee, ...args] = i.operands as [Operand, ...Operand[]];
      const { returns, variadic, parameters } = i.signature as NonNullable<Instruction["signature"]>;
      const type = variadic
        ? printType({ kind: "function", returns: i.type, parameters: parameters ?? [], variadic })
        : printType(i.type);
      return `${lead}${[...i.flags.filter((f) => f === "musttail"), i.op, ...printPassing(returns), type].join(" ")} ${printValue(callee.value, callee.type)}(${args.map(printOperand).join(", ")})${labels.length === 0 ? "" : ` to ${labels[0]} [${labels.slice(1).join(", ")}]`}`;
    }
    case "unreachable":
      return "unreachable";
    default: {
      const isCast = i.operands.length === 1 && !["freeze", "fneg"].includes(i.op);
      if (isCast) return `${lead}${head} ${all} to ${printType(i.type)}`;
      return `${lead}${head} ${i.op === "select" ? all : values(i)}`;
    }
  }
}

/** @param words linkage and attributes of the function, before and behind its parameters */
export function printFunction(f: IrFunction, [linkage, attributes]: readonly [string, string]): string {
  const parameters = f.parameters.map(
    (p) => `${[printType(p.type), ...printPassing(p.passing)].join(" ")} %${localName(p.name)}`,
  );
  const head = `define ${[linkage, ...printPassing(f.returnPassing), printType(f.returns)].filter((w) => w !== "").join(" ")} @${quoted(f.name)}(${[...parameters, ...(f.variadic ? ["..."] : [])].join(", ")}) ${attributes} {`;
  const blocks = f.blocks.map(
    (b) => `${localName(b.name)}:\n${b.instructions.map((i) => `  ${printInstruction(i)}\n`).join("")}`,
  );
  return `${head}\n${blocks.join("")}}\n`;
}

/** An array of bytes with its type. */
export function bytesText(bytes: Uint8Array): string {
  return `[${bytes.length} x i8] c"${[...bytes].map((b) => `\\${b.toString(16).padStart(2, "0")}`).join("")}"`;
}
