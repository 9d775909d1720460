/** The only place that talks to GitHub's API: the few calls kport needs, retried and throttled as GitHub asks. */
import { defaults } from "@actions/github/lib/utils";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { log } from "../machine/log.ts";
import type { Annotation } from "../report/annotations.ts";
import { statusOf } from "./api-error.ts";
import { GitData } from "./git-data.ts";
import { Issues } from "./issues.ts";
import { Pulls } from "./pulls.ts";
import type { Repo } from "./run-context.ts";

export { isReadOnly, statusOf } from "./api-error.ts";

const Client = Octokit.plugin(retry, throttling);

/** Longer than this a job does not wait for a rate limit; seconds. */
const LONGEST_WAIT = 120;

export interface Comment {
  id: number;
  author: string;
  body: string;
  url: string;
}

export interface CheckOutput {
  title: string;
  summary: string;
  annotations: readonly Annotation[];
}

export interface OpenPull {
  number: number;
  headSha: string;
  baseSha: string;
  base: string;
  state: string;
}

export interface ClientOptions {
  /** Instead of the environment's GITHUB_API_URL. For tests. */
  baseUrl?: string;
  /** Milliseconds in what the plugins count as a second of waiting. For tests. */
  second?: number;
  /** False: no pause between writes, as GitHub asks for. For tests. */
  throttled?: boolean;
  /** Replaces the proxy-aware fetch of @actions/github, which nock cannot intercept. For tests. */
  fetch?: typeof fetch;
}

/** One repository, seen with one token. The token stays in here. */
export class GitHub {
  readonly git: GitData;
  readonly issues: Issues;
  readonly pulls: Pulls;
  readonly #octokit: InstanceType<typeof Client>;
  readonly #repo: Repo;

