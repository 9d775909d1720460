/** The zero of a structure as a literal: LLVM may place what it is made of otherwise than a `zeroed()`. */
import type { CrateTypes } from "./crate-types.ts";
import type { Environment } from "./environment.ts";
import type { RustType } from "./rust-type.ts";

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
      return of && { text: `[${of.text}; ${type.length}]`, leaves: of.leaves };
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
