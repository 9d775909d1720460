/** The check run: the verdict on the head commit, with annotations on the C lines. */
import type { Annotation } from "../report/annotations.ts";
import { annotationRequests } from "../report/annotations.ts";
import type { GitHub } from "./client.ts";
import type { RunId } from "./run-context.ts";

/** Nobody reads more, and each batch is a request. */
const MOST = 1000;

export interface CheckRun {
  set: string;
  run: RunId;
  sha: string;
  conclusion: "success" | "failure" | "neutral";
  title: string;
  /** Markdown, at most 65,535 characters. */
  summary: string;
  annotations: readonly Annotation[];
  detailsUrl: string;
}

/**
 * Create it complete, with the first 50 annotations, and add the others: a run that is cut off between two requests leaves a check run with the
 * right conclusion and fewer annotations, never one that stays "in progress".
 */
export async function publishCheckRun(
  github: Pick<GitHub, "createCheckRun" | "addAnnotations">,
  check: CheckRun,
): Promise<{ url: string | null; annotations: number }> {
  const annotations = check.annotations.slice(0, MOST);
  const [first = [], ...others] = annotationRequests(annotations);
  const output = { title: check.title.slice(0, 250), summary: check.summary };
  const { id, url } = await github.createCheckRun({
    name: check.set === DEFAULT_SET ? "kport" : `kport (${check.set.replace(/^kport-/, "")})`,
    sha: check.sha,
    externalId: `${check.set}:${check.run.id}.${check.run.attempt}`,
    conclusion: check.conclusion,
    detailsUrl: check.detailsUrl,
    output: { ...output, annotations: first },
  });
  for (const more of others) await github.addAnnotations(id, { ...output, annotations: more });
  return { url, annotations: annotations.length };
}

/** The set of a workflow with one kport job: the default of the input `artifact-name`, which names the set in both halves. */
export const DEFAULT_SET = "kport-report";
