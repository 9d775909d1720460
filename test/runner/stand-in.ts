/**
 * A machine like a hosted runner, made of Debian's packages: a plain user who may be root unasked, no user namespaces for plain users, no
 * kernel to build against, Rust as rustup leaves it, secrets in the home folder, a workspace of somebody else's. It is made by root, in
 * namespaces of its own, and what a step leaves on it is there for the next.
 */
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, realpath, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cacheDir, cached, contentKey, scratchFolder } from "../../src/machine/cache.ts";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { run } from "../../src/machine/process.ts";
import { installPackages, notInstalled, privilege } from "../../src/toolchain/apt-install.ts";
import { c2rustBuildPackages } from "../../src/toolchain/install-c2rust.ts";
import { C2RUST_VERSION } from "../../src/toolchain/tools.ts";
import type { Machine } from "../e2e/workflow-run.ts";

/** What a runner's image has; the rest is the action's to install. c2rust's packages are here because its build is brought along. */
const IMAGE = [
  "sudo",
  "ca-certificates",
  "git",
  "xz-utils",
  "make",
  "gcc",
  "libc6-dev",
  "mount",
  "procps",
  "patchelf",
  "rustc-web",
  "cargo-web",
  "rustfmt-web",
  "rust-web-src",
  ...c2rustBuildPackages(),
];

/** Planted where a stranger's code would look. */
export const SECRET = "kport-planted-secret";

const HOME = "/home/runner";
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Environment that a workflow's steps have on a hosted runner. */
export const HOSTED = {
  RUNNER_ENVIRONMENT: "github-hosted",
  ImageOS: "ubuntu24",
  KPORT_CACHE_DIR: `${HOME}/.cache/kport`,
};

const FURNISH = path.join(import.meta.dirname, "furnish.sh");
const KEY = contentKey([...IMAGE, readFileSync(FURNISH)]);

/** Why no stand-in is to be had at once; undefined where its root file system was made before. */
export function lackingStandIn(): string | undefined {
  if (process.getuid?.() !== 0) return "the stand-in for the runner is made by root";
  return existsSync(path.join(cacheDir(), "runner-root", KEY))
    ? undefined
    : "npm run test:runner makes the stand-in for the runner, in ten minutes or so";
}

/** The root file system of a runner's machine; made once. */
async function image(): Promise<string> {
  if (process.getuid?.() !== 0)
    throw new EnvironmentError("the stand-in for the runner is made by root", "sudo npm run test:runner");
  await installPackages(await notInstalled(["mmdebstrap"]), await privilege());
  const { dir } = await cached("runner-root", KEY, async (out) => {
    const sources = await run(
      "sh",
      ["-c", "ls /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null"],
      { allowFailure: true },
    );
    await run(
      "mmdebstrap",
      [
        "--variant=apt",
        `--include=${IMAGE.join(",")}`,
        "bookworm",
        path.join(out, "root"),
        ...sources.stdout.trim().split("\n"),
      ],
      { timeout: 1_800_000 },
    );
    await run("sh", [FURNISH, path.join(out, "root")], { timeout: 300_000 });
  });
  return path.join(dir, "root");
}

/** A machine that is bare but for a build of c2rust where this machine has one and `c2rust` says so; gone when it is disposed of. */
export async function standIn(bring: { c2rust: boolean } = { c2rust: true }): Promise<Machine & AsyncDisposable> {
  const root = await image();
  const scratch = await scratchFolder(path.join(os.tmpdir(), "kport-runner-"));
  // Building c2rust takes longer than all the rest, and shows nothing of the runner's.
  const c2rust = path.join(cacheDir(), `c2rust-${C2RUST_VERSION}`);
  if (bring.c2rust && existsSync(c2rust))
    await cp(await realpath(c2rust), path.join(scratch.dir, "seed", path.basename(c2rust)), { recursive: true });
  const packages = path.join(cacheDir(), "runner-packages");
  await mkdir(path.join(packages, "partial"), { recursive: true });
  return {
    words: async (words, { cwd, env, read, write }) => {
      const shares = [...read.map((d) => `read ${d}`), ...write.map((d) => `write ${d}`), `copy ${cwd}`];
      await writeFile(path.join(scratch.dir, "shares"), `${shares.join("\n")}\n`);
      const environment = { HOME, USER: "runner", LANG: "C.UTF-8", ...env, PATH: `${env["PATH"] ?? ""}:${PATH}` };
      const here = import.meta.dirname;
      return [
        "sh",
        path.join(here, "namespaces.sh"),
        scratch.dir,
        "sh",
        path.join(here, "enter.sh"),
        root,
        scratch.dir,
        packages,
        cwd,
        ...Object.entries(environment).map(([k, v]) => `${k}=${v}`),
        ...words,
      ];
    },
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}
