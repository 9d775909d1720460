/**
 * The door of action.yml with the pipeline replaced: `check` returns what the module's folder holds in `canned.json`, so that a test decides what a
 * commit comes to without building a kernel module. The tests bundle this file instead of src/doors/action.ts; nothing in src/ or dist/ knows of
 * it, so no input and no environment variable can bring it about in production (test/bundle.test.ts looks).
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { cached, contentKey } from "../../src/machine/cache.ts";
import { matrixInAction } from "../../src/actions/matrix.ts";
import { checkInAction } from "../../src/actions/check.ts";
import type { CheckRequest } from "../../src/check/check-request.ts";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { checkInputs, readInputs } from "../../src/doors/inputs.ts";
import { log } from "../../src/machine/log.ts";
import type { Report } from "../../src/report/schema.ts";
import { runDoor } from "../../src/doors/run-door.ts";

export interface Canned {
  report: Report;
  /** Files of the port. */
  port: Record<string, string>;
  /** Lines a makefile prints. */
  prints?: string[];
  /** Does not end by itself. */
  hangs?: boolean;
  /** The message of an EnvironmentError. */
  lacks?: string;
  /** It fails with this c2rust. */
  breaksWith?: string;
  /** What a stage would leave in the cache. */
  caches?: string;
}

async function check(request: CheckRequest): Promise<Report[]> {
  const canned = JSON.parse(await readFile(path.join(request.dir, "canned.json"), "utf8")) as Canned;
  for (const line of canned.prints ?? []) {
    log.info(line);
    // What a child might reach the log with past log.ts; only the fence stands between it and the runner.
    process.stderr.write(`${line}\n`);
  }
  if (canned.lacks !== undefined) throw new EnvironmentError(canned.lacks);
  if (canned.caches !== undefined)
    await cached("canned", contentKey([canned.caches]), (dir) => writeFile(path.join(dir, "result"), canned.caches!));
  if (canned.hangs) {
    log.info("hanging");
    await new Promise((_, reject) => {
      const alive = setInterval(() => undefined, 1000);
      request.signal?.addEventListener("abort", () => {
        clearInterval(alive);
        reject(request.signal?.reason);
      });
    });
  }
  const broken: Partial<Report> =
    canned.breaksWith !== undefined && canned.breaksWith === request.c2rust
      ? {
          verdict: "fail",
          findings: [
            {
              check: "build",
              severity: "error",
              message: "the port does not build\n  | error[E0308]: mismatched types",
            },
          ],
        }
      : {};
  const report = {
    ...canned.report,
    ...broken,
    kernel: { ...canned.report.kernel, release: request.kernel ?? canned.report.kernel.release },
  };
  await mkdir(path.join(request.out, "port"), { recursive: true });
  for (const [file, text] of Object.entries(canned.port)) {
    await mkdir(path.dirname(path.join(request.out, "port", file)), { recursive: true });
    await writeFile(path.join(request.out, "port", file), text);
  }
  await writeFile(path.join(request.out, "report.json"), JSON.stringify(report));
  return [report];
}

/** KPORT_CANNED_TOOL: what a set-up would leave in the cache. */
async function setUp(): Promise<void> {
  const tool = process.env["KPORT_CANNED_TOOL"];
  if (tool !== undefined)
    await cached("canned", contentKey(["tool", tool]), (dir) => writeFile(path.join(dir, "result"), tool));
}

const machinery = { check, setUp, setUpSandbox: async () => ({ [Symbol.asyncDispose]: async () => undefined }) };

await runDoor((signal) => {
  const inputs = readInputs(checkInputs);
  return ["plan", "cells", "regress"].includes(inputs.mode)
    ? matrixInAction(inputs, machinery, signal)
    : checkInAction(inputs, machinery, signal);
});
