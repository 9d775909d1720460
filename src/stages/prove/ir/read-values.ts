/** Reads types, attributes and values. */
import { type Operand, type Passing, type Type, Unsupported, type Value } from "./model.ts";
import { type Tokens, unescaped } from "./tokens.ts";

/** What a named type is. */
export type TypeNames = (name: string) => Type;

const PLAIN = new Set(["void", "ptr", "label", "metadata", "token"]);
const FLOATS = new Set(["half", "bfloat", "float", "double", "x86_fp80", "fp128", "ppc_fp128"]);
/** Attributes with a type of their own. */
const TYPED = new Set(["byval", "sret", "byref", "inalloca", "preallocated", "elementtype"]);
const PASSING = new Set(["zeroext", "signext", "inreg", "swiftself", "nest"]);

export function startsType(t: Tokens, distance = 0): boolean {
  const { kind, text } = t.peek(distance);
  if (kind === "local") return true;
  if (kind === "word") return PLAIN.has(text) || FLOATS.has(text) || /^i\d+$/.test(text);
  return kind === "punctuation" && "[{<".includes(text);
}

export function readType(t: Tokens, names: TypeNames): Type {
  let type = readPlainType(t, names);
  while (t.is("(")) {
    t.next();
    const parameters: Type[] = [];
    let variadic = false;
    while (!t.accept(")")) {
      if (t.accept("...")) variadic = true;
      else {
        parameters.push(readType(t, names));
        readAttributes(t, names);
        if (t.peek().kind === "local") t.next();
      }
      t.accept(",");
    }
    type = { kind: "function", returns: type, parameters, variadic };
  }
  return type;
}

function readPlainType(t: Tokens, names: TypeNames): Type {
  const { kind, text } = t.next();
  if (kind === "local") return names(text);
  if (kind === "word") {
    if (text === "ptr") {
      if (t.accept("addrspace")) throw new Unsupported("a pointer into another address space");
      return { kind: "ptr" };
    }
    if (PLAIN.has(text)) return { kind: text as "void" };
    if (FLOATS.has(text)) return { kind: "float", name: text };
    if (/^i\d+$/.test(text)) return { kind: "int", bits: Number(text.slice(1)) };
    if (text === "opaque") return { kind: "opaque" };
  }
  if (text === "[") {
    const count = t.number();
    t.expect("x");
    const of = readType(t, names);
    t.expect("]");
    return { kind: "array", count, of };
  }
  if (text === "{") return readStruct(t, names, false);
  if (text === "<") {
    if (t.accept("{")) {
      const type = readStruct(t, names, true);
      t.expect(">");
      return type;
    }
    const count = t.number();
    t.expect("x");
    const of = readType(t, names);
    t.expect(">");
    return { kind: "vector", count, of };
  }
  throw new Unsupported(`the type \`${text}\``);
}

function readStruct(t: Tokens, names: TypeNames, packed: boolean): Type {
  const fields: Type[] = [];
  while (!t.accept("}")) {
    fields.push(readType(t, names));
    t.accept(",");
  }
  return { kind: "struct", packed, fields };
}

/** Attributes of a parameter, a result, a function or a call, as far as they go. */
export function readAttributes(t: Tokens, names: TypeNames): { passing: Passing; all: string[] } {
  const passing: Passing = { words: [], typed: [] };
  const all: string[] = [];
  let align: number | undefined;
  for (;;) {
    const { kind, text } = t.peek();
    if (kind === "attributes") {
      all.push(`#${text}`);
      t.next();
    } else if (kind === "string") {
      t.next();
      if (t.accept("=")) t.next();
    } else if (kind === "word" && !startsType(t) && !NOT_AN_ATTRIBUTE.has(text)) {
      t.next();
      all.push(text);
      if (text === "align" || text === "alignstack" || text === "addrspace" || text === "cc") {
        if (t.peek().kind !== "number") t.skipGroup();
        else if (text === "align") align = t.number();
        else t.next();
      } else if (TYPED.has(text) && t.accept("(")) {
        passing.typed.push({ name: text, type: readType(t, names) });
        t.expect(")");
      } else {
        if (PASSING.has(text)) passing.words.push(text);
        if (t.is("(")) t.skipGroup();
      }
    } else break;
  }
  const inMemory = passing.typed.find((p) => p.name === "byval");
  if (inMemory !== undefined && align !== undefined) inMemory.align = align;
  return { passing, all };
}

