/** What a report comes to, and what its reader is to do: the first line of every rendering. */
import { comparedOf, type Outcome, outcomeOf } from "./compared.ts";
import type { BootRun, Finding, Report, StageResult } from "./schema.ts";
import type { Phrase } from "./phrase.ts";
import { messageParts, phraseOf } from "./phrase.ts";
import { stageWords } from "./stage-words.ts";

export interface Verdict {
  readonly verdict: Outcome;
  readonly icon: "✅" | "⚠️" | "🔨" | "❌" | "💥";
  /** What happened. */
  readonly headline: Phrase;
  /** What the reader is to do about it, in a few words. */
  readonly todo: Phrase;
  /** The one message that says most about what went wrong. */
  readonly detail: Phrase | undefined;
}

export const VERDICT_WORDS: Record<Outcome, string> = {
  pass: "pass",
  built: "built, not run",
  fail: "fail",
  error: "no result",
};
/** Of several outcomes the first one counts. */
const WORST_FIRST: readonly Outcome[] = ["fail", "error", "built", "pass"];

const STAGE_FAILURES: Record<StageResult["name"], string> = {
  capture: "the C module does not build",
  lower: "the C could not be lowered for translation",
  transpile: "c2rust could not translate every unit",
  print: "the functions could not be printed",
  assemble: "the port could not be assembled",
  build: "the Rust port does not build",
  inspect: "the built modules could not be inspected",
  compare: "the built modules could not be compared",
  prove: "the functions could not be compared one by one",
  boot: "the modules could not be booted",
  fuzz: "generated calls could not be made",
  lowered: "the lowered C could not be compared",
};

export const BOOT_WORDS: Record<BootRun["status"], string> = {
  ok: "ok",
  "load-failed": "does not load",
  "init-failed": "init returns an error",
  panic: "panics",
  oops: "oopses",
  hang: "hangs",
  "unload-failed": "does not unload",
  "harness-error": "no result",
};

export const SEVERITY_ORDER: readonly Finding["severity"][] = ["error", "warning", "note"];
export const SEVERITY_ICONS: Record<Finding["severity"], string> = { error: "❌", warning: "⚠️", note: "ℹ️" };

/** Findings, worst first; within a severity in the report's order. */
export function sortedFindings(report: Report): Finding[] {
  return SEVERITY_ORDER.flatMap((severity) => report.findings.filter((finding) => finding.severity === severity));
}

export function countOf(findings: readonly Finding[], severity: Finding["severity"]): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

