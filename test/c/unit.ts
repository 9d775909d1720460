/** A C unit of a test: a file of its own, and the clang of this machine to look at it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { UnitCompiler } from "../../src/c/compile-command.ts";
import { lex, significant } from "../../src/c/lexer.ts";
import { type AstNode, parse } from "../../src/c/ast.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { type Declaration, splitDeclarations } from "../../src/c/declarations.ts";

/** A compiler for `text`, in a folder that is gone when it is disposed of. */
export async function unitOf(
  text: string,
  flags: readonly string[] = [],
): Promise<{ compiler: UnitCompiler; file: string; dir: string } & AsyncDisposable> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-unit-"));
  const file = path.join(dir, "unit.c");
  await writeFile(file, text);
  const { clang } = await requireTools(["clang"]);
  const command = {
    file,
    directory: dir,
    arguments: [clang.path, "-std=gnu11", ...flags, "-c", "-o", "unit.o", file],
    output: path.join(dir, "unit.o"),
  };
  return {
    compiler: new UnitCompiler(clang.path, command),
    file,
    dir,
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Text with its tokens, declarations and syntax tree, as the lowering sees it. */
export async function treeOf(compiler: UnitCompiler, text: string): Promise<AstNode[]> {
  return parse(compiler, text);
}

export function declarationsOf(text: string): Declaration[] {
  return splitDeclarations(significant(lex(text)));
}
