/** `node docs/boot.ts`: writes the table of controls in docs/boot.md anew; test/boot/docs.test.ts compares. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { CONTROLS } from "../src/stages/boot/controls.ts";

const DOCUMENT = path.join(import.meta.dirname, "boot.md");
const [BEGIN, END] = ["<!-- controls: node docs/boot.ts -->", "<!-- end -->"];

/** The document with its table as the controls have it. */
export async function boot(): Promise<string> {
  const rows = CONTROLS.map(
    (c) =>
      `| ${c.name} | ${c.expected} | [${c.source}.c](../src/stages/boot/controls/${c.source}.c)${c.damage === undefined ? "" : ", changed after its build"}${c.needs === undefined ? "" : `, where the kernel has ${c.needs}`} |`,
  );
  const text = await readFile(DOCUMENT, "utf8");
  return (
    text.slice(0, text.indexOf(BEGIN) + BEGIN.length) +
    ["", "", "| control | what must be said of it | module |", "| :- | :- | :- |", ...rows, "", ""].join("\n") +
    text.slice(text.indexOf(END))
  );
}

if (import.meta.main) await writeFile(DOCUMENT, await boot());
