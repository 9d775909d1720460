/** How far both modules were taken: what a pass has compared, and what it has not. */
import type { BootRun, Compared, Report } from "./schema.ts";

/** A report's verdict, with a word of its own for modules in which nothing differs and of which neither was run. */
export type Outcome = Report["verdict"] | "built";

/** What a report says of it; where it says nothing (one of an older kport's), what its boots say. */
export function comparedOf(report: Pick<Report, "compared" | "boot" | "objects" | "stages">): Compared {
  if (report.compared !== undefined) return report.compared;
  const { c, rust } = report.boot ?? {};
  const stage = (name: string): string | undefined =>
    report.stages.find((s) => s.name === name && s.status !== "ok")?.message;
  if (report.objects.c === undefined || report.objects.rust === undefined)
    return {
      extent: "nothing",
      reason: report.stages.find((s) => s.status === "failed")?.message ?? "one of the modules was not built",
    };
  if (c === undefined || rust === undefined)
    return { extent: "objects", reason: stage("boot") ?? "they were not booted" };
  const stopped = [c, rust].find((run) => !cameUp(run));
  if (stopped !== undefined) return { extent: "objects", reason: whyNot(stopped) };
  return c.initRan === false && rust.initRan === false
    ? { extent: "load", reason: "they have no init function" }
    : { extent: "run" };
}

/** The verdict by what was compared: a pass is one only where both modules were loaded, and their init ran to its end if they have one. */
export function outcomeOf(report: Parameters<typeof comparedOf>[0] & Pick<Report, "verdict">): Outcome {
  if (report.verdict !== "pass") return report.verdict;
  const { extent } = comparedOf(report);
  return extent === "run" || extent === "load" ? "pass" : "built";
}

/** A module that was loaded once has had its init return; what it did later is said by its status. */
function cameUp(run: BootRun): boolean {
  return run.loaded && run.status !== "harness-error";
}

function whyNot(run: BootRun): string {
  const said = run.message ?? "the kernel does not say why";
  switch (run.status) {
    case "load-failed":
      return /^its dependency /.test(said) ? said : `it cannot be loaded: ${said}`;
    case "harness-error":
      return `the virtual machine gave no result: ${said}`;
    default:
      return said;
  }
}
