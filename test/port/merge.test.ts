/** Re-porting over what people changed: nothing of theirs is overwritten, and what cannot be merged is named. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { PortFiles } from "../../src/port/files.ts";
import { blobId } from "../../src/port/git-objects.ts";
import { readManifest, writeManifest } from "../../src/port/manifest.ts";
import { listingOf, mergePort } from "../../src/port/merge-port.ts";
import { mergeText } from "../../src/port/merge-text.ts";
import type { Texts } from "../e2e/port-scene.ts";
import { lines, portFiles } from "../e2e/port-scene.ts";

const BINARY = Buffer.from([0, 1]);

/** What becomes of `theirs`; `lost`: contents that cannot be read any more. */
async function merge(last: Texts, now: Texts, theirs: Texts, lost: Texts = {}) {
  const [b, n, t] = [last, now, theirs].map(portFiles) as [PortFiles, PortFiles, PortFiles];
  const gone = new Set([...portFiles(lost).values()].map((f) => blobId(f.content)));
  const blobs = new Map([...b.values(), ...n.values(), ...t.values()].map((f) => [blobId(f.content), f.content]));
  const merged = await mergePort(listingOf(b), n, listingOf(t), async (sha) =>
    gone.has(sha) ? undefined : blobs.get(sha),
  );
  const content = (sha: string) => (merged.contents.get(sha) ?? blobs.get(sha)!).toString();
  return {
    files: Object.fromEntries(
      [...merged.listing].map(([p, e]) => [p, `${e.mode === "100644" ? "" : `${e.mode} `}${content(e.sha)}`]),
    ),
    kept: merged.kept,
    conflicts: merged.conflicts,
  };
}

