/** Uploads the artifacts of the half that builds. */
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { DefaultArtifactClient } from "@actions/artifact";
import { glob } from "tinyglobby";
import { scratchFolder } from "../cache.ts";
import type { ReportBundle } from "./report-artifact.ts";
import { FILE } from "./report-artifact.ts";

/** The one file for the half that writes. @throws when the artifact service is not there (GHES) or fails. */
export async function uploadBundle(name: string, bundle: ReportBundle): Promise<void> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-report-"));
  const file = path.join(scratch.dir, FILE);
  await writeFile(file, JSON.stringify(bundle));
  await new DefaultArtifactClient().uploadArtifact(name, [file], scratch.dir);
}

/** The reports, ports and logs for people. Resolves with the artifact's id, or undefined when the folder is empty. */
export async function uploadFiles(name: string, dir: string): Promise<number | undefined> {
  const files = await glob("**/*", { cwd: dir, absolute: true, dot: true, onlyFiles: true, followSymbolicLinks: false });
  if (files.length === 0) return undefined;
  return (await new DefaultArtifactClient().uploadArtifact(name, files, dir)).id;
}
