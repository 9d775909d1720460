/**
 * One pull request for a module's port and base, kept up: none → created → updated → closed. Every run looks at what is there and goes on from it, so that a
 * run that was killed anywhere is finished by the next; every write says what it expects to find, so that two runs at once do not undo each other.
 */
import { isReadOnly, statusOf } from "./api-error.ts";
import type { GitHub } from "./client.ts";
import type { PortFiles } from "../port/files.ts";
import type { PortPlan } from "../port/plan.ts";
import { branchOf, planPort } from "../port/plan.ts";
import { UserError } from "../machine/errors.ts";
import type { Commit } from "./git-data.ts";
import { commitPort, examineBranch, type BranchState } from "./port-branch.ts";
import { decide, isCurrent, type Step } from "./port-decision.ts";
import { MARKER_BYTES, peoplesPart, readMarker, withMarker } from "./port-marker.ts";
import type { Pull } from "./pulls.ts";
import type { RunId } from "./run-context.ts";
import { keepComment } from "./sticky-comment.ts";
import { treeReader } from "./tree-reader.ts";

export interface Port {
  module: string;
  files: PortFiles;
  /** The branch it is for. */
  base: string;
  folder: string;
  run: RunId;
  title: (plan: PortPlan) => string;
  /** The text of the pull request, in at most so many bytes. */
  render: (plan: PortPlan, limitBytes: number) => string;
  /** Tells reports that say the same from others. */
  facts: string;
  /** What the branch is left alone for, said on the pull request. */
  stopped: (why: string) => string;
}

export interface PullOptions {
  draft: boolean;
  labels: string[];
  reviewers: string[];
  teamReviewers: string[];
  reopen: boolean;
}

export interface PortOutcome {
  did: "created" | "updated" | "unchanged" | "closed" | "stopped" | "respected" | "superseded" | "refused";
  branch: string;
  url?: string;
  /** One line for people. */
  why: string;
  notes: string[];
}

/** GitHub's limit for a pull request's text, in characters, of which there are never more than bytes. */
const BODY_LIMIT = 65_536;
const ROUNDS = 5;

interface Sight {
  base: Commit;
  plan: PortPlan;
  branch: BranchState;
  pulls: Pull[];
  step: Step;
}

/** What is there, and what is to be done; writes nothing. @throws UserError where the base is no branch or the port cannot lie in its folder. */
export async function lookAtPort(github: GitHub, port: Port, reopen: boolean): Promise<Sight> {
  const { git, pulls } = github;
  const name = branchOf(port.base, port.module);
  const baseSha = await git.branch(port.base);
  if (baseSha === undefined)
    throw new UserError(`input "base": the repository has no branch ${JSON.stringify(port.base)}`);
  const base = await git.commit(baseSha);
  const plan = await planPort(treeReader(git, base.tree), port.module, port.folder, port.files);
  const branch = await examineBranch(git, name, `${port.base}/${port.module}`, baseSha);
  const all = await pulls.from(name);
  return {
    base,
    plan,
    branch,
    pulls: all,
    step: decide({ plan, base: port.base, branch, pulls: all }, port.run.id, reopen),
  };
}

/** Bring the pull request about. @throws what GitHub refuses for another reason than one that has an outcome. */
export async function keepPort(github: GitHub, port: Port, options: PullOptions): Promise<PortOutcome> {
  const notes: string[] = [];
  let committed = false;
  for (let round = 0; round < ROUNDS; round++) {
    const sight = await lookAtPort(github, port, options.reopen);
    const did = await take(github, port, options, sight, notes);
    if (did !== "again")
      return {
        ...did,
        did: did.did === "unchanged" && committed ? "updated" : did.did,
        branch: branchOf(port.base, port.module),
        notes,
      };
    committed ||= sight.step.do === "propose" && sight.step.commit;
  }
  throw new Error(
    `another run or a person writes the branch ${branchOf(port.base, port.module)} all the time; run this again when they have finished`,
  );
}

type Taken = Omit<PortOutcome, "branch" | "notes"> | "again";

async function take(github: GitHub, port: Port, options: PullOptions, sight: Sight, notes: string[]): Promise<Taken> {
  const { step } = sight;
  if (step.do === "leave") {
    if (step.tell && step.pull)
      await keepComment(github, {
        pull: step.pull.number,
        set: "kport-port",
        run: port.run,
        body: port.stopped(step.why),
      });
    return { did: step.did, why: step.why, ...(step.pull ? { url: step.pull.url } : {}) };
  }
  return step.do === "close" ? close(github, port, step) : propose(github, port, options, sight, step, notes);
}

async function close(github: GitHub, port: Port, { pull, head }: Extract<Step, { do: "close" }>): Promise<Taken> {
  // One request, so that a pull request that kport closed is never taken for one that a person closed.
  if (pull) await github.pulls.update(pull.number, { state: "closed", body: closedBody(port, pull) });
  if (head !== undefined && !(await github.git.deleteBranch(branchOf(port.base, port.module), head))) return "again";
  return { did: "closed", why: "the base holds the port", ...(pull ? { url: pull.url } : {}) };
}

