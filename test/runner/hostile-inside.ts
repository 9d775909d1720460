/** On the stand-in, as its plain user: installs what the tests need, sets the sandbox up as the action does, runs the files that are named. */
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import path from "node:path";

const [modules = "", ...files] = process.argv.slice(2);
const root = path.dirname(path.dirname(import.meta.dirname));
symlinkSync(modules, path.join(root, "node_modules"));
const { setUp } = await import("../../src/toolchain/install.ts");
const { setUpSandbox } = await import("../../src/toolchain/sandbox-set-up.ts");

await setUp({ boot: false });
{
  await using _sandbox = await setUpSandbox("required");
  for (const file of files) {
    const { status } = spawnSync(
      process.execPath,
      ["--test", "--test-reporter=tap", "--test-force-exit", path.join(root, "test/hostile", file)],
      { stdio: "inherit" },
    );
    // The file as a whole, in the same form.
    console.log(`${status === 0 ? "" : "not "}ok 0 - # ${file}`);
    if (status !== 0) process.exitCode = 1;
  }
}
