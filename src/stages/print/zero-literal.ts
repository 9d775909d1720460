/** Zeros: a structure's is a literal where that reads well, and LLVM may place what it is made of otherwise than a `zeroed()`. */
import { literalOf } from "./convert.ts";
import type { CrateTypes } from "./crate-types.ts";
import type { Environment } from "./environment.ts";
import type { Printer } from "./printer.ts";
import { nullOf } from "./rules/casts.ts";
import { atom, type Rust } from "./rust-text.ts";
import type { RustType } from "./rust-type.ts";

/** As long as a literal may be and read well, and as many members as it may have at all. */
const [SHORT, MANY] = [60, 40];

/** The value that C gives to what nothing else is said of. */
export function zeroOf(p: Printer, type: RustType): Rust {
  switch (type.k) {
    case "int":
      return literalOf(0n, type);
    case "bool":
      return atom("false", type);
    case "pointer":
    case "function":
      return nullOf(type);
    case "array":
      if (type.of.k === "int" || type.of.k === "bool")
        return { ...atom(`[${zeroOf(p, type.of).text}; ${type.said ?? type.length}]`, type), inferred: true };
      return zeroed(type);
    default: {
      // What has holes is cleared as a whole: a literal says nothing of them.
      const literal = p.template ? undefined : zeroLiteral(p.env, p.types, type);
      const reads = literal && (p.form.methods ? literal.text.length <= SHORT : literal.leaves <= MANY);
      return type.k === "record" && literal && reads ? atom(literal.text, type) : zeroed(type);
    }
  }
}

function zeroed(type: RustType): Rust {
  return { ...atom("core::mem::zeroed()", type), inferred: true };
}

/** Undefined where some member's zero cannot be written. `leaves`: how many values it is made of. */
export function zeroLiteral(
  env: Environment,
  types: CrateTypes,
  type: RustType,
): { text: string; leaves: number } | undefined {
  switch (type.k) {
    case "int":
      return { text: "0", leaves: 1 };
    case "bool":
      return { text: "false", leaves: 1 };
    case "pointer":
      return { text: type.mutable ? "core::ptr::null_mut()" : "core::ptr::null()", leaves: 1 };
    case "function":
      return type.bare ? undefined : { text: "None", leaves: 1 };
    case "array": {
      const of = zeroLiteral(env, types, type.of);
      // Only what can be copied is repeated.
      return of && { text: `[${of.text}; ${type.said ?? type.length}]`, leaves: of.leaves };
    }
    case "record": {
      const shape = env.record(type.name);
      if (!shape || !types.isNamed(type)) return undefined;
      const fields = shape.union ? [...shape.fields].slice(0, 1) : [...shape.fields];
      let leaves = 0;
      const texts: string[] = [];
      for (const [name, t] of fields) {
        const of = zeroLiteral(env, types, types.resolve(t));
        if (!of) return undefined;
        leaves += of.leaves;
        texts.push(`${name}: ${of.text}`);
      }
      return { text: texts.length === 0 ? `${type.name} {}` : `${type.name} { ${texts.join(", ")} }`, leaves };
    }
    default:
      return undefined;
  }
}
