/** Nothing is ever silently without a sandbox. */
import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { sandboxMode } from "../../src/actions/check.ts";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import { run } from "../../src/machine/process.ts";
import { decide, mendFor, setSandboxMode } from "../../src/machine/sandbox-policy.ts";
import { put, putProgram, temporaryFolder } from "../toolchain/fakes.ts";

describe("the policy", () => {
  const broken = async (): Promise<string> => "bwrap: setting up uid map: Permission denied";
  const works = async (): Promise<undefined> => undefined;

  it("requires the sandbox, says what mends it, and runs without only where that is allowed by name", async (t) => {
    t.after(() => setSandboxMode("required"));
    await assert.rejects(
      decide(broken, false),
      (e: unknown) =>
        e instanceof EnvironmentError &&
        /does not start: bwrap: setting up uid map[^]*to mend it: .*--no-sandbox/.test(e.message),
    );
    assert.equal(await decide(works, false), true);
    setSandboxMode("preferred");
    assert.equal(await decide(broken, false), false);
    assert.equal(await decide(works, false), true);
    setSandboxMode("off");
    assert.equal(await decide(works, false), false);
  });

  it("has no way but bubblewrap into another root file system", async (t) => {
    t.after(() => setSandboxMode("required"));
    for (const mode of ["required", "preferred", "off"] as const) {
      setSandboxMode(mode);
      await assert.rejects(decide(broken, true), EnvironmentError, mode);
    }
  });

  it("is the strict one for a pull request from a fork, whatever the input says", () => {
    const pull = { number: 1, headSha: "", baseSha: "", fork: true };
    for (const sandbox of ["required", "preferred", "off"] as const) {
      assert.equal(sandboxMode({ sandbox }, { pull }), "required");
      assert.equal(sandboxMode({ sandbox }, { pull: { ...pull, fork: false } }), sandbox);
      assert.equal(sandboxMode({ sandbox }, { pull: undefined }), sandbox);
    }
  });

  it("names the setting that forbids the sandbox", () => {
    const set = (settings: Record<string, string>) => (file: string) =>
      settings[file.replace("/proc/sys/", "").replaceAll("/", ".")];
    assert.match(mendFor("spawn bwrap ENOENT", set({})), /^sudo apt-get install bubblewrap;/);
    assert.match(
      mendFor("x", set({ "kernel.apparmor_restrict_unprivileged_userns": "1", "user.max_user_namespaces": "0" })),
      /^sudo sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0/,
    );
    assert.match(
      mendFor("x", set({ "kernel.unprivileged_userns_clone": "0" })),
      /^sudo sysctl -w kernel\.unprivileged_userns_clone=1/,
    );
    assert.match(
      mendFor("x", set({ "kernel.unprivileged_userns_clone": "1", "user.max_user_namespaces": "0" })),
      /^sudo sysctl -w user\.max_user_namespaces=/,
    );
    assert.doesNotMatch(
      mendFor("x", set({ "kernel.unprivileged_userns_clone": "1", "user.max_user_namespaces": "90000" })),
      /sysctl/,
    );
  });
});

describe("kport check where bubblewrap refuses", () => {
  it("builds nothing, ends with 3 and says what mends it; --no-sandbox builds", async (t) => {
    const dir = await temporaryFolder(t);
    const ran = path.join(dir, "ran");
    await put(path.join(dir, "module", "Makefile"), `all:\n\ttouch ${ran}\n\tfalse\n`);
    await putProgram(
      path.join(dir, "bin", "bwrap"),
      'echo "bwrap: No permissions to create new namespace" >&2; exit 1',
    );
    const kport = (...args: string[]) =>
      run(
        process.execPath,
        [
          path.join(projectRoot(), "src/doors/cli.ts"),
          "check",
          path.join(dir, "module"),
          "--kernel",
          "6.1",
          "--no-boot",
          "--out",
          path.join(dir, "out"),
          ...args,
        ],
        {
          allowFailure: true,
          env: {
            PATH: `${path.join(dir, "bin")}:${process.env["PATH"]}`,
            KPORT_CACHE_DIR: process.env["KPORT_CACHE_DIR"] ?? "",
          },
        },
      );
    const refused = await kport();
    assert.equal(refused.exitCode, 3, refused.all);
    assert.match(refused.stderr, /No permissions to create new namespace[^]*to mend it/);
    assert.equal((await run("ls", [ran], { allowFailure: true })).exitCode, 2, "the makefile ran");
    const allowed = await kport("--no-sandbox");
    assert.equal(allowed.exitCode, 1, allowed.all);
    assert.equal(
      (await run("ls", [ran], { allowFailure: true })).exitCode,
      0,
      "the control: without a sandbox it runs",
    );
  });
});
