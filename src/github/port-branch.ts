/**
 * The branch that a port is proposed from: whose its head is, and the commits that bring it forward. What kport has to know of an earlier run stands in
 * the trailers of its commits, so that there is no second place that could disagree with the branch.
 */
import type { Entry, Listing } from "../port/git-objects.ts";
import { sameEntry } from "../port/git-objects.ts";
import { textOf } from "../port/merge-port.ts";
import type { PortPlan } from "../port/plan.ts";
import type { Commit, GitData, TreeChange } from "./git-data.ts";
import { folderEntry } from "./tree-reader.ts";

/** What a commit of kport's says of itself. */
export interface Stamp {
  /** The port's folder, its name in git, and that of the same folder in the base; undefined where the base has none. */
  folder: string;
  tree: string;
  over: string | undefined;
  /** The commit of the base that the port was put on. */
  base: string;
  /** The workflow run; a later one has a larger number. */
  run: number;
}

export type BranchState =
  | { kind: "none" }
  /** `own` is kport's last commit; `head` may be a merge of the base after it, which GitHub's "Update branch" makes. */
  | {
      kind: "ours";
      head: string;
      own: string;
      stamp: Stamp /** Commits of the base that it holds. */;
      joined: string[];
    }
  | { kind: "foreign"; head: string; author: string };

/** GitHub names no more files of a comparison than these. */
const COMPARED = 300;
/** A request with inline texts stays below these: characters, and entries. */
const MOST_TEXT = 1_000_000;
const MOST_ENTRIES = 500;

export async function examineBranch(git: GitData, branch: string, port: string, baseSha: string): Promise<BranchState> {
  const sha = await git.branch(branch);
  if (sha === undefined) return { kind: "none" };
  const head = await git.commit(sha);
  const foreign: BranchState = { kind: "foreign", head: sha, author: head.author };
  let own = head;
  for (let merges = 0; stampOf(own, port) === undefined; merges++) {
    if (own.parents.length !== 2 || merges === 20) return foreign;
    own = await git.commit(own.parents[0]!);
  }
  const stamp = stampOf(own, port)!;
  if (own === head) return { kind: "ours", head: sha, own: sha, stamp, joined: [stamp.base] };
  const merged = head.parents[1]!;
  return (await changesNothing(git, head, merged, stamp, baseSha))
    ? { kind: "ours", head: sha, own: own.sha, stamp, joined: [stamp.base, merged] }
    : foreign;
}

/** Whether a merge of `merged` brought in nothing but commits that the base has. */
async function changesNothing(
  git: GitData,
  head: Commit,
  merged: string,
  stamp: Stamp,
  baseSha: string,
): Promise<boolean> {
  if (!["identical", "behind"].includes((await git.compare(baseSha, merged)).status)) return false;
  const { files } = await git.compare(merged, head.sha);
  if (files.length >= COMPARED || files.some((file) => !file.startsWith(`${stamp.folder}/`))) return false;
  return (await folderEntry(git, head.tree, stamp.folder))?.sha === stamp.tree;
}

export interface NewCommit {
  plan: PortPlan;
  /** Names the port in the trailers: base and module. */
  port: string;
  base: Commit;
  branch: BranchState;
  title: string;
  run: number;
}

/**
 * Write the commit that brings the branch to the plan, for the branch to be moved to. It follows the branch's head, so that a branch that
 * has moved since refuses it, and the base's, so that the pull request shows the port's changes only. Where people's changes were merged in, a
 * second parent holds everything as generated: the next merge reads it.
 */
export async function commitPort(git: GitData, { plan, port, base, branch, title, run }: NewCommit): Promise<string> {
  const written = new Set<string>();
  const tree = await writeTree(git, base.tree, plan, plan.listing, written);
  const made = (await folderEntry(git, tree, plan.folder))?.sha;
  if (made !== plan.tree)
    throw new Error(`GitHub made the tree ${made} of ${plan.folder}, and it has to be ${plan.tree}`);
  const parents = branch.kind === "ours" ? [branch.head] : [];
  if (branch.kind !== "ours" || !branch.joined.includes(base.sha)) parents.push(base.sha);
  if (plan.generated !== undefined) {
    const generated = await writeTree(git, base.tree, plan, plan.generated, written);
    parents.push(
      await git.createCommit(
        `${title}, as generated\n\nWithout the changes made by hand: the next merge reads it.\n`,
        generated,
        [base.sha],
      ),
    );
  }
  const trailers = {
    "Kport-Port": port,
    "Kport-Folder": plan.folder,
    "Kport-Result": plan.tree,
    "Kport-Over": plan.before ?? "none",
    "Kport-Base": base.sha,
    "Kport-Run": run,
    "Kport-Tree": tree,
  };
  return git.createCommit(
    `${title}\n\nMade by kport; the pull request tells how.\n\n${Object.entries(trailers)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n")}\n`,
    tree,
    parents,
  );
}

/** What kport wrote into the commit, if it did: whoever changed the commit since, or made another of it, has another tree. */
function stampOf(commit: Commit, port: string): Stamp | undefined {
  const last = commit.message.trimEnd().split("\n\n").at(-1)!;
  const trailers = new Map(
    last.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]),
  );
  const get = (name: string) => trailers.get(`Kport-${name}`);
  const [folder, tree, over, base, run] = ["Folder", "Result", "Over", "Base", "Run"].map(get);
  if (
    get("Port") !== port ||
    get("Tree") !== commit.tree ||
    !folder ||
    !tree ||
    !over ||
    !base ||
    !/^\d+$/.test(run ?? "")
  )
    return undefined;
  return { folder, tree, over: over === "none" ? undefined : over, base, run: Number(run) };
}

/** The base's tree with the port's folder as in `listing`; what the repository has not yet goes along, texts within the request. */
async function writeTree(
  git: GitData,
  baseTree: string,
  plan: PortPlan,
  listing: Listing,
  written: Set<string>,
): Promise<string> {
  const removed = [...plan.base.keys()]
    .filter((path) => !listing.has(path))
    .map((path): TreeChange => ({ path: `${plan.folder}/${path}`, mode: "100644", sha: null }));
  // First what goes, for a folder may take a file's place.
  let tree = removed.length === 0 ? baseTree : await git.createTree(baseTree, removed);
  let batch: TreeChange[] = [];
  let size = 0;
  for (const [path, entry] of listing) {
    if (sameEntry(plan.base.get(path), entry)) continue;
    const change = await changeTo(git, `${plan.folder}/${path}`, entry, plan, written);
    const added = "content" in change ? change.content.length : 0;
    if (batch.length > 0 && (size + added > MOST_TEXT || batch.length >= MOST_ENTRIES)) {
      tree = await git.createTree(tree, batch);
      [batch, size] = [[], 0];
    }
    batch.push(change);
    size += added;
  }
  return batch.length === 0 ? tree : git.createTree(tree, batch);
}

async function changeTo(
  git: GitData,
  path: string,
  entry: Entry,
  plan: PortPlan,
  written: Set<string>,
): Promise<TreeChange> {
  const content = plan.contents.get(entry.sha);
  if (content === undefined || written.has(entry.sha)) return { path, mode: entry.mode, sha: entry.sha };
  written.add(entry.sha);
  const text = textOf(content);
  if (text !== undefined) return { path, mode: entry.mode, content: text };
  await git.createBlob(content);
  return { path, mode: entry.mode, sha: entry.sha };
}
