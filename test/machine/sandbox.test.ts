/** The sandbox's own promises, each looked at from inside. What a makefile tries is in test/hostile. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { nameBound } from "../../src/machine/bounds.ts";
import { run, type RunResult, sandboxWorks } from "../../src/machine/process.ts";
import { complaintOf } from "../../src/machine/tool-failure.ts";
import { bubblewrapArguments, type Sandbox } from "../../src/machine/sandbox.ts";

let dir: string;
before(async () => {
  assert.equal(await sandboxWorks(), true, "these tests need bubblewrap to start");
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-sandbox-test-"));
});
after(() => rm(dir, { recursive: true, force: true }));

const inside = (script: string, sandbox: Partial<Sandbox> = {}): Promise<RunResult> =>
  run("sh", ["-c", script], {
    sandbox: { writable: [dir], ...sandbox },
    cwd: dir,
    allowFailure: true,
    timeout: 30_000,
  });

/** A system call by its number, and what came of it: `-1` and errno. */
const syscall = (number: number, ...args: (number | string)[]): Promise<RunResult> =>
  inside(`perl -e '$x = q(x) x 100; $! = 0; $r = syscall(${[number, ...args].join(", ")}); print "$r ", $! + 0'`);

describe("a program in the sandbox", () => {
  it("has no capability, and none to get", async () => {
    const { stdout } = await inside("grep -E '^(Cap|NoNewPrivs)' /proc/self/status");
    const sets = Object.fromEntries(
      stdout
        .trim()
        .split("\n")
        .map((l) => l.split(/:\s+/)),
    );
    assert.deepEqual(sets, {
      CapInh: "0".repeat(16),
      CapPrm: "0".repeat(16),
      CapEff: "0".repeat(16),
      CapBnd: "0".repeat(16),
      CapAmb: "0".repeat(16),
      NoNewPrivs: "1",
    });
    // Without a map as well: that is refused for /proc's sake alone.
    for (const words of ["unshare --user --map-root-user true", "unshare --user true", "unshare --user --mount true"])
      assert.notEqual((await inside(words)).exitCode, 0, words);
  });

  it("may write nothing but what is named, its /tmp and the harmless devices", async () => {
    // -writable asks the kernel (access(2)), which knows of read-only mounts.
    const { stdout } = await inside(
      "find / -writable ! -type l 2>/dev/null | grep -vE '^/proc/(self|thread-self|[0-9]+)/'",
    );
    const allowed = [
      "/dev/full",
      "/dev/null",
      "/dev/pts",
      "/dev/pts/ptmx",
      "/dev/random",
      "/dev/shm",
      "/dev/tty",
      "/dev/urandom",
      "/dev/zero",
      "/tmp",
    ];
    const found = stdout
      .trim()
      .split("\n")
      .filter((f) => f !== dir && !f.startsWith(`${dir}/`));
    assert.deepEqual(found.filter((f) => !allowed.includes(f)).slice(0, 20), []);
    assert.deepEqual(
      allowed.filter((f) => !found.includes(f)),
      [],
    );
  });

  it("cannot set what belongs to the machine's root in /proc", async () => {
    const before = readFileSync("/proc/sys/kernel/core_pattern", "utf8");
    const r = await inside(
      "for f in sys/kernel/core_pattern sys/kernel/modprobe sys/vm/drop_caches sysrq-trigger self/oom_score_adj 1/oom_score_adj; do (echo x > /proc/$f) 2>/dev/null && echo $f; done; true",
    );
    assert.equal(r.stdout, "");
    assert.equal(readFileSync("/proc/sys/kernel/core_pattern", "utf8"), before);
  });

  it("can change no mount", async () => {
    for (const command of [
      "mount -o remount,rw /usr",
      "mount -o remount,rw,bind /usr",
      "mount -t tmpfs none /tmp",
      "umount /usr",
    ])
      assert.notEqual((await inside(command)).exitCode, 0, command);
  });

  it("sees its own processes alone", async () => {
    const { stdout } = await inside(
      `ls /proc | grep -c '^[0-9]'; cat /proc/*/environ | tr '\\0' '\\n' | grep -c KPORT_PLANTED; kill -0 ${process.pid}`,
    );
    const [processes, planted] = stdout.split("\n").map(Number);
    assert.ok((processes as number) < 10, stdout);
    assert.equal(planted, 0);
  });

  it("comes after kport, which ends it", async () => {
    const { stdout } = await inside("nice");
    assert.equal(Number(stdout), Math.min(19, os.getPriority() + 10));
  });

  it("has a network of its own, with nothing in it", async () => {
    const { stdout } = await inside("tail -n +3 /proc/net/dev | cut -d: -f1; cat /proc/net/route | wc -l");
    assert.deepEqual(stdout.trim().split(/\s+/), ["lo", "1"]);
  });

  it("reaches neither keyrings, the kernel's log, nor what no namespace holds", async () => {
    const EPERM = "-1 1";
    for (const [name, number, ...args] of [
      ["syslog", 103, 3, 0, 0],
      ["add_key", 248, 0, 0, 0, 0, 0],
      ["request_key", 249, 0, 0, 0, 0],
      ["keyctl", 250, 0, -3, 0],
      ["perf_event_open", 298, 0, 0, 0, 0, 0],
      ["bpf", 321, 0, 0, 0],
      ["userfaultfd", 323, 0],
      ["io_uring_setup", 425, 1, 0],
    ] as const) {
      assert.equal((await syscall(number, ...args)).stdout, EPERM, name);
    }
    const [AF_ALG, AF_VSOCK, EAFNOSUPPORT] = [38, 40, 97];
    for (const family of [AF_ALG, AF_VSOCK])
      assert.equal((await syscall(41, family, 1, 0)).stdout, `-1 ${EAFNOSUPPORT}`);
    // The control: what builds use works.
    for (const family of [1, 2]) assert.match((await syscall(41, family, 1, 0)).stdout, /^\d+ 0$/);
    assert.match((await syscall(16, 0, 0x5412, "$x")).stdout, /^-1 1$/, "TIOCSTI");
    assert.match(
      (await syscall(16, 0, 0x5401, "$x")).stdout,
      /^-1 25$/,
      "TCGETS on what is no terminal is the kernel's to refuse",
    );
    assert.equal((await syscall(0x40000000 + 39)).stdout, "-1 38", "x32's getpid");
  });

  it("has an environment of named variables", async () => {
    process.env["KPORT_PLANTED"] = "secret";
    const { stdout } = await inside("env | cut -d= -f1 | sort");
    delete process.env["KPORT_PLANTED"];
    assert.deepEqual(
      stdout
        .trim()
        .split("\n")
        .filter((n) => !["PATH", "TZ", "TERM"].includes(n)),
      ["HOME", "LC_ALL", "PWD"],
    );
  });

  it("does not see what is hidden in what it may read", async () => {
    const shown = path.join(dir, "..", `${path.basename(dir)}-shown`);
    await mkdir(path.join(shown, ".git"), { recursive: true });
    await Promise.all([
      writeFile(path.join(shown, ".git/config"), "secret"),
      writeFile(path.join(shown, "gitlink"), "secret"),
      writeFile(path.join(shown, "seen"), "seen"),
    ]);
    const r = await inside(`cd ${shown}; ls -A .git; cat gitlink seen`, {
      readable: [shown],
      hidden: [path.join(shown, ".git"), path.join(shown, "gitlink"), path.join(shown, "absent")],
    });
    await rm(shown, { recursive: true });
    assert.equal(r.stdout, "seen");
  });

  it("is limited in each of its processes", async () => {
    const { stdout } = await inside("ulimit -c; ulimit -n; ulimit -p; ulimit -f", {
      bounds: { processes: 123, file: 1024 * 1024 },
    });
    assert.equal(stdout, "0\n4096\n123\n2048\n");
    assert.match(
      (await inside("truncate -s 2M sparse", { bounds: { file: 1024 * 1024 } })).all,
      /File (size limit exceeded|too large)/,
    );
    assert.match(
      (await inside("head -c 3000000 /dev/zero > /tmp/x", { bounds: { temporary: 1024 * 1024 } })).all,
      /No space left/,
    );
  });
});

