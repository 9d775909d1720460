/** How long arrays are, as their declarations say it in C: `[u8; ETH_ALEN]`, where the type itself knows the number alone. */
import { codeOf } from "../../rust/lexer.ts";
import { CannotPrint } from "./crate-types.ts";
import type { Printer } from "./printer.ts";
import { type RustType, USIZE } from "./rust-type.ts";

/**
 * A type with its lengths as they are written.
 * @param bounds what the facts have of its declaration
 * @param say a length as text, where the number says less
 */
export function withBounds(
  type: RustType,
  bounds: readonly number[] = [],
  say: (bound: number) => string | undefined,
): RustType {
  const [first, ...more] = bounds;
  if (first === undefined || type.k !== "array") return type;
  const said = say(first);
  return { ...type, ...(said === undefined ? {} : { said }), of: withBounds(type.of, more, say) };
}

/**
 * One length as text.
 * @returns nothing where the number says more: a body that a macro with arguments expands to is not what C shows
 */
export function boundText(p: Printer, bound: number): string | undefined {
  if (p.template !== undefined || !p.form.macros || p.unit.some(bound, (n) => isOfBody(p, n.p))) return undefined;
  try {
    const { text } = p.computed(() => p.value(bound, USIZE));
    // A macro or a block may ask for more than rustc computes in a type.
    return codeOf(text).some((t) => t.text === "!" || t.text === "{") ? undefined : text;
  } catch (error) {
    if (error instanceof CannotPrint) return undefined;
    throw error;
  }
}

function isOfBody(p: Printer, path: number | undefined): boolean {
  return p.unit
    .steps(path)
    .some((s) => p.unit.facts.macros[p.unit.facts.expansions[s.invocation]?.macro ?? -1]?.parameters !== undefined);
}
