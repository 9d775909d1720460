/**
 * Lowers a unit: C that clang compiles and c2rust 0.22.1 can read in, helpers for the rest beside it. Before preprocessing it works on
 * the module's own macro invocations, after it on declarations and syntax trees.
 */
import { mkdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type AstNode, extent, parse } from "../../c/ast.ts";
import { type CompileCommand, UnitCompiler } from "../../c/compile-command.ts";
import { lex, significant } from "../../c/lexer.ts";
import { scratchFolder } from "../../machine/cache.ts";
import { Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../machine/errors.ts";
import type { Sandbox } from "../../machine/process.ts";
import { readRegular } from "../../machine/untrusted-folder.ts";
import type { KbuildCommand } from "../../toolchain/kbuild.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { alignMembers } from "./aligned-members.ts";
import { fillLastUnit, fillsOf, wrapUnionBitfields } from "./bitfields.ts";
import { functionsWithBtfId } from "./btf-ids.ts";
import { Computations } from "./computations.ts";
import { bitfieldsOf, isWrittenOut, lowerCompoundAssignments, packedMembersOf } from "./compound-assignments.ts";
import { dropCompileTimeErrors, dropCounts, dropRegisterClass, lowerAddressesThroughIntegers, lowerArrayIndexing, lowerCaseRanges, lowerChoices, lowerCommonValues, lowerLabelledValues, lowerLocalLabels, lowerTypeQueries, lowerWideStrings, nameUnnamedBitfields } from "./constructs.ts";
import { lowerDeadEnds } from "./dead-ends.ts";
import { definitionFacts, type DefinitionFacts, followAliases, lowerDefinitions, weakReferences } from "./definitions.ts";
import { dropDiscardedValues } from "./discarded-values.ts";
import { declareAttributesFirst, defineMentionedEnums } from "./first-declarations.ts";
import { type StaysWhole, staysWhole } from "./file-scope.ts";
import { kbuildNames, ownFlags } from "./helper-flags.ts";
import { HelperPlan, type SettledHelpers } from "./helper-plan.ts";
import { movedPrototype, takesAlong } from "./moved-expression.ts";
import { MustStayInC, NotWhole } from "./stays-in-c.ts";
import type { HelperParts } from "./helper-source.ts";
import { ownIncludes } from "./own-includes.ts";
import { jumpingCall } from "./jumps.ts";
import { type MovedInvocation, movedInvocations } from "./moved-invocations.ts";
import { lowerLabelAddresses } from "./label-addresses.ts";
import { type RecordLayout, recordLayouts } from "../../c/layouts.ts";
import { hoistLeftExpressions } from "./left-expressions.ts";
import { addressPackedBitfields, alignPackedBitfields } from "./packed-bitfields.ts";
import { ADDRESS, keepNullChecks } from "./null-checks.ts";
import { reckonedPointers } from "./reckoned-pointers.ts";
import { liftLocalExterns } from "./local-externs.ts";
import { moveNamedStatics, sharedNames } from "./local-statics.ts";
import { declareObjects } from "./objects-in-c.ts";
import { keepOrder, recordsOf } from "./order.ts";
import { lowerOverflowBuiltins } from "./overflow-builtins.ts";
import { clashingAccessors, heldConstants, keepFunctionNames, linkedNames, nameForRust, withoutAtomicTypes, stemFor } from "./names.ts";
import { functionTypesOf, readPackedPointers } from "./packed-pointers.ts";
import { preprocess, type PreprocessedUnit } from "./preprocess.ts";
import { Records } from "./records.ts";
import { DeclarationIndex, isHeaderInline, reduce, type StaysInC } from "./reduce.ts";
import { OffsetMap, placeOf, type ReducedUnit } from "./reduced-unit.ts";
import { definedAs, laidOutAs } from "./renamed-facts.ts";
import { ScopeExits } from "./scope-exits.ts";
import { keepAssertions, lowerStaticAssertions, type StaticAssertion } from "./static-assertions.ts";
import { lowerSizes } from "./sizes.ts";
import { memberUse, type MemberUse, shrinkStructures, withShrunkStructures } from "./shrink.ts";
import { functionsAsWritten, type WrittenFunction } from "./as-written.ts";
import { tracedFunctions } from "./traced.ts";
import { HelperTrial } from "./trial.ts";
import { type WrittenConstruct, writtenConstructs } from "./written.ts";
import { lowerVariadic } from "./variadic.ts";
import { lowerVolatileReads, volatileBitfields, VOLATILE_READS } from "./volatile-reads.ts";
import { clearLiterals, clearLocals, isCopiedAsBytes } from "./zero-padding.ts";

export interface LoweringContext {
  kernel: Kernel;
  kbuild: KbuildCommand;
  clang: string;
  readelf: string;
  headers: "helpers" | "translate";
  /** Whether a file is the module's own. */
  isOwn: (file: string) => boolean;
  /** Symbols that modules may import, and those the module itself defines. */
  importable: ReadonlySet<string>;
  /** Own functions that stay C where that can be, each with its reason. */
  keepInC: ReadonlyMap<string, string>;
  sandbox?: Sandbox;
}

export interface LoweredUnit {
  command: CompileCommand;
  /** Preprocessed, self-contained C, in which every name is one that Rust can have. */
  text: string;
  /** The names of C that are others in `text`. */
  renamed: ReadonlyMap<string, string>;
  /** C for kbuild; absent where the unit needs no helper. */
  helpers?: HelperParts;
  /** Flags the helpers need besides kbuild's own: the module's `-D`, `-I` and the like. */
  helperFlags: string[];
  /** The module's headers that the helpers include. Absolute. */
  helperHeaders: string[];
  /** What stands in the Rust for macros and calls that became helpers, in the order of the C. */
  moved: MovedInvocation[];
  /** What the Rust must call by another name than its own: wrapped inlines, shared statics. Name to symbol. */
  symbols: Map<string, string>;
  /** What the unit declares and its helpers define: variables that stay C, labels of assembly; with their symbols. */
  elsewhere: Map<string, string>;
  /** What C says of a definition and c2rust drops. */
  definitions: DefinitionFacts[];
  /** Structures whose bit-fields are read and written as volatile. */
  volatileBitfields: Set<string>;
  /** Symbols that may be missing when the module is linked or loaded. */
  weakReferences: Set<string>;
  /** Functions that begin with a hook for the kernel's tracers. */
  traced: Set<string>;
  layouts: RecordLayout[];
  /** The unit's own static assertions. */
  assertions: StaticAssertion[];
  written: WrittenConstruct[];
  keptInC: { name: string; reason: string }[];
  /** Own functions as written, for people to compare. */
  functions: WrittenFunction[];
  /** Lines of the C file itself, its headers not counted. */
  cLines: number;
}

/** A unit half way: reduced and parsed, its helpers settled. */
export interface PreparedUnit {
  command: CompileCommand;
  /** Tells the unit's helpers from those of the module's other units. */
  stem: string;
  compiler: UnitCompiler;
  unit: PreprocessedUnit;
  reduced: ReducedUnit;
  tree: AstNode[];
  functions: AstNode[];
  helpers: SettledHelpers;
  /** Own functions that stay C as a whole. */
  inC: ReadonlySet<string>;
  helperFlags: string[];
  use: MemberUse;
}

/**
 * First half: what the unit needs, and which helpers.
 * @param stem tells the unit's helpers from those of the module's other units: the middle of a C identifier
 * @param stems of all units of the module
 * @throws StageError when the unit holds something that can neither be translated nor kept in C; it names the place
 */
export async function prepareUnit(command: CompileCommand, stem: string, cx: LoweringContext, stems: readonly string[] = [stem]): Promise<PreparedUnit> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-lower-"));
  // What the compilers read is not theirs to change, and what they make lies apart: a link that one planted would be written through.
  const made = path.join(scratch.dir, "made");
  await mkdir(made);
  const sandbox = cx.sandbox && { ...cx.sandbox, readable: [...(cx.sandbox.readable ?? []), scratch.dir], writable: [...cx.sandbox.writable, made] };
  const compiler = new UnitCompiler(cx.clang, command, sandbox);
  const unit = await preprocess(compiler, cx.isOwn, scratch.dir);
  keepAssertions(unit);
  const helperFlags = ownFlags(compiler.flags, cx.kbuild.flags, (option, value) => {
    // What the helpers need of the module's own headers stands in them, whether it came by an include or by the command line.
    const place = path.resolve(command.directory, value);
    return option === "-include" ? cx.isOwn(place) : option === "-I" && unit.readBack.size === 0 && cx.isOwn(path.join(place, "any"));
  });
  const trial = new HelperTrial(cx.kernel, cx.kbuild, ["-iquote", path.dirname(command.file), ...helperFlags, ...kbuildNames(compiler.flags)], { sources: scratch.dir, objects: made }, cx.readelf, sandbox);
  const inC = new Map([...functionsWithBtfId(unit), ...cx.keepInC]);
  const onlyExpanded = new Set<string>();
  // Assembly in a header's function: the function stays C in either mode.
  const computations = new Computations(new DeclarationIndex(unit.declarations), cx.importable);
  const headerInC: StaysInC = (d) => isHeaderInline(d) && (inC.has(d.names[0] ?? "") || (cx.headers === "helpers" ? !computations.has(d) : d.mentions.has("asm") || d.mentions.has("__asm__")));
  const definedInReadBack: StaysInC = (d) => unit.readBack.has(d.file) && d.kind === "variable" && d.storage.size === 0;
  for (;;) {
    try {
      const whole = await staysWhole(unit, inC, onlyExpanded);
      const inWhole = new Set(whole.flatMap((w) => w.declarations));
      const settled = await settle(unit, whole, stem, compiler, (d) => inWhole.has(d) || headerInC(d) || definedInReadBack(d), trial, cx, stems);
      // The marked copies are gone with the scratch folder; what compiles from here on is preprocessed text.
      // Tens of thousands of a header's declarations wait for no other unit: with two dozen units they would be gigabytes.
      return { ...settled, inC: new Set(inC.keys()), command, stem, unit: { ...unit, declarations: unit.declarations.filter((d) => d.own) }, compiler: new UnitCompiler(cx.clang, command, cx.sandbox), helperFlags };
    } catch (error) {
      if (error instanceof NotWhole) {
        const { name, file, line, declarations } = error.whole;
        if (onlyExpanded.has(name) && cx.keepInC.has(name)) inC.delete(name);
        else if (onlyExpanded.has(name) || declarations[0]?.kind !== "function") throw new StageError("helper", error.message, { file, line });
        else onlyExpanded.add(name);
      } else if (error instanceof MustStayInC) {
        for (const [f, why] of error.functions) {
          if (inC.has(f)) throw new StageError("lower", `${f} neither becomes Rust nor stays in C: ${why}`, { file: command.file });
          inC.set(f, why);
        }
      } else throw error;
    }
  }
}

