/** Expressions for what they do: assignments, steps, calls whose value nobody wants. */
import { CannotPrint } from "./crate-types.ts";
import { fits, holds } from "./convert.ts";
import { findMember } from "./members.ts";
import type { Printer } from "./printer.ts";
import { arithmetic, unpromoted } from "./rules/operators.ts";
import { addressOf, dereferenced, offset } from "./rules/places.ts";
import { atom, binary, method, operand, BINDS, type Rust } from "./rust-text.ts";
import { I32, type RustType, same } from "./rust-type.ts";
import { statementLines } from "./statements.ts";
import type { Kind } from "./unit-facts.ts";

/** A statement without its semicolon; nothing for what does nothing. */
export function effectOf(p: Printer, i: number): string {
  const n = p.unit.node(i);
  if (p.isPure(i)) return "";
  switch (n.k) {
    case "cast":
      if (n.kind === "LValueToRValue" && p.unit.isVolatile(p.unit.expression(n.of).t)) return p.expression(i).text;
      return p.effect(n.of);
    case "assignment":
      return assign(p, n);
    case "unary":
      return /\+\+|--/.test(n.op) ? stepOf(p, n) : p.effect(n.of);
    case "conditional": {
      if (n.then === undefined) break;
      const v = p.unit.expression(n.condition).v;
      if (v !== undefined) return p.effect(v !== "0" ? n.then : n.else);
      const test = p.condition(n.condition).text;
      if (test === "true" || test === "false") return p.effect(test === "true" ? n.then : n.else);
      const [then, otherwise] = [p.effect(n.then), p.effect(n.else)];
      if (then === "") return `if !(${test}) { ${otherwise}; }`;
      return `if ${test} { ${then}; }${otherwise === "" ? "" : ` else { ${otherwise}; }`}`;
    }
    case "binary": {
      const [left, right] = [p.unit.expression(n.left), p.effect(n.right)];
      if (n.op === "&&" || n.op === "||") {
        if (right === "") return p.effect(n.left);
        if (left.v !== undefined) return (left.v !== "0") === (n.op === "&&") ? right : "";
        const test = p.condition(n.left);
        return `if ${n.op === "&&" ? test.text : `!${operand(test, BINDS.unary)}`} { ${right}; }`;
      }
      return [p.effect(n.left), right].filter((s) => s !== "").join("; ");
    }
    case "statement-expression": {
      const lines = statementLines(p, n.body);
      const declares = lines.some((l) => /^(?:let|static) /.test(l));
      return lines.length === 0 ? "" : declares ? `{\n${lines.join("\n")}\n}` : lines.join("\n").replace(/;$/, "");
    }
  }
  return p.expression(i).text;
}

function isVolatile(p: Printer, i: number): boolean {
  return p.unit.isVolatile(p.unit.expression(i).t);
}

/** `place = value`, as the place is written. */
function store(p: Printer, left: number, place: Rust, value: string): string {
  if (place.root !== undefined) p.names.mutated.add(place.root);
  if (place.constant) throw new CannotPrint("a write to what the crate has as a constant");
  if (place.bitfield) return `${place.bitfield.base}.set_${place.bitfield.name}(${value})`;
  if (isVolatile(p, left)) return method(addressOf(place, true, p), "write_volatile", [value], { k: "unit" }).text;
  return `${place.text} = ${value}`;
}

function load(p: Printer, left: number, place: Rust): Rust {
  return isVolatile(p, left) && !place.bitfield
    ? method(addressOf(place, false), "read_volatile", [], place.type)
    : place;
}

/** A place that does something is found once: what is done with it goes through its address. */
export function held(p: Printer, left: number, rest: (place: Rust) => string): string {
  const place = p.expression(left);
  const name = p.fresh("place");
  if (place.bitfield) {
    const through = `(*${name})`;
    return `{ let ${name} = &raw mut ${place.bitfield.base}; ${rest({ ...atom(`${through}.${place.bitfield.name}()`, place.type), bitfield: { base: through, name: place.bitfield.name } })} }`;
  }
  const address = addressOf(place, true, p);
  return `{ let ${name} = ${address.text}; ${rest(dereferenced({ ...atom(name, address.type) }))} }`;
}

