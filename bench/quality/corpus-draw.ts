/** Draws the modules whose ports are read: of those that docs/coverage.md says pass, the ones that a seed chooses. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Kernel } from "../../src/toolchain/kernel.ts";
import { keptRows } from "../../test/corpus/kept-rows.ts";
import { drawn } from "../../test/corpus/sample.ts";
import { type Entry, listed, type Source, type Sources, type Version } from "../../test/corpus/sources.ts";

export interface Chosen {
  name: string;
  source: Source;
}

/**
 * In the order that the seed decides: a larger draw holds the smaller one.
 * @param mostLines of C in the folder that is checked: a larger module takes minutes
 */
export async function* chosenModules(
  version: Version,
  kernel: Kernel,
  sources: Sources,
  seed: string,
  mostLines: number,
): AsyncGenerator<Chosen> {
  const place = (name: string): string => createHash("sha256").update(`${seed}\0${name}`).digest("hex");
  const entries = (await passing(version, kernel)).map((entry) => ({ entry, at: place(entry.name) }));
  for (const { entry } of entries.sort((a, b) => a.at.localeCompare(b.at))) {
    const source = await sources.of(entry, version, kernel);
    if (source !== undefined && (await linesOfC(source.dir)) <= mostLines) yield { name: entry.name, source };
  }
}

async function passing(version: Version, kernel: Kernel): Promise<Entry[]> {
  const rows = (await keptRows()).filter((r) => r.version === version.version && r.passed);
  const names = new Set(rows.filter((r) => r.seed === "").map((r) => r.entry));
  const entries = listed.filter((e) => names.has(e.name));
  for (const seed of new Set(rows.map((r) => r.seed))) {
    if (seed === "") continue;
    const of = new Set(rows.filter((r) => r.seed === seed).map((r) => r.entry));
    for (const module of await drawn(kernel, seed))
      if (of.has(module.name) && !names.has(module.name)) {
        names.add(module.name);
        entries.push({ name: module.name, module });
      }
  }
  return entries;
}

async function linesOfC(dir: string): Promise<number> {
  const files = (await readdir(dir, { recursive: true })).filter((f) => f.endsWith(".c"));
  const texts = await Promise.all(files.map((f) => readFile(path.join(dir, f), "utf8").catch(() => "")));
  return texts.reduce((n, t) => n + t.split("\n").length, 0);
}