async function settle(unit: PreprocessedUnit, whole: readonly StaysWhole[], stem: string, compiler: UnitCompiler, staysInC: StaysInC, trial: HelperTrial, cx: LoweringContext, stems: readonly string[]): Promise<Pick<PreparedUnit, "reduced" | "tree" | "functions" | "helpers" | "use">> {
  const reduced = await reduce(unit, compiler, staysInC);
  const tree = await parse(compiler, reduced.text);
  const map = new OffsetMap(reduced);
  const regions = unit.invocations.flatMap((v) => {
    const start = map.toReduced(v.start);
    const last = map.toReduced(v.end - 1);
    return start === undefined || last === undefined ? [] : [{ ...v, start, end: last + 1 }];
  });
  const functions = translatedFunctions(tree);
  const ownInclude = ownIncludes(compiler.command.directory, unit.ownFiles, compiler.flags, (f) => cx.isOwn(f) && !unit.readBack.has(f));
  const plan = new HelperPlan({ unit, whole, reduced, tree, functions, regions, stem: stemFor(stem, unit), stems, compiler, trial, importable: cx.importable, ownInclude });
  return { reduced, tree, functions, helpers: await plan.settle(), use: memberUse(reduced, tree, staysInC) };
}

/**
 * Second half: the lowered text.
 * @param use what all units of the module name of structures
 */
