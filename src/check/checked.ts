/** A module that was checked: its report, and the folder that holds it. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Check, CheckRequest } from "./check-request.ts";
import type { Report } from "../report/schema.ts";

export interface Checked {
  report: Report;
  /** Holds report.json and port/. Absolute. */
  dir: string;
}

/** Check one folder; the command line's contract says where the results lie: in `out` for one module, in `out/<module>` for several. */
export async function checkFolder(check: Check, request: CheckRequest): Promise<Checked[]> {
  const reports = await check(request);
  const folders = existsSync(request.out) ? await readdir(request.out) : [];
  return reports.map((report) => ({
    report,
    dir:
      reports.length > 1 && folders.includes(report.module.name)
        ? path.join(request.out, report.module.name)
        : request.out,
  }));
}