function assign(p: Printer, n: Kind<"assignment">): string {
  if (n.op !== "=" && !p.isPure(n.left)) {
    // C's compilers compute the right side first.
    if (!p.isPure(n.right)) throw new CannotPrint("a compound assignment both sides of which do something");
    return held(p, n.left, (place) => compound(p, n, place));
  }
  const place = p.expression(n.left);
  if (n.op === "=") {
    // `a = b = c`: the inner one first; its value is what it was given, which a number need not be read back for.
    const below = assignmentIn(p, n.right);
    if (below && p.isPure(below.left) && !isVolatile(p, below.left)) {
      const number = numberGiven(p, below);
      const value =
        number === undefined ? p.convert.to(p.expression(below.left), place.type) : p.value(number, place.type);
      return `${assign(p, below)}; ${store(p, n.left, place, value.text)}`;
    }
    const value = p.value(n.right, place.type);
    // A setter borrows the object for as long as its arguments are computed: they hand out no address of it.
    if (place.bitfield && !p.isPure(n.right) && names(p, n.right, place.root))
      return behind(p, n, value, (v) => store(p, n.left, place, v.text));
    return store(p, n.left, place, value.text);
  }
  return compound(p, n, place);
}

/** Whether an expression names a variable. */
function names(p: Printer, i: number, decl: number | undefined): boolean {
  let found = false;
  p.unit.walk(i, (x) => void (x.k === "reference" && x.decl === decl && (found = true)));
  return found;
}

function assignmentIn(p: Printer, i: number): Kind<"assignment"> | undefined {
  const n = p.unit.node(p.withoutImplicit(i, /./));
  return n.k === "assignment" && n.op === "=" ? n : undefined;
}

/** The number that an assignment, or the last of several, gives its places, where each of them holds it. */
function numberGiven(p: Printer, n: Kind<"assignment">): number | undefined {
  const below = assignmentIn(p, n.right);
  const given = below ? numberGiven(p, below) : p.withoutImplicit(n.right, /./);
  const v = given === undefined ? undefined : p.unit.expression(given).v;
  // A bit-field holds fewer bits than its type.
  if (p.expression(n.left).bitfield) return undefined;
  return v !== undefined && fits(BigInt(v), p.typeOf(n.left)) ? given : undefined;
}

/** `place op= value`, of a place that may be read again. */
export function compound(p: Printer, n: Kind<"assignment">, place: Rust): string {
  const op = n.op.slice(0, -1);
  const type = place.type;
  const plain = !place.bitfield && !isVolatile(p, n.left);
  if (type.k === "pointer") return store(p, n.left, place, offset(p, load(p, n.left, place), n.right, op === "-").text);
  if (type.k === "bool") {
    const value = p.expression(n.right, type);
    if (op === "|" || (value.type.k === "bool" && /^[&^]$/.test(op))) {
      const truth = p.convert.truth(value);
      if (plain) return mutate(p, place, `${place.text} ${op}= ${truth.text}`);
      return store(p, n.left, place, binary(load(p, n.left, place), op, truth, type).text);
    }
    // In int, and whether that is zero.
    const computed = n.computed === undefined ? I32 : p.types.of(n.computed);
    if (computed.k !== "int") throw new CannotPrint("arithmetic with a bool");
    return store(
      p,
      n.left,
      place,
      p.convert.truth(
        binary(p.convert.to(load(p, n.left, place), computed), op, p.value(n.right, computed, false), computed),
      ).text,
    );
  }
  if (type.k !== "int") throw new CannotPrint("a compound assignment of no number");
  if (/^(?:<<|>>)$/.test(op)) {
    const computed = n.computed === undefined ? type : p.types.of(n.computed);
    const count = p.expression(unpromoted(p, n.right));
    // In C a narrow number may be shifted by all of its bits and more, in Rust it may not.
    const { v } = p.unit.expression(n.right);
    const within = v !== undefined && BigInt(v) < BigInt(type.bits);
    if (same(computed, type) || (op === ">>" && within && holds(computed, type)))
      return plain
        ? mutate(p, place, `${place.text} ${op}= ${count.text}`)
        : store(p, n.left, place, binary(load(p, n.left, place), op, count, type).text);
    return store(
      p,
      n.left,
      place,
      p.convert.to(binary(p.convert.to(load(p, n.left, place), computed), op, count, computed), type).text,
    );
  }
  if (/^[-+*&|^]$/.test(op)) {
    // The low bits are the same whatever width they are computed in.
    const value = p.convert.to(p.expression(unpromoted(p, n.right), type), type);
    const known = value.literal !== undefined || value.known !== undefined || type.signed || /^[&|^]$/.test(op);
    if (plain && known) return mutate(p, place, `${place.text} ${op}= ${value.text}`);
    if (plain && /^[+*]$/.test(op) && !p.isPure(n.right))
      return store(p, n.left, place, arithmetic(value, op, place, type).text);
    return behind(p, n, value, (v) => store(p, n.left, place, arithmetic(load(p, n.left, place), op, v, type).text));
  }
  const computed = n.computed === undefined ? type : p.types.of(n.computed);
  const value = p.value(n.right, computed);
  if (plain && same(computed, type)) return mutate(p, place, `${place.text} ${op}= ${value.text}`);
  return behind(p, n, value, (v) =>
    store(
      p,
      n.left,
      place,
      p.convert.to(binary(p.convert.to(load(p, n.left, place), computed), op, v, computed), type).text,
    ),
  );
}

