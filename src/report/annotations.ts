/** Findings as annotations of a GitHub check run: data only, for whoever sends them. */
import path from "node:path";
import { comparedOf, outcomeOf } from "./compared.ts";
import type { Finding, Report } from "./schema.ts";
import { clip, plainText } from "./escape.ts";
import { messageParts, phraseOf, textOf } from "./phrase.ts";
import { stageWords } from "./stage-words.ts";
import { sortedFindings } from "./verdict.ts";

/** The body of one annotation, as POST and PATCH /repos/{owner}/{repo}/check-runs take it. */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: "failure" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
}

/** GitHub takes this many in a request, and refuses the request with more. */
export const ANNOTATIONS_PER_REQUEST = 50;

/** GitHub's limits: 64 KB of message, 255 characters of title. Kept below in bytes. */
const MESSAGE_BYTES = 60_000;
const TITLE_CHARACTERS = 200;

const LEVELS: Record<Finding["severity"], Annotation["annotation_level"]> = {
  error: "failure",
  warning: "warning",
  note: "notice",
};

function clipBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  // Characters are at most three bytes a UTF-16 unit, so a cut at a third is always short enough.
  return clip(text, Math.floor(limit / 3));
}

function messageOf(finding: Finding): string {
  const { lead, rest } = messageParts(finding.message);
  const parts = [textOf(phraseOf(lead, MESSAGE_BYTES))];
  if (rest !== "") parts.push(plainText(rest));
  if (finding.c !== undefined) parts.push(`C:    ${plainText(finding.c)}`);
  if (finding.rust !== undefined) parts.push(`Rust: ${plainText(finding.rust)}`);
  const stage = stageWords(finding);
  if (stage !== undefined) parts.push(stage);
  const message = clipBytes(parts.join("\n"), MESSAGE_BYTES);
  return message.trim() === "" ? "(no message)" : message;
}

/** The file's path in the repository, with forward slashes; undefined where it lies outside. */
function repositoryPath(moduleDir: string, file: string): string | undefined {
  const joined = path.posix.normalize(path.posix.join(moduleDir.replaceAll("\\", "/"), file.replaceAll("\\", "/")));
  return joined === ".." || joined.startsWith("../") || path.posix.isAbsolute(joined) || joined.includes("\0")
    ? undefined
    : joined;
}

/**
 * The findings that have a place in the repository, worst first. `moduleDir` is the module's folder relative to the
 * repository's root; findings in files outside the repository, and those without a file, cannot be annotated and are left
 * out: the check run's summary has them.
 */
export function annotationsOf(report: Report, moduleDir: string): Annotation[] {
  return [...notRun(report), ...sortedFindings(report)].flatMap((finding) => {
    const place = finding.file === undefined ? undefined : repositoryPath(moduleDir, finding.file);
    if (place === undefined) return [];
    const line = finding.line ?? 1;
    const title = clip(textOf([`${report.module.name}: ${finding.check}`]), TITLE_CHARACTERS);
    return [
      {
        path: place,
        start_line: line,
        end_line: line,
        annotation_level: LEVELS[finding.severity],
        title,
        message: messageOf(finding),
      },
    ];
  });
}

/** A module that was built and not run says so on its first C file: what its annotations do not say, nobody has looked for. */
function notRun(report: Report): Finding[] {
  const file = report.units[0]?.file;
  if (outcomeOf(report) !== "built" || file === undefined) return [];
  return [
    {
      check: "not-run",
      severity: "note",
      message: `built, not run: ${comparedOf(report).reason ?? ""}`,
      file,
      line: 1,
    },
  ];
}

/** In groups that GitHub takes in one request each; one empty group where there are none. */
export function annotationRequests(annotations: readonly Annotation[]): Annotation[][] {
  const groups: Annotation[][] = [];
  for (let at = 0; at < annotations.length; at += ANNOTATIONS_PER_REQUEST)
    groups.push(annotations.slice(at, at + ANNOTATIONS_PER_REQUEST));
  return groups.length === 0 ? [[]] : groups;
}
