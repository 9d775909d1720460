/** Tells failures apart: the same cause has the same fingerprint in each run, on each machine and in each module. */
import { contentKey } from "../machine/cache.ts";
import type { Finding, Report } from "../report/schema.ts";

export interface Failure {
  fingerprint: string;
  stage: string;
  /** One line for people. */
  message: string;
}

/** What may differ between two appearances of one failure, and what stands for it. */
const DIFFERENCES: readonly [RegExp, string][] = [
  [/\u001b\[[0-9;]*m/g, ""],
  [/^\s*command: .*$/gm, ""],
  // Folders of the machine and of the run.
  [/(?:\/[\w.+@~-]+){2,}\/(?=[\w.+-])/g, ""],
  // Each module has its own files; what is wrong with them is said beside the name.
  [/\b[\w.-]+\.(?:c|h|S|rs|o|ko)\b/g, "FILE"],
  [/\bkport-[a-z]+-[A-Za-z0-9]{6}\b/g, "SCRATCH"],
  [/\b0x[0-9a-f]+\b|\b[0-9a-f]{12,}\b/gi, "ADDRESS"],
  [/\b\d+(?:\.\d+)? ?(?:ms|s|seconds?|bytes?|kB|MB)\b/g, "AMOUNT"],
  [/\b\d+\.\d+(?:\.\d+)*(?:[+~-][\w.+~-]+)?\b/g, "VERSION"],
  [/:\d+(?::\d+)?\b/g, ":LINE"],
  // Not those of a name: E0308 is not E0425.
  [/\b\d+\b|(?<=_)\d+\b/g, "N"],
  [/\s+/g, " "],
];

/** A message without what differs from run to run. The module's own names become MODULE: a header that breaks five modules is one failure. */
export function normaliseMessage(message: string, module: string): string {
  const names = [...new Set([module, module.replaceAll("-", "_"), module.replaceAll("_", "-")])];
  const without = names.reduce(
    (text, n) => text.replaceAll(new RegExp(`\\b${n.replaceAll(/[^\w]/g, "\\$&")}(?=\\b|_)`, "g"), "MODULE"),
    message,
  );
  return DIFFERENCES.reduce((text, [pattern, stand]) => text.replace(pattern, stand), without).trim();
}

/** The failure of a report that did not pass: its crash, else the first error of the stage that failed, else its first error. */
export function failureOf(report: Report): Failure {
  const stage =
    report.stages.find((s) => s.status === "failed")?.name ??
    report.stages.findLast((s) => s.status === "ok")?.name ??
    "capture";
  const crash = [report.boot?.rust, report.boot?.c].find((run) => run !== undefined && run.status !== "ok");
  if (crash?.fingerprint !== undefined)
    return made(
      "boot",
      `the module ${crash.status}: ${crash.message ?? crash.splats?.[0]?.title ?? crash.fingerprint}`,
      ["crash", crash.fingerprint],
    );
  const errors = report.findings.filter((f) => f.severity === "error");
  const first: Finding | undefined = errors[0];
  const text =
    first?.message ??
    report.stages.find((s) => s.status === "failed")?.message ??
    crash?.message ??
    "failed without a word";
  // What the tool itself said tells more than our own line above it ("the port does not build").
  const [lead = "", ...said] = text.split("\n");
  const tools = said
    .map((l) => l.replace(/^\s*\|\s?/, ""))
    .filter((l) => /error|panick|undefined|unknown|cannot/i.test(l));
  const told = tools[0] ?? "";
  return made(stage, told === "" ? lead : `${lead}: ${told.trim()}`, [
    first?.check ?? stage,
    normaliseMessage(`${lead}\n${told}`, report.module.name),
  ]);
}

/** errno(3) texts and the kernel's of a machine that had no room, no memory or no network: no module's fault, whichever stage met it. */
const TROUBLE =
  /No space left on device|Cannot allocate memory|\bENOSPC\b|\bENOMEM\b|Too many open files|Temporary failure in name resolution|Read-only file system|Input\/output error/;

/** Whether a stage failed for want of something that the machine should have. A module's own log may say anything: only stages before the boot count. */
export function isTroubleOfTheMachine(report: Report): boolean {
  if (report.boot !== undefined) return false;
  return report.findings.some((f) => f.severity === "error" && TROUBLE.test(f.message));
}

function made(stage: string, message: string, parts: readonly string[]): Failure {
  return {
    fingerprint: contentKey([stage, ...parts]).slice(0, 16),
    stage,
    message: message
      .replaceAll(/\S*\/kport-check-\w+\//g, "")
      .replaceAll(/\s+/g, " ")
      .slice(0, 500),
  };
}
