/** Joins the reports of a matrix, any number of them: one at a time in memory, each reduced to what the matrix shows of it. */
import { lstat } from "node:fs/promises";
import path from "node:path";
import { glob } from "tinyglobby";
import { UserError } from "../machine/errors.ts";
import { compareResults } from "../history/schema.ts";
import { failureOf, isTroubleOfTheMachine } from "../regression/fingerprint.ts";
import type { Cell, Result, RunStamp } from "../report/matrix/schema.ts";
import { comparedOf, outcomeOf } from "../report/compared.ts";
import { readReport } from "../report/read.ts";
import type { Report } from "../report/schema.ts";
import { cellId } from "./cells.ts";

export interface Merged {
  /** By the cell's id. */
  cells: Map<string, { cell: Cell; result: Result }>;
  broken: { file: string; message: string }[];
  /** Reports that were read. */
  reports: number;
}

/** A report as it came, or what kept it from being read. */
export type Source = { report: Report } | { file: string; message: string };

/**
 * Reduce reports to cells. Of two results of one cell in one run the worse counts (a folder may build several modules), of two runs the
 * later.
 */
export async function mergeReports(sources: AsyncIterable<Source>): Promise<Merged> {
  const merged: Merged = { cells: new Map(), broken: [], reports: 0 };
  for await (const source of sources) {
    if (!("report" in source)) {
      merged.broken.push(source);
      continue;
    }
    merged.reports += 1;
    const cell = source.report.cell?.cell ?? cellOf(source.report);
    const result = resultOf(source.report, cell);
    const known = merged.cells.get(cell.id);
    if (known === undefined || isWorse(result, known.result)) merged.cells.set(cell.id, { cell, result });
  }
  return merged;
}

/**
 * Every report.json that the paths name or hold.
 * @throws UserError for a path that is not there; a report that cannot be read is named in what comes
 */
export async function* readReports(paths: readonly string[]): AsyncGenerator<Source> {
  for await (const file of reportFiles(paths)) {
    try {
      yield { report: await readReport(file) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      yield { file: path.relative("", file), message: error.message.replace(`${file}: `, "") };
    }
  }
}

async function* reportFiles(paths: readonly string[]): AsyncGenerator<string> {
  for (const p of paths) {
    const stat = await lstat(p).catch(() => undefined);
    if (stat === undefined) throw new UserError(`${p}: there is no such file or folder of reports`);
    if (!stat.isDirectory()) yield path.resolve(p);
    else
      yield* (await glob("**/report.json", { cwd: p, absolute: true, dot: true, followSymbolicLinks: false })).sort();
  }
}

const ORDER: Result["outcome"][] = ["pass", "flaky", "unknown", "fail"];

function isWorse(a: Result, b: Result): boolean {
  if (a.run.id === b.run.id && a.run.sequence === b.run.sequence)
    return (
      ORDER.indexOf(a.outcome) > ORDER.indexOf(b.outcome) ||
      (a.outcome === b.outcome && b.notRun === undefined && a.notRun !== undefined)
    );
  return compareResults(a, b) > 0;
}

/** What one report comes to. */
export function resultOf(report: Report, cell: Cell): Result {
  const run: RunStamp = report.cell?.run ?? { id: "none", sequence: 0, at: new Date(0).toISOString() };
  const seconds = report.cell?.seconds ?? Number(report.stages.reduce((sum, s) => sum + s.seconds, 0).toFixed(1));
  const base = { run, values: valuesOf(cell), key: cell.key, seconds };
  if (report.verdict === "pass")
    return {
      ...base,
      outcome: "pass",
      ...(outcomeOf(report) === "built" ? { notRun: comparedOf(report).reason ?? "" } : {}),
    };
  const failure = failureOf(report);
  return {
    ...base,
    outcome: report.verdict === "error" || isTroubleOfTheMachine(report) ? "unknown" : "fail",
    ...failure,
  };
}

export function valuesOf(cell: Cell): Result["values"] {
  return {
    kernel: cell.kernel.resolved,
    c2rust: cell.c2rust.resolved,
    rustc: cell.rustc.resolved,
    source: cell.source,
  };
}

/** A report of a plain `kport check` as a cell: it was asked for what it had. */
function cellOf(report: Report): Cell {
  const same = (text: string): Cell["kernel"] => ({ asked: text, resolved: text });
  const { kernel, tools, module } = report;
  const folder = module.dir === "." || module.dir === "" ? module.name : module.dir;
  return {
    id: cellId([folder, module.name, kernel.release, tools.c2rust, tools.rustc]),
    module: { folder, names: [module.name] },
    kernel: same(kernel.release),
    c2rust: same(tools.c2rust),
    rustc: same(tools.rustc),
    allowFailure: false,
    boot: report.boot !== undefined,
    headers: "helpers",
    source: module.commit ?? "",
    key: "",
  };
}
