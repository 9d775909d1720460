/** The module's own names at file scope in one unit: which of them the helpers name, and what stays C that the Rust must reach. */
import type { StaysWhole } from "./file-scope.ts";
import type { MovedExpression } from "./moved.ts";
import type { ObjectInC } from "./objects-in-c.ts";
import type { PreprocessedUnit } from "./preprocess.ts";
import type { ReducedUnit } from "./reduced-unit.ts";

export interface OwnNamesInput {
  unit: PreprocessedUnit;
  /** What stays C whole. */
  whole: readonly StaysWhole[];
  reduced: ReducedUnit;
  stem: string;
}

export class OwnNames {
  private readonly in: OwnNamesInput;
  private readonly objects: ReadonlyMap<string, ObjectInC>;
  /** Functions and variables that will be Rust. */
  readonly globals: ReadonlySet<string>;
  private readonly statics: ReadonlySet<string>;
  /** What the module's headers that the kernel reads back declare: another unit may define it (trace events print by functions of the module's). */
  readonly inReadBack: ReadonlySet<string>;
  /** Those that stay C whole. */
  readonly inWhole: ReadonlySet<string>;
  /** @param objects own variables that are defined in C */
  constructor(input: OwnNamesInput, objects: ReadonlyMap<string, ObjectInC>) {
    this.in = input;
    this.objects = objects;
    const own = input.unit.declarations.filter(
      (d) => d.own && (d.kind === "function" || d.kind === "variable" || d.kind === "prototype"),
    );
    const inWhole = new Set(
      input.whole.flatMap((w) =>
        w.declarations
          .filter((d) => d.kind === "function" || (d.kind === "variable" && !d.storage.has("extern")))
          .flatMap((d) => d.names),
      ),
    );
    this.inWhole = inWhole;
    this.globals = new Set(own.flatMap((d) => d.names).filter((n) => !inWhole.has(n)));
    this.statics = new Set(own.filter((d) => d.storage.has("static")).flatMap((d) => d.names));
    this.inReadBack = new Set(
      input.unit.declarations
        .filter((d) => input.unit.readBack.has(d.file) && !d.storage.has("static"))
        .flatMap((d) => d.names),
    );
  }

  /** Those that must be visible to the helpers, with their symbols. */
  externals(moved: readonly MovedExpression[]): Map<string, string> {
    const out = new Map<string, string>();
    const named = [
      ...moved.map((m) => m.globals),
      ...this.in.whole.map((w) => w.mentions),
      ...[...this.objects.values()].map((o) => o.mentions),
    ];
    for (const g of named.flatMap((names) => [...names])) {
      if (this.globals.has(g) && !this.objects.has(g))
        out.set(g, this.statics.has(g) ? `kport_${this.in.stem}_${g}` : g);
    }
    return out;
  }

  /** What stays whole and the Rust must reach, though C keeps it to its file. */
  hiddenInWhole(): string[] {
    const statics = new Set(
      this.in.whole.flatMap((w) => w.declarations.filter((d) => d.storage.has("static")).flatMap((d) => d.names)),
    );
    const declared = this.in.reduced.kept
      .flatMap((k) => k.declaration.names)
      .filter((n) => statics.has(n) && this.inWhole.has(n));
    return [...this.in.whole.flatMap((w) => w.labels), ...new Set(declared)];
  }
}
