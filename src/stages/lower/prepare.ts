/** The first part of lowering: what the unit needs, and which helpers. Nothing is written yet. */
import { mkdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type AstNode, extent } from "../../c/ast.ts";
import type { CompileCommand } from "../../c/compile-command.ts";
import { UnitParser } from "../../c/unit-parser.ts";
import { scratchFolder } from "../../machine/cache.ts";
import { StageError } from "../../machine/errors.ts";
import { functionsWithBtfId } from "./btf-ids.ts";
import { Computations } from "./computations.ts";
import { type StaysWhole, staysWhole } from "./file-scope.ts";
import { kbuildNames, ownFlags } from "./helper-flags.ts";
import { HelperPlan } from "./helper-plan.ts";
import { MustStayInC, NotWhole } from "./stays-in-c.ts";
import { ownIncludes } from "./own-includes.ts";
import { stemFor } from "./names.ts";
import { preprocess, type PreprocessedUnit } from "./preprocess.ts";
import { DeclarationIndex, isHeaderInline, reduce, type StaysInC } from "./reduce.ts";
import { OffsetMap } from "./reduced-unit.ts";
import { keepAssertions } from "./static-assertions.ts";
import { memberUse } from "./shrink.ts";
import { HelperTrial } from "./trial.ts";
import type { LoweringContext, PreparedUnit } from "./lowered-unit.ts";

/**
 * Find what the unit needs, and which helpers.
 * @param stem tells the unit's helpers from those of the module's other units: the middle of a C identifier
 * @param stems of all units of the module
 * @throws StageError when the unit holds something that can neither be translated nor kept in C; it names the place
 */
export async function prepareUnit(
  command: CompileCommand,
  stem: string,
  cx: LoweringContext,
  stems: readonly string[] = [stem],
): Promise<PreparedUnit> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-lower-"));
  // What the compilers read is not theirs to change, and what they make lies apart: a link that one planted would be written through.
  const made = path.join(scratch.dir, "made");
  await mkdir(made);
  const sandbox = cx.sandbox && {
    ...cx.sandbox,
    readable: [...(cx.sandbox.readable ?? []), scratch.dir],
    writable: [...cx.sandbox.writable, made],
  };
  const compiler = new UnitParser(cx.clang, cx.plugin, command, sandbox);
  const unit = await preprocess(compiler, cx.isOwn, scratch.dir);
  keepAssertions(unit);
  const helperFlags = ownFlags(compiler.flags, cx.kbuild.flags, (option, value) => {
    // What the helpers need of the module's own headers stands in them, whether it came by an include or by the command line.
    const place = path.resolve(command.directory, value);
    return option === "-include"
      ? cx.isOwn(place)
      : option === "-I" && unit.readBack.size === 0 && cx.isOwn(path.join(place, "any"));
  });
  const trial = new HelperTrial(
    cx.kernel,
    cx.kbuild,
    ["-iquote", path.dirname(command.file), ...helperFlags, ...kbuildNames(compiler.flags)],
    { sources: scratch.dir, objects: made },
    cx.readelf,
    sandbox,
  );
  const inC = new Map([...functionsWithBtfId(unit), ...cx.keepInC]);
  const onlyExpanded = new Set<string>();
  // Assembly in a header's function: the function stays C in either mode.
  const computations = new Computations(new DeclarationIndex(unit.declarations), cx.importable);
  const headerInC: StaysInC = (d) =>
    isHeaderInline(d) &&
    (inC.has(d.names[0] ?? "") ||
      (cx.headers === "helpers" ? !computations.has(d) : d.mentions.has("asm") || d.mentions.has("__asm__")));
  const definedInReadBack: StaysInC = (d) => unit.readBack.has(d.file) && d.kind === "variable" && d.storage.size === 0;
  for (;;) {
    try {
      const whole = await staysWhole(unit, inC, onlyExpanded);
      const inWhole = new Set(whole.flatMap((w) => w.declarations));
      const settled = await settle(
        unit,
        whole,
        stem,
        compiler,
        (d) => inWhole.has(d) || headerInC(d) || definedInReadBack(d),
        trial,
        cx,
        stems,
      );
      // The marked copies are gone with the scratch folder; what compiles from here on is preprocessed text.
      // Tens of thousands of a header's declarations wait for no other unit: with two dozen units they would be gigabytes.
      return {
        ...settled,
        inC: new Set(inC.keys()),
        command,
        stem,
        unit: { ...unit, declarations: unit.declarations.filter((d) => d.own) },
        parser: new UnitParser(cx.clang, cx.plugin, command, cx.sandbox),
        helperFlags,
      };
    } catch (error) {
      if (error instanceof NotWhole) {
        const { name, file, line, declarations } = error.whole;
        if (onlyExpanded.has(name) && cx.keepInC.has(name)) inC.delete(name);
        else if (onlyExpanded.has(name) || declarations[0]?.kind !== "function")
          throw new StageError("helper", error.message, { file, line });
        else onlyExpanded.add(name);
      } else if (error instanceof MustStayInC) {
        for (const [f, why] of error.functions) {
          if (inC.has(f))
            throw new StageError("lower", `${f} neither becomes Rust nor stays in C: ${why}`, { file: command.file });
          inC.set(f, why);
        }
      } else throw error;
    }
  }
}

async function settle(
  unit: PreprocessedUnit,
  whole: readonly StaysWhole[],
  stem: string,
  compiler: UnitParser,
  staysInC: StaysInC,
  trial: HelperTrial,
  cx: LoweringContext,
  stems: readonly string[],
): Promise<Pick<PreparedUnit, "reduced" | "tree" | "answers" | "functions" | "helpers" | "use">> {
  const { reduced, tree, answers } = await reduce(unit, compiler, staysInC);
  const map = new OffsetMap(reduced);
  const regions = unit.invocations.flatMap((v) => {
    const start = map.toReduced(v.start);
    const last = map.toReduced(v.end - 1);
    return start === undefined || last === undefined ? [] : [{ ...v, start, end: last + 1 }];
  });
  const functions = translatedFunctions(tree);
  const ownInclude = ownIncludes(
    compiler.command.directory,
    unit.ownFiles,
    compiler.flags,
    (f) => cx.isOwn(f) && !unit.readBack.has(f),
  );
  const plan = new HelperPlan({
    unit,
    whole,
    reduced,
    tree,
    answers,
    functions,
    regions,
    stem: stemFor(stem, unit),
    stems,
    compiler,
    trial,
    importable: cx.importable,
    ownInclude,
  });
  return { reduced, tree, answers, functions, helpers: await plan.settle(), use: memberUse(reduced, tree, staysInC) };
}

function translatedFunctions(tree: readonly AstNode[]): AstNode[] {
  return tree.filter(
    (n) => n.kind === "FunctionDecl" && n.inner?.some((c) => c.kind === "CompoundStmt") && extent(n) !== undefined,
  );
}
