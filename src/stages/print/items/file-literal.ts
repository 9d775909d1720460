/**
 * Compound literals in what lives as long as the module do so too. One that C has as `const` is what a reference is made of, which Rust keeps
 * as long; one that C may write is a variable beside the pointer to it.
 */
import type { Printer } from "../printer.ts";
import { BINDS, method, type Rust } from "../rust-text.ts";
import { pointer, type RustType } from "../rust-type.ts";
import type { Kind } from "../unit-facts.ts";

/**
 * Its address; of an array, its first element's.
 * @param value its value as a constant, of the type
 */
export function addressOfLiteral(
  p: Printer,
  n: Kind<"compound-literal">,
  value: (i: number, type: RustType) => string,
): Rust {
  const type = p.types.of(n.t);
  const text = value(n.initialiser, type);
  const own = p.unit.plain(n.t);
  const isConst = p.unit.isConst(own.k === "array" ? own.of : n.t);
  if (type.k === "array") {
    if (isConst && text.startsWith("["))
      return method({ text, binds: BINDS.postfix, type }, "as_ptr", [], pointer(type.of, false));
    return block(p, type, text, isConst, `.cast::<${p.types.text(type.of)}>()`, pointer(type.of, !isConst));
  }
  if (isConst && type.k === "record") return { text: `&${text}`, binds: BINDS.unary, type: pointer(type, false) };
  return block(p, type, text, isConst, "", pointer(type, !isConst));
}

function block(p: Printer, type: RustType, text: string, isConst: boolean, cast: string, to: RustType): Rust {
  // As long as what each use gives.
  const isOpen = type.k === "array" && p.template !== undefined && text.includes(`$${p.template.restName()}, )*`);
  const said = isOpen && type.k === "array" ? `[${p.types.text(type.of)}; ${text}.len()]` : p.types.text(type);
  const kind = isConst ? ["static", "const"] : ["static mut", "mut"];
  const address = `&raw ${kind[1]} literal`;
  return {
    text: `{ ${kind[0]} literal: ${said} = ${text}; ${cast === "" ? address : `(${address})${cast}`} }`,
    binds: BINDS.postfix,
    type: to,
  };
}

/** An array of a macro's that has the rest of its arguments in it (`{ __VA_ARGS__, 0 }`): as many as each use gives. */
export function restOfArguments(
  p: Printer,
  items: readonly number[],
  value: (i: number) => string,
): string | undefined {
  const { template } = p;
  const isRest = (i: number): boolean => {
    const argument = template?.argumentOf(p.unit, p.unit.node(i).p);
    return argument !== undefined && template?.isRest(argument) === true;
  };
  const [first, last] = [items.findIndex(isRest), items.findLastIndex(isRest)];
  if (template === undefined || first < 0 || !items.slice(first, last + 1).every(isRest)) return undefined;
  template.rest = p.within(undefined, () => items.slice(first, last + 1).map(value));
  const before = items.slice(0, first).map((i) => `${value(i)}, `);
  return `[${before.join("")}$($${template.restName()}, )* ${items
    .slice(last + 1)
    .map(value)
    .join(", ")}]`;
}
