/** One line a module and kernel, out of the reports. */
import { comparedOf, outcomeOf } from "../../src/report/compared.ts";
import type { Finding, Report, StageResult } from "../../src/report/schema.ts";
import { type ProofFigures, proofFigures } from "./proof-figures.ts";
import type { Result } from "./results.ts";

/** The columns: what a person asks of a port, and the stages that answer. */
const COLUMNS: readonly { name: string; stages: readonly StageResult["name"][] }[] = [
  { name: "capture", stages: ["capture"] },
  { name: "lower", stages: ["lower"] },
  { name: "transpile", stages: ["transpile"] },
  { name: "build", stages: ["assemble", "print", "build"] },
  { name: "fidelity", stages: ["inspect", "compare"] },
  { name: "boot", stages: ["boot"] },
];
export const COLUMN_NAMES: readonly string[] = COLUMNS.map((c) => c.name);
/** Findings of the boot stage; all other errors of a module that was built are differences between the objects. */
const BOOT_CHECKS = /^(?:boot|init-ran|load|unload|taint|dmesg|exercise|harness|splat|left)/;

/** `○`: built, and not run. */
export type Mark = "✓" | "○" | "✗" | "–";

export interface Row {
  entry: string;
  module: string;
  version: string;
  release: string;
  origin: string;
  commit: string;
  /** One a column. */
  marks: Mark[];
  /** The module is C that clang builds: the rest is kport's to do. */
  buildsAsC: boolean;
  /** The Rust module is built, shows what the C one shows, and both were loaded and ran. */
  passed: boolean;
  /** Nothing differs, and why neither was run; empty where they were, or something differs. */
  notRun: string;
  /** Text of the Rust module over text of the C one. */
  ratio: number | undefined;
  kept: number | undefined;
  /** How the C module fared in the virtual machine. */
  booted: string;
  /** The first thing that went wrong; empty where nothing did. */
  cause: string;
  /** What is proved of its functions. Absent in older rows. */
  proofs?: ProofFigures;
}

/** @returns no row for what this kernel's tree or suites do not have */
export function rowsOf(entry: string, version: string, result: Result): Row[] {
  if (result.absent) return [];
  const common = { entry, version, release: result.kernel, origin: result.origin, commit: result.commit };
  const rows = result.reports.map((r): Row => {
    const row = rowOf(r);
    // Where nothing was built, the report knows the module's folder only.
    return { ...common, ...row, module: row.buildsAsC ? row.module : entry };
  });
  // A run that ended half-way says so, whatever reports it left.
  if (result.problem !== undefined || rows.length === 0) {
    rows.push({
      ...common,
      module: entry,
      marks: COLUMNS.map(() => "–"),
      buildsAsC: true,
      passed: false,
      notRun: "",
      ratio: undefined,
      kept: undefined,
      booted: "",
      cause: oneLine(result.problem ?? "no report"),
    });
  }
  return rows;
}

function rowOf(report: Report): Omit<Row, "entry" | "version" | "release" | "origin" | "commit"> {
  const errors = report.findings.filter((f) => f.severity === "error");
  const status = (name: StageResult["name"]): StageResult["status"] =>
    report.stages.find((s) => s.name === name)?.status ?? "skipped";
  const bootErrors = errors.filter((f) => BOOT_CHECKS.test(f.check));
  const outcome = outcomeOf(report);
  const marks = COLUMNS.map(({ name, stages }): Mark => {
    const found = stages.map(status);
    if (found.includes("failed")) return "✗";
    if (found.includes("skipped")) return "–";
    if (name === "boot")
      return bootErrors.length > 0 || report.verdict === "error" ? "✗" : outcome === "built" ? "○" : "✓";
    if (name === "fidelity") return errors.length > bootErrors.length ? "✗" : "✓";
    return "✓";
  });
  const { c, rust } = report.objects;
  const failed = report.stages.find((s) => s.status === "failed");
  const proofs = proofFigures(report);
  return {
    module: report.module.name,
    marks,
    buildsAsC: status("capture") === "ok",
    passed: outcome === "pass",
    notRun: outcome === "built" ? oneLine(comparedOf(report).reason ?? "") : "",
    ratio: c && rust ? rust.text / Math.max(1, c.text) : undefined,
    kept: status("lower") === "ok" ? report.units.reduce((n, u) => n + u.keptInC.length, 0) : undefined,
    booted: report.boot?.c?.status ?? "",
    ...(proofs === undefined ? {} : { proofs }),
    cause:
      report.verdict === "pass"
        ? ""
        : oneLine(causeOf(errors, failed) || report.boot?.rust?.message || report.boot?.c?.message || report.verdict),
  };
}

function causeOf(errors: readonly Finding[], failed: StageResult | undefined): string {
  const first = errors[0];
  if (first === undefined) return failed?.message ?? "";
  const place = first.file === undefined ? "" : `${first.file}${first.line === undefined ? "" : `:${first.line}`}: `;
  // A tool's failure names the tool first and the reason in the lines behind it.
  const reason = first.message
    .split("\n")
    .find((l) => /^\s*\| .*(?:\berror\b|undefined!)/i.test(l))
    ?.replace(/^\s*\| /, "");
  return place + (reason ?? (first.message.split("\n")[0] as string));
}

/** Without the folders of the machine, which say nothing, and short enough for a table. */
function oneLine(text: string): string {
  const plain = text
    .replaceAll(/(?:\/[\w.@+-]+)+\/(?=[\w.@+-]+)/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return plain.length > 240 ? `${plain.slice(0, 239)}…` : plain;
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0
    ? undefined
    : sorted.length % 2 === 1
      ? sorted[middle]
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** How many passed of those that build as C, how many of the others were built and not run, and how large they became. */
export function ratioMedian(rows: readonly Row[]): string {
  const c = rows.filter((r) => r.buildsAsC);
  const ratio = median(c.flatMap((r) => r.ratio ?? []));
  const [passed, notRun] = [c.filter((r) => r.passed).length, c.filter((r) => r.notRun !== "").length];
  return `${passed} of ${c.length} modules that build as C ran and pass; ${notRun} more were built, match the C and were not run; ${c.length - passed - notRun} fail; ${rows.length - c.length} do not build as C; median text ratio ${ratio?.toFixed(3) ?? "unknown"}`;
}

export function terminalTable(rows: readonly Row[]): string[] {
  return rows.map(
    (r) =>
      `${r.version.padEnd(5)} ${r.module.slice(0, 26).padEnd(26)} ${r.marks.join(" ")}  ${(r.ratio?.toFixed(2) ?? "").padStart(5)} ${String(r.kept ?? "").padStart(4)}  ${r.booted.padEnd(11)} ${(r.cause || r.notRun).slice(0, 150)}`,
  );
}
