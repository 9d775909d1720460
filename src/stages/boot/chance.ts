/** Tells differences by chance from differences of the code, by asking the C module twice. */
import type { BootRun, Finding } from "../../report/schema.ts";
import { compareRuns } from "./compare.ts";

/** How often the C module is booted again. What comes in another order does so rarely: threads write their lines when they get to run. */
const TRIES = 3;
/** What two guests may do differently by chance, by what compareRuns says of it. */
const DOUBTFUL = ["differs in numbers only", "differs in the order of"];

/**
 * Differences in numbers or in the order of lines alone may be chance (a time, an id, threads of the kernel's), and are warnings. Where the
 * C module does not differ so in other guests they are not: they become errors. The place at which two hangs were found may be chance as
 * well: where the C module is found at another place of the same phase in a second guest, it is, and the error becomes a warning.
 * @param findings of the C run against the Rust one
 * @param bootAgain the C module once more, the n-th time from 0 on; called only when there is a doubt
 */
export async function settleChance(findings: readonly Finding[], c: BootRun, bootAgain: (n: number) => Promise<BootRun>): Promise<Finding[]> {
  const doubts = new Set(findings.flatMap(doubt));
  const hangs = findings.some(isOtherHang);
  const chance = new Set<string>();
  let places = false;
  // A hang takes its time.
  for (let n = 0; n < (hangs ? 1 : TRIES) && (hangs || [...doubts].some((d) => !chance.has(d))); n++) {
    const again = compareRuns(c, await bootAgain(n));
    for (const d of again.flatMap(explained)) chance.add(d);
    places = again.some(isOtherHang);
  }
  return findings.map((f) => {
    if (isOtherHang(f) && places) return { ...f, severity: "warning", message: "both modules hang in the same phase in this guest, at places that change from run to run of the C module" };
    return doubt(f).every((d) => chance.has(d)) ? f : { ...f, severity: "error", message: `${f.message}, which the C module does not do from run to run` };
  });
}

/** What is in doubt in a finding, of which check. */
function doubt(f: Finding): string[] {
  return f.severity === "warning" ? DOUBTFUL.flatMap((d) => (f.message.includes(d) ? [`${f.check} ${d}`] : [])) : [];
}

/** What a difference between two runs of the C module explains: the same, and where whole lines differ, whatever is less. */
function explained(f: Finding): string[] {
  return f.message.includes(" differs: ") ? DOUBTFUL.map((d) => `${f.check} ${d}`) : doubt(f);
}

/** Two hangs of the same phase that were found at two places. */
function isOtherHang(f: Finding): boolean {
  const phase = (side: string | undefined): string | undefined => /^hang: ([^:]*):/.exec(side ?? "")?.[1];
  return f.check === "boot-status" && f.severity === "error" && phase(f.c) !== undefined && phase(f.c) === phase(f.rust);
}