export async function lowerPrepared({ command, stem, compiler, unit, reduced, tree, functions, helpers, inC, helperFlags }: PreparedUnit, use: MemberUse): Promise<LoweredUnit> {
  const tokens = significant(lex(reduced.text));
  const definitions = definitionFacts(reduced, tree).filter((f) => !helpers.objects.has(f.name) && !helpers.objects.has(f.target ?? ""));
  const place = (offset: number): { file: string; line: number } => placeOf(reduced, offset, command.file);
  const text = new Rewriter(reduced.text, place);
  let readsVolatile = false;
  let asksForNull = false;
  await lowerTypeQueries(compiler, reduced.text, tokens, functions.flatMap((f) => extent(f) ?? []), text);
  const isMoved = (n: AstNode): boolean => {
    const at = extent(n);
    return at !== undefined && helpers.moved.some((m) => takesAlong(m, at));
  };
  const leaving = functions.map((f) => ({ ...(extent(f) as { start: number; end: number }), exits: new ScopeExits(f, reduced.text, isMoved) }));
  for (const m of helpers.moved) {
    const fn = reduced.kept.find((k) => k.start <= m.start && m.end <= k.end);
    text.replace(fn?.start ?? 0, fn?.start ?? 0, movedPrototype(m));
    const exits = m.jumps && leaving.find((l) => l.start <= m.start && m.end <= l.end)?.exits;
    text.replace(m.start, m.end, ...(m.jumps ? jumpingCall(m.call, m.jumps, (label) => exits?.beforeJump(m.start, label) ?? "") : m.call));
  }
  for (const f of functions) lowerDeadEnds(f, helpers.neverReturn, isMoved, text);
  lowerVariadic(functions, tokens, reduced.text, text, place);
  for (const f of functions) dropDiscardedValues(f, (at) => helpers.moved.some((m) => m.start < at.end && at.start < m.end), text);
  const assertions = lowerStaticAssertions(unit, reduced, functions, tokens, stem, text);
  dropCounts(tokens, text);
  for (const n of tree) {
    lowerChoices(n, reduced.text, text);
    lowerAddressesThroughIntegers(n, text);
    if (["FunctionDecl", "VarDecl", "StaticAssertDecl"].includes(n.kind)) lowerSizes(n, reduced.text, text);
  }
  dropCompileTimeErrors(tree, text);
  wrapUnionBitfields(tree, reduced.text, text);
  fillLastUnit(tree, reduced.text, text);
  declareAttributesFirst(reduced, tree, text);
  defineMentionedEnums(tree, text);
  const bitfields = bitfieldsOf(tree);
  const packed = packedMembersOf(tree);
  const functionTypes = functionTypesOf(tree);
  const records = new Records(tree, reduced.text);
  alignPackedBitfields(tree, reduced.text, text);
  for (const { exits } of leaving) exits.lower(text);
  const apart = new Set<AstNode>();
  const reckoned = reckonedPointers(functions);
  const isRecord = recordsOf(tree);
  const shared = sharedNames(tree);
  for (const f of functions) {
    liftLocalExterns(f, reduced.text, text);
    moveNamedStatics(f, shared, reduced.text, text);
    dropRegisterClass(f, reduced.text, text);
    // Its casts go around what the rules below put in place of the operands.
    lowerOverflowBuiltins(f, text);
    keepOrder(f, isMoved, (n) => isWrittenOut(n, bitfields, packed) || isCopiedAsBytes(n, records), bitfields, isRecord, text);
    hoistLeftExpressions(f, helpers.moved, reduced.text, text, place);
    clearLocals(f, records, reduced.text, compiler.flags.includes("-ftrivial-auto-var-init=zero"), apart, text);
    clearLiterals(f, records, isMoved, apart, text);
    if (lowerVolatileReads(f, bitfields, text)) readsVolatile = true;
    if (keepNullChecks(f, reckoned, text)) asksForNull = true;
    readPackedPointers(f, packed, functionTypes, text);
    lowerArrayIndexing(f, text);
    addressPackedBitfields(f, bitfields, packed, reduced.text, text);
    if (lowerCompoundAssignments(f, bitfields, packed, isRecord, text, place)) readsVolatile = true;
    lowerCaseRanges(f, reduced.text, text);
    lowerCommonValues(f, text);
    lowerWideStrings(f, text);
    lowerLabelAddresses(f, reduced.text, text);
    lowerLocalLabels(f, text);
    lowerLabelledValues(f, reduced.text, text);
  }
  nameUnnamedBitfields(tree, reduced.text, apart, await fillsOf(tree, reduced.text, compiler), text);
  alignMembers(tree, reduced.text, apart, text);
  followAliases(tree, definitions, text);
  declareObjects(helpers.objects, reduced, tree, text);
  const traced = tracedFunctions(tree, definitions, compiler.flags);
  lowerDefinitions(reduced, tree, definitions, helpers.externals, text, traced);
  if (readsVolatile) text.replace(0, 0, VOLATILE_READS);
  keepFunctionNames(functions, text);
  if (asksForNull) text.replace(0, 0, ADDRESS);
  const lowered = await withShrunkStructures(await shrinkStructures(reduced, compiler, tree, use), text, compiler);
  const names = nameForRust(withoutAtomicTypes(lowered), clashingAccessors(tree), heldConstants(tree));
  const linked = linkedNames(tree);
  const rename = (name: string): string => names.renamed.get(name) ?? name;
  const renameTag = (tag: string): string => names.tags.get(tag) ?? rename(tag);
  const renamed = <V>(map: ReadonlyMap<string, V>): Map<string, V> => new Map([...map].map(([name, v]) => [rename(name), v]));
  return {
    command,
    text: names.text,
    renamed: names.renamed,
    ...(helpers.parts ? { helpers: helpers.parts } : {}),
    helperFlags,
    helperHeaders: unit.readBack.size > 0 ? [...unit.ownFiles.filter((f) => f !== command.file), ...unit.readBack] : [],
    assertions,
    written: writtenConstructs(unit),
    moved: await movedInvocations(helpers.moved, reduced, unit, rename),
    symbols: renamed(helpers.symbols),
    elsewhere: renamed(new Map([...[...names.renamed.keys()].flatMap((n) => (linked.has(n) && !helpers.symbols.has(n) ? [[n, n] as const] : [])), ...helpers.elsewhere])),
    definitions: definitions.filter((f) => !reduced.declaredOnly.has(f.name)).map((f) => definedAs(f, rename, linked)),
    volatileBitfields: new Set([...volatileBitfields(tree)].map(renameTag)),
    weakReferences: weakReferences(unit.declarations),
    traced: new Set([...traced].map(rename)),
    layouts: (await recordLayouts(compiler, reduced.text, tree)).map((l) => laidOutAs(l, rename, renameTag)),
    keptInC: helpers.keptInC,
    functions: await functionsAsWritten(reduced, unit, inC),
    cLines: (await readRegular(command.file)).toString("utf8").trimEnd().split("\n").length,
  };
}

function translatedFunctions(tree: readonly AstNode[]): AstNode[] {
  return tree.filter((n) => n.kind === "FunctionDecl" && n.inner?.some((c) => c.kind === "CompoundStmt") && extent(n) !== undefined);
}
