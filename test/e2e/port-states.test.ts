/** Every state of a port's pull request, on the emulated API over a real repository. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errors, failing, passing } from "./canned-reports.ts";
import { BRANCH, FIRST, PortScene, lines } from "./port-scene.ts";

const SECOND = { ...FIRST, "src/ring.rs": lines("fn", 40, { 30: "fn thirty" }) };

describe("a port's pull request", { concurrency: 3 }, () => {
  it("is created as a draft with the port's files and their modes, labels and reviewers", async (t) => {
    const scene = await PortScene.set(t);
    const outcome = await scene.keep(FIRST, { labels: ["rust", "port"], reviewers: ["mallory"] });
    assert.equal(outcome.did, "created");
    assert.deepEqual(outcome.notes, []);
    const [pull, ...others] = await scene.server.pulls();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [pull!.draft, pull!.title, pull!.base.ref, pull!.head.ref],
      [true, "Port ring to Rust", "main", BRANCH],
    );
    assert.deepEqual(await scene.server.labelsOf(pull!.number), ["rust", "port"]);
    assert.deepEqual(
      pull!.requested_reviewers.map((r) => r.login),
      ["mallory"],
    );
    assert.match(
      pull!.body,
      /^<!-- kport-port ready head=[0-9a-f]{40}[^\n]*\nBrings the Rust port of `ring` in `rust\/ring`: 7 files added\./,
    );
    assert.match(pull!.body, /### ✅ `ring`/);
    assert.deepEqual(scene.portIn(BRANCH), FIRST);
    assert.equal(scene.repository.git(["show", `${BRANCH}:README`]), "drivers", "the rest of the base is there");
    assert.equal(scene.repository.git(["rev-list", "--count", `main..${BRANCH}`]), "1");
    assert.equal(
      scene.repository.git(["log", "-1", "--format=%an", BRANCH]),
      "github-actions[bot]",
      "the token's account, so that GitHub signs",
    );
    assert.deepEqual(scene.server.invalid, []);
  });

  it("is not touched when nothing has changed, whatever the run took", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    const before = scene.writes().length;
    const slower = passing("ring");
    slower.stages = slower.stages.map((s) => ({ ...s, seconds: 99, cached: true }));
    assert.equal((await scene.keep(FIRST, {}, { reports: [slower] })).did, "unchanged");
    scene.push("main", { "drivers/other.c": "int other;\n" });
    assert.equal((await scene.keep(FIRST)).did, "unchanged", "nor when the base moves elsewhere");
    assert.equal(scene.writes().length, before);
  });

  it("is updated in place by one move of the branch, and never shows an empty change", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    const first = scene.repository.branch(BRANCH)!;
    scene.push("main", { "drivers/ring/ring.c": "int ring = 1;\n" });
    const heads = new Set<string>();
    scene.server.fault = () => {
      heads.add(scene.repository.branch(BRANCH)!);
      assert.notEqual(scene.repository.git(["diff", "--name-only", `main...${BRANCH}`]), "");
      return undefined;
    };
    const rest = Object.fromEntries(Object.entries(SECOND).filter(([path]) => path !== "latest.rs"));
    assert.equal((await scene.keep(rest)).did, "updated");
    assert.equal(heads.size, 2);
    assert.deepEqual(scene.portIn(BRANCH), rest, "a file that is not generated any more is gone");
    assert.equal(scene.repository.git(["show", `${BRANCH}:drivers/ring/ring.c`]), "int ring = 1;");
    assert.doesNotThrow(() => scene.repository.git(["merge-base", "--is-ancestor", first, BRANCH]));
    assert.deepEqual(
      scene.repository
        .git(["diff", "--name-only", `main...${BRANCH}`])
        .split("\n")
        .filter((f) => !f.startsWith("rust/ring/")),
      [],
    );
    assert.equal((await scene.server.pulls()).length, 1);
  });

  it("gets a new text when the port is the same and the report says otherwise", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    const head = scene.repository.branch(BRANCH);
    assert.equal((await scene.keep(FIRST, {}, { reports: [failing(errors(2))] })).did, "updated");
    assert.equal(scene.repository.branch(BRANCH), head);
    assert.match((await scene.server.pulls())[0]!.body, /### ❌ `ring`/);
  });

  it("keeps what people write around its text", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    const [pull] = await scene.server.pulls();
    await scene.server.closePull(pull!.number, {
      body: `Above.\r\n\r\n${pull!.body.replaceAll("\n", "\r\n")}\r\n\r\nBelow, with a <!-- comment -->.`,
    });
    await scene.keep(SECOND);
    const { body } = (await scene.server.pulls())[0]!;
    assert.match(body, /^Above\.\n\n<!-- kport-port ready/);
    assert.match(body, /-->\n\nBelow, with a <!-- comment -->\.$/);
    assert.equal(body.match(/<!-- kport-port/g)?.length, 1);
  });

  for (const how of ["merge", "squash"] as const) {
    it(`ends with its branch when it is brought in by ${how}, and begins anew when the port changes`, async (t) => {
      const scene = await PortScene.set(t);
      await scene.keep(FIRST);
      await scene.server.mergePull(1, how);
      assert.equal((await scene.keep(FIRST)).did, "closed");
      assert.equal(scene.repository.branch(BRANCH), undefined);
      assert.equal((await scene.keep(FIRST)).did, "unchanged");
      assert.equal((await scene.keep(SECOND)).did, "created");
      const pulls = await scene.server.pulls();
      assert.deepEqual(pulls.map((p) => p.title).sort(), ["Port ring to Rust", "Update the Rust port of ring"]);
      assert.deepEqual(scene.repository.git(["diff", "--name-only", `main...${BRANCH}`]).split("\n"), [
        "rust/ring/kport-generated.json",
        "rust/ring/src/ring.rs",
      ]);
    });
  }

  it("goes on from a merged branch that nobody deleted", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    await scene.server.mergePull(1, "squash");
    assert.equal((await scene.keep(SECOND)).did, "created");
    assert.deepEqual(scene.portIn(BRANCH), SECOND);
    assert.equal((await scene.server.pulls()).filter((p) => p.state === "open").length, 1);
  });

  it("is closed and its branch deleted when the difference vanishes, and opened anew when it comes back", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    await scene.server.mergePull(1);
    await scene.keep(SECOND);
    assert.equal((await scene.keep(FIRST)).did, "closed", "what is generated is again what the base has");
    const [, closed] = (await scene.server.pulls()).sort((a, b) => a.number - b.number);
    assert.equal(closed!.state, "closed");
    assert.match(closed!.body, /Closed by kport: the base holds this port/);
    assert.equal(scene.repository.branch(BRANCH), undefined);
    assert.equal((await scene.keep(SECOND)).did, "created", "closing it itself was not a person's word");
  });

  it("stops with one note when a person has committed to its branch, and loses nothing of theirs", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    const theirs = scene.push(BRANCH, { "rust/ring/src/ring.rs": "by hand\n" });
    for (const texts of [SECOND, FIRST, SECOND]) {
      const outcome = await scene.keep(texts);
      assert.equal(outcome.did, "stopped");
      assert.match(outcome.why, new RegExp(theirs.slice(0, 12)));
    }
    assert.equal(scene.repository.branch(BRANCH), theirs);
    const comments = await scene.server.comments(1);
    assert.equal(comments.length, 1);
    assert.match(comments[0]!.body, /kport leaves this pull request as it is/);
  });

  it("stops when a person amended, rebased or copied its commits", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    const tree = scene.repository.writeTree(BRANCH, [{ path: "rust/ring/own.rs", mode: "100644", content: "own\n" }]);
    const amended = scene.repository.commit(
      tree,
      [scene.repository.branch("main")!],
      scene.repository.git(["log", "-1", "--format=%B", BRANCH]),
    );
    scene.repository.git(["update-ref", `refs/heads/${BRANCH}`, amended]);
    assert.equal((await scene.keep(SECOND)).did, "stopped");
    assert.equal(scene.repository.branch(BRANCH), amended);
  });

  it("goes on after GitHub's \"Update branch\", and stops where such a merge brings something of a person's", async (t) => {
    const scene = await PortScene.set(t);
    const update = (from: string, more: Record<string, string> = {}) => {
      const own = scene.repository.branch(BRANCH)!;
      const merged = scene.repository.git(["merge-tree", "--write-tree", own, from]);
      const tree = scene.repository.writeTree(
        merged,
        Object.entries(more).map(([path, content]) => ({ path, mode: "100644", content })),
      );
      const commit = scene.repository.commit(
        tree,
        [own, scene.repository.branch(from)!],
        `Merge branch '${from}' into ${BRANCH}\n`,
        "jo",
      );
      scene.repository.git(["update-ref", `refs/heads/${BRANCH}`, commit]);
      return commit;
    };
    await scene.keep(FIRST);
    scene.push("main", { "drivers/other.c": "int other;\n" });
    update("main");
    assert.equal((await scene.keep(FIRST)).did, "unchanged");
    scene.push("main", { "drivers/third.c": "int third;\n" });
    const twice = update("main");
    assert.equal((await scene.keep(SECOND)).did, "updated");
    assert.doesNotThrow(() => scene.repository.git(["merge-base", "--is-ancestor", twice, BRANCH]));
    scene.repository.git(["update-ref", "refs/heads/topic", "main"]);
    scene.push("topic", { "drivers/fourth.c": "int fourth;\n" });
    const before = scene.repository.branch(BRANCH)!;
    const foreign = update("topic");
    assert.equal((await scene.keep(FIRST)).did, "stopped", "commits that the base has not");
    assert.equal(scene.repository.branch(BRANCH), foreign);
    scene.repository.git(["update-ref", `refs/heads/${BRANCH}`, before]);
    scene.push("main", { "drivers/fifth.c": "int fifth;\n" });
    update("main", { "drivers/sixth.c": "int sixth;\n" });
    assert.equal((await scene.keep(FIRST)).did, "stopped", "a change made in the merge itself");
    scene.repository.git(["update-ref", `refs/heads/${BRANCH}`, before]);
    update("main", { "rust/ring/Kbuild": "by hand\n" });
    assert.equal((await scene.keep(FIRST)).did, "stopped", "a change to the port in the merge itself");
  });

  it("stays closed when a person closed it, with or without its branch, unless asked", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    await scene.server.closePull(1);
    const before = scene.writes().length;
    const outcome = await scene.keep(SECOND);
    assert.equal(outcome.did, "respected");
    assert.match(outcome.why, /`reopen`/);
    assert.equal(scene.writes().length, before);
    assert.equal((await scene.keep(SECOND, { reopen: true })).did, "updated");
    assert.deepEqual(
      (await scene.server.pulls()).map((p) => p.state),
      ["open"],
    );
    assert.deepEqual(scene.portIn(BRANCH), SECOND);

    await scene.server.closePull(1);
    scene.repository.git(["update-ref", "-d", `refs/heads/${BRANCH}`]);
    assert.equal((await scene.keep(FIRST)).did, "respected");
    assert.equal(scene.repository.branch(BRANCH), undefined);
    assert.equal(
      (await scene.keep(FIRST, { reopen: true })).did,
      "created",
      "what GitHub cannot open again is made anew",
    );
    assert.deepEqual(scene.server.invalid, []);
  });

  it("explains when GitHub Actions may not open it, and is opened once it may", async (t) => {
    const scene = await PortScene.set(t);
    scene.server.allows.actionsToOpenPulls = false;
    const outcome = await scene.keep(FIRST);
    assert.equal(outcome.did, "refused");
    assert.deepEqual(scene.portIn(BRANCH), FIRST, "its branch is there to be opened by hand");
    scene.server.allows.actionsToOpenPulls = true;
    assert.equal((await scene.keep(FIRST)).did, "created");
  });

  it("is none of a draft where the plan has no drafts, and says so", async (t) => {
    const scene = await PortScene.set(t);
    scene.server.allows.drafts = false;
    const outcome = await scene.keep(FIRST);
    assert.equal(outcome.did, "created");
    assert.match(outcome.notes.join(), /no draft/);
    assert.equal((await scene.server.pulls())[0]!.draft, false);
  });

  it("is there though a reviewer cannot be asked, and says so", async (t) => {
    const scene = await PortScene.set(t);
    const outcome = await scene.keep(FIRST, {
      reviewers: ["nobody-of-this-name"],
      teamReviewers: ["team"],
      labels: ["rust"],
    });
    assert.equal(outcome.did, "created");
    assert.match(outcome.notes.join("\n"), /No reviewers[\s\S]*No team reviewers/);
    assert.deepEqual(await scene.server.labelsOf(1), ["rust"]);
    assert.equal(
      (await scene.keep(FIRST, { reviewers: ["nobody-of-this-name"] })).did,
      "unchanged",
      "and is not tried at each run",
    );
  });

  it("is one for each module and base", async (t) => {
    const scene = await PortScene.set(t);
    scene.repository.git(["update-ref", "refs/heads/release/6.1", "main"]);
    scene.push("release/6.1", { "drivers/ring/ring.c": "int old;\n" });
    for (const base of ["main", "release/6.1"])
      for (const module of ["ring", "pool"])
        assert.equal((await scene.keep(FIRST, {}, { base, module })).did, "created");
    const pulls = await scene.server.pulls();
    assert.deepEqual(pulls.map((p) => `${p.head.ref} → ${p.base.ref}`).sort(), [
      "kport/port/main/pool → main",
      "kport/port/main/ring → main",
      "kport/port/release/6.1/pool → release/6.1",
      "kport/port/release/6.1/ring → release/6.1",
    ]);
    assert.equal(scene.repository.git(["show", "kport/port/release/6.1/ring:drivers/ring/ring.c"]), "int old;");
  });

  it("moves with the input for its folder", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    assert.equal((await scene.keep(FIRST, {}, { folder: "ports/ring" })).did, "updated");
    assert.deepEqual(
      new Set(
        scene.repository
          .git(["diff", "--name-only", `main...${BRANCH}`])
          .split("\n")
          .map((f) => f.split("/")[0]),
      ),
      new Set(["ports"]),
    );
  });

  it("may be larger than one request takes", async (t) => {
    const scene = await PortScene.set(t);
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`src/f${i}.rs`, `fn f${i}() {}\n`]));
    const large = {
      ...many,
      "src/large.rs": lines("let a = 1;", 90_000),
      "src/larger.rs": lines("let b = 1;", 90_000),
    };
    assert.equal((await scene.keep(large)).did, "created");
    assert.deepEqual(scene.portIn(BRANCH), large);
    assert.ok(scene.writes().filter((w) => w.endsWith("/git/trees")).length >= 4);
    assert.equal((await scene.keep(large)).did, "unchanged");
  });

  it("is left to a person who turned it to another base", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    await scene.server.closePull(1, { base: "next" });
    assert.equal((await scene.keep(SECOND)).did, "stopped");
    assert.equal((await scene.server.pulls()).length, 1);
  });

  it("is not set back by a run that began earlier", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(SECOND, {}, { run: { id: 500, number: 5, attempt: 1 } });
    assert.equal((await scene.keep(FIRST, {}, { run: { id: 499, number: 4, attempt: 1 } })).did, "superseded");
    assert.deepEqual(scene.portIn(BRANCH), SECOND);
  });

  it("is one when two runs open it at once", async (t) => {
    const scene = await PortScene.set(t);
    const outcomes = await Promise.all([scene.keep(FIRST), scene.keep(FIRST), scene.keep(FIRST)]);
    assert.ok(outcomes.some((o) => o.did === "created"));
    assert.equal((await scene.server.pulls()).length, 1);
    assert.deepEqual(scene.portIn(BRANCH), FIRST);
    assert.equal((await scene.keep(FIRST)).did, "unchanged");
    assert.deepEqual(scene.server.invalid, []);
  });

  it("has the later run's port when two runs update it at once", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    const third = { ...FIRST, "src/ring.rs": "fn third() {}\n" };
    await Promise.all([
      scene.keep(SECOND, {}, { run: { id: 201, number: 1, attempt: 1 } }),
      scene.keep(third, {}, { run: { id: 202, number: 2, attempt: 1 } }),
    ]);
    assert.deepEqual(scene.portIn(BRANCH), third);
    assert.equal((await scene.server.pulls()).length, 1);
  });

  it("takes nothing of a person's along when they commit between two of its requests", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    let theirs = "";
    scene.server.fault = ({ method, path }) => {
      // Just before the branch is moved.
      if (theirs === "" && method === "PATCH" && path.includes("/git/refs/"))
        theirs = scene.push(BRANCH, { "rust/ring/own.rs": "own\n" });
      return undefined;
    };
    assert.equal((await scene.keep(SECOND)).did, "stopped");
    assert.equal(scene.repository.branch(BRANCH), theirs);

    const other = await PortScene.set(t);
    await other.keep(FIRST);
    await other.server.mergePull(1);
    let late = "";
    other.server.fault = ({ path }) => {
      // Just before the branch is deleted.
      if (late === "" && path.endsWith("/graphql")) late = other.push(BRANCH, { "rust/ring/own.rs": "own\n" });
      return undefined;
    };
    assert.equal((await other.keep(FIRST)).did, "stopped");
    assert.equal(other.repository.branch(BRANCH), late);
  });

  it("gives up on a branch that moves all the time, in one line", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    scene.server.fault = ({ method, path }) =>
      method === "PATCH" && path.includes("/git/refs/")
        ? { status: 422, body: { message: "Update is not a fast forward" } }
        : undefined;
    await assert.rejects(scene.keep(SECOND), /all the time; run this again/);
  });

  it("is refused for a base that is no branch, and for a folder that is a file", async (t) => {
    const scene = await PortScene.set(t);
    await assert.rejects(scene.keep(FIRST, {}, { base: "nope" }), /input "base": the repository has no branch "nope"/);
    await assert.rejects(scene.keep(FIRST, {}, { folder: "README/ring" }), /README is a file/);
    await assert.rejects(scene.keep(FIRST, {}, { folder: "README" }), /is a file/);
    assert.deepEqual(scene.writes(), []);
  });
});

describe("porting again over changes made by hand", { concurrency: 3 }, () => {
  const HAND = { 3: "fn by hand" };

  it("keeps them over several ports, with what was generated each time kept for the next merge", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    await scene.server.mergePull(1, "squash");
    scene.push("main", {
      "rust/ring/src/ring.rs": lines("fn", 40, HAND),
      "rust/ring/Makefile": undefined,
      "rust/ring/NOTES": "ours\n",
    });
    let changes: Record<number, string> = {};
    for (const [line, number] of [
      [30, 2],
      [20, 3],
    ] as const) {
      changes = { ...changes, [line]: `fn new ${line}` };
      assert.equal((await scene.keep({ ...FIRST, "src/ring.rs": lines("fn", 40, changes) })).did, "created");
      const { "src/ring.rs": merged, Makefile, NOTES } = scene.portIn(BRANCH);
      assert.equal(merged, lines("fn", 40, { ...HAND, ...changes }));
      assert.deepEqual([Makefile, NOTES], [undefined, "ours\n"]);
      assert.match(
        (await scene.server.pulls()).find((p) => p.number === number)!.body,
        /Changes made by hand are kept in `Makefile`, `src\/ring\.rs`\./,
      );
      // Whoever wrote a line is still its author.
      assert.match(scene.repository.git(["blame", "-L3,3", BRANCH, "--", "rust/ring/src/ring.rs"]), /\(jo /);
      await scene.server.mergePull(number, "squash");
      scene.repository.git(["update-ref", `refs/pull/${number}/head`, BRANCH]);
      assert.equal((await scene.keep({ ...FIRST, "src/ring.rs": lines("fn", 40, changes) })).did, "closed");
    }
    // GitHub keeps refs/pull/N/head, and with it what the next merge reads.
    scene.repository.git(["gc", "--quiet", "--prune=now"]);
    await scene.keep({ ...FIRST, "src/ring.rs": lines("fn", 40, { ...changes, 10: "fn last" }) });
    assert.equal(scene.portIn(BRANCH)["src/ring.rs"], lines("fn", 40, { ...HAND, ...changes, 10: "fn last" }));
  });

  it("shows what does not go together, leaves it as people have it, and asks no more once that is merged", async (t) => {
    const scene = await PortScene.set(t);
    await scene.keep(FIRST);
    await scene.server.mergePull(1);
    const theirs = lines("fn", 40, { 3: "fn by hand <!-- /kport-port --> @everyone" });
    scene.push("main", { "rust/ring/src/ring.rs": theirs, "rust/ring/Kbuild": "obj-m := ring.o # ours\n" });
    const clash = {
      ...FIRST,
      "src/ring.rs": lines("fn", 40, { 3: "fn generated", 30: "fn thirty" }),
      "build.sh": "no longer executable\n",
    };
    const outcome = await scene.keep(clash);
    assert.match(outcome.why, /1 in conflict with changes made by hand/);
    assert.deepEqual(scene.portIn(BRANCH), { ...clash, "src/ring.rs": theirs, Kbuild: "obj-m := ring.o # ours\n" });
    const body = (await scene.server.pulls()).find((p) => p.number === 2)!.body;
    assert.match(body, /### ⚠️ A file changed by hand and generated anew/);
    assert.match(
      body,
      /```diff\n@@ line 3, which by hand became: @@\n fn by hand <!-- \/kport-port --> @everyone\n@@ and which is generated so now: @@\n-fn 3\n\+fn generated\n```/,
    );
    assert.equal((await scene.keep(clash)).did, "unchanged");
    scene.push("main", { "rust/ring/src/ring.rs": `${theirs}// more\n` });
    assert.equal((await scene.keep(clash)).did, "updated", "people's next change is in it");
    assert.equal(scene.portIn(BRANCH)["src/ring.rs"], `${theirs}// more\n`);
    await scene.server.mergePull(2);
    assert.equal((await scene.keep(clash)).did, "closed", "merged as it is: that is the people's answer");
    assert.deepEqual(scene.server.invalid, []);
  });

  it("takes a folder with no record of what was generated as people's", async (t) => {
    const scene = await PortScene.set(t);
    scene.push("main", { "rust/ring/Kbuild": "obj-m := ring.o\n", "rust/ring/Makefile": "own\n" });
    assert.match((await scene.keep(FIRST)).why, /5 files added, 0 changed, 0 removed, 1 in conflict/);
    assert.equal(scene.portIn(BRANCH)["Makefile"], "own\n");
    assert.match(
      (await scene.server.pulls())[0]!.body,
      /`Makefile` differs from the generated one, and nothing tells what was generated before/,
    );
  });
});
