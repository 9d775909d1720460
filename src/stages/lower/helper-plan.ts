/** Decides which helpers a unit needs, and proves by compiling them that C can say each. */
import type { Answers } from "../../c/answers.ts";
import { type AstNode, extent } from "../../c/ast.ts";
import type { UnitCompiler } from "../../c/compile-command.ts";
import { StageError } from "../../machine/errors.ts";
import { bitfieldsOf } from "./compound-assignments.ts";
import { sectionsOf } from "./definitions.ts";
import { endsAt, neverReturning } from "./dead-ends.ts";
import type { StaysWhole } from "./file-scope.ts";
import { localsOf } from "./function-scope.ts";
import { lengthsOf } from "./helper-declarations.ts";
import { directCalls, isKernelMade, keptInC, placeInSections, unlinkable } from "./helper-facts.ts";
import { type HelperParts, helperParts, type InlineWrapper, joinHelpers } from "./helper-source.ts";
import { type MovedExpression, moveOut, type Region } from "./moved.ts";
import { MovedNames } from "./moved-names.ts";
import { isSameCall, isSameWhole, key, share, takesAlong, withConstants } from "./moved-expression.ts";
import { constantsOf, type ObjectInC, objectsInC, type WhyNoConstant } from "./objects-in-c.ts";
import { Obstacles } from "./obstacles.ts";
import { OwnNames } from "./own-names.ts";
import type { PreprocessedUnit } from "./preprocess.ts";
import { Reachable } from "./reachable.ts";
import { placesOf, type ReducedUnit } from "./reduced-unit.ts";
import { meansElse } from "./shield.ts";
import { MustStayInC, NotWhole } from "./stays-in-c.ts";
import type { TailCall } from "./tail-calls.ts";
import type { HelperTrial } from "./trial.ts";
import { whyForTypes } from "./function-types.ts";
import { whyUntranslatable } from "./untranslatable.ts";
import { wrappersOf } from "./inline-wrappers.ts";

export interface PlanInput {
  unit: PreprocessedUnit;
  /** What stays C whole, file-scope assembly for one. */
  whole: readonly StaysWhole[];
  reduced: ReducedUnit;
  tree: readonly AstNode[];
  answers: Answers;
  /** The functions that will be Rust. */
  functions: readonly AstNode[];
  regions: readonly Region[];
  stem: string;
  /** Those of all units. */
  stems: readonly string[];
  compiler: UnitCompiler;
  trial: HelperTrial;
  importable: ReadonlySet<string>;
  ownInclude: (include: string, quoted: boolean) => boolean;
}

export interface SettledHelpers {
  moved: MovedExpression[];
  /** Absent when no helper is needed. */
  parts?: HelperParts;
  symbols: Map<string, string>;
  /** Own file-scope names that must be visible to the helpers, with their symbols. */
  externals: Map<string, string>;
  /** Own variables that are defined in C, and labels of assembly at file scope that the unit names, with their symbols. */
  elsewhere: Map<string, string>;
  objects: ReadonlyMap<string, ObjectInC>;
  /** Functions that stay C, have no value and do not return, by their names in the unit. */
  neverReturn: ReadonlySet<string>;
  keptInC: { name: string; reason: string }[];
}

export class HelperPlan {
  private readonly in: PlanInput;
  private readonly unwrappable = new Map<string, string>();
  /** Moved expressions that only compile in their expanded form, by symbol. */
  private readonly onlyExpanded = new Set<string>();
  /** Calls that the compiler refuses with their constants: they get a wrapper. */
  private readonly immovable = new Set<string>();
  private readonly names: OwnNames;
  private readonly demoted = new Map<string, string>();
  /** Functions that cannot be Rust as far as this round has moved things out of them, and why. */
  private readonly untranslatable = new Map<string, string>();
  private readonly sections: ReadonlyMap<string, string>;
  private readonly objects: ReadonlyMap<string, ObjectInC>;
  private readonly noConstant: WhyNoConstant;
  private readonly forTypes: ReturnType<typeof whyForTypes>;
  private readonly obstacles: Obstacles;
  private readonly bitfields: ReadonlySet<string>;
  private readonly reachable: Reachable;
  /** The module's own file and line of an offset in the reduced unit. */
  private readonly placeAt: ReturnType<typeof placesOf>;
  constructor(input: PlanInput) {
    this.in = input;
    this.placeAt = placesOf(input.reduced, input.compiler.command.file);
    this.obstacles = new Obstacles(input, this.unwrappable);
    this.sections = sectionsOf(input.reduced);
    this.bitfields = bitfieldsOf(input.tree);
    this.noConstant = constantsOf(input.reduced, input.tree);
    this.forTypes = whyForTypes(input.tree, input.reduced);
    this.objects = objectsInC(input.reduced, input.tree, input.stem, this.noConstant);
    this.names = new OwnNames(input, this.objects);
    const namedInC = new Set([
      ...input.whole.flatMap((w) => [...w.mentions]),
      ...[...this.objects.values()].flatMap((o) => [...o.mentions]),
    ]);
    this.reachable = new Reachable(input.tree, input.unit.declarations, input.reduced.text, namedInC);
    for (const n of input.tree)
      if (n.kind === "FunctionDecl" && n.variadic && input.reduced.inlines.has(n.name ?? ""))
        this.unwrappable.set(n.name as string, "is variadic");
  }

