/** What the corpus run keeps of each check, so that a run can be ended and taken up again. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { glob } from "tinyglobby";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { projectRoot } from "../../src/machine/project-root.ts";
import { report as reportSchema, type Report } from "../../src/report/schema.ts";

const state = z.object({
  /** kport's source, as it was when the check ran. */
  source: z.string(),
  /** The commit it was nearest to. */
  commit: z.string(),
  /** Package and version that the sources came from. */
  origin: z.string(),
  kernel: z.string(),
  /** Why there is no report: the sources could not be had, or kport itself failed. */
  problem: z.string().optional(),
  /** There is no such module for this kernel; nothing to say of it. */
  absent: z.boolean().optional(),
  seconds: z.number(),
});
export type State = z.infer<typeof state>;

/** Ends the name of a folder that holds a check's results while it runs. */
export const UNFINISHED = ".unfinished";

export interface Result extends State {
  reports: Report[];
}

/** One hash over every file of `src/`: a result is good for the source it was made with. */
export async function sourceHash(): Promise<string> {
  const h = createHash("sha256");
  for (const file of (await glob("src/**/*.ts", { cwd: projectRoot() })).sort())
    h.update(`${file}\0`).update(await readFile(path.join(projectRoot(), file)));
  return h.digest("hex").slice(0, 12);
}

/** What an earlier run left in `dir`; undefined where it left nothing whole. */
export async function readResult(dir: string): Promise<Result | undefined> {
  const text = await readFile(path.join(dir, "state.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const files = (await glob(["out/report.json", "out/*/report.json"], { cwd: dir })).sort();
  const reports = await Promise.all(
    files.map(async (f) => reportSchema.parse(JSON.parse(await readFile(path.join(dir, f), "utf8")))),
  );
  return { ...state.parse(JSON.parse(text)), reports };
}

export async function writeState(dir: string, value: State): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFileAtomic(path.join(dir, "state.json"), `${JSON.stringify(value, null, 2)}\n`);
}

/** Every result below `dir` (`<kernel version>/<name>`), by version and name. */
export async function allResults(dir: string): Promise<Map<string, Map<string, Result>>> {
  const out = new Map<string, Map<string, Result>>();
  for (const version of await readdir(dir).catch(() => [])) {
    const byName = new Map<string, Result>();
    for (const name of (await readdir(path.join(dir, version))).sort()) {
      if (name.endsWith(UNFINISHED)) continue;
      const result = await readResult(path.join(dir, version, name));
      if (result !== undefined) byName.set(name, result);
    }
    out.set(version, byName);
  }
  return out;
}
