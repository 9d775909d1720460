/** Puts what can be printed of a unit in the place of c2rust's items of the same names. */
import { parseRust } from "../../rust/parse.ts";
import { codeOf } from "../../rust/lexer.ts";
import type { Facts } from "../../facts/schema.ts";
import type { DeclarationOf } from "../../facts/tree.ts";
import { CannotPrint, CrateTypes } from "./crate-types.ts";
import type { Environment, FunctionItem } from "./environment.ts";
import { readCrateFile } from "./crate-file.ts";
import { ByForm } from "./by-form.ts";
import { printFunction, type PrintedFunction } from "./function.ts";
import { Invocations } from "./invocations.ts";
import { nameByMembers } from "./unnamed-members.ts";
import type { MacroBook } from "./macro-book.ts";
import type { MovedInvocation } from "../lower/moved-invocations.ts";
import { BOLD, type Form } from "./form.ts";
import { UnitFacts, type Variable } from "./unit-facts.ts";
import { type MemberBounds, memberBounds } from "./items/member-bounds.ts";
import { readStatics, type StaticItem } from "./items/static-items.ts";
import { printVariable, type PrintedVariable } from "./items/variable.ts";

export interface UnitInput {
  /** The unit's Rust, as it was made of the lowered C. */
  rust: string;
  facts: Facts;
  moved: readonly MovedInvocation[];
  /** Names of C that are others in the Rust. */
  renamed: ReadonlyMap<string, string>;
  /** The text of a file of the module's. */
  source: (path: string) => Buffer | undefined;
}

export interface PrintedUnit {
  functions: Map<string, PrintedFunction>;
  variables: Map<string, PrintedVariable>;
  /** Why what is not printed is not. */
  reasons: Map<string, string>;
}

export class UnitPrinter {
  readonly input: UnitInput;
  readonly items: FunctionItem[];
  readonly statics: StaticItem[];
  private readonly environment: Environment;
  readonly unit: UnitFacts;
  private readonly types: CrateTypes;
  private readonly functions: readonly {
    item: FunctionItem;
    declaration: DeclarationOf<"function">;
    /** What stands before `fn` where no C calls it. */
    headWithin: string;
    invocations: () => Invocations;
    made: ByForm<PrintedFunction | NotPrinted>;
  }[];
  private readonly variables: readonly {
    item: StaticItem;
    declaration: Variable;
    made: ByForm<PrintedVariable | NotPrinted>;
  }[];
  constructor(input: UnitInput, bindings: Environment) {
    this.input = input;
    const read = readCrateFile(input.rust, bindings);
    this.items = read.functions;
    this.statics = readStatics(input.rust);
    this.environment = read.environment;
    this.unit = new UnitFacts(withCrateNames(input.facts, input.renamed));
    this.unit.renamed = input.renamed;
    this.types = new CrateTypes(this.unit, this.environment);
    nameByMembers(this.unit, this.environment, this.types);
    // Those whose address something takes, or that a macro names.
    const addressed = namedButNotCalled(input.rust);
    this.functions = this.defined().map((d) => ({
      ...d,
      headWithin: addressed.has(d.item.name) ? d.item.head : ownHead(d.item.head),
      invocations: once(() => new Invocations(this.unit, d.declaration.body as number)),
      made: new ByForm(),
    }));
    this.variables = this.ownVariables().map((d) => ({ ...d, made: new ByForm() }));
  }

  /** The functions that the crate has as Rust: the module's own ones of the unit, and those of the kernel's headers that it reaches. */
  defined(): { item: FunctionItem; declaration: DeclarationOf<"function"> }[] {
    const byName = new Map(
      this.unit.facts.declarations.flatMap((d) =>
        d.k === "function" && d.body !== undefined ? [[d.name, d] as const] : [],
      ),
    );
    return this.items.flatMap((item) => {
      const declaration = byName.get(item.name);
      return declaration ? [{ item, declaration }] : [];
    });
  }

  /** The module's own variables of the unit. */
  ownVariables(): { item: StaticItem; declaration: Variable }[] {
    const byName = new Map(
      this.unit.facts.declarations.flatMap((d) =>
        d.k === "variable" && d.scope === "file" && d.defined === true && this.unit.isOwn(d)
          ? [[d.name, d] as const]
          : [],
      ),
    );
    return this.statics.flatMap((item) => {
      const declaration = byName.get(item.name);
      return declaration ? [{ item, declaration }] : [];
    });
  }