/** Words by which a value or an instruction goes on. */
const NOT_AN_ATTRIBUTE = new Set(
  "null undef poison true false zeroinitializer none asm to label unwind x within c blockaddress dso_local_equivalent no_cfi getelementptr bitcast inttoptr ptrtoint ptrtoaddr addrspacecast trunc zext sext add sub mul xor and or shl lshr ashr icmp fcmp select extractelement insertelement shufflevector splat section comdat gc prefix prologue personality partition".split(
    " ",
  ),
);

export function readOperand(t: Tokens, names: TypeNames): Operand {
  const type = readType(t, names);
  return { type, value: readValue(t, names, type) };
}

/** @param type of the value, which stands before it */
export function readValue(t: Tokens, names: TypeNames, type: Type): Value {
  if (type.kind === "metadata") return readMetadata(t);
  const { kind, text } = t.next();
  if (kind === "local" || kind === "global") return { kind, name: text };
  if (kind === "bytes") return { kind: "bytes", bytes: unescaped(text) };
  if (kind === "number") return type.kind === "float" ? { kind: "float", text } : { kind: "int", value: BigInt(text) };
  if (kind === "word") {
    if (text === "true" || text === "false") return { kind: "int", value: text === "true" ? 1n : 0n };
    if (text === "null" || text === "undef" || text === "poison" || text === "none") return { kind: text };
    if (text === "zeroinitializer") return { kind: "zero" };
    if (text === "asm") return readAsm(t);
    if (text === "dso_local_equivalent" || text === "no_cfi") return readValue(t, names, type);
    if (text === "getelementptr") return readAddress(t, names);
    return readExpression(t, names, text);
  }
  if (text === "[") return { kind: "aggregate", shape: "array", elements: readElements(t, names, "]") };
  if (text === "{") return { kind: "aggregate", shape: "struct", elements: readElements(t, names, "}") };
  if (text === "<") {
    if (!t.accept("{")) return { kind: "aggregate", shape: "vector", elements: readElements(t, names, ">") };
    const elements = readElements(t, names, "}");
    t.expect(">");
    return { kind: "aggregate", shape: "packed", elements };
  }
  throw new Unsupported(`the value \`${text}\``);
}

function readElements(t: Tokens, names: TypeNames, close: string): Operand[] {
  const out: Operand[] = [];
  while (!t.accept(close)) {
    out.push(readOperand(t, names));
    t.accept(",");
  }
  return out;
}

function readMetadata(t: Tokens): Value {
  const { kind, text } = t.next();
  if (kind === "metadata") {
    if (text === "") {
      if (t.peek().kind === "string") return { kind: "metadata", text: `"${t.next().text}"` };
      t.skipGroup();
    } else t.skipGroup();
    return { kind: "metadata", text };
  }
  throw new Unsupported("metadata that names a value");
}

function readAsm(t: Tokens): Value {
  const flags: string[] = [];
  while (t.peek().kind === "word") flags.push(t.next().text);
  const text = t.name("string");
  t.expect(",");
  return { kind: "asm", text, constraints: t.name("string"), flags };
}

function readAddress(t: Tokens, names: TypeNames): Value {
  while (t.peek().kind === "word") {
    if (t.next().text === "inrange") t.skipGroup();
  }
  t.expect("(");
  const source = readType(t, names);
  const operands: Operand[] = [];
  while (t.accept(",")) operands.push(readOperand(t, names));
  t.expect(")");
  return { kind: "expression", op: "getelementptr", source, operands };
}

const CASTS = new Set(["trunc", "zext", "sext", "bitcast", "inttoptr", "ptrtoint", "ptrtoaddr", "addrspacecast"]);
const OPERATIONS = new Set(["add", "sub", "mul", "xor", "and", "or", "shl", "lshr", "ashr"]);

function readExpression(t: Tokens, names: TypeNames, op: string): Value {
  if (CASTS.has(op)) {
    t.expect("(");
    const operand = readOperand(t, names);
    t.expect("to");
    const source = readType(t, names);
    t.expect(")");
    return { kind: "expression", op, source, operands: [operand] };
  }
  if (OPERATIONS.has(op)) {
    while (t.peek().kind === "word") t.next();
    t.expect("(");
    const first = readOperand(t, names);
    t.expect(",");
    const second = readOperand(t, names);
    t.expect(")");
    return { kind: "expression", op, operands: [first, second] };
  }
  throw new Unsupported(`the value \`${op}\``);
}
