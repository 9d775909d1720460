/** The watch of a sandbox that has no cgroup, as a plain user's has not: root's are in one wherever they can be (sandbox-cgroup.test.ts). */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { type Bounds, BOUNDS } from "../../src/machine/bounds.ts";
import { killSandbox } from "../../src/machine/process-groups.ts";
import { bubblewrapArguments } from "../../src/machine/sandbox.ts";
import { watchSandbox } from "../../src/machine/sandbox-watch.ts";
import { SYSCALL_FILTER } from "../../src/machine/syscall-filter.ts";

/** @returns the bound that the watch named, if it did before the script's end */
async function watched(script: string, bounds: Partial<Bounds>): Promise<string | undefined> {
  const words = bubblewrapArguments({ writable: [], bounds }, ["sh", "-c", script], {
    cwd: "/",
    env: { PATH: process.env["PATH"] ?? "" },
    filter: 3,
  });
  const child = spawn("bwrap", words, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  (child.stdio[3] as NodeJS.WritableStream).end(SYSCALL_FILTER);
  const pid = child.pid as number;
  let bound: string | undefined;
  const unwatch = watchSandbox(pid, [], { ...BOUNDS, ...bounds }, (name) => {
    bound = name;
    killSandbox(pid);
  });
  await once(child, "close");
  unwatch();
  return bound;
}

describe("the watch of a sandbox", () => {
  // As many as root's may be for a moment, and no more: the kernel does not count them.
  const PROCESSES = "for i in $(seq 60); do sleep 3 & done; wait";
  const MEMORY = "for i in 1 2 3 4; do perl -e '$x = q(x) x 60000000; sleep 3' & done; wait";

  it("ends what has too many processes", async () => {
    // A plain user's are refused by the kernel, which counts to the same number.
    assert.equal(await watched(PROCESSES, { processes: 50 }), "bound: 50 processes");
  });

  it("ends what takes too much memory in several processes", async () => {
    assert.equal(await watched(MEMORY, { memory: 150 * 1024 * 1024 }), "bound: memory 150 MiB");
  });

  it("leaves alone what keeps within both: the control", async () => {
    assert.equal(await watched(`${PROCESSES}; ${MEMORY}`, { processes: 90, memory: 800 * 1024 * 1024 }), undefined);
  });
});
