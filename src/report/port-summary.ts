/** The job summary of a run that keeps port pull requests. */
import { markdownTable } from "markdown-table";
import { cellCode, inlineText } from "./escape.ts";
import { markdownOf, phraseOf } from "./phrase.ts";

export interface PortLine {
  module: string;
  base: string;
  branch: string;
  did:
    | "created"
    | "updated"
    | "unchanged"
    | "closed"
    | "stopped"
    | "respected"
    | "superseded"
    | "refused"
    | "skipped"
    | "failed";
  why: string;
  /** The pull request, or where to open it. */
  url?: string;
  notes: string[];
}

export function renderPortSummary(base: string, lines: readonly PortLine[]): string {
  if (lines.length === 0) return "No module was ported.\n";
  const rows = lines.map((l) => [
    cellCode(l.module),
    l.did,
    l.url === undefined ? "" : `[${l.did === "refused" ? "open it" : inlineText(l.url.split("/").at(-1)!)}](${l.url})`,
    markdownOf(phraseOf(l.why), "cell"),
  ]);
  return `### Ports for ${cellCode(base)}\n\n${markdownTable([["module", "pull request", "", ""], ...rows], { alignDelimiters: false })}\n`;
}
