/** A commit's files, read from a clone on this machine. */
import path from "node:path";
import { UserError } from "../machine/errors.ts";
import { git as gitIn } from "../machine/git.ts";
import { blobId, type Entry, type Listing } from "./git-objects.ts";
import type { CommitReader } from "./plan.ts";

export interface LocalBase {
  /** The branch's name as GitHub would know it. */
  name: string;
  commit: CommitReader;
}

/**
 * @param ref anything git takes for a commit.
 * @throws UserError where `dir` is in no repository, or `ref` names no commit of it.
 */
export async function localBase(dir: string, ref: string, signal?: AbortSignal): Promise<LocalBase> {
  const git = (...args: string[]) => gitIn(dir, args, { owned: "*", timeout: 60_000, ...(signal ? { signal } : {}) });
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
  if (commit.exitCode !== 0) throw new UserError(`--base ${ref}: not a commit of a repository that holds ${dir}`);
  const tree = commit.stdout.trim();
  const full = (await git("rev-parse", "--symbolic-full-name", "--end-of-options", ref)).stdout
    .trim()
    .split("\n")
    .at(-1)!;
  const name = /^refs\/(?:heads|remotes\/[^/]+)\/(.+)$/.exec(full)?.[1] ?? ref;
  const reader: CommitReader = {
    folder: async (folder) => {
      // From the repository's root, wherever in it `dir` is.
      const listed = await git("ls-tree", "-r", "-z", "--full-tree", tree, "--", `:(literal)${folder}`);
      if (listed.exitCode !== 0)
        throw new UserError(`git cannot list ${folder} at ${ref}: ${listed.stderr.trim().split("\n").at(-1)}`);
      return listing(listed.stdout, folder);
    },
    blob: async (sha) => {
      const { exitCode, stdout } = await git("cat-file", "blob", sha);
      if (exitCode !== 0) return undefined;
      const content = Buffer.from(stdout);
      // What does not come through as text is none, and of that only its name counts.
      return blobId(content) === sha ? content : Buffer.of(0);
    },
  };
  return { name, commit: reader };
}

function listing(text: string, folder: string): Listing {
  const found = new Map<string, Entry>();
  for (const line of text.split("\0").filter((l) => l !== "")) {
    const [, mode, sha, file] = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]*)$/.exec(line)!;
    const inside = path.posix.relative(folder, file!);
    if (inside === "")
      throw new UserError(
        `${folder} cannot hold a port: it is a file in the repository; name another folder with --port-dir`,
      );
    found.set(inside, { mode: mode as Entry["mode"], sha: sha! });
  }
  return found;
}
