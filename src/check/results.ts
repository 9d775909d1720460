/** Writes what a check leaves behind: report.json and its renderings, the port, both modules. */
import { constants } from "node:fs";
import { copyFile, lstat, rm } from "node:fs/promises";
import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { replaceFolder } from "../machine/cache.ts";
import { resultsFolder, writeResult } from "../machine/results-folder.ts";
import { type ExerciseFiles, MOST_FINDINGS } from "../stages/fuzz/index.ts";
import type { Work } from "./work.ts";
import { fitted } from "../report/bounds.ts";
import { renderHtml } from "../report/html.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { report as schema, type Report } from "../report/schema.ts";
import { shownFolder } from "./shown-folder.ts";
import type { StageRecorder } from "./stage-recorder.ts";
import { discoverTools } from "../toolchain/discover.ts";
import type { Tools } from "../toolchain/tools.ts";

/** Versions for the report; a tool that this run does not need may be missing. */
export async function toolVersions(
  tools: Pick<Tools, "clang" | "bear" | "c2rust" | "rustc">,
): Promise<Report["tools"]> {
  const { tools: all } = await discoverTools(undefined, ["qemu"]);
  return {
    clang: tools.clang.version,
    bear: tools.bear.version,
    c2rust: tools.c2rust.version,
    rustc: tools.rustc.version,
    qemu: all.qemu?.version ?? "",
    kport: packageJson.version,
  };
}

/** The report of a folder whose C did not build: there is no module yet, so the folder names it. */
export async function failedCapture(work: Work, recorder: StageRecorder): Promise<Report> {
  return {
    schemaVersion: 1,
    verdict: "fail",
    compared: { extent: "nothing", reason: "the C module was not built" },
    module: { name: path.basename(work.request.dir), dir: shownFolder(work.request.dir) },
    kernel: { release: work.kernel.release, arch: work.kernel.arch, compiler: work.kernel.compiler },
    tools: work.versions,
    stages: recorder.complete(),
    units: [],
    objects: {},
    findings: recorder.findings,
  };
}

/** Files that go beside the report. */
export interface Artefacts {
  port?: string;
  cKo?: string;
  rustKo?: string;
  loweredKo?: string;
  /** Exercises that show what fuzzing found: `fuzz/1` and so on. */
  fuzz?: readonly ExerciseFiles[];
}

/**
 * Write into `out`, each file and folder whole or not at all; what else lies there stays.
 * @returns the report as it was written: what is longer than a report may be is cut
 * @throws UserError as `resultsFolder` does
 */
export async function writeResults(report: Report, out: string, artefacts: Artefacts = {}): Promise<Report> {
  await resultsFolder(out);
  const checked = fitted(schema, report);
  await writeResult(path.join(out, "report.json"), `${JSON.stringify(checked, null, 2)}\n`);
  await writeResult(path.join(out, "report.md"), renderMarkdown([checked], { kind: "file" }));
  await writeResult(path.join(out, "report.html"), renderHtml([checked]));
  // An earlier run's port beside a report that has none would be taken for this one's.
  if (artefacts.port === undefined && (await isThere(path.join(out, "port", "provenance.json"))))
    await rm(path.join(out, "port"), { recursive: true });
  if (artefacts.port !== undefined) await replaceFolder(artefacts.port, path.join(out, "port"));
  if (artefacts.fuzz !== undefined) await writeExercises(artefacts.fuzz, out);
  for (const [name, file] of [
    ["c", artefacts.cKo],
    ["rust", artefacts.rustKo],
    ["lowered", artefacts.loweredKo],
  ] as const) {
    if (file === undefined) continue;
    const to = path.join(await resultsFolder(out, "ko", name), path.basename(file));
    await rm(to, { force: true });
    await copyFile(file, to, constants.COPYFILE_EXCL);
  }
  return checked;
}

/** In the place of those that an earlier run has left. */
async function writeExercises(exercises: readonly ExerciseFiles[], out: string): Promise<void> {
  const folder = await resultsFolder(out, "fuzz");
  for (let i = 1; i <= Math.max(MOST_FINDINGS, exercises.length); i++)
    await rm(path.join(folder, String(i)), { recursive: true, force: true });
  for (const [i, files] of exercises.entries()) {
    const to = await resultsFolder(out, "fuzz", String(i + 1));
    for (const [name, text] of Object.entries(files)) await writeResult(path.join(to, name), text);
  }
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
