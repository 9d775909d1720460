/**
 * `npm run test:runner`: the action's first run, from the committed bundles, on a machine like a hosted runner, made of Debian's packages: a
 * plain user who may be root unasked, no user namespaces for plain users, secrets in the home folder, a workspace of somebody else's.
 * Needs root. What it does not show is Ubuntu's own: its package names, its kernels' headers, AppArmor's refusal.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { cacheDir, cached, contentKey, scratchFolder } from "../../src/machine/cache.ts";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import { run, type RunResult } from "../../src/machine/process.ts";
import { installPackages, notInstalled, privilege } from "../../src/toolchain/apt-install.ts";
import { c2rustBuildPackages } from "../../src/toolchain/install-c2rust.ts";
import { C2RUST_VERSION } from "../../src/toolchain/tools.ts";

/** What a runner's image has; the rest is the action's to install. c2rust's packages are here because its build is brought along. */
const IMAGE = ["sudo", "ca-certificates", "git", "xz-utils", "make", "gcc", "libc6-dev", "mount", "procps", ...c2rustBuildPackages(19)];
const SECRET = "kport-planted-secret";

if (process.getuid?.() !== 0) throw new EnvironmentError("the stand-in for the runner is made by root", "sudo npm run test:runner");
await installPackages(await notInstalled(["mmdebstrap"]), await privilege());
const { dir: root } = await cached("runner-root", contentKey([...IMAGE, "1"]), async (out) => {
  const sources = await run("sh", ["-c", "ls /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null"], { allowFailure: true });
  await run("mmdebstrap", ["--variant=apt", `--include=${IMAGE.join(",")}`, "bookworm", path.join(out, "root"), ...sources.stdout.trim().split("\n")], { timeout: 1_800_000 });
});

/** The action on that machine, with some inputs set otherwise. */
async function action(inputs: Record<string, string>, env: Record<string, string>): Promise<{ result: RunResult; report: string }> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-runner-"));
  const files = path.join(scratch.dir, "action");
  await cp(path.join(projectRoot(), "dist"), path.join(files, "dist"), { recursive: true });
  for (const f of ["action.yml", "package.json"]) await copyFile(path.join(projectRoot(), f), path.join(files, f));
  await cp(path.join(projectRoot(), "src"), path.join(files, "src"), { recursive: true });
  await copyFile(process.execPath, path.join(files, "node"));
  // Building c2rust takes longer than all the rest, and shows nothing of the runner's.
  const c2rust = path.join(cacheDir(), `c2rust-${C2RUST_VERSION}`);
  if (existsSync(c2rust)) await cp(await realpath(c2rust), path.join(scratch.dir, "seed", path.basename(c2rust)), { recursive: true });
  else await mkdir(path.join(scratch.dir, "seed"));
  const sha = "0".repeat(40);
  await writeFile(path.join(scratch.dir, "event.json"), JSON.stringify({ pull_request: { number: 1, head: { sha, repo: { full_name: "stranger/modules" } }, base: { sha, repo: { full_name: "owner/modules" } } } }));
  const { inputs: all } = parse(await readFile(path.join(projectRoot(), "action.yml"), "utf8")) as { inputs: Record<string, { default: string }> };
  const given = { ...Object.fromEntries(Object.entries(all).map(([name, i]) => [name, i.default])), token: "", cache: "false", artifact: "false", ...inputs };
  const environment = {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/home/runner",
    USER: "runner",
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_EVENT_PATH: "/home/runner/work/event.json",
    GITHUB_REPOSITORY: "owner/modules",
    GITHUB_RUN_ID: "1",
    GITHUB_RUN_NUMBER: "1",
    GITHUB_SHA: sha,
    GITHUB_WORKSPACE: "/workspace",
    RUNNER_ENVIRONMENT: "github-hosted",
    RUNNER_TEMP: "/home/runner/work/_temp",
    RUNNER_OS: "Linux",
    ImageOS: "ubuntu24",
    ACTIONS_RUNTIME_TOKEN: SECRET,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    ...env,
  };
  const words = [path.join(import.meta.dirname, "namespaces.sh"), scratch.dir, "sh", path.join(import.meta.dirname, "enter.sh"), path.join(root, "root"), scratch.dir, files, path.join(projectRoot(), "examples/ringdev")];
  const result = await run("sh", [...words, ...Object.entries(environment).map(([k, v]) => `${k}=${v}`)], { allowFailure: true, timeout: 3_600_000, onLine: (line) => process.stdout.write(`  ${line}\n`) });
  return { result, report: await readFile(path.join(scratch.dir, "result/report.json"), "utf8").catch(() => "") };
}

const boot = String(process.env["KPORT_RUNNER_BOOT"] !== "0");

console.log("a fork's pull request on a hosted runner:");
const hosted = await action({ modules: "driver", boot }, {});
assert.match(hosted.result.all, /sandbox: user\.max_user_namespaces is 1024 for this step, and was 0/);
assert.match(hosted.result.all, /stand-in: max_user_namespaces is 0 behind the step\nstand-in: left behind: \n/);
assert.equal(hosted.result.exitCode, 0);
assert.equal((JSON.parse(hosted.report) as { verdict: string }).verdict, "pass");
assert.doesNotMatch(hosted.result.all + hosted.report, new RegExp(SECRET));

console.log("the control, a machine that is not thrown away behind the job, and sandbox: off is asked for:");
const own = await action({ modules: "driver", boot: "false", sandbox: "off" }, { RUNNER_ENVIRONMENT: "self-hosted" });
assert.equal(own.result.exitCode, 1);
assert.match(own.result.all, /the sandbox that a module's makefile is built in does not start/);
assert.doesNotMatch(own.result.all, /✓ capture/);
console.log("both as they should be");
