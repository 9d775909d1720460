/** The badge: an SVG of our own, and the JSON that shields.io's endpoint badge takes. */
import type { MatrixReport } from "./schema.ts";

interface Badge {
  label: string;
  message: string;
  color: "brightgreen" | "red" | "lightgrey" | "yellow";
}

const FILLS: Record<Badge["color"], string> = {
  brightgreen: "#2da44e",
  red: "#cf222e",
  lightgrey: "#6e7781",
  yellow: "#9a6700",
};

export function badgeOf(report: Pick<MatrixReport, "cells" | "verdict">): Badge {
  const counted = report.cells.filter((c) => !c.cell.allowFailure);
  const passes = counted.filter((c) => c.result?.outcome === "pass");
  const notRun = passes.filter((c) => c.result?.notRun !== undefined).length;
  const passing = passes.length;
  const failing = counted.filter((c) => c.result?.outcome === "fail").length;
  const unknown = counted.length - passing - failing;
  const color = failing > 0 ? "red" : passing === 0 ? "lightgrey" : unknown + notRun > 0 ? "yellow" : "brightgreen";
  return {
    label: "Rust port",
    message:
      failing > 0
        ? `${failing} of ${counted.length} failing`
        : passing === 0
          ? "no result"
          : `${passing - notRun} of ${counted.length} pass${notRun === 0 ? "" : `, ${notRun} not run`}`,
    color,
  };
}

/** https://shields.io/badges/endpoint-badge */
export function badgeJson(report: MatrixReport): string {
  const { label, message, color } = badgeOf(report);
  return `${JSON.stringify({ schemaVersion: 1, label, message, color })}\n`;
}

export function badgeSvg(report: MatrixReport): string {
  const { label, message, color } = badgeOf(report);
  // Seven pixels are near the mean width of a letter at this size; textLength makes the text fit exactly.
  const [left, right] = [label, message].map((t) => t.length * 7 + 12) as [number, number];
  const text = (words: string, x: number, width: number): string =>
    `<text x="${x + 6}" y="14" textLength="${width - 12}" lengthAdjust="spacingAndGlyphs">${words}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}: ${message}"><title>${label}: ${message}</title>
<clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#444c56"/><rect x="${left}" width="${right}" height="20" fill="${FILLS[color]}"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(label, 0, left)}${text(message, left, right)}</g></svg>
`;
}
