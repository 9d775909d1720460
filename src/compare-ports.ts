/** What the C change does to the Rust: each module's report and port beside those of the base. */
import path from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Checked } from "./checked.ts";
import { deltaOf } from "./report/delta.ts";

/** Adds the differences to each report, in memory and in its report.json. A module that the base has not is left as it is. */
export async function compareWithBase(before: readonly Checked[], now: readonly Checked[], baseName: string): Promise<Checked[]> {
  const compared: Checked[] = [];
  for (const head of now) {
    const base = before.find((b) => b.report.module.name === head.report.module.name);
    const report = base === undefined ? head.report : { ...head.report, delta: deltaOf(base.report, head.report, baseName) };
    await writeFileAtomic(path.join(head.dir, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
    compared.push({ ...head, report });
  }
  return compared;
}
