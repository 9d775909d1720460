/** Makes docs/printing.md out of the printer's rules: `npm run docs`. A test keeps them together. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { projectRoot } from "../src/machine/project-root.ts";
import { RULES } from "../src/stages/print/rules/table.ts";

/** The text of docs/printing.md. */
export function printingPage(): string {
  const rows = RULES.map(
    (r) =>
      `| ${r.name} | ${r.because} | [${r.fixture}](../test/modules/${r.fixture}) | [${r.file}](../src/stages/print/${r.file}) |`,
  );
  return `${[
    "<!-- Made by `npm run docs` from src/stages/print/rules: change those. -->",
    "# How functions and variables are printed",
    "The module's own functions and variables are printed from clang's typed tree of the original C, not from what c2rust makes of the lowered C. c2rust's Rust is the crate that they stand in: it says the names and types of everything. What a rule does not cover keeps c2rust's text, with its reason in `printed.kept` of report.json; and what is printed is taken only where the gate finds the same machine code, and as many volatile accesses, as in c2rust's text, or where it is shown to do what the lowered C does ([proof.md](proof.md)); `printed.passed` of report.json counts both. A function has several forms, what reads best first.",
    `| what | why so | seen in | file |\n| :- | :- | :- | :- |\n${rows.join("\n")}`,
    "`src/macros.rs` of a port holds the macros and constants that its functions name, each once; `src/headers.rs` what the module's own headers declare, header by header; `src/kernel.rs` the inline functions of the kernel's headers; `src/bindings.rs` the kernel's types, functions and variables.",
    "Variables pass the gate as functions do: the same bytes, references, section, alignment and linkage. What is done to the crate as a whole (order, names of types, what is left out) is done when the rest is settled, each where the crate compiles to the same code and data as before; what is not is in `printed.rewrites` of report.json. In that comparison alone an object that nothing writes may have another name, since what a macro at file scope makes has none.",
    "`npm run quality` measures how a port reads: lines, comments, casts, unsafe functions, what is printed. With `--reasons` it counts why what is not printed is not.",
  ].join("\n\n")}\n`;
}

if (import.meta.main) await writeFile(path.join(projectRoot(), "docs", "printing.md"), printingPage());
