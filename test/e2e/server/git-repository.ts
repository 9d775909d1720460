/**
 * The Git Data API on top of a real repository: every object and branch that a request makes is git's own, so that what came of a run can be
 * looked at with git, and cloned from `git http-backend`. Refuses what GitHub refuses.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export interface TreeItem {
  path: string;
  mode: string;
  sha?: string | null;
  content?: string;
}

const NO_OBJECT = "0".repeat(40);

export class GitRepository {
  /** A bare repository, below a folder that `serveGit` can serve. */
  readonly dir: string;
  readonly root: string;

  constructor(owner: string, repo: string) {
    this.root = mkdtempSync(path.join(os.tmpdir(), "kport-hub-"));
    this.dir = path.join(this.root, owner, `${repo}.git`);
    execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", this.dir]);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Run git; standard output without its last line end. @throws with git's own words. */
  git(args: string[], options: { input?: Buffer | string; env?: Record<string, string> } = {}): string {
    return this.raw(args, options).toString().replace(/\n$/, "");
  }

  raw(args: string[], { input, env }: { input?: Buffer | string; env?: Record<string, string> } = {}): Buffer {
    return execFileSync("git", ["--git-dir", this.dir, ...args], {
      input: input ?? "",
      stdio: ["pipe", "pipe", "pipe"],
      maxBuffer: 1 << 28,
      env: {
        PATH: process.env["PATH"],
        GIT_AUTHOR_NAME: "t",
        GIT_AUTHOR_EMAIL: "t@example.com",
        GIT_COMMITTER_NAME: "t",
        GIT_COMMITTER_EMAIL: "t@example.com",
        ...env,
      },
    });
  }

  /** What `git` answers, or undefined where it refuses. */
  ask(...args: string[]): string | undefined {
    try {
      return this.git(args);
    } catch {
      return undefined;
    }
  }

  branch(name: string): string | undefined {
    return this.ask("rev-parse", "--verify", "--quiet", `refs/heads/${name}`);
  }

  /** The tree that `items` make of `base`: what POST /git/trees does. */
  writeTree(base: string | undefined, items: readonly TreeItem[]): string {
    const scratch = mkdtempSync(path.join(this.root, "index-"));
    const env = { GIT_INDEX_FILE: path.join(scratch, "index") };
    try {
      if (base !== undefined) this.git(["read-tree", base], { env });
      const there = new Set(this.git(["ls-files", "-z"], { env }).split("\0"));
      const texts = items.filter((i) => i.content !== undefined);
      const files = texts.map((item, i) => {
        writeFileSync(path.join(scratch, String(i)), item.content!);
        return path.join(scratch, String(i));
      });
      const made = this.git(["hash-object", "-w", "--no-filters", "--stdin-paths"], { input: files.join("\n") }).split(
        "\n",
      );
      const shas = new Map(texts.map((item, i) => [item, made[i]!]));
      for (const item of items) {
        if (item.sha === null && !there.has(item.path))
          throw new Error(`GitRPC::BadObjectState: ${item.path} is not there`);
        if (item.sha && this.ask("cat-file", "-e", item.sha) === undefined)
          throw new Error(`tree.sha ${item.sha} is not a valid object`);
      }
      const entries = items.map((item) =>
        item.sha === null
          ? `0 ${NO_OBJECT}\t${item.path}\0`
          : `${item.mode} ${item.sha ?? shas.get(item)}\t${item.path}\0`,
      );
      this.git(["update-index", "-z", "--index-info"], { env, input: entries.join("") });
      return this.git(["write-tree"], { env });
    } finally {
      rmSync(scratch, { recursive: true });
    }
  }

  commit(tree: string, parents: readonly string[], message: string, author = "t"): string {
    const env = { GIT_AUTHOR_NAME: author, GIT_COMMITTER_NAME: author };
    return this.git(["commit-tree", tree, ...parents.flatMap((p) => ["-p", p])], { input: message, env });
  }

  /** The answer to an operation on objects, branches or comparisons; undefined for every other. */
  answer(operation: string, url: URL, body: unknown, login: string): Reply | undefined {
    const reply = (status: number, value: unknown): Reply => ({ status, headers: {}, body: value });
    const last = decodeURIComponent(/\/git\/[a-z-]+\/(.+)$/.exec(url.pathname)?.[1] ?? "");
    try {
      switch (operation) {
        case "git/get-ref": {
          const sha = this.ask("rev-parse", "--verify", "--quiet", `refs/${last}`);
          return sha === undefined
            ? reply(404, { message: "Not Found" })
            : reply(200, { ref: `refs/${last}`, object: { type: "commit", sha } });
        }
        case "git/create-ref":
          return this.#createRef(body as { ref: string; sha: string }, reply);
        case "git/update-ref":
          return this.#updateRef(`refs/${last}`, body as { sha: string; force?: boolean }, reply);
        case "git/get-commit":
          return this.ask("cat-file", "-e", `${last}^{commit}`) === undefined
            ? reply(404, { message: "Not Found" })
            : reply(200, this.#commit(last));
        case "git/create-commit": {
          const { message, tree, parents = [] } = body as { message: string; tree: string; parents?: string[] };
          return reply(201, this.#commit(this.commit(tree, parents, message, login)));
        }
        case "git/get-tree":
          return this.ask("cat-file", "-e", `${last}^{tree}`) === undefined
            ? reply(404, { message: "Not Found" })
            : reply(200, this.#tree(last, url.searchParams.has("recursive")));
        case "git/create-tree": {
          const { base_tree, tree } = body as { base_tree?: string; tree: TreeItem[] };
          return reply(201, this.#tree(this.writeTree(base_tree, tree), false));
        }
        case "git/get-blob":
          return this.ask("cat-file", "blob", last) === undefined
            ? reply(404, { message: "Not Found" })
            : reply(200, {
                sha: last,
                encoding: "base64",
                content: this.raw(["cat-file", "blob", last]).toString("base64"),
              });
        case "git/create-blob": {
          const { content, encoding } = body as { content: string; encoding?: string };
          return reply(201, {
            sha: this.git(["hash-object", "-w", "--stdin"], {
              input: Buffer.from(content, encoding === "base64" ? "base64" : "utf8"),
            }),
          });
        }
        case "repos/compare-commits-with-basehead":
          return this.#compare(decodeURIComponent(url.pathname.split("/compare/")[1]!), reply);
        default:
          return undefined;
      }
    } catch (error) {
      return reply(422, { message: String(error) });
    }
  }

  /** GraphQL's `updateRefs`, for one deletion; the words of a refusal are not documented. */
  updateRefs(variables: { name: string; beforeOid: string; afterOid: string }): { data?: unknown; errors?: unknown } {
    if (variables.afterOid !== NO_OBJECT) return { errors: [{ message: "the tests know deletions only" }] };
    try {
      this.git(["update-ref", "-d", variables.name, variables.beforeOid]);
      return { data: { updateRefs: { clientMutationId: null } } };
    } catch {
      return { errors: [{ type: "UNPROCESSABLE", message: "Reference cannot be updated" }] };
    }
  }

  #createRef({ ref, sha }: { ref: string; sha: string }, reply: (status: number, value: unknown) => Reply): Reply {
    if (this.ask("cat-file", "-e", sha) === undefined) return reply(422, { message: "Object does not exist" });
    if (this.ask("rev-parse", "--verify", "--quiet", ref) !== undefined)
      return reply(422, { message: "Reference already exists" });
    this.git(["update-ref", ref, sha, NO_OBJECT]);
    return reply(201, { ref, object: { type: "commit", sha } });
  }

  #updateRef(
    ref: string,
    { sha, force }: { sha: string; force?: boolean },
    reply: (status: number, value: unknown) => Reply,
  ): Reply {
    const old = this.ask("rev-parse", "--verify", "--quiet", ref);
    if (old === undefined) return reply(422, { message: "Reference does not exist" });
    if (!force && this.ask("merge-base", "--is-ancestor", old, sha) === undefined)
      return reply(422, { message: "Update is not a fast forward" });
    this.git(["update-ref", ref, sha, old]);
    return reply(200, { ref, object: { type: "commit", sha } });
  }

  #commit(sha: string): object {
    const [tree, parents, author] = this.git(["log", "-1", "--format=%T%n%P%n%an", sha]).split("\n") as [
      string,
      string,
      string,
    ];
    const message = this.raw(["cat-file", "commit", sha]).toString();
    return {
      sha,
      tree: { sha: tree },
      parents: parents
        .split(" ")
        .filter((p) => p !== "")
        .map((p) => ({ sha: p })),
      message: message.slice(message.indexOf("\n\n") + 2),
      author: { name: author, email: "", date: "" },
      verification: { verified: author.endsWith("[bot]") },
    };
  }

  #tree(sha: string, recursive: boolean): object {
    const id = this.git(["rev-parse", `${sha}^{tree}`]);
    const lines = this.git(["ls-tree", "-z", ...(recursive ? ["-r", "-t"] : []), id])
      .split("\0")
      .filter((l) => l !== "");
    return {
      sha: id,
      truncated: false,
      tree: lines
        .map((l) => /^(\d+) (\w+) ([0-9a-f]+)\t([\s\S]*)$/.exec(l)!)
        .map(([, mode, type, object, name]) => ({ path: name, mode, type, sha: object })),
    };
  }

  #compare(basehead: string, reply: (status: number, value: unknown) => Reply): Reply {
    const [base, head] = basehead.split("...") as [string, string];
    const count = (range: string) => Number(this.git(["rev-list", "--count", range]));
    const [behind, ahead] = [count(`${head}..${base}`), count(`${base}..${head}`)];
    const status = ahead === 0 ? (behind === 0 ? "identical" : "behind") : behind === 0 ? "ahead" : "diverged";
    const files = this.git(["diff", "--name-only", "-z", `${base}...${head}`])
      .split("\0")
      .filter((f) => f !== "");
    return reply(200, {
      status,
      ahead_by: ahead,
      behind_by: behind,
      files: files.slice(0, 300).map((filename) => ({ filename })),
    });
  }
}
