/** The one door to a folder that a stranger's process wrote in, and what must not come through it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, link, mkdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { StageError } from "../../src/machine/errors.ts";
import {
  copyUntrusted,
  filesOfUntrusted,
  readNamed,
  readRegular,
  readUntrusted,
  requireNoLinkOut,
} from "../../src/machine/untrusted-folder.ts";
import { describeModules, modulesAmong } from "../../src/stages/capture/captured-modules.ts";
import { builtSymbols } from "../../src/stages/capture/siblings.ts";
import { temporaryFolder } from "../toolchain/fakes.ts";
import { put } from "./entry.ts";

/** A folder of a stranger's, beside a file of the user's. */
async function given(
  t: TestContext,
  files: Readonly<Record<string, string>> = {},
): Promise<{ base: string; folder: string }> {
  const base = await temporaryFolder(t);
  const folder = path.join(base, "stranger");
  await put(base, { "mine/secret": "mine", "stranger-too/x": "a neighbour whose name begins the same" });
  await put(folder, { plain: "plain", ...files });
  return { base, folder };
}

const refusal = (says: RegExp) => (e: Error) => e instanceof StageError && says.test(e.message);

const FILES: readonly {
  what: string;
  make: (folder: string, base: string) => Promise<unknown>;
  name?: string;
  says: RegExp;
}[] = [
  {
    what: "a link to a file of the user's",
    make: (f, b) => symlink(path.join(b, "mine/secret"), path.join(f, "x")),
    says: /"x" is a symbolic link that leads out/,
  },
  { what: "a relative link out", make: (f) => symlink("../mine/secret", path.join(f, "x")), says: /leads out/ },
  {
    what: "a file below a link to a folder",
    make: (f) => symlink("../mine", path.join(f, "x")),
    name: "x/secret",
    says: /leads out/,
  },
  {
    what: "a link to a link out",
    make: async (f) => {
      await symlink("y", path.join(f, "x"));
      await symlink("../mine/secret", path.join(f, "y"));
    },
    says: /leads out/,
  },
  { what: "a name that leads up", make: async () => undefined, name: "../mine/secret", says: /leads out/ },
  {
    what: "a neighbour whose name begins the same",
    make: async () => undefined,
    name: "../stranger-too/x",
    says: /leads out/,
  },
  { what: "a link to itself", make: (f) => symlink("x", path.join(f, "x")), says: /is not there/ },
  { what: "a link to nowhere", make: (f) => symlink("nowhere", path.join(f, "x")), says: /is not there/ },
  { what: "a folder", make: (f) => mkdir(path.join(f, "x")), says: /no regular file/ },
  {
    what: "a pipe that nobody writes to",
    make: async (f) => execFileSync("mkfifo", [path.join(f, "x")]),
    says: /no regular file/,
  },
  { what: "a device", make: (f) => symlink("/dev/zero", path.join(f, "x")), says: /leads out/ },
  {
    what: "a file without end",
    make: async (f) => {
      await writeFile(path.join(f, "x"), "");
      await truncate(path.join(f, "x"), 2 ** 40);
    },
    says: /has 1099511627776 bytes/,
  },
];

for (const { what, make, name = "x", says } of FILES) {
  test(`${what} is neither read nor copied`, async (t) => {
    const { base, folder } = await given(t);
    await make(folder, base);
    await assert.rejects(readUntrusted(folder, name), refusal(says));
    await assert.rejects(readUntrusted(folder, path.join(folder, name)), refusal(says));
    await assert.rejects(copyUntrusted(folder, name, path.join(base, "out")), refusal(says));
    await assert.rejects(stat(path.join(base, "out")));
  });
}

test("a plain file, one behind a link within, and one with a second name come through; what is copied is new, and only its right to execute comes along", async (t) => {
  const { base, folder } = await given(t, { "deep/program": "run" });
  await chmod(path.join(folder, "deep/program"), 0o4777);
  await symlink("deep", path.join(folder, "x"));
  await link(path.join(folder, "plain"), path.join(folder, "second"));
  assert.equal((await readUntrusted(folder, "x/program")).toString(), "run");
  await copyUntrusted(folder, "x/program", path.join(base, "program"));
  await copyUntrusted(folder, "second", path.join(base, "second"));
  assert.equal(await readFile(path.join(base, "program"), "utf8"), "run");
  assert.equal((await stat(path.join(base, "program"))).mode & 0o7777 & ~0o022, 0o755);
  assert.equal((await stat(path.join(base, "second"))).mode & 0o111, 0);
  assert.equal((await stat(path.join(base, "second"))).nlink, 1);
});