  /**
   * Compile, drop what the compiler refuses for the next larger form, and compile again until it refuses nothing.
   * @throws MustStayInC, NotWhole
   */
  async settle(): Promise<SettledHelpers> {
    for (let round = 0; round < 12; round++) {
      const moved = this.moveObstacles();
      if (this.demoted.size > 0) throw new MustStayInC(this.demoted);
      const wrappers = wrappersOf(moved, this.in, {
        reachable: this.reachable,
        unwrappable: this.unwrappable,
        placeAt: this.placeAt,
      });
      const externals = this.names.externals(moved);
      const hidden = new Map(this.names.hiddenInWhole().map((n) => [n, `kport_${this.in.stem}_${n}`]));
      const elsewhere = new Map([...hidden, ...[...this.objects.values()].map((o) => [o.name, o.symbol] as const)]);
      const idle = wrappers.length === 0 && moved.length === 0;
      if (idle && this.untranslatable.size > 0) throw new MustStayInC(this.untranslatable);
      if (idle && this.in.whole.length === 0 && this.objects.size === 0 && this.in.unit.readBack.size === 0)
        return {
          moved,
          symbols: new Map(),
          externals,
          elsewhere,
          objects: this.objects,
          neverReturn: new Set(),
          keptInC: [],
        };
      const input = {
        unit: this.in.unit,
        source: this.in.compiler.command.file,
        ownFile: this.in.ownInclude,
        wrappers,
        moved,
        whole: this.in.whole,
        externals,
        objects: this.objects,
        elsewhere: hidden,
        lengths: lengthsOf(this.in.tree),
      };
      const result = await this.in.trial.compile(joinHelpers(helperParts(input, false)));
      // Only now is it known what moves: a macro that a helper takes along (pr_debug's descriptor) is no reason to keep its function.
      if (
        result.refused.size === 0 &&
        this.untranslatable.size > 0 &&
        (result.errors.length > 0 || this.unlinkable(result.needs, externals).size === 0)
      )
        throw new MustStayInC(this.untranslatable);
      if (result.errors.length > 0 && result.refused.size === 0)
        throw new StageError(
          "helper",
          `the helpers' declarations do not compile\n  | ${result.errors.slice(0, 6).join("\n  | ")}`,
          { file: this.in.compiler.command.file },
        );
      const refused = result.refused.size > 0 ? result.refused : this.unlinkable(result.needs, externals);
      if (refused.size === 0) {
        const direct = directCalls(
          wrappers,
          moved,
          result.code,
          (symbol) => this.in.importable.has(symbol) && !this.names.globals.has(symbol),
        );
        const symbols = new Map([
          ...wrappers.map((w) => [w.name, direct.get(w.symbol)?.symbol ?? w.symbol] as const),
          ...moved.flatMap((m) =>
            direct.has(m.name) ? [[m.name, (direct.get(m.name) as TailCall).symbol] as const] : [],
          ),
        ]);
        const inC = {
          wrappers: wrappers.filter((w) => !direct.has(w.symbol) && !w.unreached),
          moved: moved.filter((m) => !direct.has(m.name)),
        };
        const { preamble, defines, wrappers: texts, moved: movedTexts } = helperParts({ ...input, ...inC }, true);
        const ends = neverReturning(result.code);
        const neverReturn = new Set([
          ...wrappers.filter((w) => ends.has(w.symbol)).map((w) => w.name),
          ...[...this.names.inWhole].filter((n) => ends.has(n)),
        ]);
        const called = moved.map((m) =>
          withConstants(
            ends.has(m.name) && m.returns === "void" && !m.deadEnd
              ? { ...m, ends: true as const, call: endsAt(m.call) }
              : m,
            direct.get(m.name),
          ),
        );
        return {
          moved: called,
          neverReturn,
          parts: { preamble, defines, wrappers: texts, moved: movedTexts },
          symbols,
          externals: this.names.externals(moved.filter((m) => !m.unreached)),
          elsewhere,
          objects: this.objects,
          keptInC: keptInC({ ...inC, whole: this.in.whole, objects: this.objects }),
        };
      }
      this.reject(refused, wrappers, moved);
    }
    const kept = new Map([...this.untranslatable, ...this.demoted]);
    if (kept.size > 0) throw new MustStayInC(kept);
    throw new StageError("helper", "the helpers do not settle", { file: this.in.compiler.command.file });
  }

