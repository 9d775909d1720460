/** A C unit of a test: a file of its own, and the clang of this machine to look at it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { CompileCommand } from "../../src/c/compile-command.ts";
import { lex, significant } from "../../src/c/lexer.ts";
import type { AstNode } from "../../src/c/ast.ts";
import { type Parsed, UnitParser } from "../../src/c/unit-parser.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { buildPlugin } from "../../src/toolchain/facts-plugin.ts";
import { type Declaration, splitDeclarations } from "../../src/c/declarations.ts";

/** A compiler for `text`, in a folder that is gone when it is disposed of. */
export async function unitOf(
  text: string,
  flags: readonly string[] = [],
): Promise<{ compiler: UnitParser; file: string; dir: string } & AsyncDisposable> {
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
    compiler: await parserOf(command),
    file,
    dir,
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

/** This machine's clang for a command, with the plugin that answers. */
export async function parserOf(command: CompileCommand): Promise<UnitParser> {
  const tools = await requireTools(["clang", "llvmConfig"]);
  return new UnitParser(tools.clang.path, await buildPlugin(tools), command);
}

/** A text's tree, and clang's answers; one that does not compile fails the test. */
export async function parsed(compiler: UnitParser, text: string): Promise<Parsed> {
  const { parsed: all, refused } = await compiler.parse(text);
  if (refused) throw new Error(refused.complaint);
  return all;
}

export async function parse(compiler: UnitParser, text: string): Promise<AstNode[]> {
  return (await parsed(compiler, text)).tree;
}

export function declarationsOf(text: string): Declaration[] {
  return splitDeclarations(significant(lex(text)));
}
