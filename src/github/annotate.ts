/** Findings on the lines of the module's C: for a check run, or through the log where there is none. */
import path from "node:path";
import * as core from "@actions/core";
import { log, printable } from "../log.ts";
import type { Report } from "../report/schema.ts";
import { sortedFindings } from "../report/verdict.ts";
import type { Annotation } from "./client.ts";

const LEVELS = { error: "failure", warning: "warning", note: "notice" } as const;
/** GitHub takes 64 KB of a message and 255 characters of a title. */
const MESSAGE = 8000;
/** The runner shows this many errors and as many warnings a step; what is over is dropped without a word. */
const SHOWN_FROM_LOG = 10;

/** Worst first; paths relative to the repository. A finding outside the repository or without a line is in the report only. */
export function annotationsFor(reports: readonly Report[]): Annotation[] {
  const all = reports.flatMap((report) =>
    sortedFindings(report).flatMap((f): Annotation[] => {
      if (f.file === undefined || f.line === undefined) return [];
      const at = path.posix.join(report.module.dir, f.file);
      if (at.startsWith("..") || path.posix.isAbsolute(at) || /[\u0000-\u001f]/.test(at)) return [];
      return [{ path: at, start_line: f.line, end_line: f.line, annotation_level: LEVELS[f.severity], title: printable(f.check).slice(0, 200), message: printable(f.message).slice(0, MESSAGE) }];
    }),
  );
  const rank = (a: Annotation) => ["failure", "warning", "notice"].indexOf(a.annotation_level);
  return all.sort((a, b) => rank(a) - rank(b));
}

/** Annotations by workflow commands, for a token that may not write checks. @actions/core escapes every part of them. */
export function annotateLog(annotations: readonly Annotation[]): void {
  const write = { failure: core.error, warning: core.warning, notice: core.notice };
  const shown = { failure: 0, warning: 0, notice: 0 };
  for (const a of annotations) {
    if (shown[a.annotation_level]++ < SHOWN_FROM_LOG) write[a.annotation_level](a.message, { title: a.title ?? "kport", file: a.path, startLine: a.start_line, endLine: a.end_line });
  }
  const left = Object.values(shown).reduce((sum, n) => sum + Math.max(0, n - SHOWN_FROM_LOG), 0);
  if (left > 0) log.info(`${left} more findings are in the summary and the artifact: the runner shows ${SHOWN_FROM_LOG} of a kind a step`);
}
