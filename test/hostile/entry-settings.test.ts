/** Programs of this machine look for settings in the folder that they are started in: that is never a checkout unless they are shut in. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { scratchFolder } from "../../src/machine/cache.ts";
import { run, start } from "../../src/machine/process.ts";
import { discoverTools } from "../../src/toolchain/discover.ts";

/** As rustup's: the program that it stands for is the one that a file above the folder it is started in names. */
const STAND_IN = `#!/bin/sh
[ -x ./toolchain/rustc ] && exec ./toolchain/rustc "$@"
case $1 in --version) echo "rustc 1.96.0" ;; *) echo /nowhere ;; esac
`;

describe("in a checkout that names programs of its own", () => {
  const here = process.cwd();
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  let started: string;
  before(async () => {
    scratch = await scratchFolder(path.join(os.tmpdir(), "kport-settings-"));
    started = path.join(scratch.dir, "started");
    const checkout = path.join(scratch.dir, "checkout");
    await program(path.join(checkout, "toolchain", "rustc"), `#!/bin/sh\ntouch ${started}\necho "rustc 1.96.0"\n`);
    await program(path.join(scratch.dir, "bin", "rustc"), STAND_IN);
    // As the runner starts an action.
    process.chdir(checkout);
  });
  after(async () => {
    process.chdir(here);
    await scratch[Symbol.asyncDispose]();
  });

  it("no tool that is asked for its version starts one", async () => {
    const places = {
      path: [path.join(scratch.dir, "bin")],
      llvm: "/nowhere",
      rustSources: "/nowhere",
      rustupHome: "/nowhere",
      cache: scratch.dir,
    };
    await discoverTools(places, ["rustc", "cargo"]);
    assert.equal(existsSync(started), false);
  });

  it("one that is started there would: the control", async () => {
    await run(path.join(scratch.dir, "bin", "rustc"), ["--version"], { cwd: process.cwd() });
    assert.equal(existsSync(started), true);
  });

  it("no program is started there without being told, shut in or not", async () => {
    const pwd = async (options: Parameters<typeof run>[2]) => (await run("pwd", [], options)).stdout.trim();
    assert.equal(await pwd({}), "/");
    assert.equal(await pwd({ sandbox: { writable: [] } }), "/");
    const program = await start("sh", ["-c", "pwd >&2"], { sockets: 0, sandbox: { writable: [] } });
    await program.ended;
    assert.equal(program.stderr().trim(), "/");
  });
});

async function program(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  await chmod(file, 0o755);
}
