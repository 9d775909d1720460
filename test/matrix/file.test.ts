import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { UserError } from "../../src/machine/errors.ts";
import { jsonSchema, parseMatrixFile } from "../../src/matrix/file.ts";
import { projectRoot } from "../../src/machine/project-root.ts";

describe("kport.yml", () => {
  it("may name modules only: the rest has defaults", () => {
    const file = parseMatrixFile("modules: [drivers/ring]\n", "kport.yml");
    assert.deepEqual(
      [file.kernels, file.c2rust, file.rustc, file.boot, file.history],
      [["default"], ["default"], ["default"], true, { branch: "kport-data" }],
    );
  });

  it("takes all that the issue of a regression needs, and kernels in all three forms", () => {
    const file = parseMatrixFile(
      'modules: [{folder: a, names: [one]}]\nkernels: ["6.12", newest, next, {package: linux-headers-6.12.95+deb13-amd64}, {folder: /usr/src/linux}]\nrustc: [{path: tools/rustc}]\nissues: {labels: [kernel], assignees: [ann], most: 3}\n',
      "kport.yml",
    );
    assert.equal(file.kernels.length, 5);
    assert.deepEqual(file.issues, { open: true, labels: ["kernel"], assignees: ["ann"], most: 3 });
  });

  const bad: [string, string, RegExp][] = [
    [
      "a kernel that YAML takes for a number",
      "modules: [a]\nkernels:\n  - 6.10\n",
      /^kport\.yml:3: kernels\.\[1\]: 6\.1 is a number to YAML, which drops its last zeros: put it in quotes$/,
    ],
    ["a key that is none", "modules: [a]\nkernel: x\n", /^kport\.yml: the file: Unrecognized key: "kernel"$/],
    ["a folder outside", "modules:\n  - ../a\n", /^kport\.yml:2: modules\.\[1\]: name a folder inside the repository/],
    [
      "a word for a version",
      'modules: [a]\nrustc: ["nightly"]\n',
      /^kport\.yml:2: rustc\.\[1\]: write a version in quotes/,
    ],
    ["no modules", "kernels: [newest]\n", /modules/],
    ["what is no YAML", "modules: [a\n", /^kport\.yml: /],
    ["a folder of modules that holds a slip", "modules: [{folder: a, name: b}]\n", /modules\.\[1\]/],
  ];
  for (const [what, text, message] of bad) {
    it(`refuses ${what}, and says where`, () => {
      assert.throws(
        () => parseMatrixFile(text, "kport.yml"),
        (e) => e instanceof UserError && message.test(e.message) && e.message.split("\n").length < 4,
        String(message),
      );
    });
  }

  it("has a published JSON schema that is current", async () => {
    assert.equal(await readFile(path.join(projectRoot(), "docs", "kport.schema.json"), "utf8"), jsonSchema());
  });
});