test("nothing is written over what is there, nor through a link", async (t) => {
  const { base, folder } = await given(t);
  for (const make of [
    () => writeFile(path.join(base, "out"), "kept"),
    () => symlink(path.join(base, "mine/secret"), path.join(base, "out2")),
    () => symlink("nowhere", path.join(base, "out3")),
  ])
    await make();
  for (const out of ["out", "out2", "out3"])
    await assert.rejects(copyUntrusted(folder, "plain", path.join(base, out)), /EEXIST/);
  assert.deepEqual(
    [await readFile(path.join(base, "out"), "utf8"), await readFile(path.join(base, "mine/secret"), "utf8")],
    ["kept", "mine"],
  );
});

test("links are not followed in listing, and one that leads out is named", async (t) => {
  const { folder } = await given(t, { "deep/a": "" });
  await symlink(".", path.join(folder, "deep/loop"));
  await symlink("../plain", path.join(folder, "deep/in"));
  await symlink("/nowhere/at/all", path.join(folder, "dangling"));
  await requireNoLinkOut(folder);
  assert.deepEqual(
    (await filesOfUntrusted(folder)).map((f) => path.relative(folder, f)),
    ["deep/a", "plain"],
  );
  await symlink("/usr", path.join(folder, "deep/usr"));
  await requireNoLinkOut(folder, ["/usr"]);
  await assert.rejects(requireNoLinkOut(folder), refusal(/"deep\/usr" is a symbolic link that leads out/));
  assert.deepEqual(
    (await filesOfUntrusted(folder)).map((f) => path.relative(folder, f)),
    ["deep/a", "plain"],
  );
});

test("folders within folders without end are refused", async (t) => {
  const { folder } = await given(t);
  execFileSync("sh", ["-c", "i=0; while [ $i -lt 150 ]; do mkdir d && cd d; i=$((i + 1)); done"], { cwd: folder });
  await assert.rejects(filesOfUntrusted(folder), refusal(/more than 100 of them/));
});

test("a source is a regular file: a pipe that `#line` names does not hold kport up", { timeout: 10_000 }, async (t) => {
  const { folder } = await given(t);
  execFileSync("mkfifo", [path.join(folder, "x.c")]);
  await assert.rejects(readRegular(path.join(folder, "x.c")), refusal(/no regular file/));
  await assert.rejects(readRegular("/dev/zero"), refusal(/no regular file/));
});

test("a source that a stranger's facts name is read where it is a regular file of the folders, and nowhere else", {
  timeout: 10_000,
}, async (t) => {
  const { base, folder } = await given(t);
  await symlink("../mine/secret", path.join(folder, "link"));
  execFileSync("mkfifo", [path.join(folder, "pipe")]);
  await writeFile(path.join(folder, "long"), "12345");
  assert.equal(readNamed(path.join(folder, "plain"), [folder])?.toString(), "plain");
  assert.equal(readNamed(path.join(base, "mine/secret"), [folder, path.join(base, "mine")])?.toString(), "mine");
  for (const name of ["link", "pipe", "absent", ".", "../mine/secret", "../stranger-too/x"])
    assert.equal(readNamed(path.join(folder, name), [folder]), undefined, name);
  assert.equal(readNamed("plain", [folder]), undefined);
  assert.equal(readNamed("/dev/zero", [folder, "/dev"]), undefined);
  assert.equal(readNamed(path.join(folder, "long"), [folder], 4), undefined);
});

