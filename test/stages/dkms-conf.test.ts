import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { StageError } from "../../src/machine/errors.ts";
import { run, sandboxWorks } from "../../src/machine/process.ts";
import { readDkms } from "../../src/stages/capture/dkms-conf.ts";
import type { Kernel } from "../../src/toolchain/kernel.ts";

const KERNEL: Kernel = {
  release: "6.1.0-1-amd64",
  arch: "x86_64",
  buildDir: "/usr/src/linux-headers-6.1.0-1-amd64",
  readable: [],
  compiler: "gcc",
};
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-dkms-conf-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));
const conf = async (text: string): Promise<string | undefined> => {
  await writeFile(path.join(dir, "dkms.conf"), text);
  return readDkms(dir, KERNEL);
};
/** What the command runs: the part between the variables' export and the function's end. */
const made = (command: string | undefined): string | undefined =>
  /export MAKEFLAGS; (.*) ; \} ; dkms$/s.exec(command ?? "")?.[1];

const skip = (await sandboxWorks()) ? false : "bubblewrap does not work here";

test("no dkms.conf, no command", async () => assert.equal(await readDkms(dir, KERNEL), undefined));

test("the make command, with dkms's variables filled in", { skip }, async () => {
  assert.equal(
    made(
      await conf(
        'PACKAGE_NAME="x"\nPACKAGE_VERSION="1"\nMAKE="make -C ${kernel_source_dir} M=${dkms_tree}/${PACKAGE_NAME}/${PACKAGE_VERSION}/build KVER=$kernelver"\n',
      ),
    ),
    `{ make -C ${KERNEL.buildDir} M=${dir} KVER=${KERNEL.release}\n}`,
  );
  assert.equal(made(await conf('MAKE[0]="make all"\nMAKE[1]="make other"\n')), "{ make all\n}");
});

test("a command ends where it ends: at its own semicolon, at find's, or without one", { skip }, async () => {
  for (const command of ["echo done", "echo done;", "echo done ; ", "find . -name dkms.conf -exec echo done \\\\;"]) {
    const r = await run("sh", ["-c", `${await conf(`MAKE="${command}"\n`)} "$@"`, "sh", "CC=mine"], {
      cwd: dir,
      allowFailure: true,
    });
    assert.deepEqual([r.exitCode, r.all], [0, "done\n"], command);
  }
});

test("a file that names no command gives none", { skip }, async () =>
  assert.equal(await conf('PACKAGE_NAME="x"\n'), undefined),
);

test("its shell sees neither the network's nor the user's files", { skip }, async () => {
  const outside = path.join(os.homedir(), `kport-dkms-conf-${process.pid}`);
  await conf(`touch ${outside}\nMAKE="x"\n`);
  assert.ok(!existsSync(outside));
  assert.equal(
    await conf('MAKE="$(ls -d /root/.[a-z]* /home/*/.[a-z]* 2>/dev/null | head -1) $GITHUB_TOKEN"\n'),
    undefined,
  );
});

test("a file that ends its shell gives no command", { skip }, async () =>
  assert.equal(await conf("exit 3\nMAKE=x\n"), undefined),
);

test("every make of the command gets the variables, after the script that prepares the build", { skip }, async () => {
  await writeFile(path.join(dir, "Makefile"), "all other:\n\t@echo $@ $(CC) `cat prepared`\n");
  await writeFile(path.join(dir, "prepare"), "#!/bin/sh\necho $1 > prepared\n", { mode: 0o755 });
  const command = await conf('PRE_BUILD="prepare now"\nMAKE="make -s all && make -s other; true"\n');
  const r = await run("sh", ["-c", `${command} "$@"`, "sh", "CC=mine", "-j2"], { cwd: dir });
  assert.equal(r.stdout, "all mine now\nother mine now\n");
});

test("commands without end are none that a program is given", { skip, timeout: 120_000 }, async () => {
  await assert.rejects(
    conf(`MAKE="$(yes /kport-dkms/ | head -n 30000 | tr -d '\\n')"\n`),
    (e) => e instanceof StageError && /commands of more than 128 KiB/.test(e.message),
  );
});
