/**
 * The rows that docs/coverage.md is made of, a line of JSON each. A run replaces those of the modules that it checked, and the others stay
 * with the commit that they were made on: all of them on three kernels take a machine for hours.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { projectRoot } from "../../src/machine/project-root.ts";
import type { Row } from "./rows.ts";

const FILE = path.join(projectRoot(), "test/corpus/rows.jsonl");

export interface KeptRow extends Row {
  /** What the module was drawn with; empty for one of the list. */
  seed: string;
  /** Of one that was drawn: modules of more C files were passed over. */
  units?: number;
  /** Of one that was drawn: with how many others, where not all of those were run. */
  drawn?: number;
  /** Of one that was drawn: how its first check ended, where it was checked again since. */
  first?: { commit: string; ended: string };
}

export async function keptRows(): Promise<KeptRow[]> {
  const text = await readFile(FILE, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as KeptRow]));
}

export async function keepRows(rows: readonly KeptRow[]): Promise<void> {
  await writeFileAtomic(FILE, rows.map((r) => `${JSON.stringify(r)}\n`).join(""));
}

/** In their place where an earlier run had the same module, behind all others where none had. */
export function merged(kept: readonly KeptRow[], fresh: readonly KeptRow[]): KeptRow[] {
  const entryOf = (r: KeptRow): string => [r.seed, r.version, r.entry].join("\0");
  const now = Map.groupBy(fresh, entryOf);
  const before = Map.groupBy(kept, entryOf);
  const out = [...before].flatMap(([entry, rows]) => (now.get(entry) ?? rows).map((r) => withFirst(r, rows)));
  return [...out, ...fresh.filter((r) => !before.has(entryOf(r)))];
}

function withFirst(row: KeptRow, before: readonly KeptRow[]): KeptRow {
  const [earlier] = before;
  if (row.seed === "" || earlier === undefined || before.includes(row)) return row;
  const first =
    earlier.first ?? (earlier.commit === row.commit ? undefined : { commit: earlier.commit, ended: endOf(earlier) });
  return first === undefined ? row : { ...row, first };
}

/** How a check ended, in a few words. */
export function endOf(row: Row): string {
  return row.passed ? "ran and passes" : row.notRun !== "" ? `built, not run: ${row.notRun}` : row.cause;
}
