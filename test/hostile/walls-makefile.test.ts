/** What a makefile tries against the machine it is built on: each attack by the real make, in the real sandbox, with things planted for it to find. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Bounds } from "../../src/machine/bounds.ts";
import { run, type RunResult } from "../../src/machine/process.ts";
import { removeFolder } from "../../src/machine/remove-folder.ts";

/** No attack may bring this word into what its makefile prints or leaves. */
const SECRET = "kport-planted-secret";

let top: string;
let server: Server;
let port: number;
let heard = 0;
const given: Record<string, string | undefined> = {};

before(async () => {
  top = await mkdtemp(path.join(os.homedir(), ".kport-hostile-"));
  for (const dir of ["cache/core", "tools", "workspace/.git", ".ssh"])
    await mkdir(path.join(top, dir), { recursive: true });
  for (const file of ["cache/core/libcore.rlib", "tools/c2rust", "workspace/.git/config", ".ssh/id_ed25519", ".netrc"])
    await writeFile(path.join(top, file), SECRET);
  // As a runner's environment holds tokens; make's parent is this process.
  for (const name of ["GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "INPUT_TOKEN", "AWS_SECRET_ACCESS_KEY"]) {
    given[name] = process.env[name];
    process.env[name] = SECRET;
  }
  server = createServer((s) => {
    heard++;
    s.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  port = (server.address() as { port: number }).port;
});
after(async () => {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  server.close();
  await rm(top, { recursive: true, force: true });
});

interface Attack {
  name: string;
  /** Shell lines of a recipe; they may fail. `TOP` is the planted home, `PORT` a server on this machine. */
  lines: string;
  bounds?: Partial<Bounds>;
  timeout?: number;
  holds?: (r: RunResult) => void;
}

const bound =
  (name: RegExp) =>
  (r: RunResult): void => {
    assert.match(r.bound ?? "none", name);
    assert.ok(r.seconds < 60);
  };

const ATTACKS: Attack[] = [
  {
    name: "reads the home folder, keys and tokens",
    lines: "cat TOP/.netrc TOP/.ssh/* TOP/workspace/.git/config ~/.netrc /root/.netrc /home/*/.netrc",
  },
  {
    name: "reads its environment and that of all it sees",
    lines: "env; cat /proc/*/environ /proc/*/cmdline /proc/*/task/*/environ",
  },
  {
    name: "reads its parents' memory",
    lines: `for p in $$PPID ${process.pid} 1; do head -c 100 /proc/$$p/mem; ls -l /proc/$$p/fd /proc/$$p/cwd /proc/$$p/root/; cat /proc/$$p/root/TOP/.netrc; done`,
  },
  {
    name: "finds another way to a file by its number",
    lines: "find / -name .netrc -exec cat {} + ; find / -inum 2 -maxdepth 1 -exec ls {} +",
  },
  {
    name: "writes to system, home, cache and tools",
    lines:
      'for f in /usr/bin/kport-owned /usr/lib/kport-owned /etc/kport-owned /kport-owned /dev/kport-owned TOP/kport-owned TOP/cache/core/libcore.rlib TOP/tools/c2rust /var/tmp/kport-owned /run/kport-owned; do (echo owned > $$f) && echo "WROTE $$f"; done',
    holds: (r) => {
      assert.doesNotMatch(r.stdout, /^WROTE/m);
      for (const f of ["cache/core/libcore.rlib", "tools/c2rust"])
        assert.equal(readFileSync(path.join(top, f), "utf8"), SECRET);
    },
  },
  {
    name: "makes its folders writable first",
    lines:
      "mount -o remount,rw / ; mount -o remount,bind,rw /usr; mount --bind /tmp /usr/bin; umount -l /usr; chmod u+w /usr/bin; touch /usr/bin/kport-owned && echo OWNED",
    holds: (r) => assert.doesNotMatch(r.stdout, /OWNED/),
  },
  {
    name: "takes capabilities in a namespace",
    lines:
      "for n in '-U' '-Um' '-Ur' '-Urm' '-Urn' '-Up'; do unshare $$n sh -c 'echo OWNED; mount -t tmpfs none /usr && echo OWNED'; done; true",
    holds: (r) => assert.doesNotMatch(r.stdout, /OWNED/),
  },
  {
    name: "sets what is the machine's in /proc and /sys",
    lines:
      "for f in sys/kernel/core_pattern sys/kernel/modprobe sys/kernel/hostname sys/vm/overcommit_memory sysrq-trigger irq/default_smp_affinity; do (echo /tmp/x > /proc/$$f) && echo OWNED; done; ls /sys && echo OWNED; true",
    holds: (r) => assert.doesNotMatch(r.stdout, /OWNED/),
  },
  {
    name: "makes devices",
    lines:
      "mknod /tmp/sda b 8 0; mknod ./mem c 1 1; for d in /tmp/sda ./mem /dev/vda /dev/sda /dev/mem /dev/kmsg /dev/kvm; do head -c 1 $$d >/dev/null && echo OWNED $$d; done; true",
    holds: (r) => assert.doesNotMatch(r.stdout, /OWNED/),
  },
  {
    name: "calls home",
    lines: `perl -MIO::Socket::INET -e 'for (qw(127.0.0.1 10.0.0.1 169.254.169.254 1.1.1.1)) { print "OWNED $$_" if IO::Socket::INET->new(PeerAddr => $$_, PeerPort => PORT, Timeout => 2) }'; getent hosts github.com && echo OWNED; true`,
    holds: (r) => {
      assert.doesNotMatch(r.stdout, /OWNED/);
      assert.equal(heard, 0);
    },
  },
  {
    name: "kills what runs outside",
    lines: `kill -9 ${process.pid} $$PPID; kill -9 -1; true`,
    bounds: {},
    holds: (r) => assert.equal(r.exitCode, 137),
  },
  // A slow one, that doubles twice a second: where there is no cgroup, the kernel does not count root's, and an honest bomb would take the machine.
  {
    name: "is a fork bomb",
    lines: "perl -e 'while (1) { fork; select(undef, undef, undef, 0.5) }'",
    bounds: { processes: 64 },
    holds: bound(/^bound: 64 processes$/),
  },
  { name: "prints without end", lines: "yes kport", holds: bound(/^bound: output 64 MiB$/) },
  { name: "runs without end", lines: "while :; do :; done", timeout: 1500, holds: bound(/^bound: time 1\.5 s$/) },
  {
    name: "leaves a process that holds the output, and ignores what ends others",
    lines: "setsid sh -c 'trap \"\" TERM INT HUP PIPE; sleep 300' & sleep 300",
    timeout: 1500,
    holds: bound(/^bound: time 1\.5 s$/),
  },
  {
    name: "takes all memory, in many processes",
    lines: "for i in 1 2 3 4 5 6 7 8; do perl -e '$$x = q(x) x 80000000; sleep 60' & done; wait",
    bounds: { memory: 300 * 1024 * 1024 },
    holds: bound(/^bound: memory 300 MiB$/),
  },
  {
    name: "takes all memory by /tmp and /dev/shm",
    lines:
      "cat /dev/zero > /tmp/a; cat /dev/zero > /dev/shm/a; cat /dev/zero > /a; du -m /tmp/a /dev/shm/a | awk '{ s += $$1 } END { print \"MiB\", s }'",
    bounds: { temporary: 16 * 1024 * 1024 },
    holds: (r) => assert.ok(Number(/MiB (\d+)/.exec(r.stdout)?.[1]) <= 16 + 64, r.stdout),
  },
  {
    name: "makes a sparse file",
    lines: "truncate -s 100G sparse; ls -s sparse; true",
    holds: (r) => assert.match(r.all, /File (too large|size limit exceeded)/),
  },
  {
    name: "fills the disk",
    lines: "i=0; while :; do i=$$((i+1)); head -c 1000000 /dev/zero > f$$i; done",
    bounds: { disk: 20_000_000 },
    holds: bound(/^bound: disk 19\.1 MiB$/),
  },
  {
    name: "uses up the disk's files",
    lines: "mkdir d; i=0; while :; do i=$$((i+1)); : > d/$$i; done",
    bounds: { entries: 3000 },
    holds: bound(/^bound: 3000 files$/),
  },
  {
    name: "nests folders without end",
    lines: "perl -e 'while (1) { mkdir q(d) or last; chdir q(d) or last; }'; chmod 0 .; sleep 30",
    holds: bound(/^bound: 256 nested folders$/),
  },
];

describe("a makefile that", () => {
  for (const attack of ATTACKS) {
    it(attack.name, async () => {
      const dir = await mkdtemp(path.join(os.tmpdir(), "kport-attack-"));
      try {
        const filled = attack.lines.replaceAll("TOP", top).replaceAll("PORT", String(port));
        await writeFile(path.join(dir, "Makefile"), `all:\n\t-${filled}\n`);
        const r = await run("make", ["-s"], {
          cwd: dir,
          allowFailure: true,
          timeout: attack.timeout ?? 60_000,
          sandbox: { writable: [dir], ...(attack.bounds ? { bounds: attack.bounds } : {}) },
        });
        attack.holds?.(r);
        if (attack.bounds === undefined && attack.timeout === undefined && r.bound === undefined)
          assert.equal(r.exitCode, 0, `make itself ran to its end: ${r.all.slice(-500)}`);
        assert.doesNotMatch(r.all, new RegExp(SECRET));
        for (const f of [
          "/usr/bin/kport-owned",
          "/usr/lib/kport-owned",
          "/etc/kport-owned",
          "/kport-owned",
          "/var/tmp/kport-owned",
          path.join(top, "kport-owned"),
        ])
          assert.equal(existsSync(f), false, f);
        assert.deepEqual(
          (await readdir(dir)).filter((n) => n === "mem"),
          [],
        );
      } finally {
        await removeFolder(dir);
        assert.equal(existsSync(dir), false);
      }
    });
  }
});

it("the control: without the sandbox, what is planted is found", async () => {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-attack-"));
  await writeFile(
    path.join(dir, "Makefile"),
    `all:\n\t@cat ${top}/.netrc; echo; cat /proc/${process.pid}/environ | tr '\\0' '\\n' | grep -c HOME\n`,
  );
  const r = await run("make", [], { cwd: dir });
  await rm(dir, { recursive: true });
  assert.equal(r.stdout, `${SECRET}\n1\n`);
});
