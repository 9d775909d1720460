/** The pull requests of a repository, as far as those for ports need them. */
import type { Octokit } from "@octokit/rest";
import type { Repo } from "./run-context.ts";

export interface Pull {
  number: number;
  url: string;
  open: boolean;
  merged: boolean;
  /** The branch it is to be merged into. */
  base: string;
  body: string;
}

export class Pulls {
  readonly #octokit: Octokit;
  readonly #repo: Repo;

  constructor(octokit: Octokit, repo: Repo) {
    this.#octokit = octokit;
    this.#repo = repo;
  }

  /** Those from a branch of this repository, open and closed, the newest first. */
  async from(branch: string): Promise<Pull[]> {
    const all = await this.#octokit.paginate(this.#octokit.rest.pulls.list, {
      ...this.#repo,
      state: "all",
      head: `${this.#repo.owner}:${branch}`,
      per_page: 100,
    });
    return all.map(pullOf).sort((a, b) => b.number - a.number);
  }

  async create(pull: { title: string; head: string; base: string; body: string; draft: boolean }): Promise<Pull> {
    return pullOf((await this.#octokit.rest.pulls.create({ ...this.#repo, ...pull })).data);
  }

  async update(number: number, change: { body?: string; state?: "open" | "closed" }): Promise<Pull> {
    return pullOf((await this.#octokit.rest.pulls.update({ ...this.#repo, pull_number: number, ...change })).data);
  }

  async addLabels(number: number, labels: string[]): Promise<void> {
    await this.#octokit.rest.issues.addLabels({ ...this.#repo, issue_number: number, labels });
  }

  async requestReviewers(number: number, reviewers: string[], teams: string[]): Promise<void> {
    await this.#octokit.rest.pulls.requestReviewers({
      ...this.#repo,
      pull_number: number,
      reviewers,
      team_reviewers: teams,
    });
  }
}

function pullOf(p: {
  number: number;
  html_url: string;
  state: string;
  merged_at: string | null;
  base: { ref: string };
  body: string | null;
}): Pull {
  return {
    number: p.number,
    url: p.html_url,
    open: p.state === "open",
    merged: p.merged_at !== null,
    base: p.base.ref,
    body: p.body ?? "",
  };
}