describe("a bound that is hit", () => {
  const hits: [what: string, script: string, bounds: Sandbox["bounds"], bound: RegExp][] = [
    [
      "memory of several processes",
      "for i in 1 2 3 4; do perl -e '$x = q(x) x 60000000; sleep 20' & done; wait",
      { memory: 150 * 1024 * 1024 },
      /^bound: memory 150 MiB$/,
    ],
    ["processes", "for i in $(seq 60); do sleep 20 & done; wait", { processes: 50 }, /^bound: 50 processes$/],
    [
      "disk",
      "for i in 1 2 3 4 5 6; do head -c 1000000 /dev/zero > $i; done; sleep 20",
      { disk: 4 * 1024 * 1024 },
      /^bound: disk 4 MiB$/,
    ],
    ["files", "seq 3000 | xargs touch; sleep 20", { entries: 2000 }, /^bound: 2000 files$/],
  ];
  for (const [what, script, bounds, bound] of hits) {
    it(`ends it, and is named: ${what}`, async () => {
      const own = await mkdtemp(path.join(dir, "bound-"));
      const r = await run("sh", ["-c", script], {
        sandbox: { writable: [own], bounds },
        cwd: own,
        allowFailure: true,
        timeout: 15_000,
      });
      await rm(own, { recursive: true });
      assert.match(r.bound ?? "none", bound);
      assert.equal(r.exitCode, undefined);
    });
  }

  it("ends a program that prints without end, and names it in the error", async () => {
    await assert.rejects(
      run("yes", [], { sandbox: { writable: [] }, output: 1024 * 1024, timeout: 30_000 }),
      /yes was ended \(bound: output 1 MiB\)/,
    );
    assert.match(
      complaintOf(await run("yes", [], { output: 1024 * 1024, allowFailure: true })),
      /ended \(bound: output 1 MiB\)/,
    );
  });

  it("ends at its time what leaves its session and holds the output", async () => {
    const started = performance.now();
    for (const sandbox of [{ writable: [] }, undefined]) {
      const r = await run("sh", ["-c", "echo begun; setsid sleep 300 & sleep 300"], {
        sandbox,
        timeout: 500,
        allowFailure: true,
      });
      assert.equal(r.bound, "bound: time 0.5 s");
      assert.equal(r.timedOut, true);
      assert.equal(r.stdout, "begun\n");
    }
    assert.ok(performance.now() - started < 10_000);
  });

  it("leaves what keeps within it alone", async () => {
    const r = await inside("head -c 1000000 /dev/zero > a; sleep 1; echo done", {
      bounds: { memory: 100 * 1024 * 1024, processes: 50, disk: 4 * 1024 * 1024 },
    });
    assert.deepEqual([r.exitCode, r.bound, r.stdout], [0, undefined, "done\n"]);
  });

  it("has a name a person can look up", () => {
    assert.equal(nameBound("memory", 8 * 1024 ** 3, "bytes"), "bound: memory 8 GiB");
    assert.equal(nameBound("time", 1_800_000, "ms"), "bound: time 30 min");
  });
});

