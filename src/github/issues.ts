/** The issues of a repository, as far as those for regressions need them. */
import type { Octokit } from "@octokit/rest";
import { statusOf } from "./api-error.ts";
import type { Repo } from "./run-context.ts";

export interface Issue {
  number: number;
  url: string;
  open: boolean;
  /** Why it was closed, where GitHub knows. */
  reason: string | undefined;
  author: string;
  body: string;
}

export class Issues {
  readonly #octokit: Octokit;
  readonly #repo: Repo;

  constructor(octokit: Octokit, repo: Repo) {
    this.#octokit = octokit;
    this.#repo = repo;
  }

  /** Those with a label, open and closed, the oldest first. */
  async labelled(label: string): Promise<Issue[]> {
    const all = await this.#octokit.paginate(this.#octokit.rest.issues.listForRepo, {
      ...this.#repo,
      state: "all",
      labels: label,
      per_page: 100,
    });
    return all
      .filter((i) => i.pull_request === undefined)
      .map(issueOf)
      .sort((a, b) => a.number - b.number);
  }

  /** Undefined for one that was deleted or moved away. */
  async get(number: number): Promise<Issue | undefined> {
    return this.#octokit.rest.issues.get({ ...this.#repo, issue_number: number }).then(
      ({ data }) => issueOf(data),
      (error: unknown) => {
        const status = statusOf(error);
        if (status === 404 || status === 410 || status === 301) return undefined;
        throw error;
      },
    );
  }

  async create(issue: { title: string; body: string; labels: string[]; assignees: string[] }): Promise<Issue> {
    return issueOf((await this.#octokit.rest.issues.create({ ...this.#repo, ...issue })).data);
  }

  async update(
    number: number,
    change: {
      title?: string;
      body?: string;
      state?: "open" | "closed";
      state_reason?: "completed" | "not_planned" | "reopened";
    },
  ): Promise<Issue> {
    return issueOf((await this.#octokit.rest.issues.update({ ...this.#repo, issue_number: number, ...change })).data);
  }
}

function issueOf(i: {
  number: number;
  html_url: string;
  state: string;
  state_reason?: string | null | undefined;
  user: { login: string } | null;
  body?: string | null | undefined;
}): Issue {
  return {
    number: i.number,
    url: i.html_url,
    open: i.state === "open",
    reason: i.state_reason ?? undefined,
    author: i.user?.login ?? "",
    body: i.body ?? "",
  };
}