/** C's compilers compute the right side first, which may change what the place holds: then it has a name. */
function behind(p: Printer, n: Kind<"assignment">, value: Rust, write: (value: Rust) => string): string {
  if (p.isPure(n.right)) return write(value);
  const name = p.fresh("right");
  return `{ let ${name} = ${value.text}; ${write(atom(name, value.type))}; }`;
}

function mutate(p: Printer, place: Rust, text: string): string {
  if (place.root !== undefined) p.names.mutated.add(place.root);
  if (place.constant) throw new CannotPrint("a write to what the crate has as a constant");
  return text;
}

/** `x += 1` for `x++`. */
export function stepOf(p: Printer, n: Kind<"unary">): string {
  return p.isPure(n.of) ? stepped(p, n, p.expression(n.of)) : held(p, n.of, (place) => stepped(p, n, place));
}

export function stepped(p: Printer, n: Kind<"unary">, place: Rust): string {
  const op = n.op.includes("++") ? "+" : "-";
  if (place.type.k === "pointer")
    return store(p, n.of, place, method(load(p, n.of, place), op === "+" ? "add" : "sub", ["1"], place.type).text);
  if (place.type.k !== "int") throw new CannotPrint("a step of no number");
  if (place.bitfield || isVolatile(p, n.of)) return store(p, n.of, place, `${load(p, n.of, place).text} ${op} 1`);
  return mutate(p, place, `${place.text} ${op}= 1`);
}

/** Assigns what an initialiser names to an object that is zero. */
export function initialise(p: Printer, target: string, type: RustType, list: number): string[] {
  const n = p.unit.node(list);
  if (n.k === "zero" || ("t" in n && n.v === "0" && p.types.of(n.t).k === "int")) return [];
  if (n.k === "compound-literal") return initialise(p, target, type, n.initialiser);
  if (n.k !== "list") return [`${target} = ${p.value(list, type).text};`];
  if (type.k === "array") {
    const { of } = type;
    if (n.items.length > 64) throw new CannotPrint("a long initialiser");
    return n.items.flatMap((item, at) => initialise(p, `${target}[${at}]`, of, item));
  }
  const plain = p.unit.plain(n.t);
  const record = plain.k === "record" ? p.unit.declaration(plain.decl) : undefined;
  if (record?.k !== "record" || !n.fields) throw new CannotPrint("an initialiser of no structure");
  return n.items.flatMap((item, at) => {
    const below = p.unit.node(item);
    if (below.k === "zero" || (below.k === "integer" && below.v === "0")) return [];
    const name = record.fields?.[n.fields?.[at] ?? -1]?.name;
    if (name === undefined) return below.k === "list" ? initialise(p, target, type, item) : [];
    const found = findMember(p, type, name);
    if (!found) {
      // Through a member without a name, the structure is the same in Rust.
      throw new CannotPrint(`the member ${name} is not in the crate`);
    }
    const place = [target, ...found.path].join(".");
    if (found.accessor !== undefined) return [`${place}.set_${found.accessor}(${p.value(item, found.type).text});`];
    return initialise(p, place, found.type, item);
  });
}
