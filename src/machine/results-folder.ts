/** Where results go: into folders and files of this run's own, whatever a checkout has put in their places. */
import { lstat, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "./errors.ts";

/**
 * A folder for results, made where it is not there. A checkout can hold a link in its place, through which they would be written over any
 * file of this user's.
 * @throws UserError for a link
 */
export async function resultsFolder(out: string, ...within: readonly string[]): Promise<string> {
  let at = out;
  for (const name of ["", ...within]) {
    at = path.join(at, name);
    if ((await lstat(at).catch(() => undefined))?.isSymbolicLink())
      throw new UserError(`${at} is a symbolic link: name the folder itself for the results`);
    await mkdir(at, { recursive: true });
  }
  return at;
}

/** Write a file of the results in the place of whatever has its name: write-file-atomic would write through a link. */
export async function writeResult(file: string, text: string): Promise<void> {
  if ((await lstat(file).catch(() => undefined))?.isSymbolicLink()) await rm(file);
  await writeFileAtomic(file, text);
}