  /** Take the compiler's word: an inline that has no wrapper, an expression whose source form does not stand alone. */
  private reject(
    refused: ReadonlyMap<string, string>,
    wrappers: readonly InlineWrapper[],
    moved: readonly MovedExpression[],
  ): void {
    for (const [symbol, why] of refused) {
      const whole = this.in.whole.find((x) => x.name === symbol);
      if (whole) throw new NotWhole(whole, why);
      const w = wrappers.find((x) => x.symbol === symbol);
      if (w) this.unwrappable.set(w.name, why);
      const m = moved.find((x) => x.name === symbol);
      if (!m) continue;
      if (m.optional) this.immovable.add(key(m));
      else if (m.source === undefined)
        this.demoted.set(m.func, `${m.reason}, and as a helper it does not compile: ${why}`);
      this.onlyExpanded.add(key(m));
    }
  }

  private unlinkable(
    needs: ReadonlyMap<string, ReadonlySet<string>>,
    externals: ReadonlyMap<string, string>,
  ): Map<string, string> {
    const known = new Set([
      ...externals.values(),
      ...this.in.importable,
      ...this.names.inReadBack,
      ...this.names.globals,
    ]);
    return unlinkable(needs, (symbol) => known.has(symbol));
  }

  private moveObstacles(): MovedExpression[] {
    const moved: MovedExpression[] = [];
    this.untranslatable.clear();
    const names = new MovedNames(`kport_${this.in.stem}_`, this.names.globals);
    for (const fn of this.in.functions) {
      const locals = localsOf(fn);
      const obstacles = this.obstacles.of(fn);
      if (obstacles[0] && isKernelMade(fn, this.in.unit)) {
        this.demoted.set(fn.name as string, obstacles[0].reason);
        continue;
      }
      // Outer ones first: what they take along needs no helper of its own.
      obstacles.sort((a, b) => (extent(a.node)?.start ?? 0) - (extent(b.node)?.start ?? 0));
      const inFunction: MovedExpression[] = [];
      for (const o of obstacles) {
        const at = extent(o.node);
        if (at === undefined || inFunction.some((m) => takesAlong(m, at))) continue;
        const cx = {
          fn,
          locals,
          text: this.in.reduced.text,
          regions: this.in.regions,
          names,
          ownGlobals: this.names.globals,
          place: this.placeAt,
        };
        const m = moveOut(o, cx);
        if (o.optional && (typeof m === "string" || this.immovable.has(key(m)))) continue;
        if (typeof m === "string") {
          this.demoted.set(fn.name as string, `${o.reason}, and cannot move into a helper: ${m}`);
          continue;
        }
        if (this.onlyExpanded.has(key(m)) || this.meansElse(m)) delete m.source;
        if (!this.reachable.hasAround(o.node, m)) m.unreached = true;
        const before = [...moved, ...inFunction];
        const like =
          o.scope === "call"
            ? before.find((x) => x.optional && isSameCall(x, m))
            : before.find((x) => isSameWhole(x, m));
        if (like) share(m, like);
        else names.take(m.plain);
        inFunction.push(m);
      }
      const outermost = inFunction.filter((m) => !inFunction.some((x) => x !== m && takesAlong(x, m)));
      const why = this.forTypes(fn) ?? whyUntranslatable(fn, outermost, this.noConstant, this.bitfields);
      if (why !== undefined) this.untranslatable.set(fn.name as string, why);
      moved.push(...outermost);
    }
    placeInSections(moved, this.sections);
    return moved;
  }

  /** Helpers stand behind all directives of the unit. */
  private meansElse(m: MovedExpression): boolean {
    const made =
      m.source === undefined
        ? []
        : this.in.unit.invocations.filter((x) => x.file === m.file && x.line === m.line && x.source === m.label);
    return made.some((v) => meansElse(v, m.expanded, this.in.unit));
  }
}