  /** Those that are inline functions of the kernel's headers. */
  headerFunctions(): string[] {
    return this.defined().flatMap(({ item, declaration }) => (this.unit.isOwn(declaration) ? [] : [item.name]));
  }

  /** Whether nothing of the crate that the unit sees has a name. */
  isFree(name: string): boolean {
    return (
      !this.environment.function(name) &&
      !this.environment.static(name) &&
      this.environment.constant(name) === undefined &&
      !this.environment.hasType(name)
    );
  }

  /** How long the arrays of its own structures are. */
  bounds(book: MacroBook): MemberBounds {
    const { unit, environment, types, sourceOf } = this;
    return memberBounds({ unit, environment, types, book, form: BOLD, sourceOf });
  }

  isStatic(name: string): boolean {
    return this.environment.static(name) !== undefined;
  }

  print(book: MacroBook, form: Form): PrintedUnit {
    const out: PrintedUnit = { functions: new Map(), variables: new Map(), reasons: new Map() };
    const put = <T>(into: Map<string, T>, name: string, made: T | NotPrinted): void => {
      if (made instanceof NotPrinted) out.reasons.set(name, made.why);
      else into.set(name, made);
    };
    const shared = { unit: this.unit, environment: this.environment, types: this.types, book, sourceOf: this.sourceOf };
    // As it reads best, and as one that is unsafe to compute.
    for (const { item, declaration, made } of form === BOLD || form.wrapping ? this.variables : [])
      put(
        out.variables,
        item.name,
        made.of(
          form,
          () => book.state,
          orNot((noted) =>
            printVariable({
              ...shared,
              item,
              declaration,
              form: noted,
              source: this.sourceOf(declaration.place?.f ?? -1),
            }),
          ),
        ),
      );
    // That form is for what rustc computes.
    for (const { item, declaration, headWithin, invocations, made } of form.wrapping ? [] : this.functions)
      put(
        out.functions,
        item.name,
        made.of(
          form,
          () => book.state,
          orNot((noted) =>
            printFunction({
              ...shared,
              item,
              declaration,
              invocations,
              moved: this.input.moved,
              form: noted,
              head: headWithin !== item.head && noted.own ? headWithin : item.head,
              source: this.sourceOf(declaration.place?.f ?? -1),
            }),
          ),
        ),
      );
    return out;
  }

  private readonly sourceOf = (f: number): Buffer | undefined =>
    this.input.source(this.unit.facts.files[f]?.path ?? "");
}

/** Made when it is first asked for. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Why something is not printed. */
class NotPrinted {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

function orNot<T>(print: (form: Form) => T): (form: Form) => T | NotPrinted {
  return (form) => {
    try {
      return print(form);
    } catch (error) {
      return new NotPrinted(whyNot(error));
    }
  };
}

/** c2rust's text is there for what the printer does not expect as well; the reason says whose defect it is. */
function whyNot(error: unknown): string {
  return error instanceof CannotPrint
    ? error.message
    : `the printer failed: ${error instanceof Error ? error.message : String(error)}`;
}

/** The facts with the names that things have in the crate. */
function withCrateNames(facts: Facts, renamed: ReadonlyMap<string, string>): Facts {
  if (renamed.size === 0) return facts;
  const named = <T extends { name?: string | undefined }>(x: T): T =>
    x.name !== undefined && renamed.has(x.name) ? { ...x, name: renamed.get(x.name) } : x;
  return {
    ...facts,
    declarations: facts.declarations.map((d) =>
      d.k === "record" && d.fields ? { ...named(d), fields: d.fields.map(named) } : named(d),
    ),
  };
}

/** Names that stand anywhere but where something is called, or defined. */
function namedButNotCalled(text: string): Set<string> {
  const names = new Set<string>();
  parseRust(text).iterate({
    enter(n) {
      if (n.name !== "Identifier") return;
      const around = n.node.parent;
      if (around?.name === "CallExpression" && around.firstChild?.from === n.from) return;
      names.add(text.slice(n.from, n.to));
    },
  });
  return names;
}

/** A function's head without C's calling convention, where C does not know it. */
function ownHead(head: string): string {
  const tokens = codeOf(head);
  if (
    tokens.some((t) => t.text === "pub" || t.text === "no_mangle" || t.text === "export_name" || t.text === "linkage")
  )
    return head;
  const at = tokens.findIndex((t, i) => t.text === "extern" && tokens[i + 1]?.kind === "string");
  const behind = tokens[at + 2]?.start ?? head.length;
  return at < 0 ? head : head.slice(0, tokens[at]?.start) + head.slice(behind);
}
