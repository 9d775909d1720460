/** What the C change does to the Rust: each module's report and port beside those of the base. */
import path from "node:path";
import type { Checked } from "./checked.ts";
import { writeResult } from "../machine/results-folder.ts";
import { fitted } from "../report/bounds.ts";
import { deltaOf } from "../report/delta.ts";
import { diffPorts } from "../report/diff.ts";
import { renderHtml } from "../report/html.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { report as schema, type Report } from "../report/schema.ts";

/** Adds the differences to each report, in memory and in its files. A module that the base has not is left as it is. */
export async function compareWithBase(
  before: readonly Checked[],
  now: readonly Checked[],
  baseName: string,
): Promise<Checked[]> {
  return Promise.all(
    now.map(async (head) => {
      const base = before.find((b) => b.report.module.name === head.report.module.name);
      if (base === undefined) return head;
      const diff = await diffPorts(path.join(base.dir, "port"), path.join(head.dir, "port"), baseName);
      return rewrite(head, { ...head.report, diff, delta: deltaOf(base.report, head.report, baseName) });
    }),
  );
}

/** As `compareWithBase`, for a port alone: there is no report to take figures from. */
export async function compareWithPort(port: string, head: Checked, baseName: string): Promise<Checked> {
  return rewrite(head, { ...head.report, diff: await diffPorts(port, path.join(head.dir, "port"), baseName) });
}

async function rewrite(head: Checked, compared: Report): Promise<Checked> {
  const report = fitted(schema, compared);
  await writeResult(path.join(head.dir, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  await writeResult(path.join(head.dir, "report.md"), renderMarkdown(report, { kind: "file" }));
  await writeResult(path.join(head.dir, "report.html"), renderHtml([report]));
  return { ...head, report };
}
