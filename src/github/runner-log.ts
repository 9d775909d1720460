/** Workflow commands to the runner: groups, the fence around untrusted output, problem matchers. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { printable } from "../machine/log.ts";
import { projectRoot } from "../machine/project-root.ts";

/** On stderr, as the log is: the runner reads both streams, and only within one of them is the order kept. */
function command(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** As @actions/core escapes a command's message. */
function escaped(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/**
 * Run `body` in a log group in which the runner obeys no workflow command, so that a makefile that prints `::add-path::/tmp` or
 * `::error::` does nothing (log.ts defuses such lines too; this also covers what reaches the log by another way).
 * The token that ends the fence is random: whoever could guess it could end it.
 */
export async function fencedGroup<T>(title: string, body: () => Promise<T>): Promise<T> {
  const token = crypto.randomUUID();
  command(`::group::${escaped(title)}`);
  command(`::stop-commands::${token}`);
  try {
    return await body();
  } finally {
    command(`::${token}::`);
    command("::endgroup::");
  }
}

/** Run `body` with the problem matchers for clang and rustc on; they see log lines, also fenced ones. */
export async function withProblemMatchers<T>(body: () => Promise<T>): Promise<T> {
  const folder = path.join(projectRoot(), ".github", "problem-matchers");
  const files = existsSync(folder) ? (await readdir(folder)).filter((f) => f.endsWith(".json")).sort() : [];
  for (const f of files) command(`::add-matcher::${path.join(folder, f)}`);
  try {
    return await body();
  } finally {
    // A matcher's owner is its file's name with ours before it: a test keeps the two the same.
    for (const f of files) command(`::remove-matcher owner=kport-${path.basename(f, ".json")}::`);
  }
}
