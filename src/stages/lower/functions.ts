/** What c2rust must not see in functions, said otherwise. */
import type { AstNode } from "../../c/ast.ts";
import { UnitCompiler } from "../../c/compile-command.ts";
import { Rewriter } from "../../c/rewriter.ts";
import { bitfieldsOf, isWrittenOut, lowerCompoundAssignments, packedMembersOf } from "./compound-assignments.ts";
import { lowerArrayIndexing } from "./array-indexing.ts";
import { lowerCommonValues } from "./choices.ts";
import { clearLocals } from "./clear-locals.ts";
import { dropRegisterClass, lowerCaseRanges, lowerWideStrings } from "./constructs.ts";
import { lowerLabelledValues, lowerLocalLabels } from "./labels.ts";
import type { SettledHelpers } from "./helper-plan.ts";
import { lowerLabelAddresses } from "./label-addresses.ts";
import { hoistLeftExpressions } from "./left-expressions.ts";
import { addressPackedBitfields } from "./packed-bitfields.ts";
import { keepNullChecks } from "./null-checks.ts";
import { reckonedPointers } from "./reckoned-pointers.ts";
import { liftLocalExterns } from "./local-externs.ts";
import { moveNamedStatics, sharedNames } from "./local-statics.ts";
import { keepOrder, recordsOf } from "./order.ts";
import { lowerOverflowBuiltins } from "./overflow-builtins.ts";
import { functionTypesOf, readPackedPointers } from "./packed-pointers.ts";
import { Records } from "./records.ts";
import { lowerVolatileReads } from "./volatile-reads.ts";
import { clearLiterals, isCopiedAsBytes } from "./zero-padding.ts";

/** What the rules for functions go by. */
export interface FunctionScope {
  /** The reduced unit. */
  source: string;
  text: Rewriter;
  place: (offset: number) => { file: string; line: number };
  compiler: UnitCompiler;
  tree: readonly AstNode[];
  helpers: SettledHelpers;
  /** Whether an expression is a helper's. */
  isMoved: (n: AstNode) => boolean;
  bitfields: ReturnType<typeof bitfieldsOf>;
  packed: ReturnType<typeof packedMembersOf>;
  /** Initialiser lists whose values are taken out of them: gets those of locals and literals. */
  apart: Set<AstNode>;
}

/**
 * The rules for what stands in functions, in an order that matters: a rule that writes an operand anew puts in what those before it made of it.
 * @returns whether the unit now uses what is not its own
 */
export function lowerFunctions(
  functions: readonly AstNode[],
  scope: FunctionScope,
): { volatileReads: boolean; nullChecks: boolean } {
  const { source, text, place, compiler, tree, helpers, isMoved, bitfields, packed, apart } = scope;
  const functionTypes = functionTypesOf(tree);
  const records = new Records(tree, source);
  const reckoned = reckonedPointers(functions);
  const isRecord = recordsOf(tree);
  const shared = sharedNames(tree);
  const uses = { volatileReads: false, nullChecks: false };
  for (const f of functions) {
    liftLocalExterns(f, source, text);
    moveNamedStatics(f, shared, source, text);
    dropRegisterClass(f, source, text);
    // Its casts go around what the rules below put in place of the operands.
    lowerOverflowBuiltins(f, text);
    keepOrder(
      f,
      isMoved,
      (n) => isWrittenOut(n, bitfields, packed) || isCopiedAsBytes(n, records),
      bitfields,
      isRecord,
      text,
    );
    hoistLeftExpressions(f, helpers.moved, source, text, place);
    clearLocals(f, records, source, compiler.flags.includes("-ftrivial-auto-var-init=zero"), apart, text);
    clearLiterals(f, records, isMoved, apart, text);
    if (lowerVolatileReads(f, bitfields, text)) uses.volatileReads = true;
    if (keepNullChecks(f, reckoned, text)) uses.nullChecks = true;
    readPackedPointers(f, packed, functionTypes, text);
    lowerArrayIndexing(f, text);
    addressPackedBitfields(f, bitfields, packed, source, text);
    if (lowerCompoundAssignments(f, bitfields, packed, isRecord, text, place)) uses.volatileReads = true;
    lowerCaseRanges(f, source, text);
    lowerCommonValues(f, text);
    lowerWideStrings(f, text);
    lowerLabelAddresses(f, source, text);
    lowerLocalLabels(f, text);
    lowerLabelledValues(f, source, text);
  }
  return uses;
}
