import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { fetchDkms } from "./dkms.ts";

let cache: string;
const given = process.env["KPORT_CACHE_DIR"];
before(async () => {
  cache = await mkdtemp(path.join(os.tmpdir(), "kport-dkms-"));
  process.env["KPORT_CACHE_DIR"] = cache;
});
after(async () => {
  if (given === undefined) delete process.env["KPORT_CACHE_DIR"];
  else process.env["KPORT_CACHE_DIR"] = given;
  await rm(cache, { recursive: true, force: true });
});

test("the sources of a package are fetched once, whole, without the package file", async () => {
  const first = await fetchDkms("vpoll-dkms");
  assert.match(path.relative(cache, first.dir), /^dkms\/[0-9a-f]+\/usr\/src\/vpoll-/);
  assert.match(await readFile(path.join(first.dir, "dkms.conf"), "utf8"), /PACKAGE_NAME="vpoll"/);
  assert.match(first.version, /^\d/);
  assert.ok(!(await readdir(path.join(first.dir, "../../.."))).includes("download"));
  assert.deepEqual(await readdir(path.join(cache, "dkms")), [path.basename(path.join(first.dir, "../../.."))]);
  assert.deepEqual(await fetchDkms("vpoll-dkms"), first);
});

test("a package that is not there is named", async () => {
  await assert.rejects(
    fetchDkms("kport-no-such-module-dkms"),
    (e) => e instanceof EnvironmentError && /no package kport-no-such-module-dkms/.test(e.message),
  );
});

test("a package without a dkms.conf is no module's source, and says so", async () => {
  await assert.rejects(
    fetchDkms("hostname"),
    (e) => e instanceof EnvironmentError && /hostname holds 0 folders with a dkms\.conf/.test(e.message),
  );
});
