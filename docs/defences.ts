/** Makes docs/defences.md out of the defences and the tests that fail without them: `npm run docs`. A test keeps them together. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { markdownTable } from "markdown-table";
import { projectRoot } from "../src/machine/project-root.ts";
import { DEFENCES } from "../test/hostile/defences.ts";
import { HELD_OTHERWISE } from "../test/hostile/held-otherwise.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("*", "\\*");
const link = (file: string): string => `[${path.basename(file)}](../${file})`;

/** The text of docs/defences.md. */
export function defencesPage(): string {
  const rows = DEFENCES.map((d) => [
    cell(d.name),
    link(d.file),
    `${link(d.test)}: ${d.fails.map((f) => `"${cell(f)}"`).join(", ")}`,
  ]);
  const others = Object.entries(HELD_OTHERWISE).flatMap(([file, all]) =>
    all.map((h) => [link(`test/hostile/${file}`), `\`${cell(h.test.source)}\``, cell(h.because)]),
  );
  return `${[
    "<!-- Made by `npm run docs` from test/hostile/defences.ts and held-otherwise.ts: change those. -->",
    "# The defences, and the tests that fail without them",
    `\`npm run test:hostile-controls\` takes each of these ${DEFENCES.length} defences out of a copy of the sources, one at a time, and demands that the tests named beside it fail; then it runs the hostile tests with all defences in, and demands that each was seen to fail, or stands in the second table with the reason why not. Words behind the command choose defences by parts of their names, \`--go-on\` goes on where an earlier run ended.`,
    markdownTable([["defence", "where", "what fails without it"], ...rows], { alignDelimiters: false, padding: true }),
    "## Hostile tests that no defence is taken out for",
    markdownTable([["file", "tests", "because it"], ...others], { alignDelimiters: false, padding: true }),
  ].join("\n\n")}\n`;
}

if (import.meta.main) await writeFile(path.join(projectRoot(), "docs", "defences.md"), defencesPage());
