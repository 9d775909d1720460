/** What a hosted runner is asked for so that the sandbox starts. `sudo`, `bwrap` and `dpkg-query` are stand-ins that write down what they are told. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, it, type TestContext } from "node:test";
import { sandboxWorks, useBubblewrap } from "../../src/machine/process.ts";
import { setSandboxMode } from "../../src/machine/sandbox-policy.ts";
import { setUpSandbox, type SetUpPlaces } from "../../src/toolchain/sandbox-set-up.ts";
import { putProgram, temporaryFolder } from "./fakes.ts";

/** A machine whose bubblewrap starts where a profile is loaded for it, or a setting was changed. */
async function machine(
  t: TestContext,
  settings: Record<string, string>,
  hosted = true,
): Promise<{ places: SetUpPlaces; said: () => Promise<string[]>; dir: string }> {
  const dir = await temporaryFolder(t);
  const log = path.join(dir, "log");
  await putProgram(
    path.join(dir, "bin/bwrap"),
    `[ -e ${dir}/allowed ] && exit 0\n[ -e ${dir}/profile ] && grep -q "$0" ${dir}/profile && exit 0\necho "bwrap: setting up uid map: Permission denied" >&2; exit 1`,
  );
  await putProgram(
    path.join(dir, "bin/sudo"),
    `shift\n[ "$1" = true ] && exit 0\necho "$*" >> ${log}\ncase $1 in
apparmor_parser) if [ "$2" = --replace ]; then cat > ${dir}/profile; else rm ${dir}/profile; fi ;;
sysctl) case $4 in *=1024) touch ${dir}/allowed ;; *) rm ${dir}/allowed ;; esac ;;
install) shift; args=; while [ $# -gt 2 ]; do shift; done; mkdir -p "$(dirname "$2")"; cp "$1" "$2" ;;
rm) rm -rf "$3" ;;
esac`,
  );
  await putProgram(path.join(dir, "bin/dpkg-query"), 'echo "bubblewrap installed"');
  const before = { PATH: process.env["PATH"], GITHUB_ACTIONS: process.env["GITHUB_ACTIONS"], getuid: process.getuid };
  process.env["PATH"] = `${path.join(dir, "bin")}:${before.PATH}`;
  process.env["GITHUB_ACTIONS"] = "true";
  process.getuid = () => 1001;
  useBubblewrap("bwrap");
  t.after(() => {
    process.env["PATH"] = before.PATH;
    if (before.GITHUB_ACTIONS === undefined) delete process.env["GITHUB_ACTIONS"];
    else process.env["GITHUB_ACTIONS"] = before.GITHUB_ACTIONS;
    process.getuid = before.getuid;
    setSandboxMode("required");
    useBubblewrap("bwrap");
  });
  const said = async (): Promise<string[]> =>
    (await readFile(log, "utf8").catch(() => ""))
      .trim()
      .split("\n")
      .filter((l) => l !== "");
  return { dir, places: { hosted, setting: (name) => settings[name], copies: path.join(dir, "copies") }, said };
}

describe("a hosted runner", () => {
  it("where AppArmor forbids user namespaces, has a profile for a copy of bubblewrap, and neither is left behind", async (t) => {
    const { places, said, dir } = await machine(t, {
      "kernel.apparmor_restrict_unprivileged_userns": "1",
      "user.max_user_namespaces": "60000",
    });
    const copy = path.join(places.copies, `kport-${process.pid}`, "bwrap");
    {
      await using _sandbox = await setUpSandbox("required", places);
      assert.equal(await sandboxWorks(), true);
      assert.equal(
        await readFile(path.join(dir, "profile"), "utf8"),
        `abi <abi/4.0>,\nprofile kport-bwrap-${process.pid} ${copy} flags=(unconfined) {\n  userns,\n}\n`,
      );
      assert.deepEqual(await said(), [
        `install -D -o root -g root -m 0755 ${dir}/bin/bwrap ${copy}`,
        "apparmor_parser --replace --skip-cache",
      ]);
    }
    assert.deepEqual((await said()).slice(2), ["apparmor_parser --remove", `rm -rf ${path.dirname(copy)}`]);
    assert.equal(existsSync(copy), false);
    assert.equal(await sandboxWorks(), false);
  });

  it("where the kernel's own setting forbids them, has it changed and changed back", async (t) => {
    const { places, said } = await machine(t, { "user.max_user_namespaces": "0" });
    {
      await using _sandbox = await setUpSandbox("required", places);
      assert.equal(await sandboxWorks(), true);
    }
    assert.deepEqual(await said(), [
      "sysctl -q -w user.max_user_namespaces=1024",
      "sysctl -q -w user.max_user_namespaces=0",
    ]);
  });

  it("is asked for nothing where the sandbox is off", async (t) => {
    const { places, said } = await machine(t, { "user.max_user_namespaces": "0" });
    await using _sandbox = await setUpSandbox("off", places);
    assert.deepEqual(await said(), []);
  });
});

it("a machine of somebody's own is left as it is", async (t) => {
  const { places, said } = await machine(t, { "kernel.apparmor_restrict_unprivileged_userns": "1" }, false);
  await using _sandbox = await setUpSandbox("required", places);
  assert.deepEqual(await said(), []);
  assert.equal(await sandboxWorks(), false);
});
