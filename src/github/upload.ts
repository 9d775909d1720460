/** Uploads the artifacts of the half that builds. */
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { DefaultArtifactClient } from "@actions/artifact";
import { glob } from "tinyglobby";
import { scratchFolder } from "../machine/cache.ts";
import type { PortBundle } from "../port/files.ts";
import type { ReportBundle } from "./report-artifact.ts";
import { FILE, PORTS_FILE } from "./report-artifact.ts";

/** What the half that writes reads: the reports, and with `ports` the ports. @throws when the artifact service is not there (GHES) or fails. */
export async function uploadBundle(name: string, bundle: ReportBundle, ports?: PortBundle): Promise<void> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-report-"));
  const contents = { [FILE]: bundle, ...(ports ? { [PORTS_FILE]: ports } : {}) };
  const files = Object.keys(contents).map((file) => path.join(scratch.dir, file));
  for (const [file, content] of Object.entries(contents))
    await writeFile(path.join(scratch.dir, file), JSON.stringify(content));
  await new DefaultArtifactClient().uploadArtifact(name, files, scratch.dir);
}

/** One JSON file for a later job of the run. @throws as `uploadBundle` does. */
export async function uploadJson(name: string, file: string, content: unknown): Promise<void> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-matrix-"));
  await writeFile(path.join(scratch.dir, file), JSON.stringify(content));
  await new DefaultArtifactClient().uploadArtifact(name, [path.join(scratch.dir, file)], scratch.dir);
}

/** The reports, ports and logs for people. Resolves with the artifact's id, or undefined when the folder is empty. */
export async function uploadFiles(name: string, dir: string): Promise<number | undefined> {
  const files = await filesOf(dir);
  if (files.length === 0) return undefined;
  return (await new DefaultArtifactClient().uploadArtifact(name, files, dir)).id;
}

/** The regular files of a folder that a checkout may have put something in: the artifact's client would upload what a link leads to. */
export async function filesOf(dir: string): Promise<string[]> {
  return glob("**/*", { cwd: dir, absolute: true, dot: true, onlyFiles: true, followSymbolicLinks: false });
}
