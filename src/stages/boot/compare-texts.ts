/** What two runs have written, line by line: the kernel's log, the exercise's output. */
import type { BootRun, Finding } from "../../report/schema.ts";
import { type Chance, isReordered } from "./chance.ts";
import { type Compared, compareLines, withoutNumbers } from "./hunks.ts";
import { concernsMachine, KNOWN_DIFFERENCES, normalise } from "./normalise.ts";
import { SplatNames } from "./same-report.ts";
import { SHOWN } from "./shown.ts";
import { foldSplats, type LogLine } from "./splat.ts";

/** Two texts of two runs that are held against each other line by line. */
interface Texts {
  check: string;
  what: string;
  c: LogLine[];
  rust: LogLine[];
  /** Whether lines alike but for their numbers or their order are in doubt rather than an error. */
  mayVary: boolean;
}

/** After different endings they differ for that reason alone: there are none. */
export function textsOf(c: BootRun, rust: BootRun): Texts[] {
  if (c.status !== rust.status) return [];
  const names = new SplatNames();
  const ofModule = (dmesg: readonly string[]): LogLine[] =>
    foldSplats(dmesg, names).filter((l) => !concernsMachine(l.text));
  const texts: Texts[] = [
    { check: "boot-dmesg", what: "the kernel log", c: ofModule(c.dmesg), rust: ofModule(rust.dmesg), mayVary: true },
  ];
  if (c.exercise === undefined || rust.exercise === undefined) return texts;
  const plain = (output: readonly string[]): LogLine[] => output.map((text) => ({ text }));
  // The default exercise prints whatever the module shows, counters among it.
  const byDefault = c.exercise.default === true;
  return [
    ...texts,
    {
      check: "exercise",
      what: byDefault ? "what the module shows to user space" : "the exercise's output",
      c: plain(c.exercise.output),
      rust: plain(rust.exercise.output),
      mayVary: byDefault,
    },
  ];
}

const count = (n: number): string => `${n} line${n === 1 ? "" : "s"}`;

/** Differences of two texts after normalisation. */
export function textFindings(
  { check, what, c, rust, mayVary }: Texts,
  run: BootRun,
  chance: Chance | undefined,
): Finding[] {
  const compared = compareLines(c, rust);
  const findings = [...known(check, what, c, rust, compared), ...moved(check, what, c, rust, compared)];
  const { explained = [], hunks = [] } = Object.groupBy(compared.hunks, (h) =>
    chance?.explains(check, h, run) === true ? "explained" : "hunks",
  );
  const sides = (some: Compared["hunks"]): { c: string; rust: string } => ({
    c: some
      .flatMap((h) => h.removed)
      .slice(0, SHOWN)
      .join("\n"),
    rust: some
      .flatMap((h) => h.added)
      .slice(0, SHOWN)
      .join("\n"),
  });
  if (explained.length > 0)
    findings.push({
      check,
      severity: "warning",
      message: `${what} differs in ${count(explained.reduce((n, h) => n + Math.max(h.removed.length, h.added.length), 0))} where two runs of the C module differ as well`,
      ...sides(explained),
    });
  if (hunks.length === 0) return findings;
  const [removed, added] = [hunks.flatMap((h) => h.removed), hunks.flatMap((h) => h.added)];
  const doubtful = (message: string, chanced: boolean): Finding[] => [
    ...findings,
    {
      check,
      severity: chance === undefined || chanced ? "warning" : "error",
      message: chance === undefined || chanced ? message : `${message}, which the C module does not do from run to run`,
      ...sides(hunks),
    },
  ];
  if (mayVary && isReordered(hunks))
    return doubtful(`${what} differs in the order of ${count(removed.length)} only`, chance?.reorders(check) === true);
  if (mayVary && removed.map(withoutNumbers).join("\n") === added.map(withoutNumbers).join("\n"))
    return doubtful(`${what} differs in numbers only, in ${count(removed.length)}`, false);
  return [
    ...findings,
    {
      check,
      severity: "error",
      message: `${what} differs: ${count(removed.length)} only with the C module, ${added.length} only with the Rust one`,
      ...sides(hunks),
    },
  ];
}

/** A note for each rule without which lines now equal would have differed. */
function known(
  check: string,
  what: string,
  c: readonly LogLine[],
  rust: readonly LogLine[],
  { equal }: Compared,
): Finding[] {
  const counts = new Map<string, number>();
  for (const [i, j] of equal) {
    const [a, b] = [c[i]?.text ?? "", rust[j]?.text ?? ""];
    if (a.trimEnd() !== b.trimEnd())
      for (const rule of new Set([a, b].flatMap((line) => normalise(line).rules)))
        counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return KNOWN_DIFFERENCES.filter((d) => counts.has(d.name)).map((d) => ({
    check,
    severity: "note",
    message: `${what}: ${counts.get(d.name)} ${counts.get(d.name) === 1 ? "line differs" : "lines differ"} in ${d.name} only (${d.why})`,
  }));
}

/** A note on traces that are the same but for the module's own functions in them. */
function moved(
  check: string,
  what: string,
  c: readonly LogLine[],
  rust: readonly LogLine[],
  { equal }: Compared,
): Finding[] {
  const frames = (lines: readonly LogLine[], at: number): string => (lines[at]?.frames ?? []).join("\n");
  const others = equal.filter(([i, j]) => frames(c, i) !== frames(rust, j));
  const [first] = others;
  if (first === undefined) return [];
  const traces = `${others.length} stack trace${others.length === 1 ? " differs" : "s differ"}`;
  return [
    {
      check,
      severity: "note",
      message: `${what}: ${traces} in the module's own functions only (which of them are inlined each compiler decides)`,
      c: frames(c, first[0]),
      rust: frames(rust, first[1]),
    },
  ];
}
