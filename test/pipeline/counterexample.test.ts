/** A translation that is wrong in a function that nothing exercises is an error with the inputs that show it, whichever stage made it. */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { check } from "../../src/check/pipeline.ts";
import type { Doctor } from "../../src/check/work.ts";
import { failed } from "../../src/report/fail-on.ts";
import type { Report } from "../../src/report/schema.ts";
import { complaints, folder, moduleFolder } from "./pipeline.ts";

const SOURCE = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

struct shared_state {
	int users;
	unsigned int mask;
};

int shared_scaled(int n);
int shared_scaled(int n)
{
	return n * 40 + 2;
}

int shared_halved(int n);
int shared_halved(int n)
{
	return n >> 3;
}

void shared_open(struct shared_state *state);
void shared_open(struct shared_state *state)
{
	state->mask = 21;
	state->users++;
}
MODULE_LICENSE("GPL");
`;

const changed = (text: string, what: string | RegExp, by: string): string => {
  const out = text.replace(what, by);
  assert.ok(out !== text, `there is no ${what} to change`);
  return out;
};
const wrongRust: Doctor = {
  printed: (text) =>
    changed(
      changed(changed(text, "n * 40", "n * 41"), /\bn >> 3/, "((n as u32) >> 3) as i32"),
      /= 21\b/,
      "= (*state).mask",
    ),
};
const wrongLowering: Doctor = { lowered: (u) => ({ ...u, text: changed(u.text, "n * 40 + 2", "n * 40 - 2") }) };

describe("a wrong translation that nothing exercises", () => {
  let scratch: Awaited<ReturnType<typeof folder>>;
  let dir: string;
  before(async () => {
    scratch = await folder();
    dir = await moduleFolder(scratch.dir, "shared", SOURCE);
  });
  after(() => scratch[Symbol.asyncDispose]());
  const found = async (name: string, doctor?: Doctor): Promise<{ report: Report; said: string[] }> => {
    const request = { dir, out: path.join(scratch.dir, name), boot: false, headers: "helpers" } as const;
    const [report] = await check(request, doctor);
    assert.ok(report);
    return { report, said: report.findings.filter((f) => f.check === "counterexample").map((f) => f.message) };
  };

  test("the right one is proved, and nothing is said", async () => {
    const { report, said } = await found("right");
    assert.deepEqual(said, [], complaints(report));
    assert.equal(report.verdict, "pass", complaints(report));
  });

  test("in the Rust: a constant, a sign and a store", async () => {
    const { report, said } = await found("rust", wrongRust);
    assert.ok(failed([report], "error"));
    assert.equal(said.length, 3, complaints(report));
    assert.match(said[0] ?? "", /^`shared_scaled` does not do what the C does, for argument 1 = -?\d+: C returns/);
    assert.match(said[1] ?? "", /^`shared_halved` .* argument 1 = -\d+: C returns/);
    assert.match(said[2] ?? "", /^`shared_open` .*: at the end argument 1 \+ 4 holds 21 in C, \d+ in Rust/);
    assert.deepEqual(
      report.proofs?.functions.filter((f) => f.counterexample !== undefined).map((f) => [f.name, f.tier]),
      [
        ["shared_scaled", "none"],
        ["shared_halved", "none"],
        ["shared_open", "none"],
      ],
    );
  });

  test("in what the Rust is made of", async () => {
    const { report, said } = await found("lowered", wrongLowering);
    assert.equal(said.length, 1, complaints(report));
    assert.match(said[0] ?? "", /^`shared_scaled` .*: C returns -?\d+, the lowered C -?\d+/);
  });
});
