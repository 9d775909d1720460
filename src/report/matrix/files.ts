import { badgeJson, badgeSvg } from "./badge.ts";
import { renderMatrixHtml } from "./html.ts";
import { renderMatrixMarkdown } from "./markdown.ts";
import type { MatrixReport } from "./schema.ts";

/** matrix.json and everything that is made of it, by name. */
export function matrixFiles(report: MatrixReport): Record<string, string> {
  return {
    "matrix.json": `${JSON.stringify(report, null, 1)}\n`,
    "matrix.md": renderMatrixMarkdown(report),
    "matrix.html": renderMatrixHtml(report),
    "badge.svg": badgeSvg(report),
    "badge.json": badgeJson(report),
  };
}
