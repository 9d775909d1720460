/** Tells differences by chance from differences of the code, by asking the C module twice. */
import type { BootRun, Finding } from "../../report/schema.ts";
import { compareRuns } from "./compare.ts";

/**
 * Differences in numbers alone may be chance (a time, an id), and are warnings. Where the C module prints the same in a second guest they
 * are not: they become errors.
 * @param findings of the C run against the Rust one
 * @param bootAgain the C module once more; called only when there is a doubt
 */
export async function settleChance(findings: readonly Finding[], c: BootRun, bootAgain: () => Promise<BootRun>): Promise<Finding[]> {
  const doubtful = (f: Finding): boolean => f.severity === "warning" && f.message.includes("differs in numbers only");
  if (!findings.some(doubtful)) return [...findings];
  const chance = new Set(compareRuns(c, await bootAgain()).filter(doubtful).map((f) => f.check));
  return findings.map((f) => (doubtful(f) && !chance.has(f.check) ? { ...f, severity: "error", message: `${f.message}, which the C module does not do from run to run` } : f));
}
