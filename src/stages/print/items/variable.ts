/** Prints one of the module's variables: its attributes, name and type as the crate has them, its value as it reads in C. */
import { type Apart, boundApart, printerApart } from "../apart.ts";
import { withBounds } from "../bounds.ts";
import { Comments, commentsAbove } from "../comments.ts";
import { CannotPrint } from "../crate-types.ts";
import type { Variable } from "../unit-facts.ts";
import { ConstantPrinter, zeroConstant } from "./constant.ts";
import type { StaticItem } from "./static-items.ts";

export interface VariableInput extends Apart {
  item: StaticItem;
  declaration: Variable;
  source: Buffer | undefined;
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
  const type = withBounds(input.types.resolve(known.type), d.bounds, (b) => boundApart(input, b, d.p));
  const comments = new Comments(unit.facts.comments, d.place, input.source);
  const above = d.place ? commentsAbove(unit.facts.comments, d.place, input.source) : { lines: [], all: 0 };
  const held = (text: string, open: string, close: string): string =>
    known.held ? `kport_constant${open}${text}${close}` : text;
  comments.reset(d.place?.b ?? 0);
  const value =
    d.initialiser === undefined
      ? zeroConstant(type)
      : new ConstantPrinter(printerApart(input, d.initialiser, comments, d.p), comments).value(d.initialiser, type);
  // What stands between the words of the declaration has no place of its own.
  const within = d.place ? comments.atEnd({ place: d.place }) : [];
  const text = [
    ...above.lines,
    ...within.filter((l) => l !== ""),
    `${item.head}: ${held(input.types.text(type), "<", ">")} = ${held(!input.form.wrapping ? value : `unsafe { ${value} }`, "(", ")")};`,
  ].join("\n");
  return { name: item.name, text, comments: { kept: comments.kept + above.all, all: comments.total + above.all } };
}
