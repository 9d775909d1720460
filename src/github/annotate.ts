/** Findings on the lines of the module's C: for a check run, or through the log where there is none. */
import * as core from "@actions/core";
import { log } from "../machine/log.ts";
import type { Annotation } from "../report/annotations.ts";
import { annotationsOf } from "../report/annotations.ts";
import type { Report } from "../report/schema.ts";

const WORST_FIRST: readonly Annotation["annotation_level"][] = ["failure", "warning", "notice"];
/** The runner shows this many errors and as many warnings a step; what is over is dropped without a word. */
const SHOWN_FROM_LOG = 10;

/** Of all modules, worst first; `module.dir` is relative to the repository here. */
export function annotationsFor(reports: readonly Report[]): Annotation[] {
  const all = reports.flatMap((report) => annotationsOf(report, report.module.dir));
  return WORST_FIRST.flatMap((level) => all.filter((a) => a.annotation_level === level));
}

/** Annotations by workflow commands, for a token that may not write checks. @actions/core escapes every part of them. */
export function annotateLog(annotations: readonly Annotation[]): void {
  const write = { failure: core.error, warning: core.warning, notice: core.notice };
  const shown = { failure: 0, warning: 0, notice: 0 };
  for (const a of annotations) {
    if (shown[a.annotation_level]++ < SHOWN_FROM_LOG)
      write[a.annotation_level](a.message, {
        title: a.title,
        file: a.path,
        startLine: a.start_line,
        endLine: a.end_line,
      });
  }
  const left = Object.values(shown).reduce((sum, n) => sum + Math.max(0, n - SHOWN_FROM_LOG), 0);
  if (left > 0)
    log.info(
      `${left} more findings are in the summary and the artifact: the runner shows ${SHOWN_FROM_LOG} of a kind a step`,
    );
}
