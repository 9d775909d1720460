/** A sandbox's cgroup: what it holds before the watch (sandbox-watch.ts) looks, and where it is made. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { BOUNDS } from "../../src/machine/bounds.ts";
import { run, type RunResult, start } from "../../src/machine/process.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import { cgroupPlaces, sandboxCgroup } from "../../src/machine/sandbox-cgroup.ts";

const here = sandboxCgroup(BOUNDS);
here?.remove();
const without = (controller: "pids" | "memory"): string | false =>
  here?.controllers.includes(controller) !== true &&
  `this user has no cgroup that bounds ${controller} here: the watch alone does`;

const inside = (script: string, bounds: Partial<typeof BOUNDS>): Promise<RunResult> =>
  run("sh", ["-c", script], { sandbox: { writable: [], bounds }, allowFailure: true, timeout: 30_000 });

/** The cgroups of this process's sandboxes. */
const ours = (): string[] =>
  cgroupPlaces(readFileSync("/proc/self/cgroup", "utf8"), readFileSync("/proc/self/mountinfo", "utf8"))
    .flatMap(({ dir }) => readdirSync(dir))
    .filter((name) => name.startsWith("kport-") && name.split("-")[2] === String(process.pid));

describe("a sandbox's cgroup", () => {
  // Two hundred processes that wait for the end of a file, and one that says how many the kernel let it make: a watch would end it too.
  const bomb =
    "perl -e 'pipe R, W; for (1..200) { my $p = fork; last if !defined $p; $n++; if (!$p) { close W; <R>; exit } } print \"$n of them\\n\"'";

  it("holds a fork bomb at its bound, at once", { skip: without("pids") }, async () => {
    const r = await inside(bomb, { processes: 50 });
    const made = Number(/^(\d+) of them$/m.exec(r.stdout)?.[1]);
    assert.ok(made > 10 && made < 50, r.all);
    assert.equal(r.bound, "bound: 50 processes");
    assert.equal(r.exitCode, undefined);
  });

  it("leaves one that keeps within it alone: the control", async () => {
    const r = await inside(bomb, { processes: 400 });
    assert.deepEqual([r.exitCode, r.bound, r.stdout], [0, undefined, "200 of them\n"]);
  });

  it("holds memory that several processes take, without a watch", { skip: without("memory") }, () => {
    for (const [mebibytes, bound] of [
      [100, "bound: memory 100 MiB"],
      [800, undefined],
    ] as const) {
      const cgroup = sandboxCgroup({ ...BOUNDS, memory: mebibytes * 1024 * 1024 });
      const script = "for i in 1 2 3; do perl -e '$x = q(x) x 60000000; sleep 1' & done; wait";
      const [file = "", ...args] = cgroup?.entering(["sh", "-c", script]) ?? [];
      spawnSync(file, args);
      assert.equal(cgroup?.hit(), bound);
      cgroup?.remove();
    }
  });

  it("ends what goes on when the bound was hit", { skip: without("pids") }, async () => {
    const r = await inside(`${bomb}; while :; do sleep 1; done`, { processes: 50 });
    assert.equal(r.bound, "bound: 50 processes");
    assert.ok(r.seconds < 10);
  });

  it("holds a program that is talked to as well", { skip: without("pids") }, async () => {
    const program = await start("sh", ["-c", bomb], {
      sockets: 0,
      sandbox: { writable: [], bounds: { processes: 50 } },
    });
    await program.ended;
    assert.match(program.stderr(), /^ended \(bound: 50 processes\)$/m);
  });

  it("is not seen from inside, nor any other", async () => {
    const { stdout } = await inside("cut -d: -f3- /proc/self/cgroup; grep -c cgroup /proc/mounts; ls -d /sys", {});
    assert.match(stdout, /^(\/\n)+0\n$/);
  });

  it("is gone behind it", async () => {
    await inside("setsid sleep 60 & true", {});
    for (let i = 0; i < 20 && ours().length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(ours(), []);
  });

  it("is removed by a later run, where kport was killed", { skip: without("pids") }, async () => {
    const program = `
      const { sandboxCgroup } = await import(${JSON.stringify(path.join(projectRoot(), "src/machine/sandbox-cgroup.ts"))});
      const { BOUNDS } = await import(${JSON.stringify(path.join(projectRoot(), "src/machine/bounds.ts"))});
      const cgroup = sandboxCgroup(BOUNDS);
      console.log(cgroup.entering([]).filter((w) => w.includes("/kport-")).join("\\n"));
      if (process.argv[1] === "killed") process.kill(process.pid, "SIGKILL");
      cgroup.remove();`;
    const left = (how: string): string[] =>
      spawnSync(process.execPath, ["--input-type=module", "-e", program, how], { encoding: "utf8" })
        .stdout.trim()
        .split("\n");
    const killed = left("killed");
    assert.ok(killed.length > 0 && killed.every((dir) => existsSync(dir)), killed.join());
    left("not");
    assert.deepEqual(
      killed.filter((dir) => existsSync(dir)),
      [],
    );
  });
});

describe("where cgroups are made", () => {
  let top: string;
  before(async () => {
    top = await mkdtemp(path.join(os.tmpdir(), "kport-cgroup-test-"));
  });
  after(() => rm(top, { recursive: true }));

  /** A version 2 tree as the kernel shows it, in a folder. */
  const tree = async (name: string, groups: Record<string, Record<string, string>>): Promise<string> => {
    const dir = path.join(top, name);
    for (const [group, files] of Object.entries(groups)) {
      await mkdir(path.join(dir, group), { recursive: true });
      for (const [file, text] of Object.entries(files)) await writeFile(path.join(dir, group, file), `${text}\n`);
    }
    return dir;
  };
  const mounted = (point: string, root = "/"): string =>
    `24 1 0:21 / /sys rw - sysfs sysfs rw\n30 24 0:26 ${root} ${point} rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n`;
  const HANDS_DOWN = { "cgroup.subtree_control": "cpu memory pids", "memory.max": "max", "pids.max": "max" };

  it("is in version 2 the nearest above that hands its controllers down", async () => {
    const point = await tree("user", {
      "": HANDS_DOWN,
      "user.slice": HANDS_DOWN,
      "user.slice/app.slice": { ...HANDS_DOWN, "cgroup.subtree_control": "pids" },
      "user.slice/app.slice/shell.scope": { "cgroup.subtree_control": "", "pids.max": "9000", "memory.max": "max" },
    });
    assert.deepEqual(cgroupPlaces("0::/user.slice/app.slice/shell.scope\n", mounted(point)), [
      { dir: path.join(point, "user.slice/app.slice"), version: 2, controllers: ["pids"] },
    ]);
    assert.deepEqual(cgroupPlaces("0::/\n", mounted(point)), [
      { dir: point, version: 2, controllers: ["pids", "memory"] },
    ]);
  });

  it("leaves none that bounds more than a sandbox's", async () => {
    for (const own of [
      { "pids.max": "100", "memory.max": "max" },
      { "pids.max": "max", "memory.max": "1048576" },
    ]) {
      const point = await tree("service", { "": HANDS_DOWN, service: { "cgroup.subtree_control": "", ...own } });
      assert.deepEqual(cgroupPlaces("0::/service\n", mounted(point)), []);
    }
  });

  it("is nowhere in a container that is handed nothing", async () => {
    const point = await tree("container", { "": { "cgroup.subtree_control": "" } });
    assert.deepEqual(cgroupPlaces("0::/\n", mounted(point)), []);
    // Another's namespace: its own lies above what is mounted.
    assert.deepEqual(cgroupPlaces("0::/elsewhere\n", mounted(point, "/docker/x")), []);
  });

  it("is in version 1 one's own, of each controller", () => {
    const mounts = [
      "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
      "39 31 0:36 /docker/x /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids",
      "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd",
      "41 31 0:38 / /nowhere/unified rw - cgroup2 cgroup2 rw",
    ].join("\n");
    assert.deepEqual(cgroupPlaces("9:name=systemd:/\n8:pids:/docker/x/y\n5:devices:/\n4:memory:/job\n0::/\n", mounts), [
      { dir: "/sys/fs/cgroup/memory/job", version: 1, controllers: ["memory"] },
      { dir: "/sys/fs/cgroup/pids/y", version: 1, controllers: ["pids"] },
    ]);
  });
});