it("what a program leaves running ends with it", async () => {
  const mark = path.join(dir, "alive");
  await inside(`setsid sh -c 'while :; do date +%N > ${mark}; sleep 0.05; done' >/dev/null 2>&1 & sleep 0.3`);
  const then = await readFile(mark, "utf8");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await readFile(mark, "utf8"), then);
});

it("the control: without the words that take capabilities and /proc away, these tests would see it", async () => {
  // bubblewrap as it was: as root, all of them are kept.
  const old = bubblewrapArguments(
    { writable: [] },
    ["sh", "-c", "grep CapEff /proc/self/status; test -w /proc/sys/kernel/core_pattern && echo writable"],
    { cwd: "/", env: { PATH: process.env["PATH"] ?? "" }, filter: 0 },
  );
  const words = old.filter(
    (w, i) =>
      !["--cap-drop", "--remount-ro", "--disable-userns", "--seccomp"].includes(w) &&
      !["--cap-drop", "--remount-ro", "--seccomp"].includes(old[i - 1] as string),
  );
  const { stdout } = await run("bwrap", words);
  if (process.getuid?.() === 0) assert.match(stdout, /CapEff:\s+0*[1-9a-f][0-9a-f]*\nwritable/);
  else assert.match(stdout, /CapEff:\s+0{16}/);
});