describe("a port merged into what people made of the last one", () => {
  it("takes the generated where people changed nothing, and people's where nothing new is generated", async () => {
    const { files, kept, conflicts } = await merge(
      { a: "1", b: "1", c: "1", d: "1", x: ["100644", "s"] },
      { a: "2", b: "1", c: "1", e: "2", x: ["100755", "s"] },
      { a: "1", b: "by hand", d: "1", own: "theirs", x: ["100644", "s"] },
    );
    assert.deepEqual(files, { a: "2", b: "by hand", e: "2", own: "theirs", x: "100755 s" });
    assert.deepEqual(kept, ["b", "c"], "a file removed by hand stays removed");
    assert.deepEqual(conflicts, []);
  });

  it("joins changes in different places of a file, and a changed mode with changed lines", async () => {
    const { files, kept, conflicts } = await merge(
      { a: lines("l", 9) },
      { a: lines("l", 9, { 8: "generated" }) },
      { a: ["100755", lines("l", 9, { 2: "by hand" })] },
    );
    assert.deepEqual(files, { a: `100755 ${lines("l", 9, { 2: "by hand", 8: "generated" })}` });
    assert.deepEqual(kept, ["a"]);
    assert.deepEqual(conflicts, []);
  });

  it("takes the same change on both sides as one", async () => {
    const { files, conflicts } = await merge(
      { a: lines("l", 9) },
      { a: lines("l", 9, { 2: "x", 8: "y" }) },
      { a: lines("l", 9, { 2: "x" }) },
    );
    assert.deepEqual(files, { a: lines("l", 9, { 2: "x", 8: "y" }) });
    assert.deepEqual(conflicts, []);
  });

  it("leaves a file as people have it where both changed a line, and shows the place", async () => {
    const theirs = lines("l", 9, { 5: "by hand" });
    const { files, conflicts } = await merge(
      { a: lines("l", 9) },
      { a: lines("l", 9, { 5: "generated", 8: "too" }) },
      { a: theirs },
    );
    assert.deepEqual(files, { a: theirs });
    assert.deepEqual(
      conflicts.map(({ path: p, places }) => ({ p, places })),
      [{ p: "a", places: [{ line: 5, last: ["l 5"], now: ["generated"], theirs: ["by hand"] }] }],
    );
  });

  const named: [string, Texts, Texts, Texts, RegExp][] = [
    ["was removed by hand and is generated otherwise", { a: "1" }, { a: "2" }, {}, /was removed by hand/],
    ["was changed by hand and is not generated any more", { a: "1" }, {}, { a: "by hand" }, /not generated any more/],
    [
      "is there, with nothing known of an earlier port",
      {},
      { a: "2" },
      { a: "by hand" },
      /nothing tells what was generated before/,
    ],
    [
      "is not text",
      { a: ["100644", BINARY] },
      { a: ["100644", Buffer.from([0, 2])] },
      { a: ["100644", Buffer.from([0, 3])] },
      /is not text/,
    ],
    ["got two modes", { a: "1" }, { a: ["100755", "1"] }, { a: ["120000", "1"] }, /third one/],
    [
      "is a link that both sides turned",
      { a: ["120000", "x"] },
      { a: ["120000", "y"] },
      { a: ["120000", "z"] },
      /is a link/,
    ],
    ["is generated where people keep a folder", {}, { a: "2" }, { "a/own": "theirs" }, /something else of that name/],
    [
      "is generated below what people keep as a file",
      {},
      { "a/b": "2" },
      { a: "theirs" },
      /something else of that name/,
    ],
  ];
  for (const [what, last, now, theirs, why] of named) {
    it(`names a file that ${what}, and leaves it`, async () => {
      const { files, conflicts } = await merge(last, now, theirs);
      assert.deepEqual(Object.keys(files), Object.keys(theirs));
      assert.equal(conflicts.length, 1);
      assert.match(conflicts[0]!.why, why);
    });
  }

  it("names a file whose last generated version is lost", async () => {
    const { files, conflicts } = await merge(
      { a: lines("l", 9) },
      { a: lines("l", 9, { 8: "g" }) },
      { a: lines("l", 9, { 2: "h" }) },
      { a: lines("l", 9) },
    );
    assert.deepEqual(files, { a: lines("l", 9, { 2: "h" }) });
    assert.match(conflicts[0]!.why, /not in the repository any more/);
  });

  it("never loses what people have, whatever the three are", async () => {
    const content = fc.constantFrom("1", "2", "3", lines("l", 5), lines("l", 5, { 1: "x" }), lines("l", 5, { 5: "y" }));
    const folder = fc
      .dictionary(fc.constantFrom("a", "b", "d/a", "d"), content)
      .filter((f) => !("d" in f && "d/a" in f));
    await fc.assert(
      fc.asyncProperty(folder, folder, folder, async (last, now, theirs) => {
        const { files, conflicts, kept } = await merge(last, now, theirs);
        for (const [p, text] of Object.entries(theirs)) {
          if (last[p] === text || files[p] === text) continue;
          // Changed by hand and not as it was: then merged line by line, and every line they brought is there.
          assert.ok(kept.includes(p), p);
          const brought = text.split("\n").filter((l) => !(last[p] ?? "").split("\n").includes(l));
          for (const line of brought) assert.ok(files[p]!.split("\n").includes(line), `${p}: ${line}`);
        }
        for (const { path: p } of conflicts) assert.equal(files[p], theirs[p]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a merge of texts", () => {
  it("is git's, where both find no conflict", async () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), "kport-merge-"));
    const line = fc.constantFrom("a", "b", "c", "}");
    const text = fc.array(line, { maxLength: 8 }).map((l) => l.join("\n"));
    let compared = 0;
    try {
      fc.assert(
        fc.property(text, text, text, (last, now, theirs) => {
          const ours = mergeText(last, now, theirs)!;
          for (const [name, t] of Object.entries({ last, now, theirs })) writeFileSync(path.join(dir, name), t);
          let git: string | undefined;
          try {
            git = execFileSync("git", ["merge-file", "-p", "--quiet", "theirs", "last", "now"], {
              cwd: dir,
              encoding: "utf8",
            });
          } catch {
            git = undefined;
          }
          if (!("text" in ours) || git === undefined) return;
          compared++;
          // Git leaves the last line end as it finds it in one of them.
          assert.equal(ours.text.replace(/\n$/, ""), git.replace(/\n$/, ""));
        }),
        { numRuns: 150, seed: 7 },
      );
      assert.ok(compared > 10, `${compared} merges without conflict`);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it("of long texts with many equal lines takes no time, and of too different ones is refused", () => {
    const long = (change: Record<number, string>) =>
      Array.from({ length: 60_000 }, (_, i) => change[i] ?? (i % 3 === 0 ? "}" : `line ${i}`)).join("\n");
    const started = performance.now();
    assert.deepEqual(mergeText(long({}), long({ 59_990: "now" }), long({ 10: "theirs" })), {
      text: long({ 10: "theirs", 59_990: "now" }),
    });
    assert.ok(performance.now() - started < 10_000, `${performance.now() - started} ms`);
    assert.equal(mergeText(lines("a", 5000), lines("b", 5000), lines("c", 5000)), undefined);
  });

  it("of a million lines is one of lines, not of arguments", () => {
    const many = "\n".repeat(1_000_000);
    assert.deepEqual(mergeText(`${many}a\nb\nc`, `${many}x\nb\nc`, `${many}a\nb\ny`), { text: `${many}x\nb\ny` });
  });

  it("shows each place that does not go together with the line it begins at", () => {
    const merged = mergeText("1\n2\n3\n4\n5\n6", "1\nx\n3\n4\n5\ny", "0\n1\nz\n3\n4\n5\n6\n7");
    assert.deepEqual(merged, {
      conflicts: [
        { line: 3, last: ["2"], now: ["x"], theirs: ["z"] },
        { line: 7, last: ["6"], now: ["y"], theirs: ["6", "7"] },
      ],
    });
  });
});

describe("the record of what was generated", () => {
  it("is read as it was written, and is none when it was tampered with", () => {
    const listing = listingOf(portFiles({ b: "1", "a/c": ["100755", "2"], l: ["120000", "b"] }));
    assert.deepEqual(readManifest(writeManifest(listing)), new Map([...listing].sort(([a], [b]) => (a < b ? -1 : 1))));
    for (const bad of [
      "",
      "{",
      "{}",
      '{"schemaVersion":2,"files":{}}',
      '{"schemaVersion":1,"files":{"../x":"100644 0000000000000000000000000000000000000000"}}',
      '{"schemaVersion":1,"files":{"x":"100644 y"}}',
    ])
      assert.equal(readManifest(Buffer.from(bad)), undefined, bad);
  });
});
