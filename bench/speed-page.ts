/** docs/speed.md and its plot, of what `npm run bench:check` measured. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { markdownTable } from "markdown-table";
import { projectRoot } from "../src/machine/project-root.ts";
import { LIMITS } from "./stage-limits.ts";

/** Seconds, and MiB for `peak`. */
export interface Measured {
  /** Its name, or "generated". */
  module: string;
  units: number;
  /** The C module's clean build with clang, make -j2. */
  c: number;
  /** That, and the port's own make. */
  least: number;
  cold: number;
  unchanged: number;
  comment: number;
  unit: number;
  peak: number;
  /** The same with boots: of `cold` and of `unchanged`. */
  boots?: { cold: number; unchanged: number };
  /** Seconds of each stage, by its name; absent in figures of before they were told. */
  stages?: Record<"cold" | "unit" | "comment", Readonly<Record<string, number>>>;
}

const GOALS = { cold: 1.25, unchanged: 0.03, comment: 0.1, unit: 0.15 };

/** @param version seconds of `kport --version` */
export function speedPage(measured: readonly Measured[], release: string, version: number): string {
  if (measured.length === 0)
    return `# Speed\n\nNo figures yet: \`npm run bench:check\`, on a machine that does nothing else, writes them here.\n\n${REUSED}`;
  writeFileSync(path.join(projectRoot(), "docs/images/speed.svg"), plot(measured));
  const rows = measured.map((m) => [
    m.module,
    String(m.units),
    `${(m.cold / m.c).toFixed(1)} ×`,
    `${(m.cold / m.least).toFixed(1)} ×`,
    percent(m.unchanged / m.cold),
    percent(m.comment / m.cold),
    percent(m.unit / m.cold),
    `${m.peak.toFixed(0)} MiB`,
  ]);
  const goal = [
    "goal",
    "",
    "",
    `${GOALS.cold} ×`,
    percent(GOALS.unchanged),
    percent(GOALS.comment),
    percent(GOALS.unit),
    "2048 MiB",
  ];
  const table = markdownTable(
    [
      [
        "module",
        "units",
        "against the C's make",
        "against L",
        "nothing changed",
        "a comment changed",
        "a unit changed",
        "memory",
      ],
      ...rows,
      goal,
    ],
    { align: ["l", "r", "r", "r", "r", "r", "r", "r"] },
  );
  return `# Speed

\`npm run bench:check\` measures a check without boots of the example and of generated modules (kernel ${release}) and writes this page, [its plot](images/speed.svg) and [bench/results.json](../bench/results.json). Ratios are of one run, in which nothing else should run on the machine. L is what has to be compiled whoever ports the module: the C by clang, then the port's helpers and crate by its own makefile, each with \`make -j2\`. Memory is the most that kport and all it started held at once, shared pages once.

${table}

${growth(measured.filter((m) => m.module === "generated"))} \`kport --version\` takes ${version.toFixed(2)} s (the goal is 0.2).${booted(measured)}

![seconds by the number of units](images/speed.svg)

${costs(measured)}

${REUSED}`;
}

const SHOWN = ["capture", "lower", "transpile", "assemble", "print", "build", "inspect", "compare", "prove"];

/** Where the seconds go, and what stands in the way of fewer. */
function costs(measured: readonly Measured[]): string {
  const runs = { cold: "cold", comment: "a comment changed", unit: "a unit changed" };
  const rows = measured.flatMap(({ stages, ...m }) =>
    Object.entries(runs).flatMap(([run, words]) => {
      const seconds = stages?.[run as keyof typeof runs];
      if (seconds === undefined) return [];
      const shown = SHOWN.map((s) => seconds[s] ?? 0);
      const rest = Math.max(0, m[run as keyof typeof runs] - shown.reduce((n, s) => n + s, 0));
      return [[m.module, String(m.units), words, ...[...shown, rest].map((s) => s.toFixed(1))]];
    }),
  );
  const last = measured.at(-1);
  const cold = last?.stages?.cold;
  if (last === undefined || cold === undefined) return GAPS;
  const largest = SHOWN.toSorted((a, b) => (cold[b] ?? 0) - (cold[a] ?? 0)).slice(0, 3);
  return `## Where the time goes

Seconds of each stage, and of all else (Node's start, the tools' versions, what lies in /usr, the report).

${markdownTable([["module", "units", "run", ...SHOWN, "else"], ...rows], { align: ["l", "r", "l", ...SHOWN.map(() => "r"), "r"] })}

The three largest costs of ${last.units} units, and their limit:

${largest.map((s) => `- **${s}**, ${percent((cold[s] ?? 0) / last.cold)}: ${LIMITS[s]}`).join("\n")}

${GAPS}`;
}

/** The goals that are not met, for who knows compilers. */
const GAPS = `## Why it is not less

Against L the goal would be met by a check that compiles nothing but what is compiled anyway. This one compiles each unit some ten times: the C for the module and its facts, the preprocessor twice, the reduced and the lowered text for what clang says of them, both once more to IR for the proofs, the helpers to be tried and again to be built; and the crate five to seven times, because what is printed is taken only where rustc makes the same of it. Each of these is a check that something is the same, and is left out where an earlier run has made it (below). What is compiled once a module and not once a unit, the crate, is what a changed unit cannot leave out: rustc compiles a crate whole, and \`-Clto=fat\`, which leaves core's unused parts out of the module, rules its incremental compilation out. Nor can it leave out what kbuild does in each make behind the compilations: modpost, and the link. Where nothing changed, what is left is a look at every file of \`/usr\` and of the kernel's folders, which is as long for one unit as for a hundred.`;

