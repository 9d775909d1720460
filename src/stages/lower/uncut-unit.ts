/** The second part of lowering: the text that c2rust reads but for the structures that are cut down, and all that it drops. */
import { type AstNode, extent } from "../../c/ast.ts";
import { lex, significant } from "../../c/lexer.ts";
import { Rewriter } from "../../c/rewriter.ts";
import { readRegular } from "../../machine/untrusted-folder.ts";
import { alignMembers, nameInitialised } from "./aligned-members.ts";
import { fillLastUnit, fillsOf, partsOf, wrapUnionBitfields } from "./bitfields.ts";
import { bitfieldsOf, packedMembersOf } from "./compound-assignments.ts";
import { sayAlignedPacked } from "./aligned-packed.ts";
import { Alignments } from "./alignment-of.ts";
import { lowerChoices, lowerUntakenCalls } from "./choices.ts";
import { dropCompileTimeErrors } from "./compile-time-errors.ts";
import {
  dropCounts,
  dropFunctionDereferences,
  lowerAddressesThroughIntegers,
  lowerWideCharacters,
} from "./constructs.ts";
import { lowerTypeQueries } from "./type-queries.ts";
import { nameUnnamedBitfields } from "./unnamed-bitfields.ts";
import { lowerDeadEnds } from "./dead-ends.ts";
import { type DefinitionFacts, definitionFacts, followAliases, lowerDefinitions } from "./definitions.ts";
import { labelledSymbols, weakReferences } from "./said-of-names.ts";
import { constantsOf, sharedNames } from "./local-statics.ts";
import { dropDiscardedValues } from "./discarded-values.ts";
import { declareAttributesFirst, defineMentionedEnums } from "./first-declarations.ts";
import { sayLowAlignments } from "./low-alignments.ts";
import { movedPrototype, takesAlong } from "./moved-expression.ts";
import { jumpingCall } from "./jumps.ts";
import { movedInvocations } from "./moved-invocations.ts";
import { sayTags, tagsForUnnamed } from "../../c/unnamed-records.ts";
import { recordLayouts } from "../../c/layouts.ts";
import { alignPackedBitfields } from "./packed-bitfields.ts";
import { ADDRESS } from "./null-checks.ts";
import { nameLiterals } from "./file-literals.ts";
import { declareObjects } from "./objects-in-c.ts";
import { clashingAccessors, heldConstants, keepFunctionNames, linkedNames } from "./names.ts";
import { RecordTypes } from "./record-types.ts";
import { placesOf } from "./reduced-unit.ts";
import { ScopeExits } from "./scope-exits.ts";
import { lowerStaticAssertions } from "./static-assertions.ts";
import { lowerSizes } from "./sizes.ts";
import { cuttableStructures } from "./shrink.ts";
import { functionsAsWritten } from "./as-written.ts";
import { toldSizes } from "./told-sizes.ts";
import { tracedFunctions } from "./traced.ts";
import { writtenConstructs } from "./written.ts";
import { lowerVariadic } from "./variadic.ts";
import { volatileBitfields } from "./volatile-bitfields.ts";
import { VOLATILE_READS } from "./volatile-reads.ts";
import type { PreparedUnit, UncutUnit } from "./lowered-unit.ts";
import { lowerFunctions } from "./functions.ts";

