/** Whose exercise a folder is, where only the exercise is named: what its makefile may read besides is the same then as in a check. */
import { readdir } from "node:fs/promises";
import path from "node:path";

const BUILDS = ["Kbuild", "GNUmakefile", "makefile", "Makefile"];

/**
 * The folders of modules that an exercise at `source` is found for (findExercise): the one it lies in, and those beside it. Only such as
 * have a makefile: a stranger's exercise sees no more of this machine than what it was written for.
 */
export async function exerciseOwners(source: string): Promise<string[]> {
  const exercise = path.resolve(source);
  const parent = path.dirname(exercise);
  const beside = (await readdir(parent, { withFileTypes: true }))
    .filter((e) => e.isDirectory())
    .map((e) => path.join(parent, e.name));
  const owners: string[] = [];
  for (const dir of [parent, ...beside.filter((d) => d !== exercise)]) {
    const names: string[] = await readdir(dir).catch(() => []);
    if (BUILDS.some((b) => names.includes(b))) owners.push(dir);
  }
  return owners;
}
