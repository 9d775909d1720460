/** The numbers of a report as rows: C beside Rust, and what changed since the base. Shared by Markdown, HTML and the terminal. */
import prettyBytes from "pretty-bytes";
import { functionsToReview } from "./known.ts";
import { countProofs } from "./proofs.ts";
import type { BootRun, Delta, Report } from "./schema.ts";
import { BOOT_WORDS } from "./verdict.ts";

export interface FactRow {
  readonly label: string;
  readonly c: string;
  readonly rust: string;
  /** Rust against C. */
  readonly ratio: string;
  /** Rust against the base report; empty where nothing changed or there is none. */
  readonly change: string;
}

export type Unsafe = Report["units"][number]["unsafe"];

/** Bytes for people; `12.3 kB`, thousands of 1000. */
export function bytesOf(count: number): string {
  return prettyBytes(count);
}

export function secondsOf(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `×1.15`; empty where there is nothing to divide by. */
export function ratioOf(c: number | undefined, rust: number | undefined): string {
  return c === undefined || rust === undefined || c <= 0 ? "" : `×${(rust / c).toFixed(2)}`;
}

/** Sums over a report's units. */
export function totalsOf(report: Report): {
  cLines: number;
  rustLines: number;
  functions: number;
  keptInC: number;
  failed: number;
  unsafe: Unsafe /** Undefined where a report does not say. */;
  casts: number | undefined;
} {
  const unsafe: Unsafe = { blocks: 0, functions: 0, rawPointerDerefs: 0, staticMut: 0, asm: 0 };
  const totals = {
    cLines: 0,
    rustLines: 0,
    functions: 0,
    keptInC: 0,
    failed: 0,
    unsafe,
    casts: report.units.every((u) => u.casts !== undefined) ? 0 : (undefined as number | undefined),
  };
  for (const unit of report.units) {
    totals.cLines += unit.cLines;
    totals.rustLines += unit.rustLines;
    totals.functions += unit.functions;
    if (totals.casts !== undefined) totals.casts += unit.casts ?? 0;
    totals.keptInC += unit.keptInC.length;
    if (unit.status === "failed") totals.failed += 1;
    for (const key of Object.keys(unsafe) as (keyof Unsafe)[]) unsafe[key] += unit.unsafe[key];
  }
  return totals;
}

/**
 * The two sides of a finding, where they say more than its message does already. A side that is empty while the other is several lines
 * long is left out: there is nothing to hold those against.
 */
export function sidesOf({ message, c, rust }: Report["findings"][number]): {
  c: string | undefined;
  rust: string | undefined;
} {
  const linesOf = (side: string | undefined) => (side ?? "").split("\n").filter((line) => line.trim() !== "");
  const [linesOfC, linesOfRust] = [linesOf(c), linesOf(rust)];
  if ([...linesOfC, ...linesOfRust].every((line) => message.includes(`\`${line}\``)))
    return { c: undefined, rust: undefined };
  const worth = (side: string | undefined, lines: readonly string[], others: readonly string[]) =>
    lines.length === 0 && others.length > 1 ? undefined : side;
  return { c: worth(c, linesOfC, linesOfRust), rust: worth(rust, linesOfRust, linesOfC) };
}

/** A change for people: `+1.2 kB (+8 %)`. */
export function changeOf(metric: Delta["metrics"][number]): string {
  const difference = metric.head - metric.base;
  if (difference === 0) return "";
  const sign = difference > 0 ? "+" : "−";
  const size = Math.abs(difference);
  const amount = metric.unit === "bytes" ? bytesOf(size) : metric.unit === "seconds" ? secondsOf(size) : String(size);
  const share = metric.base > 0 ? ` (${sign}${Math.round((size / metric.base) * 100)} %)` : "";
  return `${sign}${amount}${share}`;
}

/** The runs of a report by what ran, in the order of the stages; the lowered C where it was booted. */
export function runsOf({ c, lowered, rust }: NonNullable<Report["boot"]>): (readonly [string, BootRun | undefined])[] {
  return [["C", c], ...(lowered === undefined ? [] : [["lowered C", lowered] as const]), ["Rust", rust]];
}

export function bootWord(run: BootRun | undefined): string {
  if (run === undefined) return "not booted";
  return run.status === "ok" ? `✅ ok, ${secondsOf(run.seconds)}` : `❌ ${BOOT_WORDS[run.status]}`;
}

/** The table of one module. Rows of which neither side is known are left out. */
export function factRows(report: Report): FactRow[] {
  const { c, rust } = report.objects;
  const totals = totalsOf(report);
  const changes = new Map(report.delta?.metrics.map((metric) => [metric.name, changeOf(metric)]));
  const rows: FactRow[] = [];
  const add = (
    label: string,
    metric: string | undefined,
    cValue: number | undefined,
    rustValue: number | undefined,
    show: (value: number) => string,
    ratio = true,
  ) => {
    if (cValue === undefined && rustValue === undefined) return;
    rows.push({
      label,
      c: cValue === undefined ? "–" : show(cValue),
      rust: rustValue === undefined ? "–" : show(rustValue),
      ratio: ratio ? ratioOf(cValue, rustValue) : "",
      change: (metric === undefined ? undefined : changes.get(metric)) ?? "",
    });
  };
  if (report.boot !== undefined) {
    // Both were booted by the same run: their ratio holds however busy the machine was, a change since the base may be the machine's.
    const seconds = (run: BootRun | undefined) => (run?.status === "ok" ? run.seconds : undefined);
    rows.push({
      label: "Boot",
      c: bootWord(report.boot.c),
      rust: bootWord(report.boot.rust),
      ratio: ratioOf(seconds(report.boot.c), seconds(report.boot.rust)),
      change: changes.get("boot") ?? "",
    });
  }
  add("Code", "text", c?.text, rust?.text, bytesOf);
  add("Data + bss", "data", c && c.data + c.bss, rust && rust.data + rust.bss, bytesOf);
  add(".ko file", "ko", c?.bytes, rust?.bytes, bytesOf);
  add("Imported symbols", "imports", c?.imports.length, rust?.imports.length, String, false);
  const { proofs } = report;
  if (proofs !== undefined && proofs.leftOut === undefined) {
    const { functions, none } = countProofs(proofs);
    rows.push({
      label: "Functions proved",
      c: String(functions),
      rust: String(functions - none),
      ratio: functions === 0 ? "" : `${Math.floor((100 * (functions - none)) / functions)} %`,
      change: changes.get("proved") ?? "",
    });
    add("Functions to review by hand", "review", undefined, functionsToReview(report).length, String, false);
  }
  if (report.units.length > 0) {
    add("Lines", "lines", totals.cLines, totals.rustLines, String);
    add("Casts", "casts", undefined, totals.casts, String);
    add("Unsafe blocks", "unsafe-blocks", undefined, totals.unsafe.blocks, String);
    add("Unsafe functions", "unsafe-functions", undefined, totals.unsafe.functions, String);
    if (totals.unsafe.asm > 0) add("Inline assembly", "asm", undefined, totals.unsafe.asm, String);
    add("Kept in C", "kept-in-c", undefined, totals.keptInC, String);
    const { printed } = report;
    const share = (label: string, some: number, others: number): void => {
      const all = some + others;
      rows.push({
        label,
        c: String(all),
        rust: String(some),
        ratio: all === 0 ? "" : `${Math.floor((100 * some) / all)} %`,
        change: "",
      });
    };
    if (printed) {
      share("Functions as they read in C", printed.functions, printed.kept.length);
      // The others are the same machine code as what c2rust makes of them.
      if (printed.passed)
        share(
          "… shown against the lowered C",
          printed.passed.sameCode + printed.passed.proved,
          printed.passed.sameMachineCode,
        );
      share("Macros by their names", printed.macros.named, printed.macros.expanded);
    }
  }
  return rows;
}
