/** A repository with a pull request, on the emulated GitHub: where every end-to-end case begins. */
import type { TestContext } from "node:test";
import type { Canned } from "./canned-action.ts";
import { GitHubServer, OWNER, READ_ONLY_TOKEN, REPO } from "./server/github-server.ts";
import type { Ran, RunOfWorkflow } from "./workflow-run.ts";
import { Workspace, runWorkflow } from "./workflow-run.ts";

export type Modules = Record<string, Canned>;

/** The event of a push to a pull request's branch. */
export function pushed(pull: {
  number: number;
  branch: string;
  headSha: string;
  baseSha: string;
  fork?: boolean;
}): object {
  const base = { full_name: `${OWNER}/${REPO}` };
  return {
    action: "synchronize",
    number: pull.number,
    pull_request: {
      number: pull.number,
      head: { sha: pull.headSha, ref: pull.branch, repo: pull.fork ? { full_name: `mallory/${REPO}` } : base },
      base: { sha: pull.baseSha, ref: "main", repo: base },
    },
    repository: { ...base, name: REPO, owner: { login: OWNER } },
  };
}

export class Scene {
  readonly server: GitHubServer;
  readonly workspace: Workspace;
  readonly baseSha: string;
  headSha: string;
  readonly number: number;
  readonly branch: string;
  readonly fork: boolean;
  #runs = 0;

  private constructor(
    server: GitHubServer,
    workspace: Workspace,
    baseSha: string,
    headSha: string,
    pull: { number: number; headBranch: string },
    fork: boolean,
  ) {
    this.server = server;
    this.workspace = workspace;
    this.baseSha = baseSha;
    this.headSha = headSha;
    this.number = pull.number;
    this.branch = pull.headBranch;
    this.fork = fork;
  }

  /** The servers stop and the folders go when the test ends, which fails if GitHub would have refused a request by its description. */
  static async set(t: TestContext, base: Modules, head: Modules, fork = false): Promise<Scene> {
    const server = await GitHubServer.start();
    const workspace = await Workspace.create();
    t.after(async () => {
      await server.stop();
      await workspace.remove();
    });
    const baseSha = await workspace.commit(base);
    const headSha = await workspace.commit(head);
    return new Scene(server, workspace, baseSha, headSha, await server.openPull({ headSha, baseSha, fork }), fork);
  }

  /** Someone pushes to the pull request's branch. */
  async push(head: Modules): Promise<void> {
    this.headSha = await this.workspace.commit(head);
    this.server.movePull(this.number, this.headSha);
  }

  get payload(): object {
    return pushed(this);
  }

  /** The workflow of the pull request; each call is a later run. */
  async run(more: Partial<RunOfWorkflow> = {}): Promise<Ran> {
    const number = ++this.#runs;
    return runWorkflow(this.server, {
      example: "pull-request.yml",
      event: "pull_request",
      payload: this.payload,
      workspace: this.workspace,
      run: { id: 100 + number, number },
      ...(this.fork ? { token: READ_ONLY_TOKEN } : {}),
      ...more,
    });
  }

  /** The second half of the pair, after run `id` of the first. */
  async report(
    built: { id: number; number: number; attempt?: number; event?: string; headSha?: string },
    more: Partial<RunOfWorkflow> = {},
  ): Promise<Ran> {
    const payload = {
      action: "completed",
      workflow_run: {
        id: built.id,
        run_number: built.number,
        run_attempt: built.attempt ?? 1,
        event: built.event ?? "pull_request",
        head_sha: built.headSha ?? this.headSha,
        head_branch: this.branch,
        html_url: `https://github.com/${OWNER}/${REPO}/actions/runs/${built.id}`,
        head_repository: {
          full_name: `${this.fork ? "mallory" : OWNER}/${REPO}`,
          owner: { login: this.fork ? "mallory" : OWNER },
        },
        pull_requests: this.fork ? [] : [{ number: this.number }],
      },
      repository: { full_name: `${OWNER}/${REPO}`, name: REPO, owner: { login: OWNER } },
    };
    return runWorkflow(this.server, {
      example: "fork-safe-report.yml",
      event: "workflow_run",
      payload,
      workspace: this.workspace,
      run: { id: 900 + built.id, number: built.number },
      ...more,
    });
  }

  async comments(): Promise<{ id: number; body: string; user: { login: string } }[]> {
    return this.server.comments(this.number);
  }

  /** The body of the one comment. */
  async comment(): Promise<string> {
    const comments = await this.comments();
    if (comments.length !== 1) throw new Error(`${comments.length} comments instead of one`);
    return comments[0]!.body;
  }

  writes(): string[] {
    return this.server.seen
      .filter((s) => s.method !== "GET" && s.path !== "/graphql" && s.status < 300)
      .map((s) => `${s.method} ${s.path.replace(`/repos/${OWNER}/${REPO}`, "")}`);
  }
}
