import type { MatrixReport } from "../report/matrix/schema.ts";
import type { History } from "./schema.ts";

/** What the run adds to the history. Results that were reused are there already; what never ran adds nothing. */
export function addedBy(report: MatrixReport): History {
  const cells: History["cells"] = {};
  for (const c of report.cells)
    if (c.origin === "run" && c.result)
      cells[c.cell.id] = {
        folder: c.cell.module.folder,
        results: [c.result],
        ...(c.result.outcome === "pass" ? { lastGood: c.result } : {}),
      };
  return { schemaVersion: 1, cells, issues: {} };
}
