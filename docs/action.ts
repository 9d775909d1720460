/** Makes docs/action.md out of action.yml and report/action.yml: `npm run docs`. A test keeps the two together. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { markdownTable } from "markdown-table";
import { parse } from "yaml";
import { projectRoot } from "../src/machine/project-root.ts";

interface ActionFile {
  name: string;
  description: string;
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string }>;
}

/** What each place a run writes to needs; `contents: read` is for actions/checkout. */
const PERMISSIONS: [string, string, string][] = [
  ["read the pull request's files", "`contents: read`", "build"],
  ["keep the comment", "`pull-requests: write`", "build, or report for forks"],
  ["make the check run with its annotations", "`checks: write`", "build, or report for forks"],
  ["read the build's artifact", "`actions: read`", "report"],
  ["bring ports in by [pull request](port.md)", "`contents: write`, `pull-requests: write`", "report with `mode: port`"],
];

/** In a table a pipe would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function section(file: string, action: ActionFile, uses: string): string {
  const inputs = Object.entries(action.inputs).map(([name, i]) => [`\`${name}\``, cell(i.description), i.default === "" ? "" : `\`${cell(i.default)}\``]);
  const outputs = Object.entries(action.outputs).map(([name, o]) => [`\`${name}\``, cell(o.description)]);
  return [
    `## \`${uses}\``,
    `${action.description}. (\`${file}\`)`,
    "### Inputs",
    markdownTable([["input", "what it is", "default"], ...inputs], { alignDelimiters: false }),
    "### Outputs",
    markdownTable([["output", "what it is"], ...outputs], { alignDelimiters: false }),
  ].join("\n\n");
}

/** The text of docs/action.md. */
export async function actionPage(): Promise<string> {
  const read = async (file: string) => parse(await readFile(path.join(projectRoot(), file), "utf8")) as ActionFile;
  return `${[
    "<!-- Made by `npm run docs` from action.yml and report/action.yml: change those. -->",
    "# The GitHub Action",
    "Two actions share the work. The first builds and boots what the pull request brings, and needs no right to write; the second writes the comment and the check run for pull requests from forks, or the [pull requests with the ports](port.md), and runs nothing of theirs. [Workflows to copy](../examples/workflows) use both; [SECURITY.md](../SECURITY.md) says why they are two.",
    section("action.yml", await read("action.yml"), "OWNER/kport"),
    section("report/action.yml", await read("report/action.yml"), "OWNER/kport/report"),
    "## Permissions",
    markdownTable([["to", "the job needs", "in the half"], ...PERMISSIONS], { alignDelimiters: false }),
    "Without a permission to write, the run ends green or red on the module alone; the job summary and the artifact hold the report, and one line says how to get the rest. A proxy (`https_proxy`, `no_proxy`) and GitHub Enterprise Server are taken from the runner's environment; GitHub Enterprise Server has no artifact service for current clients, so reports are in its job summaries only.",
  ].join("\n\n")}\n`;
}

if (import.meta.main) await writeFile(path.join(projectRoot(), "docs", "action.md"), await actionPage());
