/** Makes docs/constructs.md out of the list of constructs: `npm run docs`. Tests keep the page, the list and the fixtures together. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { projectRoot } from "../src/machine/project-root.ts";
import { CONSTRUCTS } from "../test/modules/constructs.ts";

/** The text of docs/constructs.md. */
export function constructsPage(): string {
  const rows = CONSTRUCTS.map(
    (c) =>
      `| ${c.construct} | ${Object.keys(c.shown)
        .map((f) => `[${f}](../test/modules/${f})`)
        .join(", ")} |`,
  );
  return `${[
    "<!-- Made by `npm run docs` from test/modules/constructs.ts: change that. -->",
    "# Constructs, and the fixtures that show them",
    "Each fixture is a module of its own. [A test](../test/pipeline/fixtures.test.ts) builds it as C and as Rust, compares the two, boots both and compares what they print; `./kport check test/modules/NAME` does that for one. [Another](../test/modules.test.ts) fails when a construct has no fixture, when the fixture does not use it, and when a fixture is in no line here.",
    `| construct | fixtures |\n| - | - |\n${rows.join("\n")}`,
  ].join("\n\n")}\n`;
}

if (import.meta.main) await writeFile(path.join(projectRoot(), "docs", "constructs.md"), constructsPage());
