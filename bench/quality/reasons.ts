/** Why functions and variables of ports are not printed, by how often. */
import { markdownTable } from "markdown-table";
import type { Report } from "../../src/report/schema.ts";

export interface Reason {
  module: string;
  name: string;
  what: "function" | "variable";
  /** Without the names that are this one function's. */
  reason: string;
}

export function reasonsOf(report: Report): Reason[] {
  const { printed } = report;
  const of = (what: Reason["what"], kept: readonly { name: string; reason: string }[] = []): Reason[] =>
    kept.map((k) => ({
      module: report.module.name,
      name: k.name,
      what,
      reason: k.reason.replaceAll(/\bkport_\w+/g, "a helper"),
    }));
  return [...of("function", printed?.kept), ...of("variable", printed?.items?.kept)];
}

/** The commonest first. */
export function reasonTable(all: readonly Reason[]): string {
  const by = [...Map.groupBy(all, (r) => `${r.what}: ${r.reason}`)].sort(
    ([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1),
  );
  return markdownTable(
    [
      ["not printed", "count", "for example"],
      ...by.map(([reason, these]) => [
        reason.replaceAll("|", "\\|"),
        String(these.length),
        these
          .slice(0, 3)
          .map((r) => `${r.module}: ${r.name}`)
          .join(", "),
      ]),
    ],
    { alignDelimiters: false },
  );
}
