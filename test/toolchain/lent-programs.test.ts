import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, readlink, realpath } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { LENDER } from "../../src/machine/sandbox.ts";
import { lend } from "../../src/toolchain/lent-programs.ts";
import { put, temporaryFolder } from "./fakes.ts";

test("a lent program is started where this machine's /usr is shown, with its libraries but glibc's", async (t) => {
  const root = await temporaryFolder(t);
  const program = "/usr/bin/make";
  await lend(root, [program], []);
  const script = await readFile(path.join(root, program), "utf8");
  assert.ok(script.includes(`exec '${LENDER}${await realpath(program)}' "$@"`), script);
  assert.ok(!existsSync(path.join(root, "usr/lib/kport-lent/libc.so.6")));
});

test("a folder is a link, what the root has stays its own, and what is not below /usr is not lent", async (t) => {
  const root = await temporaryFolder(t);
  await put(path.join(root, "usr/bin/make"), "the root's");
  await lend(root, ["/usr/bin/make"], ["/usr/include", "/etc"]);
  assert.equal(await readFile(path.join(root, "usr/bin/make"), "utf8"), "the root's");
  assert.equal(await readlink(path.join(root, "usr/include")), `${LENDER}/usr/include`);
  assert.ok(!existsSync(path.join(root, "etc")));
});
