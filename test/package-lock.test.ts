import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

interface Lock {
  packages: Record<string, { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }>;
}

/** Optional packages (other platforms' binaries, mostly) that a package of the lock names and the lock does not hold. */
function unlocked(lock: Lock): string[] {
  return Object.values(lock.packages).flatMap((p) =>
    Object.keys(p.optionalDependencies ?? {}).filter((name) => lock.packages[`node_modules/${name}`] === undefined),
  );
}

const text = await readFile(path.join(import.meta.dirname, "../package-lock.json"), "utf8");

// npm install drops what its registry does not carry, and npm ci then refuses the lock everywhere.
test("the lock holds every optional package, so that npm ci accepts it", () => {
  assert.deepEqual(unlocked(JSON.parse(text) as Lock), []);
});

test("an optional package that is not locked is noticed", () => {
  assert.deepEqual(unlocked({ packages: { "node_modules/a": { optionalDependencies: { "a-darwin": "1.0.0" } } } }), [
    "a-darwin",
  ]);
});

test("the lock names no registry", () => {
  assert.doesNotMatch(text, /"resolved":/);
});
