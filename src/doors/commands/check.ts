/** `kport check`. */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { compareWithBaseline } from "../../check/baseline.ts";
import { checkFolder } from "../../check/checked.ts";
import type { CheckRequest } from "../../check/check-request.ts";
import { UserError } from "../../machine/errors.ts";
import { check } from "../../check/pipeline.ts";
import { type FailOn, failed } from "../../report/fail-on.ts";
import { renderSummary } from "../../report/summary.ts";
import { worstVerdict } from "../../report/verdict.ts";
import { USUAL_SEED } from "../../stages/fuzz/random.ts";

export interface CheckOptions {
  module: string[];
  root?: string;
  kernel?: string;
  c2rust?: string;
  rustc?: string;
  boot: boolean;
  threeWay?: boolean;
  out: string;
  baseline?: string;
  /** In percent. */
  requireProof?: number;
  /** Seconds. */
  fuzz?: number;
  seed?: number;
  headers: "helpers" | "translate";
  make?: string;
  /** What the exit status tells of; `error` when left out. */
  failOn?: FailOn;
}

/**
 * Check a folder, print a summary a module, and return the exit status of the contract: 0 all is well, 1 a module failed (or does not do
 * for `failOn`), 3 the virtual machine gave no result.
 */
export async function checkDirectory(dir: string, o: CheckOptions, signal?: AbortSignal): Promise<number> {
  const request = await requestFor(dir, o, signal);
  let results = await checkFolder(check, request);
  if (o.baseline !== undefined) results = await compareWithBaseline(o.baseline, results, request);
  for (const r of results)
    process.stdout.write(`${renderSummary(r.report, { color: process.stdout.isTTY, files: written(r.dir) })}\n`);
  const reports = results.map((r) => r.report);
  if (o.failOn === "never") return 0;
  if (worstVerdict(reports) === "error") return 3;
  return failed(reports, o.failOn ?? "error") ? 1 : 0;
}

/** What lies in a results folder, as a person at this shell would name it. */
function written(dir: string): string[] {
  return ["report.json", "report.md", "report.html", "port/"]
    .filter((f) => existsSync(path.join(dir, f)))
    .map((f) => path.relative("", path.join(dir, f)) + (f.endsWith("/") ? "/" : ""));
}

/** @throws UserError where there is no such folder. */
export async function requestFor(
  dir: string,
  o: Omit<CheckOptions, "baseline">,
  signal?: AbortSignal,
): Promise<CheckRequest> {
  if (!(await stat(dir).catch(() => undefined))?.isDirectory())
    throw new UserError(`${dir} is not a folder: name the folder that holds the module's makefile`);
  return {
    dir: path.resolve(dir),
    boot: o.boot,
    ...(o.threeWay === true ? { threeWay: true } : {}),
    headers: o.headers,
    out: path.resolve(o.out),
    ...(o.root === undefined ? {} : { root: path.resolve(o.root) }),
    ...(o.module.length > 0 ? { modules: o.module } : {}),
    ...(o.kernel === undefined ? {} : { kernel: o.kernel }),
    ...(o.c2rust === undefined ? {} : { c2rust: o.c2rust }),
    ...(o.rustc === undefined ? {} : { rustc: o.rustc }),
    ...(o.requireProof === undefined ? {} : { requireProof: o.requireProof }),
    ...(o.fuzz === undefined ? {} : { fuzz: { seconds: o.fuzz, seed: o.seed ?? USUAL_SEED } }),
    ...(o.make === undefined ? {} : { make: o.make }),
    ...(signal ? { signal } : {}),
  };
}
