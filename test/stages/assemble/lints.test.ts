import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { crateRoot } from "../../../src/stages/assemble/crate.ts";
import { narrowAllowances } from "../../../src/stages/assemble/lints.ts";
import { withoutAllowed } from "../../lints/lints.ts";
import { temporaryFolder } from "../../toolchain/fakes.ts";

test("what c2rust's text is allowed is allowed where it stands, and nowhere else", async (t) => {
  const dir = await temporaryFolder(t);
  await mkdir(path.join(dir, "src"));
  const put = (name: string, text: string): Promise<void> => writeFile(path.join(dir, "src", name), text);
  const at = (name: string): Promise<string> => readFile(path.join(dir, "src", name), "utf8");
  await put("lib.rs", crateRoot("m", ["left", "done"]));
  await put("left.rs", "// notice\n//! left.c, ported.\nuse crate::bindings::*;\n");
  await put("done.rs", "//! done.c, ported.\nuse crate::bindings::*;\n");
  assert.match(await at("lib.rs"), /text as c2rust wrote it/);
  await narrowAllowances(dir, ["src/left.rs"]);
  assert.doesNotMatch(await at("lib.rs"), /text as c2rust wrote it/);
  assert.match(await at("lib.rs"), /names are those of the C/);
  assert.match(
    await at("left.rs"),
    /^\/\/ notice\n\/\/! left\.c, ported\.\n#!\[allow\(.*unused.*text as c2rust wrote it"\)\]\nuse crate/,
  );
  assert.equal(await at("done.rs"), "//! done.c, ported.\nuse crate::bindings::*;\n");
});

test("each lint that a port allows has its reason", () => {
  const root = crateRoot("m", []);
  assert.equal(root.match(/#!\[allow\(/g)?.length, root.match(/#!\[allow\([^\]]*, reason = "[^"]+"\)\]/g)?.length);
  assert.doesNotMatch(withoutAllowed(root), /allow/);
});
