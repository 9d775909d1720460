/** Applies one rule of the lowering to a preprocessed text, and holds what it made against the text by running both. */
import assert from "node:assert/strict";
import type { AstNode } from "../../../src/c/ast.ts";
import type { Answers } from "../../../src/c/answers.ts";
import { lex, significant, type Token } from "../../../src/c/lexer.ts";
import { Rewriter } from "../../../src/c/rewriter.ts";
import { alignMembers, nameInitialised } from "../../../src/stages/lower/aligned-members.ts";
import { Alignments } from "../../../src/stages/lower/alignment-of.ts";
import { RecordTypes } from "../../../src/stages/lower/record-types.ts";
import { nameUnnamedBitfields } from "../../../src/stages/lower/unnamed-bitfields.ts";
import { parsed, unitOf } from "../../c/unit.ts";
import { runC } from "../../rust/rust.ts";

export interface RuleInput {
  answers: Answers;
  source: string;
  tokens: Token[];
  tree: AstNode[];
  functions: AstNode[];
  text: Rewriter;
}

/** The text after the rule; it compiles, or the test fails with clang's word. */
export async function lowered(source: string, rule: (input: RuleInput) => unknown): Promise<string> {
  await using unit = await unitOf("");
  const { tree, answers } = await parsed(unit.compiler, source);
  const functions = tree.filter((n) => n.kind === "FunctionDecl" && n.inner?.some((c) => c.kind === "CompoundStmt"));
  const text = new Rewriter(source);
  await rule({ answers, source, tokens: significant(lex(source)), tree, functions, text });
  const out = text.render();
  const r = await unit.compiler.runOnPreprocessed(out, ["-fsyntax-only"]);
  assert.equal(r.exitCode, 0, `${r.stderr}\n${out}`);
  return out;
}

/** Unnamed bit-fields named, and the initialisers of their structures. */
export function named(
  x: RuleInput,
  fills: ReadonlyMap<AstNode, number> = new Map(),
  apart: ReadonlySet<AstNode> = new Set(),
): void {
  const types = new RecordTypes(x.tree, x.source);
  nameInitialised(
    x.tree,
    x.source,
    types,
    [
      nameUnnamedBitfields(x.tree, x.source, types, fills, new Map(), x.text),
      alignMembers(x.tree, types, new Alignments(x.tree, types, { kept: [] }), x.text),
    ],
    apart,
    x.text,
  );
}

/** The text after the rule, which computes what the text computed. `source` defines `main`, and prints. */
export async function sameResult(source: string, rule: (input: RuleInput) => unknown, more = ""): Promise<string> {
  const whole = `int printf(const char *, ...);\nvoid *memcpy(void *, const void *, unsigned long);\n${source}`;
  const out = await lowered(whole, rule);
  const [before, after] = await Promise.all([runC(whole), runC(out + more)]);
  assert.equal(after.stdout, before.stdout, out);
  assert.notEqual(before.stdout, "");
  return out;
}
