/** One run by itself, for a module that is booted without a reference. */
import type { BootRun, Finding } from "../../report/schema.ts";
import { byName } from "./compare-splats.ts";
import { SHOWN } from "./shown.ts";
import { EXPECTED_TAINT, taintMeanings } from "./taint.ts";

/** What is wrong with it. */
export function runFindings(run: BootRun): Finding[] {
  const findings: Finding[] = [];
  if (run.status !== "ok")
    findings.push({ check: "boot", severity: "error", message: `${run.status}: ${run.message ?? ""}` });
  if (run.initRan === false && run.loaded)
    findings.push({
      check: "init-ran",
      severity: "warning",
      message: "the module has no init function, or lost it: it was loaded, and nothing of it ran",
    });
  for (const { splat, times } of byName(run).values()) {
    if (splat.kind !== "oops" && splat.kind !== "panic")
      findings.push({
        check: "boot-splat",
        severity: "error",
        message: `${splat.kind}${times === 1 ? "" : ` (${times} times)`}: ${splat.title}`,
      });
  }
  if (run.exercise !== undefined && run.exercise.exitCode !== 0 && run.exercise.exitCode !== null)
    findings.push({
      check: "exercise",
      severity: "error",
      message: `the exercise ended with status ${run.exercise.exitCode}`,
    });
  if (run.leftBehind !== undefined)
    findings.push({
      check: "left-behind",
      severity: "error",
      message: `after it was unloaded there was still: ${run.leftBehind.slice(0, SHOWN).join(", ")}`,
    });
  const unexpected = run.taint.after & ~run.taint.before & ~EXPECTED_TAINT;
  if (unexpected !== 0)
    findings.push({
      check: "boot-taint",
      severity: "warning",
      message: `the kernel was tainted: ${taintMeanings(unexpected)}`,
    });
  return findings;
}
