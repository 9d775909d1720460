/**
 * The history on a branch of its own, written through the Git Data API: no clone, no force. A run that finds the branch moved when it writes joins its
 * results to what is there now and tries again, so of two runs at once neither loses anything.
 */
import { contentKey } from "../machine/cache.ts";
import { EnvironmentError, UserError } from "../machine/errors.ts";
import type { Stored } from "../history/folder-store.ts";
import { readHistory, writeHistory } from "../history/read.ts";
import { emptyHistory, type History, joinHistories, lastSequence } from "../history/schema.ts";
import type { GitData, TreeChange } from "./git-data.ts";

const FILE = "history.json";
const README = `This branch is kport's: what its scheduled runs found, and the picture of the last one. It shares no history with the others; do not merge it.\n`;

interface Loaded extends Stored {
  /** The branch's commit; undefined where there is no branch yet. */
  head: string | undefined;
  /** The history's blob that could not be read. */
  corrupt: string | undefined;
}

/** @throws UserError where the branch is not kport's: nothing of it would be safe. */
export async function loadBranch(git: GitData, branch: string): Promise<Loaded> {
  const head = await git.branch(branch);
  if (head === undefined) return { history: emptyHistory(), notes: [], head, corrupt: undefined };
  const entry = (await git.tree((await git.commit(head)).tree)).find((e) => e.path === FILE);
  if (entry === undefined)
    throw new UserError(
      `the branch ${branch} has no ${FILE}, so it is not kport's: name another one in kport.yml (history: {branch: …})`,
    );
  const text = (await git.blob(entry.sha))?.toString("utf8");
  const read = readHistory(text, `${FILE} on ${branch}`);
  if (read.corrupt === undefined) return { history: read.history, notes: [], head, corrupt: undefined };
  return {
    history: read.history,
    notes: [`${read.corrupt}; kept as ${asideName(entry.sha)}, and a new history begins`],
    head,
    corrupt: entry.sha,
  };
}

/**
 * Join `added` to the branch, and put `files` beside it unless a later run has been there.
 * @throws EnvironmentError when others keep writing
 */
export async function saveBranch(
  git: GitData,
  branch: string,
  added: History,
  files: Readonly<Record<string, string>>,
  message: string,
): Promise<Stored> {
  const notes: string[] = [];
  for (let round = 0; round < 10; round++) {
    const now = await loadBranch(git, branch);
    for (const n of now.notes) if (!notes.includes(n)) notes.push(n);
    const history = joinHistories(now.history, added);
    const changes: TreeChange[] = [{ path: FILE, mode: "100644", content: writeHistory(history) }];
    if (now.corrupt !== undefined) changes.push({ path: asideName(now.corrupt), mode: "100644", sha: now.corrupt });
    if (now.head === undefined) changes.push({ path: "README.md", mode: "100644", content: README });
    if (lastSequence(now.history) <= lastSequence(added) || lastSequence(added) === 0)
      changes.push(...Object.entries(files).map(([path, content]): TreeChange => ({ path, mode: "100644", content })));
    const base = now.head === undefined ? undefined : (await git.commit(now.head)).tree;
    const tree = await git.createTree(base, changes);
    if (tree === base) return { history, notes };
    const commit = await git.createCommit(message, tree, now.head === undefined ? [] : [now.head]);
    if (await (now.head === undefined ? git.createBranch(branch, commit) : git.forwardBranch(branch, commit)))
      return { history, notes };
  }
  throw new EnvironmentError(
    `the branch ${branch} moved ten times while the results were being written to it`,
    "run the job again",
  );
}

function asideName(blob: string): string {
  return `history.corrupt-${contentKey([blob]).slice(0, 8)}.json`;
}