async function propose(
  github: GitHub,
  port: Port,
  options: PullOptions,
  sight: Sight,
  step: Extract<Step, { do: "propose" }>,
  notes: string[],
): Promise<Taken> {
  const { plan, base, branch } = sight;
  const name = branchOf(port.base, port.module);
  const title = port.title(plan);
  let own = branch.kind === "ours" ? branch.own : "";
  if (step.commit) {
    own = await commitPort(github.git, {
      plan,
      port: `${port.base}/${port.module}`,
      base,
      branch,
      title,
      run: port.run.id,
    });
    if (!(await (branch.kind === "none" ? github.git.createBranch(name, own) : github.git.forwardBranch(name, own))))
      return "again";
  }
  const marker = { head: own, facts: port.facts };
  const text = (state: "pending" | "ready", people?: { before: string; after: string }) => {
    const room = BODY_LIMIT - MARKER_BYTES - Buffer.byteLength((people?.before ?? "") + (people?.after ?? "")) - 4;
    return withMarker({ ...marker, state }, port.render(plan, Math.max(room, 1000)), people);
  };

  let pull = step.pull ?? (step.reopen && (await reopened(github, step.reopen)));
  const found = pull !== undefined;
  if (pull === undefined) {
    const made = await create(
      github,
      { title, head: name, base: port.base, body: text("pending"), draft: options.draft },
      notes,
    );
    if (made === "again") return "again";
    if ("why" in made) return { did: "refused", ...made };
    pull = made;
  }
  if (readMarker(pull.body)?.state === "pending") await setLabelsAndReviewers(github, pull, options, notes);
  const current = isCurrent(pull, marker);
  if (!current) await github.pulls.update(pull.number, { body: text("ready", peoplesPart(pull.body)) });
  const counts = `${plan.added.length} files added, ${plan.changed.length} changed, ${plan.removed.length} removed${plan.conflicts.length === 0 ? "" : `, ${plan.conflicts.length} in conflict with changes made by hand`}`;
  if (!found) return { did: "created", why: counts, url: pull.url };
  return step.commit || !current
    ? { did: "updated", why: step.commit ? counts : "its text", url: pull.url }
    : { did: "unchanged", why: "nothing has changed", url: pull.url };
}

/** GitHub opens none again whose branch was deleted since; then another is made. */
async function reopened(github: GitHub, pull: Pull): Promise<Pull | undefined> {
  return github.pulls.update(pull.number, { state: "open" }).catch((error: unknown) => {
    if (statusOf(error) === 422) return undefined;
    throw error;
  });
}

async function create(
  github: GitHub,
  pull: Parameters<GitHub["pulls"]["create"]>[0],
  notes: string[],
): Promise<Pull | "again" | { why: string }> {
  try {
    return await github.pulls.create(pull);
  } catch (error) {
    const said = String(error);
    if (/not permitted to create( or approve)? pull requests/i.test(said))
      return { why: "GitHub Actions may not open pull requests in this repository" };
    if (pull.draft && statusOf(error) === 422 && /draft/i.test(said)) {
      notes.push("The pull request is no draft: this repository's plan has none");
      return create(github, { ...pull, draft: false }, notes);
    }
    // Another run has opened it, or the base has got the port, since this one looked.
    if (statusOf(error) === 422 && /already exists|no commits between/i.test(said)) return "again";
    throw error;
  }
}

/** What is there already does no harm; who cannot be asked is no reason to fail. */
async function setLabelsAndReviewers(github: GitHub, pull: Pull, options: PullOptions, notes: string[]): Promise<void> {
  const attempt = async (what: string, write: () => Promise<void>) => {
    await write().catch((error: unknown) => {
      const status = statusOf(error);
      if (status !== 422 && status !== 404 && !isReadOnly(error)) throw error;
      notes.push(
        `No ${what} on ${pull.url}: GitHub's API answered ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  };
  if (options.labels.length > 0) await attempt("labels", () => github.pulls.addLabels(pull.number, options.labels));
  if (options.reviewers.length > 0)
    await attempt("reviewers", () => github.pulls.requestReviewers(pull.number, options.reviewers, []));
  // Apart from the people: GITHUB_TOKEN may ask people only, and one refusal must not take the others along.
  if (options.teamReviewers.length > 0)
    await attempt("team reviewers", () => github.pulls.requestReviewers(pull.number, [], options.teamReviewers));
}

function closedBody(port: Port, pull: Pull): string {
  const people = peoplesPart(pull.body);
  const marker = readMarker(pull.body);
  return withMarker(
    { state: "closed", head: marker?.head ?? "0".repeat(40), facts: port.facts },
    `Closed by kport: the base holds this port of ${port.module} now, there is nothing left to bring in.`,
    people,
  );
}
