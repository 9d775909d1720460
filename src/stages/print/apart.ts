/** Prints what stands in no function: the value of a variable, how long an array is. */
import { boundText } from "./bounds.ts";
import { Comments } from "./comments.ts";
import type { CrateTypes } from "./crate-types.ts";
import type { Environment } from "./environment.ts";
import type { Form } from "./form.ts";
import { Invocations } from "./invocations.ts";
import { LocalNames } from "./local-names.ts";
import type { MacroBook } from "./macro-book.ts";
import { MovedCalls } from "./moved-calls.ts";
import { Printer } from "./printer.ts";
import { UNIT } from "./rust-type.ts";
import type { UnitFacts } from "./unit-facts.ts";

export interface Apart {
  unit: UnitFacts;
  environment: Environment;
  types: CrateTypes;
  book: MacroBook;
  form: Form;
  /** The text of a file of the facts, by its number. */
  sourceOf: (file: number) => Buffer | undefined;
}

/**
 * @param node what is printed
 * @param path of the declaration that it stands in: macros that it is all of are the file's
 */
export function printerApart(input: Apart, node: number, comments: Comments, path: number | undefined): Printer {
  const { unit, environment, types, book, form } = input;
  const invocations = new Invocations(unit, node);
  for (const s of unit.steps(path)) if (s.argument === undefined) invocations.around.add(s.invocation);
  return new Printer({
    unit,
    environment,
    types,
    invocations,
    names: new LocalNames(unit, environment, types),
    book,
    moved: new MovedCalls(unit, node, []),
    form,
    comments,
    result: UNIT,
    asked: () => false,
    locals: new Map(),
    source: input.sourceOf,
    isOwn: true,
  });
}

/** How long an array is, of what is declared in no function. */
export function boundApart(input: Apart, bound: number, path: number | undefined): string | undefined {
  return boundText(printerApart(input, bound, new Comments([], undefined, undefined), path), bound);
}
