/** What docs/quality.md says of a corpus: the figures over its modules, why what is not printed is not, and a line each. */
import { readFile } from "node:fs/promises";
import { markdownTable } from "markdown-table";
import writeFileAtomic from "write-file-atomic";
import type { LintCount } from "../../test/lints/lints.ts";
import type { Quality } from "./measure.ts";
import { reasonTable } from "./reasons.ts";
import { table } from "./table.ts";

export interface CorpusFigures {
  version: string;
  release: string;
  commit: string;
  seed: string;
  mostLines: number;
  modules: readonly { name: string; quality: Quality; lints: readonly LintCount[] }[];
  /** Those that have no port, and why. */
  failed: readonly { name: string; why: string }[];
}

/** @param share 0.5 is the median */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function corpusSection(f: CorpusFigures): string {
  const q = f.modules.map((m) => m.quality);
  const sum = (of: (q: Quality) => number): number => q.reduce((n, x) => n + of(x), 0);
  const share = (some: number, all: number): string =>
    `${some} of ${all} (${all === 0 ? "–" : `${((100 * some) / all).toFixed(1)} %`})`;
  /** @param more the worst tenth is at the upper end */
  const spread = (of: (q: Quality) => number, more: boolean, digits: number): string[] => [
    quantile(q.map(of), 0.5).toFixed(digits),
    quantile(q.map(of), more ? 0.9 : 0.1).toFixed(digits),
  ];
  const percent = (a: number, b: number): number => (b === 0 ? Number.NaN : (100 * a) / b);
  const lints = Map.groupBy(
    f.modules.flatMap((m) => m.lints),
    (l) => l.lint,
  );
  const said = [...lints].map(([lint, all]) => `${lint} ${all.reduce((n, l) => n + l.count, 0)}`);
  const rows = [
    [
      "Rust lines per C line of the units",
      "≤ 1.2, 1.5",
      ...spread((x) => x.rust.units / x.c.units, true, 2),
      `${sum((x) => x.rust.units)} for ${sum((x) => x.c.units)}`,
    ],
    [
      "comments kept, %",
      "100",
      ...spread((x) => percent(x.comments.kept, x.comments.all), false, 0),
      share(
        sum((x) => x.comments.kept),
        sum((x) => x.comments.all),
      ),
    ],
    [
      "macro invocations by their names, %",
      "≥ 95",
      ...spread((x) => percent(x.macros.named, x.macros.all), false, 0),
      share(
        sum((x) => x.macros.named),
        sum((x) => x.macros.all),
      ),
    ],
    [
      "casts per 100 C lines",
      "≤ 15",
      ...spread((x) => (100 * x.casts) / x.c.units, true, 1),
      String(sum((x) => x.casts)),
    ],
    [
      "functions printed and through the gate, %",
      "≥ 97",
      ...spread((x) => percent(x.printed.functions, x.printed.all), false, 0),
      share(
        sum((x) => x.printed.functions),
        sum((x) => x.printed.all),
      ),
    ],
    [
      "variables and tables printed, %",
      "",
      ...spread((x) => percent(x.items?.printed ?? 0, x.items?.all ?? 0), false, 0),
      share(
        sum((x) => x.items?.printed ?? 0),
        sum((x) => x.items?.all ?? 0),
      ),
    ],
    [
      "unsafe functions without an unsafe block",
      "0",
      "",
      "",
      share(
        sum((x) => x.unsafe.needless),
        sum((x) => x.unsafe.functions),
      ),
    ],
    [
      "said by rustc and the kernel's list of clippy's lints",
      "0",
      "",
      "",
      said.length === 0 ? "nothing" : said.join(", "),
    ],
  ];
  return [
    `${f.modules.length} modules of docs/coverage.md that seed ${f.seed} draws among those of at most ${f.mostLines} lines, on ${f.release}, by kport at ${f.commit} (\`npm run quality:corpus -- --kernel ${f.version} --seed ${f.seed} --modules ${f.modules.length + f.failed.length} --lines ${f.mostLines}\`).`,
    ...f.failed.map((x) => `No port of ${x.name}: ${x.why}.`),
    markdownTable([["figure", "goal", "median", "worst tenth from", "together"], ...rows], { alignDelimiters: false }),
    reasonTable(q.flatMap((x) => x.reasons)),
    `<details><summary>Each module</summary>\n\n${table(q)}\n\n</details>`,
  ].join("\n\n");
}

/** Replaces what stands between the page's marks for this kernel. */
export async function writeSection(page: string, version: string, section: string): Promise<void> {
  const text = await readFile(page, "utf8");
  const [open, close] = [`<!-- corpus ${version} -->`, `<!-- end of corpus ${version} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`${page}: there is no ${open} … ${close}: add the two lines`);
  await writeFileAtomic(page, `${text.slice(0, from + open.length)}\n${section}\n${text.slice(to)}`);
}
