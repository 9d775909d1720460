import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { UserError } from "../../src/machine/errors.ts";
import { checkInputs, readInputs, reportInputs } from "../../src/doors/inputs.ts";
import { projectRoot } from "../../src/machine/project-root.ts";

interface ActionFile {
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string };
}

async function actionFile(file: string): Promise<ActionFile> {
  return parse(await readFile(path.join(projectRoot(), file), "utf8")) as ActionFile;
}

/** The inputs of `action.yml` with some set otherwise, as the runner would hand them over. */
async function reader(file: string, set: Record<string, string> = {}): Promise<(name: string) => string> {
  const { inputs } = await actionFile(file);
  return (name) => set[name] ?? (name === "token" ? "" : (inputs[name]?.default ?? ""));
}

for (const [file, schema] of [
  ["action.yml", checkInputs],
  ["report/action.yml", reportInputs],
] as const) {
  describe(file, () => {
    it("has the inputs of the schema, each described, with a default that the schema takes", async () => {
      const { inputs } = await actionFile(file);
      assert.deepEqual(Object.keys(inputs).sort(), Object.keys(schema.shape).sort());
      for (const [name, input] of Object.entries(inputs)) {
        assert.ok(input.description.length > 20, name);
        assert.equal(typeof input.default, "string", `${name} has no default`);
      }
      assert.doesNotThrow(() => readInputs(schema, (name) => (name === "token" ? "t" : inputs[name]!.default)));
    });

    it("runs on Node 24 from dist/", async () => {
      const { runs } = await actionFile(file);
      assert.equal(runs.using, "node24");
      assert.ok(
        path.join(projectRoot(), path.dirname(file), runs.main).startsWith(path.join(projectRoot(), "dist") + path.sep),
      );
    });
  });
}

describe("inputs", () => {
  it("are read into what they mean", async () => {
    const inputs = readInputs(
      checkInputs,
      await reader("action.yml", {
        modules: "./drivers/a/\n drivers/b , drivers/a\n",
        kernel: "6.1,6.12",
        boot: "False",
      }),
    );
    assert.deepEqual(inputs.modules, ["drivers/a", "drivers/b"]);
    assert.deepEqual(inputs.kernel, ["6.1", "6.12"]);
    assert.equal(inputs.boot, false);
    assert.equal(inputs["fail-on"], "error");
  });

  const bad: [string, string, RegExp][] = [
    ["modules", "/etc", /relative to its root/],
    ["modules", "a/../../b", /relative to its root/],
    ["modules", "a\u0007b", /control characters/],
    ["names", "x;rm -rf", /letters, digits/],
    ["kernel", "latest", /version prefix/],
    ["boot", "yes", /true or false/],
    ["headers", "rust", /helpers, translate/],
    ["baseline", "../port", /base, none, or the folder/],
    ["fail-on", "errors", /never, error, not-run, warning/],
    ["require-proof", "101", /0 to 100/],
    ["require-proof", "most", /0 to 100/],
    ["fuzz", "0", /1 to 1800/],
    ["fuzz", "long", /1 to 1800/],
    ["out", ".", /folder of its own/],
    ["artifact-name", "a/b", /letters, digits/],
    ["mode", "port?", /check, list/],
    ["make", "make\u0000", /control characters/],
  ];
  for (const [name, value, what] of bad) {
    it(`${name}: ${JSON.stringify(value)} is refused, with its name, what it holds and what to write`, async () => {
      const read = await reader("action.yml", { [name]: value });
      assert.throws(
        () => readInputs(checkInputs, read),
        (error) =>
          error instanceof UserError &&
          error.message.includes(`"${name}"`) &&
          error.message.includes(JSON.stringify(value).slice(1, 6)) &&
          what.test(error.message),
      );
    });
  }

  it("are all named when several are bad", async () => {
    const read = await reader("action.yml", { boot: "maybe", headers: "x" });
    assert.throws(() => readInputs(checkInputs, read), /"boot".*\n.*"headers"/);
  });
});

describe("inputs of the half that writes", () => {
  it("are read into what they mean", async () => {
    const inputs = readInputs(
      reportInputs,
      await reader("report/action.yml", {
        mode: "port",
        base: "release/6.1",
        labels: "rust, needs review\nport",
        reviewers: "jo",
      }),
    );
    assert.deepEqual(
      [inputs.base, inputs["port-dir"], inputs.draft, inputs.reopen, inputs.propose],
      ["release/6.1", "rust/{module}", true, false, "pass"],
    );
    assert.deepEqual(
      [inputs.labels, inputs.reviewers, inputs["team-reviewers"]],
      [["rust", "needs review", "port"], ["jo"], []],
    );
  });

  for (const [name, value, what] of [
    ["base", "a..b", /name of a branch/],
    ["base", "a b", /name of a branch/],
    ["propose", "fail", /pass, always/],
    ["draft", "no", /true or false/],
    ["labels", "a\u0007", /control characters/],
    ["mode", "check", /report, port/],
  ] as const) {
    it(`${name}: ${JSON.stringify(value)} is refused`, async () => {
      const read = await reader("report/action.yml", { [name]: value });
      assert.throws(
        () => readInputs(reportInputs, read),
        (error) => error instanceof UserError && error.message.includes(`"${name}"`) && what.test(error.message),
      );
    });
  }
});
