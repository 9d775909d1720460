/** Tells differences by chance from differences of the code, by asking the C module twice. */
import type { BootRun, Finding } from "../../report/schema.ts";
import { compareRuns } from "./compare.ts";

/**
 * Differences in numbers alone may be chance (a time, an id), and are warnings. Where the C module prints the same in a second guest they
 * are not: they become errors. The place at which two hangs were found may be chance as well: where the C module is found at another place of
 * the same phase in a second guest, it is, and the error becomes a warning.
 * @param findings of the C run against the Rust one
 * @param bootAgain the C module once more; called only when there is a doubt
 */
export async function settleChance(findings: readonly Finding[], c: BootRun, bootAgain: () => Promise<BootRun>): Promise<Finding[]> {
  const doubtful = (f: Finding): boolean => f.severity === "warning" && f.message.includes("differs in numbers only");
  if (!findings.some((f) => doubtful(f) || isOtherHang(f))) return [...findings];
  const again = compareRuns(c, await bootAgain());
  const chance = new Set(again.filter(doubtful).map((f) => f.check));
  const places = again.some(isOtherHang);
  return findings.map((f) => (isOtherHang(f) && places ? { ...f, severity: "warning", message: "both modules hang in the same phase in this guest, at places that change from run to run of the C module" } : doubtful(f) && !chance.has(f.check) ? { ...f, severity: "error", message: `${f.message}, which the C module does not do from run to run` } : f));
}

/** Two hangs of the same phase that were found at two places. */
function isOtherHang(f: Finding): boolean {
  const phase = (side: string | undefined): string | undefined => /^hang: ([^:]*):/.exec(side ?? "")?.[1];
  return f.check === "boot-status" && f.severity === "error" && phase(f.c) !== undefined && phase(f.c) === phase(f.rust);
}