/** Lower a unit as far as it can be before it is known what the module's other units name of structures. */
export async function uncutUnit({
  command,
  stem,
  parser,
  unit,
  reduced,
  tree,
  answers,
  functions,
  helpers,
  inC,
  helperFlags,
  use,
}: PreparedUnit): Promise<UncutUnit> {
  const tokens = significant(lex(reduced.text));
  const definitions = definitionFacts(reduced, tree).filter(
    (f) => !helpers.objects.has(f.name) && !helpers.objects.has(f.target ?? ""),
  );
  const place = placesOf(reduced, command.file);
  const text = new Rewriter(reduced.text, place);
  lowerTypeQueries(answers, reduced.text, tokens, text, command.file);
  const asking = tree.filter((n) => ["FunctionDecl", "VarDecl", "StaticAssertDecl"].includes(n.kind));
  const told = toldSizes(asking, reduced.text, answers, command.file);
  const isMoved = (n: AstNode): boolean => {
    const at = extent(n);
    return at !== undefined && helpers.moved.some((m) => takesAlong(m, at));
  };
  const leaving = functions.map((f) => ({
    ...(extent(f) as { start: number; end: number }),
    exits: new ScopeExits(f, reduced.text, isMoved),
  }));
  for (const m of helpers.moved) {
    const fn = reduced.kept.find((k) => k.start <= m.start && m.end <= k.end);
    text.replace(fn?.start ?? 0, fn?.start ?? 0, movedPrototype(m));
    const exits = m.jumps && leaving.find((l) => l.start <= m.start && m.end <= l.end)?.exits;
    text.replace(
      m.start,
      m.end,
      ...(m.jumps ? jumpingCall(m.call, m.jumps, (label) => exits?.beforeJump(m.start, label) ?? "") : m.call),
    );
  }
  for (const f of functions) lowerDeadEnds(f, helpers.neverReturn, isMoved, text);
  lowerVariadic(functions, tokens, reduced.text, text, place);
  for (const f of functions)
    dropDiscardedValues(f, (at) => helpers.moved.some((m) => m.start < at.end && at.start < m.end), text);
  const assertions = lowerStaticAssertions(unit, reduced, functions, tokens, stem, text);
  dropCounts(tokens, text);
  for (const n of tree) {
    lowerChoices(n, reduced.text, text);
    lowerUntakenCalls(n, text);
    lowerAddressesThroughIntegers(n, text);
    lowerWideCharacters(n, text);
    dropFunctionDereferences(n, text);
  }
  for (const n of asking) lowerSizes(n, reduced.text, told, text);
  dropCompileTimeErrors(tree, text);
  wrapUnionBitfields(tree, reduced.text, text);
  fillLastUnit(tree, reduced.text, text);
  defineMentionedEnums(tree, text);
  const bitfields = bitfieldsOf(tree);
  const types = new RecordTypes(tree, reduced.text);
  const of = new Alignments(tree, types, reduced);
  const tags = tagsForUnnamed(tree, reduced.text, `kport$unnamed_${stem}`);
  sayTags(tags, reduced.text, text);
  const layouts = recordLayouts(answers, tree, tags);
  const dropped = new Set<string>();
  const low = sayLowAlignments(tree, reduced.text, of, types, dropped, text);
  const aligned = sayAlignedPacked(tree, reduced.text, types, dropped, text);
  declareAttributesFirst(reduced, tree, dropped, text);
  const packed = new Set([...packedMembersOf(tree), ...low.ids]);
  alignPackedBitfields(tree, reduced.text, text);
  for (const { exits } of leaving) exits.lower(text);
  const apart = new Set<AstNode>();
  const uses = lowerFunctions(functions, {
    source: reduced.text,
    text,
    place,
    compiler: parser,
    tree,
    helpers,
    isMoved,
    bitfields,
    packed,
    apart,
  });
  const added = [
    nameUnnamedBitfields(tree, reduced.text, types, fillsOf(tree, answers), partsOf(tree, answers), text),
    alignMembers(tree, types, of, text),
    low.added,
    aligned,
  ];
  nameInitialised(tree, reduced.text, types, added, apart, text);
  followAliases(tree, definitions, text);
  declareObjects(helpers.objects, reduced, tree, text);
  const literals = nameLiterals(reduced, tree, helpers.objects, text);
  const traced = tracedFunctions(tree, definitions, parser.flags);
  lowerDefinitions(reduced, tree, definitions, helpers.externals, helpers.elsewhere, text, traced);
  if (uses.volatileReads) text.replace(0, 0, VOLATILE_READS);
  keepFunctionNames(functions, text);
  if (uses.nullChecks) text.replace(0, 0, ADDRESS);
  return {
    parser,
    text,
    structures: cuttableStructures(reduced, tree, answers),
    use,
    accessors: clashingAccessors(tree),
    held: heldConstants(tree),
    linked: linkedNames(tree),
    inC: {
      command,
      ...(helpers.parts ? { helpers: helpers.parts } : {}),
      helperFlags,
      helperHeaders:
        unit.readBack.size > 0 ? [...unit.ownFiles.filter((f) => f !== command.file), ...unit.readBack] : [],
      assertions,
      written: writtenConstructs(unit),
      moved: await movedInvocations(helpers.moved, reduced, unit),
      symbols: helpers.symbols,
      elsewhere: new Map([...labelledSymbols(reduced), ...helpers.elsewhere]),
      definitions: [
        ...definitions.filter((f) => !reduced.declaredOnly.has(f.name)),
        ...literals,
        ...outOf(functions, tree),
      ],
      volatileBitfields: volatileBitfields(tree, tags),
      weakReferences: weakReferences(unit.declarations),
      traced,
      layouts,
      keptInC: helpers.keptInC,
      functions: await functionsAsWritten(reduced, unit, inC),
      cLines: (await readRegular(command.file)).toString("utf8").trimEnd().split("\n").length,
    },
  };
}

/** The constants of functions, wherever they are in the Rust. */
function outOf(functions: readonly AstNode[], tree: readonly AstNode[]): DefinitionFacts[] {
  const shared = sharedNames(tree);
  return functions.flatMap((f) =>
    constantsOf(f, shared).map(
      (c): DefinitionFacts => ({
        ...c,
        kind: "variable",
        weak: false,
        noinline: false,
        constant: true,
        within: f.name ?? "",
      }),
    ),
  );
}