/** `3 errors, 1 warning`; empty where there are none. */
export function countWords(findings: readonly Finding[]): string {
  return SEVERITY_ORDER.map((severity) => [countOf(findings, severity), severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count} ${severity}${count === 1 ? "" : "s"}`)
    .join(", ");
}

/** `src/ring.c:12`, where a finding has a place. */
export function placeOf(finding: { file?: string | undefined; line?: number | undefined }): string | undefined {
  if (finding.file === undefined) return undefined;
  return finding.line === undefined ? finding.file : `${finding.file}:${finding.line}`;
}

/** What a pass has compared. */
function howFar(report: Report): string {
  const { extent, reason } = comparedOf(report);
  return extent === "load"
    ? `: the Rust port builds and loads like the C; ${reason}, so nothing of them ran`
    : ": the Rust port builds, boots and behaves like the C";
}

/** The most telling thing that went wrong. */
function failureOf(report: Report): Phrase {
  const failed = report.stages.find((stage) => stage.status === "failed");
  const c = report.boot?.c;
  const rust = report.boot?.rust;
  if (rust !== undefined && rust.status !== "ok" && (c === undefined || c.status === "ok"))
    return [`: the Rust module ${asVerb(rust.status)}${c === undefined ? "" : ", the C one does not"}`];
  if (c !== undefined && c.status !== "ok" && rust !== undefined)
    return [`: the C module ${asVerb(c.status)}, so there is nothing to compare with`];
  // Of C for another kernel there is nothing else to say (stages/other-kernel.ts).
  const other = report.findings.find(
    (finding) => finding.check === "capture" && finding.message.startsWith("not C for kernel "),
  );
  if (other !== undefined) return [": ", ...phraseOf(messageParts(other.message).lead, 300)];
  if (failed !== undefined) return [`: ${STAGE_FAILURES[failed.name]}`];
  const errors = countOf(report.findings, "error");
  if (errors > 0) return [`: the Rust port does not match the C (${errors} ${errors === 1 ? "error" : "errors"})`];
  return [": failed"];
}

function asVerb(status: BootRun["status"]): string {
  return status === "init-failed"
    ? "returns an error from its init"
    : status === "harness-error"
      ? "gave no result in the virtual machine"
      : BOOT_WORDS[status];
}

/** The finding to start with: an error, and one with a place in the module's own source before one without. */
function firstError(report: Report): Finding | undefined {
  const errors = report.findings.filter((finding) => finding.severity === "error");
  return errors.find((finding) => finding.file !== undefined) ?? errors[0];
}

function detailOf(report: Report): Phrase | undefined {
  const first = firstError(report);
  const message =
    first?.message ??
    report.stages.find((stage) => stage.status === "failed")?.message ??
    report.boot?.rust?.message ??
    report.boot?.c?.message;
  if (message === undefined) return undefined;
  const stage = first && stageWords(first);
  return [...phraseOf(messageParts(message).lead, 500), ...(stage === undefined ? [] : [` (${stage})`])];
}

/** The verdict of one report. Pure, and the same for Markdown, HTML and the terminal. */
export function verdictOf(report: Report): Verdict {
  const name = { code: report.module.name };
  const outcome = outcomeOf(report);
  const warnings = countOf(report.findings, "warning");
  const toRead = `${warnings} ${warnings === 1 ? "warning" : "warnings"} to read`;
  if (outcome === "pass") {
    return {
      verdict: "pass",
      icon: warnings > 0 ? "⚠️" : "✅",
      headline: [name, howFar(report)],
      todo: [warnings > 0 ? toRead : "nothing to do"],
      detail: undefined,
    };
  }
  if (outcome === "built") {
    return {
      verdict: "built",
      icon: "🔨",
      headline: [name, ": built, not run: ", ...phraseOf(messageParts(comparedOf(report).reason ?? "").lead, 300)],
      todo: [
        report.boot === undefined
          ? "boot it to see whether it behaves like the C"
          : "give it what it needs to start (docs/boot.md), to see whether it behaves like the C",
      ],
      detail: [
        "The Rust module is built and holds what the C one holds. What it does was not compared",
        ...(warnings > 0 ? [`; ${toRead}`] : []),
      ],
    };
  }
  if (outcome === "error") {
    return {
      verdict: "error",
      icon: "💥",
      headline: [name, ": the check itself could not finish, which says nothing about the module"],
      todo: ["see why, and run it again"],
      detail: detailOf(report),
    };
  }
  const first = firstError(report);
  const place = first && placeOf(first);
  return {
    verdict: "fail",
    icon: "❌",
    headline: [name, ...failureOf(report)],
    todo: place === undefined ? ["see below"] : ["look at ", { code: place }],
    detail: detailOf(report),
  };
}

/** The worst verdict of several reports: what the whole run comes to. */
export function worstVerdict(reports: readonly Report[]): Report["verdict"] {
  const worst = worstOutcome(reports);
  return worst === "built" ? "pass" : worst;
}

/** The same, with the word for modules that were built and not run. */
export function worstOutcome(reports: readonly Report[]): Outcome {
  const all = new Set(reports.map(outcomeOf));
  return WORST_FIRST.find((outcome) => all.has(outcome)) ?? "pass";
}

/** How many reports come to what: every one is in one of the three. */
export function countOutcomes(reports: readonly Report[]): { passed: number; built: number; failed: number } {
  const outcomes = reports.map(outcomeOf);
  const [passed, built] = (["pass", "built"] as const).map(
    (outcome) => outcomes.filter((o) => o === outcome).length,
  ) as [number, number];
  return { passed, built, failed: reports.length - passed - built };
}
