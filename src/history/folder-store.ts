/**
 * The history in a folder. Every change is a new generation (`history-000007.json`), made by link(2), which fails where the name is
 * taken: of two runs at once the second joins its results to the first one's and takes the next number. No lock can be left behind.
 */
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { EnvironmentError } from "../machine/errors.ts";
import { readHistory, writeHistory } from "./read.ts";
import { emptyHistory, type History, joinHistories } from "./schema.ts";

/** Generations kept: what a broken disk or a careless hand did to the last one can be taken back. */
const KEPT_GENERATIONS = 3;
const NAME = /^history-(\d+)\.json$/;

export interface Stored {
  history: History;
  /** What was wrong with what was there, and where it lies now. */
  notes: string[];
}

/** The newest generation that can be read. What cannot be read is renamed to `….corrupt`. */
export async function loadFolder(folder: string): Promise<Stored & { generation: number }> {
  const notes: string[] = [];
  const numbers = await generations(folder);
  for (const n of numbers) {
    const file = fileOf(folder, n);
    const read = readHistory(await readFile(file, "utf8").catch(() => undefined), file);
    if (read.corrupt === undefined) return { history: read.history, notes, generation: numbers[0] ?? n };
    await rename(file, `${file}.corrupt`).catch(() => undefined);
    notes.push(`${read.corrupt}; kept as ${path.basename(file)}.corrupt, and the one before it is used`);
  }
  return { history: emptyHistory(), notes, generation: numbers[0] ?? 0 };
}

/** Join `added` to what is there. Either the whole change is there afterwards or nothing of it. */
export async function saveFolder(folder: string, added: History): Promise<Stored> {
  await mkdir(folder, { recursive: true });
  const notes: string[] = [];
  for (let round = 0; round < 100; round++) {
    const now = await loadFolder(folder);
    notes.push(...now.notes);
    const joined = joinHistories(now.history, added);
    const beside = path.join(folder, `.new-${crypto.randomUUID()}`);
    await writeFile(beside, writeHistory(joined));
    const next = now.generation + 1;
    const taken = await link(beside, fileOf(folder, next)).then(
      () => false,
      (e: NodeJS.ErrnoException) => {
        if (e.code !== "EEXIST") throw new EnvironmentError(`cannot keep the history in ${folder}: ${e.message}`);
        return true;
      },
    );
    await rm(beside);
    if (taken) continue;
    for (const n of await generations(folder))
      if (n <= next - KEPT_GENERATIONS) await rm(fileOf(folder, n), { force: true });
    return { history: joined, notes };
  }
  throw new EnvironmentError(`cannot keep the history in ${folder}: a hundred other runs wrote there meanwhile`);
}

function fileOf(folder: string, generation: number): string {
  return path.join(folder, `history-${String(generation).padStart(6, "0")}.json`);
}

/** Newest first. A generation that was put aside keeps its number, or a run that has not seen it go would take it again. */
async function generations(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((n) => NAME.exec(n.replace(/\.corrupt$/, ""))?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a)
    .filter((n, i, all) => n !== all[i - 1]);
}
