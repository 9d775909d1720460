/** Initialisers of variables that live as long as the module: literals, since Rust computes them when it compiles. */
import type { Node } from "../../../facts/schema.ts";
import type { Comments } from "../comments.ts";
import { CannotPrint } from "../crate-types.ts";
import { restOfArguments } from "./file-literal.ts";
import { findMember } from "../members.ts";
import type { Printer } from "../printer.ts";
import { nullOf } from "../rules/casts.ts";
import { stringArray } from "../rules/literals.ts";
import { isScalar, type RustType, show } from "../rust-type.ts";
import type { Kind } from "../unit-facts.ts";

/** As many elements as are written out where the rest of an array is zero. */
const FEW = 8;

export class ConstantPrinter {
  private readonly p: Printer;
  private readonly comments: Comments;
  constructor(p: Printer, comments: Comments) {
    this.p = p;
    this.comments = comments;
  }

  /** In a form that is unsafe as a whole, and in a macro, which may stand in one, there is no block for it. */
  private get zeroed(): string {
    return this.p.template || this.p.form.wrapping ? "core::mem::zeroed()" : ZEROED;
  }

  /** A value of the type. @throws CannotPrint with what there is no rule for */
  value(i: number, type: RustType): string {
    const outer = this.p.constants;
    this.p.constants = (literal, of) => this.value(literal, of);
    try {
      return this.p.computed(() => this.valueOf(i, type));
    } finally {
      this.p.constants = outer;
    }
  }

  private valueOf(i: number, type: RustType): string {
    const n = this.p.unit.node(i);
    if (n.k === "zero") return zeroConstant(type, this.zeroed);
    if (type.k === "record" || type.k === "array")
      return (
        this.p.book.initialiser(this.p, this.layers(i), type, () => this.aggregate(i, type)) ?? this.aggregate(i, type)
      );
    const one = scalarIn(this.p, i);
    return one === undefined ? zeroConstant(type, this.zeroed) : this.p.value(one, type).text;
  }

  private aggregate(i: number, type: RustType & { k: "record" | "array" }): string {
    const at = this.literal(i);
    const n = this.p.unit.node(at);
    if (n.k === "zero") return zeroConstant(type, this.zeroed);
    if (type.k === "array") {
      if (n.k === "string") return this.bytes(n, type);
      if (n.k === "list" && n.items.length === 1 && this.p.unit.node(n.items[0] as number).k === "string")
        return this.bytes(this.p.unit.node(n.items[0] as number) as Kind<"string">, type);
      if (n.k === "list") return this.array(n, type);
    } else if (n.k === "list") return this.byMembers(at, n, type) ?? this.record(n, type);
    throw new CannotPrint(`no rule for an initialiser (${n.k})`);
  }

  /** The literal itself: what C copies from a literal of the same type is that. */
  private literal(i: number): number {
    return this.layers(i).at(-1) as number;
  }

  /** The literal, and what is around it. */
  private layers(i: number): number[] {
    const all = [i];
    for (;;) {
      const n: Node = this.p.unit.node(all.at(-1) as number);
      if (n.k === "cast" && (n.kind === "LValueToRValue" || n.kind === "NoOp")) all.push(n.of);
      else if (n.k === "compound-literal") all.push(n.initialiser);
      else return all;
    }
  }

  private record(n: Kind<"list">, type: RustType & { k: "record" }): string {
    const shape = this.p.env.record(type.name);
    const record = this.recordOf(n);
    if (!shape || !this.p.types.isNamed(type) || !n.fields) throw new CannotPrint(`no literal of ${show(type)}`);
    const members = this.members(n, type, record);
    const flat = members.filter((m) => m.path.length > 0 || m.accessor !== undefined);
    const lines = this.fields(flat, type);
    const bits = flat.filter((m) => m.accessor !== undefined);
    if (bits.length === 0) return lines;
    const sets = bits.map(
      (m) => `value${m.path.map((s) => `.${s}`).join("")}.set_${m.accessor}(${this.value(m.node, m.type)});`,
    );
    return `{ let mut value: ${type.name} = ${lines}; ${sets.join(" ")} value }`;
  }

