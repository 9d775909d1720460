/** Images of file systems, as lists of calls have them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lineOf, listOf } from "../../../src/stages/fuzz/calls.ts";
import { NOTHING } from "../../../src/stages/fuzz/dictionary.ts";
import { imageOf, partsOf } from "../../../src/stages/fuzz/images.ts";
import { readOffers } from "../../../src/stages/fuzz/offers.ts";
import { Random } from "../../../src/stages/fuzz/random.ts";
import { Rounds } from "../../../src/stages/fuzz/rounds.ts";
import { imagesFor, targetsOf } from "../../../src/stages/fuzz/targets/index.ts";
import { Values } from "../../../src/stages/fuzz/values.ts";

const OFFERS = readOffers(["list 0 - /proc/filesystems:\tminix", "list 0 - /proc/filesystems:nodev\tothers"]);

test("an image is what of it is not zero", () => {
  const image = Buffer.alloc(100_000);
  image.write("head", 1024);
  image.fill(255, 50_000, 70_000);
  image.write("end", 99_997);
  const { size, parts } = partsOf(image) ?? assert.fail("it is small");
  assert.equal(size, 100_000);
  const again = Buffer.alloc(size);
  for (const p of parts) again.set(p.bytes, p.at);
  assert.ok(again.equals(image));
  assert.ok(parts.length >= 3 && parts.every((p) => p.bytes.length <= 8192));
});

test("one with more in it than a list of calls has room for is none", () => {
  assert.equal(partsOf(Buffer.alloc(100_000, 1)), undefined);
});

test("mkfs.minix makes one, and what no program makes there is none of", async () => {
  const image = (await imageOf("minix")) ?? assert.fail("util-linux has mkfs.minix");
  const whole = Buffer.alloc(image.size);
  for (const p of image.parts) whole.set(p.bytes, p.at);
  // The magic of the second superblock format with names of 30 characters (linux/magic.h), in block 1.
  assert.equal(whole.readUInt16LE(1024 + 16), 0x138f);
  assert.equal(await imageOf("no file system"), undefined);
});

test("what needs a device is mounted on a copy of its image, which each guest makes first", async () => {
  const targets = targetsOf(OFFERS, NOTHING, await imagesFor(OFFERS));
  assert.deepEqual(
    targets.map((t) => t.name),
    ["file system minix", "file system others"],
  );
  const [onImage, other] = targets;
  assert.ok(onImage?.prepare !== undefined && other?.prepare === undefined);
  const lines = listOf(onImage.first(new Values(new Random("x"), NOTHING)));
  assert.match(lines, /^mount "\/dev\/loop0" "\/tmp\/mounted" "minix" 0 ""$/m);
  const next = new Rounds(targets, NOTHING, 1).next();
  assert.deepEqual(next[0], onImage.prepare);
  assert.ok(listOf(next).length < 1024 * 1024, "the guest reads no longer list");
  const values = new Values(new Random("y"), NOTHING);
  const changed = Array.from({ length: 50 }, () => onImage.generate(values));
  assert.ok(
    changed
      .flat()
      .map(lineOf)
      .some((l) => l.startsWith("pwrite r3")),
  );
});
