/**
 * Makes docs/gallery.md out of real checks: `node docs/gallery.ts` (some minutes). The example in full, and functions of three modules that
 * nobody wrote for kport, out of Debian's packages: each C function beside its Rust.
 */
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { check } from "../src/check/pipeline.ts";
import { scratchFolder } from "../src/machine/cache.ts";
import { projectRoot } from "../src/machine/project-root.ts";
import type { Report } from "../src/report/schema.ts";
import { fetchDkms } from "../test/corpus/dkms.ts";

const EXAMPLE = "examples/ringdev/driver";
const PACKAGES = ["acpi-call-dkms", "bbswitch-dkms", "vpoll-dkms"];
/** Of each of those, how many functions, and how long in C: enough to see something, and short enough to read. */
const SHOWN = 3;
const [SHORTEST, LONGEST] = [8, 30];

type ShownFunction = NonNullable<Report["functions"]>[number];

function lines(text: string): number {
  return text.trimEnd().split("\n").length;
}

/** A row of two cells; GitHub reads Markdown between tags where an empty line stands before it. */
function row(f: ShownFunction): string {
  const code = (language: string, text: string): string => `\n\n\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n\n`;
  return `<tr><td valign="top">${code("c", f.c.replaceAll("\t", "    "))}</td><td valign="top">${code("rust", f.rust)}</td></tr>`;
}

function tableOf(functions: readonly ShownFunction[]): string {
  return `<table>\n<tr><th>C</th><th>Rust</th></tr>\n${functions.map(row).join("\n")}\n</table>`;
}

function sizes(report: Report): string {
  const [c, rust] = [report.units.reduce((n, u) => n + u.cLines, 0), report.units.reduce((n, u) => n + u.rustLines, 0)];
  const printed = report.printed;
  return `${rust} lines of Rust for ${c} of C in ${report.units.length === 1 ? "one unit" : `${report.units.length} units`}${printed ? `; ${printed.functions} of ${printed.functions + printed.kept.length} functions as they read in C, ${printed.macros.named} of ${printed.macros.named + printed.macros.expanded} invocations of macros by their names` : ""}.`;
}

/** Those that read as in C, of a length that fits; the shortest last, so that there is something to see. */
function excerpt(report: Report): ShownFunction[] {
  const kept = new Set(report.printed?.kept.map((k) => k.name));
  return (report.functions ?? [])
    .filter((f) => !kept.has(f.name) && lines(f.c) >= SHORTEST && lines(f.c) <= LONGEST)
    .sort((a, b) => lines(b.c) - lines(a.c) || (a.name < b.name ? -1 : 1))
    .slice(0, SHOWN);
}

async function reportOf(dir: string, out: string): Promise<Report> {
  const [report] = await check({ dir, out, kernel: "6.1", boot: false, headers: "helpers" });
  if (report === undefined || report.verdict !== "pass")
    throw new Error(`${dir}: ${report?.verdict ?? "no report"}; there is nothing to show`);
  return report;
}

await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-gallery-"));
const example = await reportOf(path.join(projectRoot(), EXAMPLE), path.join(scratch.dir, "example"));
const parts = [
  "<!-- Made by `node docs/gallery.ts`. -->",
  "# Gallery",
  `What kport made of C on Linux ${example.kernel.release}, without a hand edit: each function as it stands in the C and in the port, which is the same machine code as what c2rust made of it, or is shown to do what the C does. Variables, types and tables are in the port as well (\`./kport check ${EXAMPLE} --out OUT\`, then \`OUT/port/src\`).`,
  `## The example\n\n[${EXAMPLE}](../${EXAMPLE}): ${sizes(example)}`,
];
for (const [file, functions] of Map.groupBy(example.functions ?? [], (f) => f.file))
  parts.push(`### ${file}`, tableOf(functions));
parts.push(
  "## Modules that nobody wrote for kport",
  "Out of Debian's packages, as they are; each under its own licence (GPL) and of its own authors, who are named in the package. The longest functions that fit on a screen.",
);
for (const name of PACKAGES) {
  const report = await reportOf((await fetchDkms(name)).dir, path.join(scratch.dir, name));
  parts.push(`### ${report.module.name} (${name})`, sizes(report), tableOf(excerpt(report)));
}
await writeFile(path.join(projectRoot(), "docs", "gallery.md"), `${parts.join("\n\n")}\n`);
