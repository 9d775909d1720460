/** Places: variables, members, elements, what pointers point to. */
import { CannotPrint } from "../crate-types.ts";
import { literalOf } from "../convert.ts";
import { memberPath } from "../members.ts";
import type { Printer } from "../printer.ts";
import type { ExpressionRule } from "./expression-rule.ts";
import { atom, BINDS, method, operand, prefix, type Rust } from "../rust-text.ts";
import { pointer, type RustType, USIZE } from "../rust-type.ts";
import type { Kind } from "../unit-facts.ts";

const references: ExpressionRule = {
  file: "places.ts",
  name: "names",
  because: "variables, functions and enumerators keep their names",
  fixture: "export-symbol",
  kinds: ["reference"],
  print(p, node, _i, want) {
    const n = node as Kind<"reference">;
    const d = p.unit.declaration(n.decl);
    if (d.k === "enumerator") return enumerator(p, d.name, BigInt(d.value), p.types.of(n.t), want);
    if (d.k === "function") {
      const signature = p.env.function(d.name);
      if (!signature && p.moved.telling) return atom(d.name, p.types.of(n.t));
      if (!signature) throw new CannotPrint(`${d.name}() is not in the crate`);
      const type: RustType = {
        k: "function",
        parameters: signature.parameters.map((x) => p.types.resolve(x.type)),
        result: p.types.resolve(signature.result),
        variadic: signature.variadic,
        bare: true,
      };
      return atom(d.name, type);
    }
    if (d.k !== "variable") throw new CannotPrint(`a name of a ${d.k}`);
    if (d.scope !== "file" && d.storage !== "static" && d.storage !== "extern") {
      return { ...atom(p.localName(n.decl), p.names.typeOf(n.decl)), root: n.decl };
    }
    if (d.storage === "static" && d.scope === "block") {
      const item = p.names.staticItem(n.decl);
      if (!item) throw new CannotPrint(`the static variable ${d.name} is not in the crate's function`);
      const name = p.localName(n.decl);
      return {
        ...atom(item.held ? `${name}.0` : name, p.names.typeOf(n.decl)),
        ...(p.names.isConstant(n.decl) ? { constant: true as const } : {}),
      };
    }
    const known = p.env.static(d.name);
    if (!known && p.moved.telling) return atom(d.name, p.types.of(n.t));
    if (!known) throw new CannotPrint(`the variable ${d.name} is not in the crate`);
    return {
      ...atom(known.held ? `${d.name}.0` : d.name, p.types.resolve(known.type)),
      ...(known.mutable ? {} : { constant: true as const }),
    };
  },
};

function enumerator(p: Printer, name: string, value: bigint, type: RustType, want: RustType | undefined): Rust {
  if (/^(?:true|false)(?:_0)?$/.test(name) && (value === 0n || value === 1n))
    return want?.k === "int"
      ? { ...atom(value.toString(), want), literal: value }
      : { ...atom(value === 0n ? "false" : "true", { k: "bool" }), literal: value };
  const known = p.env.constant(name);
  if (known) return { ...atom(name, p.types.resolve(known)), known: value };
  return p.book.constant(p, name, value, type, want) ?? literalOf(value, want?.k === "int" ? want : type);
}

const members: ExpressionRule = {
  file: "places.ts",
  name: "members",
  because:
    "`(*p).f`: no reference is made, which would promise what kernels do not keep; a bit-field is read through its accessor",
  fixture: "bitfields",
  kinds: ["member"],
  print(p, node, i) {
    const found = memberPath(p, i);
    if (found.accessor !== undefined)
      return {
        ...atom(`${found.base}.${found.accessor}()`, found.type),
        bitfield: { base: found.base, name: found.accessor },
        ...(found.root === undefined ? {} : { root: found.root }),
      };
    void node;
    return {
      ...atom(found.base, found.type),
      ...(found.constant ? { constant: true as const } : {}),
      ...(found.root === undefined ? {} : { root: found.root }),
    };
  },
};

const subscripts: ExpressionRule = {
  file: "places.ts",
  name: "elements",
  because:
    "C checks no bounds: an element of a pointer is where the pointer and the index say, that of an array a macro finds, and only an index that is known is written as one",
  fixture: "flexible-array",
  kinds: ["subscript"],
  print(p, node, i) {
    const n = node as Kind<"subscript">;
    const array = arrayBelow(p, n.base);
    const index = p.unit.expression(n.index);
    const place = array === undefined ? undefined : p.expression(array);
    if (place?.type.k === "array") {
      const same = {
        ...(place.constant ? { constant: true as const } : {}),
        ...(place.root === undefined ? {} : { root: place.root }),
      };
      if (index.v !== undefined && BigInt(index.v) >= 0n && BigInt(index.v) < BigInt(place.type.length))
        return { ...atom(`${operand(place, BINDS.postfix)}[${p.value(n.index, USIZE).text}]`, place.type.of), ...same };
      const printed = p.expression(p.withoutImplicit(n.index, /^(?:IntegralCast)$/));
      if (index.v === undefined && printed.type.k === "int" && p.form.methods) {
        const written = !place.constant && isWritten(p, i);
        if (written && place.root !== undefined) p.names.mutated.add(place.root);
        return {
          ...atom(`${written ? "at_mut" : "at"}!(${place.text}, ${printed.text})`, place.type.of),
          ...same,
          ...(written ? {} : { constant: true as const }),
        };
      }
    }
    return dereferenced(offset(p, p.typed(n.base), n.index, false));
  },
};

