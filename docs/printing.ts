/** Makes docs/printing.md out of the printer's rules: `npm run docs`. A test keeps them together. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { projectRoot } from "../src/machine/project-root.ts";
import { RULES } from "../src/stages/print/rules/table.ts";

/** The text of docs/printing.md. */
export function printingPage(): string {
  const rows = RULES.map((r) => `| ${r.name} | ${r.because} | [${r.fixture}](../test/modules/${r.fixture}) | [${r.file}](../src/stages/print/${r.file}) |`);
  return `${[
    "<!-- Made by `npm run docs` from src/stages/print/rules: change those. -->",
    "# How functions are printed",
    "The module's own functions are printed from clang's typed tree of the original C, not from what c2rust makes of the lowered C. c2rust's Rust is the crate that they stand in: it says the names and types of everything. What a rule does not cover keeps c2rust's text, with its reason in `printed.kept` of report.json; and what is printed is taken only where the gate finds the same machine code, and as many volatile accesses, as in c2rust's text. A function has up to eight forms, what reads best first.",
    `| what | why so | seen in | file |\n| :- | :- | :- | :- |\n${rows.join("\n")}`,
    "`src/macros.rs` of a port holds the macros and constants that its functions name, each once.",
  ].join("\n\n")}\n`;
}

if (import.meta.main) await writeFile(path.join(projectRoot(), "docs", "printing.md"), printingPage());
