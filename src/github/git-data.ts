/** GitHub's Git Data API: reading and writing a repository's objects and branches without a clone. */
import type { Octokit } from "@octokit/rest";
import { UserError } from "../machine/errors.ts";
import type { Entry } from "../port/git-objects.ts";
import type { Repo } from "./run-context.ts";
import { statusOf } from "./api-error.ts";

export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  message: string;
  author: string;
}

/** An entry of a tree as it is to be: a blob that is there already, a text, or nothing any more. */
export type TreeChange = { path: string; mode: Entry["mode"] } & ({ sha: string | null } | { content: string });

export interface TreeEntry {
  path: string;
  mode: string;
  type: string;
  sha: string;
}

const NO_OBJECT = "0".repeat(40);

export class GitData {
  readonly #octokit: Octokit;
  readonly #repo: Repo;

  constructor(octokit: Octokit, repo: Repo) {
    this.#octokit = octokit;
    this.#repo = repo;
  }

  /** The commit a branch points to; undefined where there is no such branch. */
  async branch(name: string): Promise<string | undefined> {
    return absent(
      404,
      async () => (await this.#octokit.rest.git.getRef({ ...this.#repo, ref: `heads/${name}` })).data.object.sha,
    );
  }

  /** @returns false where the branch is there already. */
  async createBranch(name: string, sha: string): Promise<boolean> {
    return refused(/already exists/i, () =>
      this.#octokit.rest.git.createRef({ ...this.#repo, ref: `refs/heads/${name}`, sha }),
    );
  }

  /** @returns false where the branch has got a commit since that `sha` does not follow, or is gone. */
  async forwardBranch(name: string, sha: string): Promise<boolean> {
    return refused(/fast.?forward|does not exist/i, () =>
      this.#octokit.rest.git.updateRef({ ...this.#repo, ref: `heads/${name}`, sha, force: false }),
    );
  }

  /**
   * Delete a branch that still points to `sha`. REST deletes whatever it points to by then; only GraphQL compares.
   * @returns false where it points to another commit by now, or is gone.
   */
  async deleteBranch(name: string, sha: string): Promise<boolean> {
    const { node_id: repositoryId } = (await this.#octokit.rest.repos.get({ ...this.#repo })).data;
    const mutation =
      "mutation ($repositoryId: ID!, $name: GitRefname!, $beforeOid: GitObjectID!, $afterOid: GitObjectID!) { updateRefs(input: { repositoryId: $repositoryId, refUpdates: [{ name: $name, beforeOid: $beforeOid, afterOid: $afterOid }] }) { clientMutationId } }";
    try {
      await this.#octokit.graphql(mutation, {
        repositoryId,
        name: `refs/heads/${name}`,
        beforeOid: sha,
        afterOid: NO_OBJECT,
      });
      return true;
    } catch (error) {
      // Whatever the refusal says: a branch that has moved is told by where it points now.
      if ((await this.branch(name)) !== sha) return false;
      throw error;
    }
  }

  async commit(sha: string): Promise<Commit> {
    const { data } = await this.#octokit.rest.git.getCommit({ ...this.#repo, commit_sha: sha });
    return {
      sha: data.sha,
      tree: data.tree.sha,
      parents: data.parents.map((p) => p.sha),
      message: data.message,
      author: data.author.name,
    };
  }

  /** Without an author of its own GitHub names the token's account and, for an App or GITHUB_TOKEN, signs the commit. */
  async createCommit(message: string, tree: string, parents: string[]): Promise<string> {
    return (await this.#octokit.rest.git.createCommit({ ...this.#repo, message, tree, parents })).data.sha;
  }

  /** The entries of a tree. @throws UserError for one that GitHub does not list in full. */
  async tree(sha: string, recursive = false): Promise<TreeEntry[]> {
    const { data } = await this.#octokit.rest.git.getTree({
      ...this.#repo,
      tree_sha: sha,
      ...(recursive ? { recursive: "1" } : {}),
    });
    if (data.truncated)
      throw new UserError(
        `the tree ${sha.slice(0, 12)} has more files than GitHub's API lists; give the ports a folder of their own in the input \`port-dir\``,
      );
    return data.tree.map(({ path, mode, type, sha: id }) => ({ path, mode, type, sha: id }));
  }

  /** Without a base the tree holds the changes alone. */
  async createTree(base: string | undefined, changes: readonly TreeChange[]): Promise<string> {
    const tree = changes.map((change) => ({
      ...change,
      mode: change.mode as "100644",
      type: change.mode === "160000" ? ("commit" as const) : ("blob" as const),
    }));
    return (
      await this.#octokit.rest.git.createTree({
        ...this.#repo,
        ...(base === undefined ? {} : { base_tree: base }),
        tree,
      })
    ).data.sha;
  }

  /** Undefined for a blob that the repository has not, or has no more. */
  async blob(sha: string): Promise<Buffer | undefined> {
    return absent(404, async () =>
      Buffer.from((await this.#octokit.rest.git.getBlob({ ...this.#repo, file_sha: sha })).data.content, "base64"),
    );
  }

  async createBlob(content: Buffer): Promise<void> {
    await this.#octokit.rest.git.createBlob({ ...this.#repo, content: content.toString("base64"), encoding: "base64" });
  }

  /** How `head` stands to `base`, and the files that it changes since both were one; GitHub names the first 300. */
  async compare(base: string, head: string): Promise<{ status: string; files: string[] }> {
    const { data } = await this.#octokit.rest.repos.compareCommitsWithBasehead({
      ...this.#repo,
      basehead: `${base}...${head}`,
    });
    return {
      status: data.status,
      files: (data.files ?? []).flatMap((f) => [
        f.filename,
        ...(f.previous_filename === undefined ? [] : [f.previous_filename]),
      ]),
    };
  }
}

async function absent<T>(status: number, ask: () => Promise<T>): Promise<T | undefined> {
  return ask().catch((error: unknown) => {
    if (statusOf(error) === status) return undefined;
    throw error;
  });
}

/** Whether it was done; a refusal (422) that `expected` matches is no error. */
async function refused(expected: RegExp, ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (statusOf(error) === 422 && expected.test(String(error))) return false;
    throw error;
  }
}
