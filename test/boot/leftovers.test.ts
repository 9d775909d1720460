/** Nothing may be left behind, however kport ends. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildControls } from "../../src/stages/boot/control-run.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");
const module = path.join(await buildControls(kernel), "init_hang.ko");
const program = `
  const { bootModule } = await import(${JSON.stringify(path.join(import.meta.dirname, "../../src/stages/boot/index.ts"))});
  await bootModule({ ko: ${JSON.stringify(module)} }, ${JSON.stringify(kernel)}, JSON.parse(process.argv[1]));
`;

for (const signal of ["SIGKILL", "SIGINT", "SIGTERM"] as const) {
  for (const start of ["cold", undefined] as const) {
    test(`${signal} in the middle of a ${start ?? "warm"} run`, async () => {
      const temporary = mkdtempSync(path.join(os.tmpdir(), "kport-leftovers-"));
      after(() => rmSync(temporary, { recursive: true }));
      const kport = spawn(process.execPath, ["--input-type=module", "-e", program, JSON.stringify({ start })], {
        stdio: "ignore",
        env: { ...process.env, TMPDIR: temporary },
      });
      const qemu = await until(() => descendantsOf(kport.pid as number).find(isGuest));
      await sleep(1000);
      kport.kill(signal);
      await until(() => (isGuest(qemu) ? undefined : true));
      assert.deepEqual(readdirSync(temporary), []);
    });
  }
}

test("a QEMU that is killed is a harness error, not the module's", async () => {
  const { bootModule } = await import("../../src/stages/boot/index.ts");
  const run = bootModule({ ko: module }, kernel, { start: "cold" });
  const qemu = await until(() => descendantsOf(process.pid).find(isGuest));
  await sleep(1000);
  process.kill(qemu, "SIGKILL");
  const { status, message } = await run;
  assert.equal(status, "harness-error");
  assert.match(message ?? "", /QEMU was killed by SIGKILL/);
});

/** QEMU is the grandchild of the bubblewrap that shuts it in. */
function descendantsOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean)
      .map(Number);
    return children.flatMap((c) => [c, ...descendantsOf(c)]);
  } catch {
    return [];
  }
}

/** Whether the process is a QEMU of a run (and not the one that probes KVM), and alive: a dead one has no command line. */
function isGuest(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").match(/^[^\0]*qemu-system[^\0]*\0.*id=agent/s) !== null;
  } catch {
    return false;
  }
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (let i = 0; i < 600; i++) {
    const found = look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error("waited 30 s for nothing");
}