  /** A literal whose members a macro gives (`{ USB_DEVICE(1, 2), .driver_info = 3 }`): the rest of it is what the macro makes. */
  private byMembers(i: number, n: Kind<"list">, type: RustType & { k: "record" }): string | undefined {
    const given = this.p.invocations.membersIn(n.items);
    if (this.p.template || given === undefined || !n.fields) return undefined;
    const part = (isWithin: boolean): Kind<"list"> => {
      const at = [...n.items.keys()].filter((k) => given.items.has(n.items[k] as number) === isWithin);
      return { ...n, items: at.map((k) => n.items[k] as number), fields: at.map((k) => n.fields?.[k] as number) };
    };
    const others = this.members(part(false), type, this.recordOf(n));
    if (others.some((m) => m.path.length !== 1 || m.accessor !== undefined)) return undefined;
    const whole = this.p.book.byMembers(this.p, i, given.invocation, type, () => this.record(part(true), type));
    if (whole === undefined || others.length === 0) return whole;
    const lines = others.flatMap((m) => this.commented(m.node, () => [`${m.path[0]}: ${this.value(m.node, m.type)},`]));
    return `${type.name} {\n${lines.join("\n")}\n..${whole}\n}`;
  }

  private recordOf(n: Kind<"list">): { name?: string | undefined; type: number }[] {
    const t = this.p.unit.plain(n.t);
    const d = t.k === "record" ? this.p.unit.declaration(t.decl) : undefined;
    if (d?.k !== "record" || !d.fields) throw new CannotPrint("a literal of what is no structure");
    return d.fields;
  }

  /** Where in the crate's structure each initialiser goes: what has no name in C is gone through. */
  private members(
    n: Kind<"list">,
    type: RustType,
    fields: readonly { name?: string | undefined; type: number }[],
  ): Member[] {
    return n.items.flatMap((node, k): Member[] => {
      const field = fields[n.fields?.[k] ?? -1];
      if (!field) throw new CannotPrint("a member that is not there");
      if (this.isZero(node)) return [];
      if (field.name === undefined) {
        const inner = this.p.unit.node(this.literal(node));
        if (inner.k !== "list") throw new CannotPrint("an unnamed member as a whole");
        return this.members(inner, type, this.recordOf(inner));
      }
      const found = findMember(this.p, type, field.name);
      if (!found) throw new CannotPrint(`the member ${field.name} is not in the crate's ${show(type)}`);
      return [{ node, ...found }];
    });
  }

  private isZero(i: number): boolean {
    const n = this.p.unit.node(this.literal(i));
    return (
      n.k === "zero" ||
      (n.k === "list" &&
        n.items.every((x) => this.isZero(x)) &&
        (n.rest === undefined || this.isZero(n.rest)) &&
        !this.comments.isWithin(n))
    );
  }

  private fields(members: readonly Member[], type: RustType & { k: "record" }): string {
    const shape = this.p.env.record(type.name);
    if (!shape) throw new CannotPrint(`${type.name} is not in the crate`);
    const names: string[] = [];
    const lines: string[] = [];
    for (const m of members) {
      const [first, ...rest] = m.path;
      if (first === undefined || names.includes(first)) continue;
      names.push(first);
      const below = members.filter((x) => x.path[0] === first);
      if (rest.length === 0 && m.accessor === undefined)
        lines.push(...this.commented(m.node, () => [`${first}: ${this.value(m.node, m.type)},`]));
      else {
        const inner = this.p.types.resolve(shape.fields.get(first) ?? { k: "other", text: first });
        if (inner.k !== "record") throw new CannotPrint(`no literal of ${show(inner)}`);
        lines.push(
          `${first}: ${this.fields(
            below.map((x) => ({ ...x, path: x.path.slice(1) })).filter((x) => x.path.length > 0),
            inner,
          )},`,
        );
      }
    }
    if (shape.union ? names.length === 1 : names.length === shape.fields.size)
      return `${type.name} {\n${lines.join("\n")}\n}`;
    // What a union has besides is no field of a literal; what is not named at all is zero.
    if (names.length === 0 || shape.union) {
      if (shape.union && names.length > 1) throw new CannotPrint("several members of a union");
      return this.zeroed;
    }
    const rest = this.restOf(shape.fields, names);
    return `${type.name} {\n${lines.join("\n")}\n${rest ?? `..${this.zeroed}`}\n}`;
  }

