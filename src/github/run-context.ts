/** What the workflow run is about, out of the runner's environment and the event's payload. */
import { readFile } from "node:fs/promises";
import { context } from "@actions/github";
import { z } from "zod";
import { UserError } from "../machine/errors.ts";

export interface Repo {
  owner: string;
  repo: string;
}

export interface RunId {
  id: number;
  /** Counts the runs of one workflow: a later run has a larger one. */
  number: number;
  /** Counts the re-runs of one run. */
  attempt: number;
}

export interface PullRequest {
  number: number;
  headSha: string;
  baseSha: string;
  /** Whether the branch is in another repository: then the token can only read. */
  fork: boolean;
}

export interface RunContext {
  repo: Repo;
  run: RunId;
  runUrl: string;
  /** The commit that a check run belongs to: the head of the pull request, not the merge commit that was checked out. */
  sha: string;
  workspace: string;
  pull: PullRequest | undefined;
}

const sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
const fullName = z.object({ full_name: z.string() });

const pullEvent = z.object({
  pull_request: z.object({
    number: z.number().int().positive(),
    head: z.object({ sha, repo: fullName.nullish() }),
    base: z.object({ sha, repo: fullName }),
  }),
});

const workflowRunEvent = z.object({
  workflow_run: z.object({
    id: z.number().int().positive(),
    run_number: z.number().int().positive(),
    run_attempt: z.number().int().positive().default(1),
    event: z.string(),
    head_sha: sha,
    head_branch: z.string().nullable(),
    html_url: z.string(),
    head_repository: z.object({ owner: z.object({ login: z.string() }) }).nullish(),
    pull_requests: z.array(z.object({ number: z.number().int().positive() })),
  }),
});
export type WorkflowRun = z.infer<typeof workflowRunEvent>["workflow_run"];

/**
 * The context of the half that builds.
 * @throws UserError under an event that would hand a write token or secrets to a stranger's makefile.
 */
export async function readRunContext(env: NodeJS.ProcessEnv = process.env): Promise<RunContext> {
  const event = env["GITHUB_EVENT_NAME"] ?? "";
  if (event === "pull_request_target" || event === "workflow_run") {
    throw new UserError(
      `kport builds what the pull request brings, so it must not run on ${event}, which holds a write token and secrets: build on pull_request and report with kport/report on workflow_run (examples/workflows)`,
    );
  }
  const payload = await readPayload(env);
  const pull = event === "pull_request" ? expect(pullEvent, payload, event).pull_request : undefined;
  return {
    ...whereAndWhich(env),
    sha: pull?.head.sha ?? env["GITHUB_SHA"] ?? "",
    pull: pull && {
      number: pull.number,
      headSha: pull.head.sha,
      baseSha: pull.base.sha,
      // A fork that was deleted since has no repository any more.
      fork: pull.head.repo?.full_name !== pull.base.repo.full_name,
    },
  };
}

/** The context of the half that reports: the workflow run that built, as GitHub's event tells it. */
export async function readWorkflowRun(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ repo: Repo; built: WorkflowRun; runUrl: string }> {
  const event = env["GITHUB_EVENT_NAME"] ?? "";
  if (event !== "workflow_run")
    throw new UserError(
      `kport/report runs on workflow_run, after the workflow that builds, and this is ${event || "no event"}: see examples/workflows`,
    );
  const { repo, runUrl } = whereAndWhich(env);
  return { repo, runUrl, built: expect(workflowRunEvent, await readPayload(env), event).workflow_run };
}

/**
 * The context of the half that writes port pull requests, in the run whose earlier job made the ports. `ref`: the branch the run is for, if it is one.
 * @throws UserError under an event that a stranger may have brought about: what a pull request brings is not for a branch of this repository.
 */
export function readPortRun(
  env: NodeJS.ProcessEnv = process.env,
): Pick<RunContext, "repo" | "run" | "runUrl"> & { ref: string | undefined } {
  refuseForPorts(env);
  const { repo, run, runUrl } = whereAndWhich(env);
  return { repo, run, runUrl, ref: env["GITHUB_REF_TYPE"] === "branch" ? env["GITHUB_REF_NAME"] : undefined };
}

/**
 * The context of the jobs of a matrix.
 * @throws UserError under an event that a stranger may have brought about: issues and history are about this repository's own modules.
 */
export function readMatrixContext(env: NodeJS.ProcessEnv = process.env): RunContext {
  if (!OWN_EVENTS.includes(env["GITHUB_EVENT_NAME"] ?? ""))
    throw new UserError(
      `a matrix is about the repository's own modules, so it runs on ${OWN_EVENTS.join(", ")}, and this is ${env["GITHUB_EVENT_NAME"] || "no event"}: see examples/workflows/schedule.yml`,
    );
  return { ...whereAndWhich(env), sha: env["GITHUB_SHA"] ?? "", pull: undefined };
}

/** Events that only those who may write to the repository bring about. */
export const OWN_EVENTS = ["push", "schedule", "workflow_dispatch", "repository_dispatch"];

/** @throws UserError under an event that is not the repository's own. */
export function refuseForPorts(env: NodeJS.ProcessEnv = process.env): void {
  const event = env["GITHUB_EVENT_NAME"] ?? "";
  if (!OWN_EVENTS.includes(event)) {
    throw new UserError(
      `mode: port brings ports of the repository's own modules in, so it runs on push, schedule, workflow_dispatch or repository_dispatch, and this is ${event || "no event"}: see examples/workflows/port.yml`,
    );
  }
}

function whereAndWhich(env: NodeJS.ProcessEnv): Pick<RunContext, "repo" | "run" | "runUrl" | "workspace"> {
  const [owner = "", repo = ""] = (env["GITHUB_REPOSITORY"] ?? "").split("/");
  const id = Number(env["GITHUB_RUN_ID"]);
  return {
    repo: { owner, repo },
    run: { id, number: Number(env["GITHUB_RUN_NUMBER"]), attempt: Number(env["GITHUB_RUN_ATTEMPT"] ?? 1) },
    runUrl: `${context.serverUrl}/${owner}/${repo}/actions/runs/${id}`,
    workspace: env["GITHUB_WORKSPACE"] ?? process.cwd(),
  };
}

async function readPayload(env: NodeJS.ProcessEnv): Promise<unknown> {
  const file = env["GITHUB_EVENT_PATH"];
  if (!file)
    throw new UserError("GITHUB_EVENT_PATH is not set: the action runs in a workflow; at a shell use `kport check`");
  return JSON.parse(await readFile(file, "utf8"));
}

function expect<T extends z.ZodType>(schema: T, payload: unknown, event: string): z.infer<T> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new UserError(`the ${event} event's payload is not what GitHub documents: ${z.prettifyError(parsed.error)}`);
}
