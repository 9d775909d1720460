/** Prints one of the module's variables: its attributes, name and type as the crate has them, its value as it reads in C. */
import { Comments, commentsAbove } from "../comments.ts";
import { CannotPrint, type CrateTypes } from "../crate-types.ts";
import type { Environment } from "../environment.ts";
import { Invocations } from "../invocations.ts";
import { LocalNames } from "../local-names.ts";
import type { MacroBook } from "../macro-book.ts";
import { MovedCalls } from "../moved-calls.ts";
import type { Form } from "../form.ts";
import { Printer } from "../printer.ts";
import { UNIT } from "../rust-type.ts";
import type { UnitFacts, Variable } from "../unit-facts.ts";
import { ConstantPrinter, zeroConstant } from "./constant.ts";
import type { StaticItem } from "./static-items.ts";

export interface VariableInput {
  unit: UnitFacts;
  environment: Environment;
  types: CrateTypes;
  item: StaticItem;
  declaration: Variable;
  book: MacroBook;
  form: Form;
  source: Buffer | undefined;
  sourceOf: (file: number) => Buffer | undefined;
}

export interface PrintedVariable {
  name: string;
  text: string;
  comments: { kept: number; all: number };
}

/** @throws CannotPrint with what there is no rule for */
export function printVariable(input: VariableInput): PrintedVariable {
  const { unit, item, declaration: d, environment } = input;
  const known = environment.static(item.name);
  if (!known) throw new CannotPrint("the variable is not in the crate");
  const type = input.types.resolve(known.type);
  const comments = new Comments(unit.facts.comments, d.place, input.source);
  const above = d.place ? commentsAbove(unit.facts.comments, d.place, input.source) : { lines: [], all: 0 };
  const held = (text: string, open: string, close: string): string =>
    known.held ? `kport_constant${open}${text}${close}` : text;
  comments.reset(d.place?.b ?? 0);
  const value =
    d.initialiser === undefined
      ? zeroConstant(type)
      : new ConstantPrinter(printerOf(input, d.initialiser, comments), comments).value(d.initialiser, type);
  // What stands between the words of the declaration has no place of its own.
  const within = d.place ? comments.atEnd({ place: d.place }) : [];
  const text = [
    ...above.lines,
    ...within.filter((l) => l !== ""),
    `${item.head}: ${held(input.types.text(type), "<", ">")} = ${held(!input.form.wrapping ? value : `unsafe { ${value} }`, "(", ")")};`,
  ].join("\n");
  return { name: item.name, text, comments: { kept: comments.kept + above.all, all: comments.total + above.all } };
}

function printerOf(input: VariableInput, node: number, comments: Comments): Printer {
  const { unit, environment, types, book, form } = input;
  const invocations = new Invocations(unit, node);
  for (const s of unit.steps(input.declaration.p)) if (s.argument === undefined) invocations.around.add(s.invocation);
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
