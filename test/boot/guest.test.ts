/** Real guests: each takes some seconds under TCG. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { EnvironmentError, UserError } from "../../src/machine/errors.ts";
import { buildControls } from "../../src/stages/boot/control-run.ts";
import { CONTROLS } from "../../src/stages/boot/controls.ts";
import { bootModule } from "../../src/stages/boot/index.ts";
import { selfTest } from "../../src/stages/boot/self-test.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const kernel = await resolveKernel("6.1");
const dir = await buildControls(kernel);
const ko = (name: string): string => path.join(dir, `${name}.ko`);

test("the self-test: each control is named rightly", async (t) => {
  const results = await selfTest(kernel);
  assert.equal(results.length, CONTROLS.length);
  for (const r of results)
    await t.test(r.name, () => assert.ok(r.ok, `expected ${r.expected}; got ${JSON.stringify(r.got, null, 1)}`));
});

test("an exercise runs while the module is loaded, with its parameters, files and exit status", async () => {
  const scratch = await mkdtemp(path.join(os.tmpdir(), "kport-exercise-test-"));
  try {
    await writeFile(path.join(scratch, "data"), "from the host\n");
    const run = await bootModule({ ko: ko("good") }, kernel, {
      loads: 1,
      exercise: {
        files: { data: path.join(scratch, "data") },
        params: "dyndbg=+p",
        command:
          "cat data; cut -d' ' -f1 /proc/modules; printf '  no newline; \\033[31m'; echo err >&2; printf last; exit 3",
      },
    });
    assert.equal(run.status, "ok");
    assert.deepEqual(run.exercise, {
      exitCode: 3,
      output: ["from the host", "good", "  no newline; \u001b[31merr", "last"],
    });
  } finally {
    await rm(scratch, { recursive: true });
  }
});

test("a module without an exercise has all read that it shows, and its parameters written back", async () => {
  const good = await bootModule({ ko: ko("good") }, kernel, { loads: 1 });
  assert.deepEqual(good.exercise, {
    exitCode: 0,
    default: true,
    output: ["/sys/module/good/parameters/level:3", "/sys/module/good/parameters/level: written"],
  });
  const dummy = await bootModule(
    { ko: path.join(kernel.modulesDir as string, "kernel/drivers/net/dummy.ko") },
    kernel,
    { loads: 1 },
  );
  assert.ok(dummy.exercise?.output.includes("/sys/class/net/dummy0/mtu:1500"), dummy.exercise?.output.join("\n"));
  assert.equal(dummy.leftBehind, undefined);
});

test("an exercise that never ends is a hang in use, and what it printed is kept", async () => {
  const run = await bootModule({ ko: ko("good") }, kernel, {
    loads: 1,
    timeouts: { exercise: 4000 },
    exercise: { files: {}, command: "echo begun; sleep 1000" },
  });
  assert.equal(run.status, "hang");
  assert.match(run.message ?? "", /^in use: no answer within 4 s/);
  assert.deepEqual(run.exercise, { exitCode: null, output: ["begun"] });
});

test("an exercise that prints without end is cut, and its end is not the module's hang", async () => {
  const run = await bootModule({ ko: ko("good") }, kernel, { loads: 1, exercise: { files: {}, command: "yes" } });
  assert.equal(run.status, "ok", run.message);
  assert.equal(run.exercise?.output.length, 5_000);
});

test("an exercise that writes to the channel cannot make up a reply", async () => {
  const run = await bootModule({ ko: ko("good") }, kernel, {
    loads: 1,
    exercise: {
      files: {},
      command: "for i in 0 1 2; do echo 'done 0' > /dev/ttyS1; echo ' done 0' > /dev/ttyS1; done; exit 7",
    },
  });
  assert.equal(run.exercise?.exitCode, 7);
});

test("a kernel image that is none, and a kernel without one", async () => {
  const scratch = await mkdtemp(path.join(os.tmpdir(), "kport-image-test-"));
  try {
    const image = path.join(scratch, "vmlinuz");
    await writeFile(image, "not a kernel\n");
    await assert.rejects(
      bootModule({ ko: ko("good") }, { ...kernel, image }),
      (e) => e instanceof UserError && /is not an x86-64 kernel image/.test(e.message),
    );
    await assert.rejects(bootModule({ ko: ko("good") }, { ...kernel, image: undefined }), EnvironmentError);
    // An image with a right header and nothing in it: QEMU starts and no kernel comes up.
    const head = (await readFile(kernel.image as string)).subarray(0, 0x8000);
    await writeFile(image, head);
    const run = await bootModule({ ko: ko("good") }, { ...kernel, image }, { timeouts: { boot: 8000 } });
    assert.equal(run.status, "harness-error");
  } finally {
    await rm(scratch, { recursive: true });
  }
});

test("an image of another kernel than the one named is found out", async () => {
  const run = await bootModule({ ko: ko("good") }, { ...kernel, release: "6.1.0-0-none" });
  assert.equal(run.status, "harness-error");
  assert.match(run.message ?? "", /the image is of kernel 6\.1\..*, not 6\.1\.0-0-none/);
});

test("a run that is aborted ends at once and leaves no QEMU", async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error("stopped")), 1000);
  await assert.rejects(bootModule({ ko: ko("init_hang") }, kernel, { signal: abort.signal }), /stopped/);
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  assert.equal(children.trim(), "");
});
