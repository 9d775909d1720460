/** A commit's files, read through GitHub's API. */
import { UserError } from "../machine/errors.ts";
import type { Entry } from "../port/git-objects.ts";
import type { CommitReader } from "../port/plan.ts";
import type { GitData, TreeEntry } from "./git-data.ts";

/** The entry of a path in a tree, level by level: a repository may have more files than GitHub lists at once. */
export async function folderEntry(git: GitData, tree: string, path: string): Promise<TreeEntry | undefined> {
  let entry: TreeEntry = { path: "", mode: "040000", type: "tree", sha: tree };
  for (const name of path.split("/")) {
    if (entry.type !== "tree")
      throw new UserError(
        `${path} cannot hold a port: ${entry.path} is a file in the repository; name another folder in the input \`port-dir\``,
      );
    const found = (await git.tree(entry.sha)).find((e) => e.path === name);
    if (found === undefined) return undefined;
    entry = found;
  }
  return entry;
}

export function treeReader(git: GitData, tree: string): CommitReader {
  return {
    blob: (sha) => git.blob(sha),
    folder: async (path) => {
      const entry = await folderEntry(git, tree, path);
      if (entry === undefined) return new Map();
      if (entry.type !== "tree")
        throw new UserError(
          `${path} cannot hold a port: it is a file in the repository; name another folder in the input \`port-dir\``,
        );
      const below = (await git.tree(entry.sha, true)).filter((e) => e.type !== "tree");
      return new Map(below.map((e) => [e.path, { mode: e.mode as Entry["mode"], sha: e.sha }]));
    },
  };
}
