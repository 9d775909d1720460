/** Runs cells, one after the other: each leaves a report.json, also when this machine could not run it. */
import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import type { Check } from "../check/check-request.ts";
import { EnvironmentError, UserError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import type { Cell, RunStamp } from "../report/matrix/schema.ts";
import type { Report } from "../report/schema.ts";
import { writeResults } from "../check/results.ts";
import { STAGES } from "../check/stage-recorder.ts";

export interface CellRun {
  check: Check;
  /** The folder that kport.yml lies in, or another checkout of it. Absolute. */
  tree: string;
  run: RunStamp;
  signal?: AbortSignal;
}

/** Check one cell's module with its versions. Resolves with a report a module; never rejects but when the run is cancelled. */
export async function runCell(cell: Cell, out: string, { check, tree, run, signal }: CellRun): Promise<Report[]> {
  const started = performance.now();
  const stamp = (): NonNullable<Report["cell"]> => ({
    cell,
    run,
    seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
  });
  const { folder, names, make } = cell.module;
  // What the file names by a path is relative to the file.
  const place = (v: Cell["kernel"]): string => (v.resolved.includes("/") ? path.resolve(tree, v.resolved) : v.resolved);
  let reports: Report[];
  try {
    reports = await check({
      dir: path.join(tree, folder),
      kernel: place(cell.kernel),
      c2rust: place(cell.c2rust),
      ...(cell.rustc.resolved === "default" ? {} : { rustc: place(cell.rustc) }),
      boot: cell.boot,
      headers: cell.headers,
      out,
      ...(names === undefined ? {} : { modules: names }),
      ...(make === undefined ? {} : { make }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    signal?.throwIfAborted();
    log.warn(`${cell.id}: ${error instanceof Error ? error.message : String(error)}`);
    reports = [withoutResult(cell, error)];
  }
  const stamped = reports.map((report) => ({ ...report, module: { ...report.module, dir: folder }, cell: stamp() }));
  for (const report of stamped)
    await writeResults(report, stamped.length === 1 ? out : path.join(out, report.module.name));
  return stamped;
}

/** The report of a cell that no module was checked in: a missing tool or kernel, a folder that is gone, a defect of kport's own. */
function withoutResult(cell: Cell, error: unknown): Report {
  const what = error instanceof EnvironmentError ? "environment" : error instanceof UserError ? "input" : "kport";
  const message = error instanceof Error ? error.message : String(error);
  return {
    schemaVersion: 1,
    verdict: "error",
    module: { name: path.posix.basename(cell.module.folder), dir: cell.module.folder },
    kernel: { release: cell.kernel.resolved, arch: "x86_64", compiler: "" },
    tools: {
      clang: "",
      bear: "",
      c2rust: cell.c2rust.resolved,
      rustc: cell.rustc.resolved,
      qemu: "",
      kport: packageJson.version,
    },
    stages: STAGES.map((name) => ({
      name,
      status: "skipped",
      seconds: 0,
      cached: false,
      message: "the cell could not be run",
    })),
    units: [],
    objects: {},
    findings: [{ check: what, severity: "error", message }],
  };
}