const REUSED = `## What is reused

A result is kept under a key of everything that determines it, beside the cache folder (\`~/.cache/kport-results\`, at most 1 GiB, what was used the longest ago goes first; \`KPORT_RESULTS_BYTES\` sets another bound). The report says of each stage whether it was computed or reused, and from when; \`kport --no-cache check …\` uses nothing and keeps nothing.

| what | is reused when the same are |
| :- | :- |
| the C build | every file of the working copy with its name and mode, the way it is built, and everything that the sandbox shows: all of \`/usr\`, the kernel's folders, the tools, the plugin, the variables that a makefile can read, this machine |
| an object of the C, where the C build is not | the command, the unit's own text, every header of the working copy as it is compiled, every file but \`.c\` and the names of all before the build, and the same surroundings; only at a shell, where the makefiles are plain kbuild, and no compilation may read more: another unit's text, what assembler of its own takes along, a folder that the build can write in besides |
| that a compiler knows an option, which kbuild asks some thirty times in each make | the flags, what the compiler's programs and their libraries hold, the kernel's configuration; asked in a build of an empty module, and kept with the tools, as core is |
| a lowered unit | its own file, every file of the module's that is no unit, the names of all files, its flags, what stays C, the symbols that may be imported, and the same surroundings; where it may include another unit's file, all of them |
| LLVM IR of a unit, as it was written, of its helpers, and lowered | what a lowered unit is reused by; the lowered text without its comments |
| an object of the helpers | its text, every header of the port, the command that kbuild notes, and the same surroundings |
| a proof of a function | all that is compared of it on both sides, the tools, kport's own code |
| the translated and built module, with what the objects show | that very C build, the tools, kport's own code |
| the boots | what the C module, the Rust one and those that were built with them hold, the exercise, kernel, QEMU and accelerator. Kept are only runs that went well the first time and showed no difference |
| a text as rustfmt lays it out | the text, the style, and what the program and its libraries hold |
| what c2rust made | the text without its comments, the flags, and what the program and its libraries hold |
| what the gate compiles | the Rust as rustc reads it, so without comments, the flags, and what rustc, its libraries and the compiled core hold |
| a verdict of the gate on a function that was refused in a form | all its texts, what they name and what that names, whatever calls it, what the crate says without a name, the flags and programs as above, kport's own code |

Verdicts are where a search begins, and nothing more: what it ends with is compiled and compared as a whole, and one that contradicts a verdict begins again without any. A search that was cut short leaves none. \`npm run soak:gate\` holds searches with verdicts against searches without.

Files outside of the module are told apart by name, inode, size, mode and the time of their last change, which no program can set. So a C build, a lowered unit, a translation and boots hold on one machine: another checkout or folder of the same name there reuses them, a fresh runner does not. The last three lie in the cache folder, which the Actions cache carries: their keys hold contents and no places, so another machine with the same programs reuses them. Nothing of the former is kept where the build is not shut in. [test/check/reuse.test.ts](../test/check/reuse.test.ts), [test/stages/kept-objects.test.ts](../test/stages/kept-objects.test.ts), [test/toolchain/known-options.test.ts](../test/toolchain/known-options.test.ts), [test/stages/kept-helpers.test.ts](../test/stages/kept-helpers.test.ts) and [test/stages/gate/verdicts.test.ts](../test/stages/gate/verdicts.test.ts) change each of these one at a time.
`;

/** What a check costs where both modules are booted too. */
function booted(measured: readonly Measured[]): string {
  return measured
    .flatMap((m) =>
      m.boots === undefined
        ? []
        : [
            ` With boots, of both modules, ${m.module} takes ${m.boots.cold.toFixed(0)} s, and ${percent(m.boots.unchanged / m.boots.cold)} of that where nothing changed.`,
          ],
    )
    .join("");
}

/** How the cold check grows from the smallest size to the largest. */
function growth(measured: readonly Measured[]): string {
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined || first === last) return "";
  return `From ${first.units} to ${last.units} units the seconds grow with the exponent ${(Math.log(last.cold / first.cold) / Math.log(last.units / first.units)).toFixed(2)} (1 is in proportion).`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

const SERIES = [
  ["C", "c", "#6b7280"],
  ["L", "least", "#111827"],
  ["cold", "cold", "#b45309"],
  ["a unit changed", "unit", "#2563eb"],
  ["a comment changed", "comment", "#7c3aed"],
  ["nothing changed", "unchanged", "#059669"],
] as const;
const [WIDTH, ROW, LABEL, BAR] = [760, 18, 240, 440];

/** Bars, a group a size. */
function plot(measured: readonly Measured[]): string {
  const most = Math.max(...measured.flatMap((m) => SERIES.map(([, key]) => m[key])));
  const lines = measured.flatMap((m, i) =>
    SERIES.map(([name, key, color], k) => {
      const y = 10 + i * (SERIES.length * ROW + 16) + k * ROW;
      const width = Math.max(1, (m[key] / most) * BAR).toFixed(1);
      return `<text x="${LABEL - 8}" y="${y + 12}" text-anchor="end">${m.module}, ${m.units}: ${name}</text><rect x="${LABEL}" y="${y + 2}" width="${width}" height="${ROW - 5}" fill="${color}"/><text x="${LABEL + Number(width) + 6}" y="${y + 12}">${m[key].toFixed(1)} s</text>`;
    }),
  );
  const height = 20 + measured.length * (SERIES.length * ROW + 16);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#ffffff"/>${lines.join("\n")}</svg>\n`;
}
