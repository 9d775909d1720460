import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { findProvers } from "../../src/toolchain/provers.ts";
import { emptyPlaces, putProgram, temporaryFolder } from "./fakes.ts";

test("opt is that of the LLVM that the rustc has, and no other", async (t) => {
  const root = await temporaryFolder(t);
  const places = emptyPlaces(root);
  const rustc = { path: path.join(root, "rustc"), version: "1.96.0" };
  await putProgram(rustc.path, "echo 'release: 1.96.0'; echo 'LLVM version: 22.1.8'");
  const opt = (major: number): string => path.join(places.llvm, `llvm-${major}`, "bin", "opt");
  await putProgram(opt(21), "echo 'LLVM version 21.1.0'");
  const lacking = await findProvers(rustc, places);
  assert.match(String(lacking), /no `opt` of LLVM 22.*llvm-22/);
  await putProgram(opt(22), "echo 'Debian LLVM version 22.1.8'");
  assert.deepEqual(await findProvers(rustc, places), { opt: { path: opt(22), version: "22.1.8" } });
  await putProgram(path.join(places.path[0] as string, "z3"), "echo 'Z3 version 4.8.12 - 64 bit'");
  assert.deepEqual(await findProvers(rustc, places), {
    opt: { path: opt(22), version: "22.1.8" },
    z3: { path: path.join(places.path[0] as string, "z3"), version: "4.8.12" },
  });
});

test("a rustc that does not say its LLVM has none", async (t) => {
  const root = await temporaryFolder(t);
  const rustc = { path: path.join(root, "rustc"), version: "1.96.0" };
  await putProgram(rustc.path, "echo nothing");
  assert.match(String(await findProvers(rustc, emptyPlaces(root))), /does not say which LLVM/);
});