  constructor(token: string, repo: Repo, options: ClientOptions = {}) {
    this.#repo = repo;
    const again = (what: string) => (retryAfter: number, request: object, _octokit: unknown, retryCount: number) => {
      const wait = retryAfter <= LONGEST_WAIT && retryCount < 2;
      const { method, url } = request as { method: string; url: string };
      log.warn(
        `GitHub's ${what} rate limit at ${method} ${url}: ${wait ? `waiting ${retryAfter} s` : `it would take ${retryAfter} s, giving up`}`,
      );
      return wait;
    };
    const second = options.second ?? 1000;
    this.#octokit = new Client({
      ...defaults,
      ...(options.fetch ? { request: { fetch: options.fetch } } : {}),
      ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
      auth: token,
      userAgent: "kport",
      log: { debug: () => undefined, info: () => undefined, warn: log.debug, error: log.debug },
      retry: { retryAfterBaseValue: second, doNotRetry: [400, 401, 403, 404, 410, 413, 422, 429, 451] },
      // Each client has its own limiter: `id` keeps what one did from slowing another in the same process.
      throttle: {
        enabled: options.throttled ?? true,
        id: crypto.randomUUID(),
        retryAfterBaseValue: second,
        onRateLimit: again("primary"),
        onSecondaryRateLimit: again("secondary"),
      },
    });
    this.git = new GitData(this.#octokit, repo);
    this.issues = new Issues(this.#octokit, repo);
    this.pulls = new Pulls(this.#octokit, repo);
  }

  /**
   * Whom GitHub will name as the author of what this token writes. Every kind of token may ask GraphQL for its viewer;
   * `GET /user` refuses installation tokens, GITHUB_TOKEN among them.
   */
  async login(): Promise<string> {
    const answer = await this.#octokit
      .graphql<{ viewer: { login: string } }>("query { viewer { login } }")
      .catch((error: unknown) => {
        log.debug(`cannot ask who the token is: ${String(error)}`);
        return undefined;
      });
    return answer?.viewer.login ?? "github-actions[bot]";
  }

  /** All comments of an issue or pull request, oldest first. */
  async comments(issue: number): Promise<Comment[]> {
    const all = await this.#octokit.paginate(this.#octokit.rest.issues.listComments, {
      ...this.#repo,
      issue_number: issue,
      per_page: 100,
    });
    return all.map(commentOf).sort((a, b) => a.id - b.id);
  }

  async createComment(issue: number, body: string): Promise<Comment> {
    return commentOf(
      (await this.#octokit.rest.issues.createComment({ ...this.#repo, issue_number: issue, body })).data,
    );
  }

  async updateComment(id: number, body: string): Promise<Comment> {
    return commentOf((await this.#octokit.rest.issues.updateComment({ ...this.#repo, comment_id: id, body })).data);
  }

  /** A comment that is gone already is as good as deleted. */
  async deleteComment(id: number): Promise<void> {
    await this.#octokit.rest.issues.deleteComment({ ...this.#repo, comment_id: id }).catch((error: unknown) => {
      if (statusOf(error) !== 404) throw error;
    });
  }

  async createCheckRun(check: {
    name: string;
    sha: string;
    externalId: string;
    conclusion: "success" | "failure" | "neutral";
    detailsUrl: string;
    output: CheckOutput;
  }): Promise<{ id: number; url: string | null }> {
    const { name, sha, externalId, conclusion, detailsUrl, output } = check;
    const { data } = await this.#octokit.rest.checks.create({
      ...this.#repo,
      name,
      head_sha: sha,
      external_id: externalId,
      status: "completed",
      conclusion,
      details_url: detailsUrl,
      output: writable(output),
    });
    return { id: data.id, url: data.html_url };
  }

  /** Adds annotations to those the check run has: GitHub appends, and takes 50 a request. */
  async addAnnotations(id: number, output: CheckOutput): Promise<void> {
    await this.#octokit.rest.checks.update({ ...this.#repo, check_run_id: id, output: writable(output) });
  }

  async pull(number: number): Promise<OpenPull> {
    return pullOf((await this.#octokit.rest.pulls.get({ ...this.#repo, pull_number: number })).data);
  }

  /** Open pull requests into this repository from `owner:branch`. */
  async pullsFrom(head: string): Promise<OpenPull[]> {
    const all = await this.#octokit.paginate(this.#octokit.rest.pulls.list, {
      ...this.#repo,
      state: "open",
      head,
      per_page: 100,
    });
    return all.map(pullOf);
  }

  async runArtifacts(runId: number): Promise<{ id: number; name: string; bytes: number; expired: boolean }[]> {
    const all = await this.#octokit.paginate(this.#octokit.rest.actions.listWorkflowRunArtifacts, {
      ...this.#repo,
      run_id: runId,
      per_page: 100,
    });
    return all.map((a) => ({ id: a.id, name: a.name, bytes: a.size_in_bytes, expired: a.expired }));
  }

  /** An artifact's zip file. */
  async artifactZip(id: number): Promise<Buffer> {
    const { data } = await this.#octokit.rest.actions.downloadArtifact({
      ...this.#repo,
      artifact_id: id,
      archive_format: "zip",
    });
    return Buffer.from(data as ArrayBuffer);
  }
}

/** Octokit's types want arrays that it might change. */
function writable(output: CheckOutput): Omit<CheckOutput, "annotations"> & { annotations: Annotation[] } {
  return { ...output, annotations: [...output.annotations] };
}

function commentOf(c: {
  id: number;
  body?: string | undefined;
  html_url: string;
  user: { login: string } | null;
}): Comment {
  return { id: c.id, author: c.user?.login ?? "", body: c.body ?? "", url: c.html_url };
}

function pullOf(p: {
  number: number;
  state: string;
  head: { sha: string };
  base: { sha: string; repo: { full_name: string } };
}): OpenPull {
  return { number: p.number, state: p.state, headSha: p.head.sha, baseSha: p.base.sha, base: p.base.repo.full_name };
}
