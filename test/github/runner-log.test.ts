import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fencedGroup, withProblemMatchers } from "../../src/github/runner-log.ts";
import { run } from "../../src/machine/process.ts";

/** What `body` writes to stderr, where the commands go. */
async function written(body: () => Promise<unknown>): Promise<string[]> {
  const real = process.stderr.write.bind(process.stderr);
  let text = "";
  process.stderr.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof process.stderr.write;
  try {
    await body().catch(() => undefined);
  } finally {
    process.stderr.write = real;
  }
  return text.split("\n").slice(0, -1);
}

describe("fencedGroup", () => {
  it("stops commands with a new word each time, and resumes them when the body fails", async () => {
    const words = new Set<string>();
    for (const body of [async () => 1, async () => Promise.reject(new Error("x"))]) {
      const [group, stop, resume, end] = await written(() => fencedGroup("t", body));
      assert.deepEqual([group, end], ["::group::t", "::endgroup::"]);
      const word = /^::stop-commands::([0-9a-f-]{36})$/.exec(stop!)![1]!;
      assert.equal(resume, `::${word}::`);
      words.add(word);
    }
    assert.equal(words.size, 2);
  });

  it("keeps a title on its line", async () => {
    const [group] = await written(() => fencedGroup("a\n::error::b%\u001b[31m", async () => undefined));
    assert.match(group!, /^::group::a%0A::error::b%25/);
    assert.doesNotMatch(group!, /\u001b/);
  });
});

describe("withProblemMatchers", () => {
  it("removes what it adds, also when the body fails", async () => {
    const lines = await written(() => withProblemMatchers(async () => Promise.reject(new Error("x"))));
    const added = lines.flatMap((l) => /^::add-matcher::.*\/(.*)\.json$/.exec(l)?.[1] ?? []);
    assert.ok(added.length >= 2);
    assert.deepEqual(
      lines.flatMap((l) => /^::remove-matcher owner=kport-(.*)::$/.exec(l)?.[1] ?? []),
      added,
    );
  });
});

describe("a child process", () => {
  it("sees no token, under whatever name the runner holds it", async () => {
    const secrets = {
      INPUT_TOKEN: "s1",
      GITHUB_TOKEN: "s1",
      ACTIONS_RUNTIME_TOKEN: "s1",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "s1",
      MY_CLOUD_KEY: "s1",
    };
    Object.assign(process.env, secrets);
    try {
      const { stdout } = await run("env", []);
      assert.match(stdout, /^PATH=/m);
      assert.doesNotMatch(stdout, /s1|TOKEN|MY_CLOUD_KEY/);
    } finally {
      for (const name of Object.keys(secrets)) delete process.env[name];
    }
  });
});