/** Whether something writes a place, or takes its address to write by. */
function isWritten(p: Printer, i: number): boolean {
  for (let at = i, up = p.invocations.parentOf(at); up !== undefined; at = up, up = p.invocations.parentOf(at)) {
    const n = p.unit.node(up);
    if (n.k === "assignment") return n.left === at;
    if (n.k === "unary")
      return n.op !== "&"
        ? /\+\+|--/.test(n.op)
        : p.unit.plain(n.t).k === "pointer" && !p.unit.isConst((p.unit.plain(n.t) as { to: number }).to);
    // An array within the element is the element's.
    const decays = n.k === "cast" && n.kind === "ArrayToPointerDecay";
    const above = decays ? p.invocations.parentOf(up) : undefined;
    const inner =
      above !== undefined &&
      p.unit.node(above).k === "subscript" &&
      (p.unit.node(above) as Kind<"subscript">).base === up;
    if (decays && !inner) {
      const type = p.types.of(n.t);
      return type.k === "pointer" && type.mutable;
    }
    if (!decays && n.k !== "subscript" && !(n.k === "member" && !n.arrow && n.base === at)) return false;
    if (n.k === "subscript" && n.base !== at) return false;
  }
  return false;
}

/** The array that decays in a node. */
export function arrayBelow(p: Printer, i: number): number | undefined {
  const n = p.unit.node(i);
  return n.k === "cast" && n.kind === "ArrayToPointerDecay" && p.unit.node(n.of).k !== "string" ? n.of : undefined;
}

/** A pointer so many elements on, or back. */
export function offset(p: Printer, base: Rust, index: number, back: boolean): Rust {
  if (base.type.k !== "pointer") throw new CannotPrint("an offset from what is no pointer");
  const n = p.unit.expression(index);
  const wrapping = p.form.wrapping ? "wrapping_" : "";
  if (n.v !== undefined) {
    const v = BigInt(n.v);
    const count = p.value(index, v < 0n ? { k: "int", name: "isize", bits: 64, signed: true } : USIZE).text;
    // The first of all needs no word, but for one that has a name.
    const isNamed = /^[A-Za-z_]/.test(count);
    if (v === 0n && !isNamed && p.unit.node(p.withoutImplicit(index, /./)).k !== "offsetof") return base;
    const bytes = p.unit.node(p.withoutImplicit(index, /./)).k === "offsetof" ? "byte_" : "";
    return method(
      base,
      `${wrapping}${v < 0n ? "offset" : `${bytes}${back ? "sub" : "add"}`}`,
      [v < 0n && back ? `-(${count})` : count],
      base.type,
    );
  }
  const printed = p.expression(p.withoutImplicit(index, /^(?:IntegralCast)$/));
  if (printed.type.k === "int" && !printed.type.signed)
    return method(base, `${wrapping}${back ? "sub" : "add"}`, [p.convert.to(printed, USIZE).text], base.type);
  const signed = p.convert.to(printed, { k: "int", name: "isize", bits: 64, signed: true });
  return method(base, `${wrapping}offset`, [back ? prefix("-", signed, signed.type).text : signed.text], base.type);
}

/** What a pointer points to. */
export function dereferenced(r: Rust): Rust {
  if (r.addressOf) return r.addressOf;
  if (r.type.k !== "pointer") throw new CannotPrint("what is no pointer is dereferenced");
  return { ...prefix("*", r, r.type.to), pointee: r };
}

/** The address of a place. */
export function addressOf(place: Rust, mutable: boolean, p?: Printer): Rust {
  if (place.pointee && place.pointee.type.k === "pointer") return place.pointee;
  if (place.bitfield) throw new CannotPrint("the address of a bit-field");
  const writable = mutable && !place.constant;
  if (writable && place.root !== undefined) p?.names.mutated.add(place.root);
  const made: Rust = {
    text: `&raw ${writable ? "mut" : "const"} ${operand(place, BINDS.unary)}`,
    binds: BINDS.unary,
    type: pointer(place.type, writable),
    addressOf: place,
  };
  return made;
}

export const places = [references, members, subscripts] as const;