  /** The one member that is left, where that is a number or a pointer: it takes no more room than what says that the rest is zero. */
  private restOf(fields: ReadonlyMap<string, RustType>, names: readonly string[]): string | undefined {
    const [left, more] = [...fields].filter(([name]) => !names.includes(name));
    if (left === undefined || more !== undefined) return undefined;
    const type = this.p.types.resolve(left[1]);
    return isScalar(type) && type.k !== "float" ? `${left[0]}: ${zeroConstant(type)},` : undefined;
  }

  /** With the comments around it; what a macro says has none. */
  private commented(i: number, print: () => readonly string[]): string[] {
    return this.p.template ? [...print()] : this.comments.around(this.p.unit.node(i), print);
  }

  private array(n: Kind<"list">, type: RustType & { k: "array" }): string {
    const length = Number(type.length);
    const items = n.items.map((i) => this.p.unit.node(i));
    if (items.length > length) throw new CannotPrint("more elements than the array has");
    const rest = items.length === length ? restOfArguments(this.p, n.items, (i) => this.value(i, type.of)) : undefined;
    if (rest !== undefined) return rest;
    const set = n.items.flatMap((i, k) => (this.isZero(i) ? [] : [k]));
    const last = (set.at(-1) ?? -1) + 1;
    // Numbers and pointers take little room: a table of them ends in zeros, where it is not mostly that.
    const zeros = isScalar(type.of) ? Math.max(FEW, 2 * last) : FEW;
    const whole = items.length === length || length - last <= zeros;
    // `[0 ... 255] = x` is one expression in all its places.
    if (
      length > 1 &&
      n.items.length === length &&
      n.items.every((i) => i === n.items[0]) &&
      type.of.k !== "record" &&
      type.of.k !== "array"
    )
      return `[${this.value(n.items[0] as number, type.of)}; ${length}]`;
    if (whole && (set.length * 2 >= last || length <= FEW)) {
      const lines = Array.from({ length }, (_, k) => {
        const i = n.items[k];
        return i === undefined || items[k]?.k === "zero"
          ? [`${zeroConstant(type.of, this.zeroed)},`]
          : this.commented(n.items[k] as number, () => [`${this.value(i, type.of)},`]);
      });
      return `[\n${lines.flat().join("\n")}\n]`;
    }
    const lines = set.flatMap((k) =>
      this.commented(n.items[k] as number, () => [`value[${k}] = ${this.value(n.items[k] as number, type.of)};`]),
    );
    return `{\nlet mut value: ${this.p.types.text(type)} = ${zeroConstant(type, this.zeroed)};\n${lines.join("\n")}\nvalue\n}`;
  }

  /** The characters of an array, with the zeros that fill it. */
  private bytes(n: Kind<"string">, type: RustType & { k: "array" }): string {
    if (n.unit !== 1 || type.of.k !== "int" || type.of.bits !== 8) throw new CannotPrint("a wide string");
    return stringArray(this.p, Buffer.from(n.bytes, "hex"), type).text;
  }
}

/** What C leaves to be zero. */
export function zeroConstant(type: RustType, zeroed = ZEROED): string {
  if (type.k === "int") return "0";
  if (type.k === "bool") return "false";
  if (type.k === "pointer" || type.k === "function") return nullOf(type).text;
  if (type.k === "array" && (type.of.k === "int" || type.of.k === "bool"))
    return `[${zeroConstant(type.of)}; ${type.length}]`;
  return zeroed;
}

interface Member {
  node: number;
  path: string[];
  accessor?: string;
  type: RustType;
}

const ZEROED = "unsafe { core::mem::zeroed() }";

/** The expression in braces around a scalar; none in empty ones. What a check at compile time adds is zero. */
function scalarIn(p: Printer, i: number): number | undefined {
  const n = p.unit.node(i);
  if (n.k === "list") return n.items[0] === undefined ? undefined : scalarIn(p, n.items[0]);
  if (n.k === "cast" && !n.explicit && n.kind === "IntegralCast" && n.v !== undefined) {
    const of = scalarIn(p, n.of);
    return of === n.of ? i : of;
  }
  const addend = n.k === "binary" && n.op === "+" && n.p !== undefined ? p.unit.expression(n.left) : undefined;
  return addend?.v === "0" && n.k === "binary" ? scalarIn(p, n.right) : i;
}