const command = (over: object = {}) => ({
  file: "a.c",
  directory: "/WHERE",
  output: "a.o",
  arguments: ["clang", "-c", "-o", "a.o", "a.c"],
  ...over,
});
const FORGED: readonly { what: string; database: string; list?: string; says: RegExp }[] = [
  { what: "no JSON", database: "[", says: /no JSON/ },
  { what: "no list", database: "{}", says: /will not do/ },
  {
    what: "another shape",
    database: JSON.stringify([{ ...command(), arguments: "clang -c a.c" }]),
    says: /0\.arguments/,
  },
  { what: "a number for a name", database: JSON.stringify([{ ...command(), file: 3 }]), says: /0\.file/ },
  {
    what: "a line end in a name",
    database: JSON.stringify([command({ file: "a\n.c" })]),
    says: /0\.file: a path holds no line ends/,
  },
  {
    what: "a folder that is relative",
    database: JSON.stringify([command({ directory: "." })]),
    says: /0\.directory: must be absolute/,
  },
  {
    what: "a unit outside",
    database: JSON.stringify([command({ file: "/etc/a.c", arguments: ["clang", "/etc/a.c"] })]),
    says: /a unit outside of its folders: "\/etc\/a\.c"/,
  },
  {
    what: "a unit by ../",
    database: JSON.stringify([command({ file: "../../mine/a.c", arguments: ["clang", "../../mine/a.c"] })]),
    says: /a unit outside/,
  },
  {
    what: "a unit with a blank",
    database: JSON.stringify([command({ file: "a b.c", arguments: ["clang", "a b.c"] })]),
    says: /the name of a unit, "a b\.c"/,
  },
  {
    what: "a unit with a command",
    database: JSON.stringify([command({ file: "$(id).c", arguments: ["clang", "$(id).c"] })]),
    says: /the name of a unit/,
  },
  {
    what: "a folder that is nobody's",
    database: JSON.stringify([
      command({ directory: "/etc", file: "/WHERE/a.c", output: "/WHERE/a.o", arguments: ["clang", "/WHERE/a.c"] }),
    ]),
    says: /compiled in "\/etc"/,
  },
  {
    what: "a folder by ..",
    database: JSON.stringify([
      command({ directory: "/WHERE/..", file: "/WHERE/a.c", output: "/WHERE/a.o", arguments: ["clang", "/WHERE/a.c"] }),
    ]),
    says: /compiled in/,
  },
  {
    what: "a flag that loads",
    database: JSON.stringify([command({ arguments: ["clang", "-fplugin=x", "a.c"] })]),
    says: /"-fplugin=x"/,
  },
  {
    what: "an object outside, in the list",
    database: JSON.stringify([command()]),
    list: "a.o /etc/b.o",
    says: /an object outside of its folders: "\/etc\/b\.o"/,
  },
];

for (const { what, database, list = "a.o", says } of FORGED) {
  test(`a forged database is refused: ${what}`, async (t) => {
    const { base, folder } = await given(t, { "m.ko": "", "m.mod": list, "a.c": "", "a.o": "" });
    await put(base, { "out/compile_commands.json": database.replaceAll("/WHERE", folder) });
    await assert.rejects(
      describeModules(modulesAmong(await filesOfUntrusted(folder)), path.join(base, "out"), {
        root: folder,
        known: [],
        out: path.join(base, "ko"),
      }),
      refusal(says),
    );
  });
}

test("an honest database is taken", async (t) => {
  const { base, folder } = await given(t, { "m.ko": "module", "m.mod": "a.o b.o", "a.c": "", "a.o": "", "b.o": "" });
  await put(base, {
    "out/compile_commands.json": JSON.stringify([
      command({ directory: folder }),
      command({ directory: "/tmp", file: "try.c", output: "try.o" }),
    ]),
  });
  const [m] = await describeModules(modulesAmong(await filesOfUntrusted(folder)), path.join(base, "out"), {
    root: folder,
    known: [],
    out: path.join(base, "ko"),
  });
  assert.deepEqual(
    [m?.name, m?.objects.map((o) => o.kind), await readFile(m?.ko as string, "utf8")],
    ["m", ["c", "prebuilt"], "module"],
  );
});

for (const [what, line] of [
  ["a second line of another kind", "0x1\tf\tm\tEXPORT_SYMBOL\t\nall: ; id"],
  ["a name with a command", "0x1\t`id`\tm\tEXPORT_SYMBOL\t"],
  ["a symbol of half a line", "0x1\tf"],
  ["a kind that is none", "0x1\tf\tm\tPATH=/\t"],
] as const) {
  test(`symbols that modpost did not write are refused: ${what}`, async (t) => {
    const { folder } = await given(t, { "Module.symvers": `${line}\n` });
    await assert.rejects(builtSymbols(folder), refusal(/Module\.symvers holds a line that modpost does not write/));
  });
}
