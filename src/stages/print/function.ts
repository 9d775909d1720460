/** Prints one of the module's functions. */
import type { DeclarationOf } from "../../facts/tree.ts";
import type { MovedInvocation } from "../lower/moved-invocations.ts";
import { Comments, commentsAbove } from "./comments.ts";
import { CannotPrint, CrateTypes } from "./crate-types.ts";
import type { Environment, FunctionItem } from "./environment.ts";
import { indent } from "./indent.ts";
import type { Invocations } from "./invocations.ts";
import { LocalNames } from "./local-names.ts";
import type { MacroBook } from "./macro-book.ts";
import { MovedCalls } from "./moved-calls.ts";
import type { Form } from "./form.ts";
import { Printer } from "./printer.ts";
import { printBody } from "./statements.ts";
import { askedOf } from "./null-checks.ts";
import type { UnitFacts, Variable } from "./unit-facts.ts";
import { leaves } from "./flow.ts";
import { nameByLocals } from "./unnamed-records.ts";

type Parameter = FunctionItem["signature"]["parameters"][number];

export interface FunctionInput {
  unit: UnitFacts;
  environment: Environment;
  types: CrateTypes;
  /** The item whose place it takes. */
  item: FunctionItem;
  declaration: DeclarationOf<"function">;
  /** Of its body; the same in all forms. */
  invocations: () => Invocations;
  book: MacroBook;
  moved: readonly MovedInvocation[];
  form: Form;
  /** What stands before `fn`. */
  head: string;
  /** The file it stands in. */
  source: Buffer | undefined;
  /** The text of a file of the facts, by its number. */
  sourceOf: (file: number) => Buffer | undefined;
}

export interface PrintedFunction {
  name: string;
  text: string;
  comments: { kept: number; all: number };
  /** The macros that it invokes in C, one by one, where an expression or a statement comes out of them. */
  invoked: string[];
}

/** @throws CannotPrint with what there is no rule for */
export function printFunction(input: FunctionInput): PrintedFunction {
  const { unit, item, declaration: f, environment } = input;
  if (f.body === undefined || f.parameters === undefined) throw new CannotPrint("it has no body");
  if (item.signature.variadic) throw new CannotPrint("variable arguments");
  if (item.signature.parameters.length !== f.parameters.length)
    throw new CannotPrint("the crate's function has other parameters");
  const names = new LocalNames(unit, environment, input.types);
  for (const [i, d] of f.parameters.entries())
    names.give(d, input.types.resolve((item.signature.parameters[i] as Parameter).type));
  const body = unit.node(f.body);
  const comments = new Comments(unit.facts.comments, body.place, input.source);
  const locals = localsOf(unit, f.parameters, f.body);
  names.giveStatics(
    item.name,
    [...locals.values()]
      .flat()
      .filter((d) => (unit.declaration(d) as { storage?: string }).storage === "static")
      .sort((a, b) => a - b),
    item.statics,
  );
  nameByLocals(unit, locals, item.unnamed, input.types);
  const moved = new MovedCalls(
    unit,
    f.body,
    input.moved.filter((m) => m.func === item.name),
  );
  if (moved.lost[0]) throw new CannotPrint(`${moved.lost[0].symbol} stands for what is not found again`);
  const printer = new Printer({
    unit,
    environment,
    types: input.types,
    invocations: input.invocations(),
    names,
    book: input.book,
    moved,
    form: input.form,
    comments,
    result: input.types.resolve(item.signature.result),
    asked: askedOf(item.asked, (decl) => [names.of(decl), nameInCrate(unit, locals, decl)]),
    locals,
    source: input.sourceOf,
    isOwn: unit.isOwn(f),
  });
  const once = (): string[] => {
    comments.reset(body.place.b);
    printer.forget();
    names.used.clear();
    return printBody(printer, f.body as number, "function");
  };
  // What changes is known when all is printed: then it is printed as it is.
  input.book.rehearse(once);
  const lines = once();
  const { result } = printer;
  if (result.k !== "unit" && result.k !== "never" && !leaves(unit, f.body))
    lines.push("core::hint::unreachable_unchecked()");
  const parameters = f.parameters.map((d) => {
    const name = names.used.has(d) ? names.of(d) : `_${names.of(d)}`;
    return `${names.mutated.has(d) ? "mut " : ""}${name}: ${input.types.text(names.typeOf(d))}`;
  });
  const returns = result.k === "unit" ? "" : ` -> ${input.types.text(result)}`;
  const above = f.place ? commentsAbove(unit.facts.comments, f.place, input.source) : { lines: [], all: 0 };
  const head = above.lines.length === 0 ? "" : `${above.lines.join("\n")}\n`;
  const text = `${head}${input.head}fn ${item.name}(${parameters.join(", ")})${returns} ${indent(`{\n${lines.join("\n")}\n}`)}`;
  return {
    name: item.name,
    text,
    comments: { kept: comments.kept + above.all, all: comments.total + above.all },
    invoked: printer.invocations.direct(
      f.p,
      new Set(input.moved.flatMap((m) => (m.func === item.name ? (m.offset ?? []) : []))),
    ),
  };
}

/** What c2rust calls a variable: the second of a name in a function has a number. */
function nameInCrate(unit: UnitFacts, locals: ReadonlyMap<string, readonly number[]>, decl: number): string {
  const { name } = unit.declaration(decl) as Variable;
  const nth = locals.get(name)?.indexOf(decl) ?? 0;
  return nth > 0 ? `${name}_${nth - 1}` : name;
}

function localsOf(unit: UnitFacts, parameters: readonly number[], body: number): Map<string, number[]> {
  const out = new Map<string, number[]>();
  const add = (decl: number): void => {
    const d = unit.declaration(decl);
    if (d.k === "variable") out.set(d.name, [...(out.get(d.name) ?? []), decl]);
  };
  for (const d of parameters) add(d);
  unit.walk(body, (n) => {
    if (n.k === "declare") for (const d of n.decls) add(d);
  });
  return out;
}
