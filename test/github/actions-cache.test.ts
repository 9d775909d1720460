import assert from "node:assert/strict";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { contentKey, scratchFolder } from "../../src/machine/cache.ts";
import { prune, withCache } from "../../src/github/actions-cache.ts";

describe("prune", () => {
  it("drops what is half made or long unused, and nothing whose age says nothing", async () => {
    await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-prune-"));
    const [used, unused] = ["a".repeat(40), "b".repeat(40)];
    const old = new Date("2020-01-01");
    for (const entry of [`core/${used}`, `core/${unused}`, "core/.making-x1", "node-24/bin", "kernels/6.1.0-1"])
      await mkdir(path.join(scratch.dir, entry), { recursive: true });
    for (const entry of [`core/${unused}`, "node-24/bin", "kernels/6.1.0-1"])
      await utimes(path.join(scratch.dir, entry), old, old);
    const kept = [`core/${used}`, "kernels/6.1.0-1", "node-24/bin"];
    assert.deepEqual(await prune(scratch.dir), kept);
    assert.deepEqual(await prune(scratch.dir), kept);
  });
});

describe("withCache", () => {
  /** A service that notes what it is asked, and holds `held`. */
  function service(held: readonly string[], did: string[]) {
    return {
      isFeatureAvailable: () => true,
      restoreCache: async (_: string[], key: string, keys?: string[]) => {
        did.push(`restore ${keys?.map(scopeOf).join(" ")}`);
        return [key, ...(keys ?? [])].flatMap((k) => held.filter((h) => h.startsWith(k)))[0];
      },
      saveCache: async (_: string[], key: string) => {
        did.push(`save ${scopeOf(key)}`);
        return 1;
      },
    };
  }
  const scopeOf = (key: string): string => /-((?:pull|ref|other)-\w+)/.exec(key)?.[1] ?? key;

  async function run(event: string, ref: string, payload: object, held: readonly string[] = []): Promise<string[]> {
    await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-cache-test-"));
    const before = process.env["KPORT_CACHE_DIR"];
    process.env["KPORT_CACHE_DIR"] = path.join(scratch.dir, "cache");
    const file = path.join(scratch.dir, "event.json");
    await writeFile(file, JSON.stringify(payload));
    const did: string[] = [];
    try {
      await withCache(
        true,
        async () => {
          did.push("set up");
          await mkdir(path.join(scratch.dir, "cache/tools/c2rust"), { recursive: true });
        },
        async () => {
          did.push("module's code");
          await mkdir(path.join(scratch.dir, "cache/core/x"), { recursive: true });
        },
        service(held, did),
        { GITHUB_EVENT_NAME: event, GITHUB_REF: ref, GITHUB_EVENT_PATH: file, ImageOS: "ubuntu24" },
      );
    } finally {
      if (before === undefined) delete process.env["KPORT_CACHE_DIR"];
      else process.env["KPORT_CACHE_DIR"] = before;
    }
    return did;
  }

  const repository = { default_branch: "main" };
  const MAIN = "ref-" + contentKey(["refs/heads/main"]).slice(0, 16);

  it("keeps of a pull request's run what was there before its code ran, for that pull request alone", async () => {
    const pull = (number: number) =>
      run("pull_request", `refs/pull/${number}/merge`, { repository, pull_request: { number } });
    assert.deepEqual(await pull(12), [`restore pull-12 ${MAIN}`, "set up", "save pull-12", "module's code"]);
    assert.deepEqual(await pull(13), [`restore pull-13 ${MAIN}`, "set up", "save pull-13", "module's code"]);
  });

  it("keeps the work of the repository's own runs, and reads nothing of a pull request's", async () => {
    assert.deepEqual(await run("push", "refs/heads/main", { repository }), [
      `restore ${MAIN}`,
      "set up",
      `save ${MAIN}`,
      "module's code",
      `save ${MAIN}`,
    ]);
    assert.deepEqual(await run("schedule", "refs/heads/main", {}), [
      `restore ${MAIN}`,
      "set up",
      `save ${MAIN}`,
      "module's code",
      `save ${MAIN}`,
    ]);
    const branch = "ref-" + contentKey(["refs/heads/topic"]).slice(0, 16);
    assert.deepEqual(await run("push", "refs/heads/topic", { repository }), [
      `restore ${branch} ${MAIN}`,
      "set up",
      `save ${branch}`,
      "module's code",
      `save ${branch}`,
    ]);
  });

  it("takes an event it does not know for a stranger's, and a forged payload for none", async () => {
    for (const [event, payload] of [
      ["merge_group", { repository }],
      ["pull_request", { repository, pull_request: { number: "1-ref" } }],
      ["", {}],
      ["pull_request", []],
    ] as const) {
      const did = await run(event, "refs/heads/main", payload);
      assert.deepEqual(did.slice(1, 2).concat(did.slice(3)), ["set up", "module's code"], event);
      assert.match(did[0] as string, /^restore other-\w{16}( ref-\w{16})?$/);
      assert.match(did[2] as string, /^save other-\w{16}$/);
    }
  });

  it("does not keep once more what it has restored", async () => {
    const tools = contentKey(["tools/c2rust"]);
    const did = await run("pull_request", "refs/pull/1/merge", { repository, pull_request: { number: 1 } }, [
      `kport-2-${process.platform}-${process.arch}-ubuntu24-${MAIN}-${tools}`,
    ]);
    assert.deepEqual(did, [`restore pull-1 ${MAIN}`, "set up", "module's code"]);
  });
});
