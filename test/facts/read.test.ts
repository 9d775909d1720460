import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { readFacts } from "../../src/facts/read.ts";
import type { Facts } from "../../src/facts/schema.ts";
import { StageError } from "../../src/machine/errors.ts";
import { run } from "../../src/machine/process.ts";
import { factsOf } from "./facts-of.ts";

let dir: string;
let good: Facts;
before(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "kport-read-"));
  good = (
    await factsOf(
      "struct s { int a; struct s *next; };\nenum e { ONE = 1 };\n#define LONG 6\nstruct a { char name[LONG]; };\nint table[LONG][2];\n#define TWICE(x) ((x) * 2)\nint f(struct s *p) { int q = TWICE(ONE); /* c */ return p->a + q; }\n",
    )
  ).facts;
});
after(() => rm(dir, { recursive: true, force: true }));

const refused = async (text: string, why: RegExp): Promise<void> => {
  const file = path.join(dir, "facts.json");
  await writeFile(file, text);
  await assert.rejects(
    readFacts(file, "/somewhere/unit.c"),
    (e: unknown) =>
      e instanceof StageError && e.check === "facts" && e.message.includes("unit.c") && why.test(e.message),
  );
};

describe("a facts file that the plugin did not write so", () => {
  it("is taken when nothing is wrong with it", async () => {
    const file = path.join(dir, "good.json");
    await writeFile(file, JSON.stringify(good));
    assert.deepEqual(await readFacts(file, "unit.c"), good);
  });

  it("is refused when it is missing, half written, or of another form", async () => {
    const text = JSON.stringify(good);
    await assert.rejects(readFacts(path.join(dir, "none"), "unit.c"), /unit\.c.*is not there/);
    await refused(text.slice(0, text.length / 2), /no JSON/);
    await refused("", /no JSON/);
    await refused(JSON.stringify({ ...good, version: 2 }), /version is not of the form/);
    await refused(JSON.stringify({ ...good, more: 1 }), /not of the form/);
    await refused(JSON.stringify({ ...good, nodes: [{ k: "other" }] }), /nodes\.0/);
  });

  it("is refused without being followed when it is a link, a pipe, or too large", async () => {
    const link = path.join(dir, "link");
    await symlink("/etc/passwd", link);
    await assert.rejects(
      readFacts(link, "unit.c"),
      (e: Error) => /is a link/.test(e.message) && !/root:/.test(e.message),
    );
    const pipe = path.join(dir, "pipe");
    await run("mkfifo", [pipe]);
    await assert.rejects(readFacts(pipe, "unit.c"), /no plain file/);
    const large = path.join(dir, "large");
    await writeFile(large, "");
    await truncate(large, 5e9);
    await assert.rejects(readFacts(large, "unit.c"), /MiB/);
  });

  it("is refused where an index leads nowhere, or round in a circle", async () => {
    const changed = (change: (f: Facts) => void): string => {
      const f = structuredClone(good);
      change(f);
      return JSON.stringify(f);
    };
    const at = <K extends string>(f: Facts, kind: K) => f.nodes.findIndex((n) => n.k === kind);
    const cases: [RegExp, (f: Facts) => void][] = [
      [/nodes\.\d+: it is made of/, (f) => Object.assign(f.nodes[at(f, "binary")]!, { left: at(f, "binary") })],
      [/nodes\.\d+: it is made of/, (f) => Object.assign(f.nodes[at(f, "binary")]!, { right: 1e9 })],
      [/nodes\.\d+: its type/, (f) => Object.assign(f.nodes[at(f, "binary")]!, { t: 99_999 })],
      [/nodes\.\d+: it refers to no/, (f) => Object.assign(f.nodes[at(f, "reference")]!, { decl: 99_999 })],
      [/nodes\.\d+: there is no such member/, (f) => Object.assign(f.nodes[at(f, "member")]!, { field: 2 })],
      [/nodes\.\d+: it stands nowhere/, (f) => Object.assign(f.nodes[0]!, { p: f.paths.length + 1 })],
      [/nodes\.\d+: it stands nowhere/, (f) => Object.assign(f.nodes[0]!, { place: { f: 9, b: 0, e: 0, l: 1 } })],
      [
        /an initialiser does not stand before/,
        (f) =>
          Object.assign(f.declarations.find((d) => d.k === "variable" && d.initialiser !== undefined)!, {
            initialiser: f.nodes.length - 1,
          }),
      ],
      [
        /declarations\.\d+: its array's bounds/,
        (f) =>
          Object.assign(f.declarations.find((d) => d.k === "variable" && d.bounds !== undefined)!, { bounds: [1e9] }),
      ],
      [
        /declarations\.\d+: its array's bounds/,
        (f) => {
          const table = f.declarations.find((d) => d.k === "variable" && d.bounds !== undefined);
          if (table?.k === "variable") table.bounds = [...table.bounds!, table.bounds![0]!];
        },
      ],
      [
        /declarations\.\d+: the bounds of a field/,
        (f) => {
          const length = f.nodes.find((n) => n.k === "integer" && n.v === "6");
          Object.assign(length!, { v: "7" });
        },
      ],
      [/types\.\d+ is made of/, (f) => void f.types.push({ k: "pointer", to: f.types.length })],
      [
        /types\.\d+ names a declaration/,
        (f) => void f.types.push({ k: "enum", decl: f.declarations.findIndex((d) => d.k === "record") }),
      ],
      [
        /declarations\.\d+: its body/,
        (f) => Object.assign(f.declarations.find((d) => d.k === "function" && d.body !== undefined)!, { body: 99_999 }),
      ],
      [
        /declarations\.\d+: an enumerator/,
        (f) => Object.assign(f.declarations.find((d) => d.k === "enum")!, { enumerators: [0, 99_999] }),
      ],
      [
        /declarations\.\d+: a field/,
        (f) =>
          Object.assign(f.declarations.find((d) => d.k === "record")!, {
            fields: [{ type: 99_999, offset: 0, place: { f: 0, b: 0, e: 0, l: 1 } }],
          }),
      ],
      [/paths\.0 leads on/, (f) => Object.assign(f.paths[0]!, { up: 5 })],
      [/paths\.0 leads through/, (f) => Object.assign(f.paths[0]!, { x: 99_999 })],
      [/expansions\.0 is of no macro/, (f) => Object.assign(f.expansions[0]!, { macro: 99_999 })],
      [/top\.0/, (f) => Object.assign(f, { top: [99_999] })],
      [/comments\.0/, (f) => Object.assign(f.comments[0]!, { place: { f: 0, b: 9, e: 2, l: 1 } })],
      [/not of the form/, (f) => Object.assign(f, { top: [-1] })],
    ];
    for (const [why, change] of cases) await refused(changed(change), why);
  });
});
