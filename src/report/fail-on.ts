/** What makes a run fail, beyond a module that fails a check: `fail-on` of the action, `--fail-on` of the command line. */
import { outcomeOf } from "./compared.ts";
import type { Report } from "./schema.ts";
import { countOf } from "./verdict.ts";

/** In the order in which each fails more than the one before it. */
export const FAIL_ON = ["never", "error", "not-run", "warning"] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** Whether the run is to fail. `warning` fails what `not-run` does as well: a module that was built and not run. */
export function failed(reports: readonly Report[], failOn: FailOn): boolean {
  const least = FAIL_ON.indexOf(failOn);
  return reports.some((report) => least >= failsAt(report));
}

/** The first of `FAIL_ON` at which a report fails. */
function failsAt(report: Report): number {
  const outcome = outcomeOf(report);
  if (outcome === "fail" || outcome === "error") return FAIL_ON.indexOf("error");
  if (outcome === "built") return FAIL_ON.indexOf("not-run");
  return countOf(report.findings, "warning") > 0 ? FAIL_ON.indexOf("warning") : FAIL_ON.length;
}
