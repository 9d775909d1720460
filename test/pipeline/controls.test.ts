/** What must fail does, and says where: a check that cannot fail proves nothing. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import pLimit from "p-limit";
import { projectRoot } from "../../src/machine/project-root.ts";
import { identifiersOf, printItem, splitItems } from "../../src/rust/items.ts";
import type { Finding } from "../../src/report/schema.ts";
import { assemble } from "../../src/stages/assemble/index.ts";
import { bootModule, compareRuns } from "../../src/stages/boot/index.ts";
import { build } from "../../src/stages/build/index.ts";
import { capture, type Captured } from "../../src/stages/capture/index.ts";
import type { CapturedModule } from "../../src/stages/capture/captured-modules.ts";
import { compareObjects } from "../../src/stages/compare/index.ts";
import { builtSymbols } from "../../src/stages/capture/siblings.ts";
import { importableSymbols } from "../../src/stages/lower/importable.ts";
import { inspect } from "../../src/stages/inspect/index.ts";
import { eachUnit, lowerUnits, unitNames } from "../../src/check/translate-units.ts";
import { transpile } from "../../src/stages/transpile/index.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { buildPlugin } from "../../src/toolchain/facts-plugin.ts";
import { kbuildCommand } from "../../src/toolchain/kbuild.ts";
import { type Kernel, kernelConfiguration } from "../../src/toolchain/kernel.ts";
import { prepareKernel } from "../../src/toolchain/kernel-packages.ts";
import { checkOne, complaints, folder, GREETER, moduleFolder, told } from "./pipeline.ts";

test("C that does not compile fails in capture, with file and line", async () => {
  await using at = await folder();
  const dir = await moduleFolder(
    at.dir,
    "broken",
    GREETER.replaceAll("greeter", "broken").replace("\treturn 0;", "\treturn missing;"),
  );
  const report = await checkOne(dir, path.join(at.dir, "out"));
  assert.equal(report.verdict, "fail");
  assert.deepEqual(
    report.stages.map((s) => s.status),
    ["failed", ...Array<string>(9).fill("skipped")],
  );
  const [finding, ...others] = report.findings;
  assert.deepEqual(others, []);
  assert.equal(finding?.check, "capture");
  assert.match(
    finding?.message ?? "",
    /^the C does not compile, with the kernel's own compiler neither \(gcc: .missing. undeclared[^\n]*\n[^]*error: use of undeclared identifier 'missing'/,
  );
  assert.deepEqual([finding?.file, finding?.line], ["broken.c", 15]);
});

test("a makefile that builds no module fails in capture", async () => {
  await using at = await folder();
  const dir = await moduleFolder(at.dir, "nothing", "\n");
  await writeFile(path.join(dir, "Makefile"), "all:\n\techo done\n");
  const report = await checkOne(dir, path.join(at.dir, "out"));
  assert.equal(report.verdict, "fail");
  assert.match(report.findings[0]?.message ?? "", /made no \.ko[^\n]*obj-m/);
});

test("what cannot become Rust fails with its file and the reason", async () => {
  await using out = await folder();
  const report = await checkOne(path.join(projectRoot(), "test", "modules", "constructor"), out.dir);
  assert.equal(report.verdict, "fail", complaints(report));
  const error = report.findings.find((f) => f.severity === "error");
  assert.match(told(error as Finding), /^error \[lower\] constructor\.c:\d+ `construct` is a constructor/);
  assert.deepEqual(
    report.units.map((u) => [u.file, u.status]),
    [["constructor.c", "failed"]],
  );
  assert.equal(report.boot, undefined);
  assert.ok(!existsSync(path.join(out.dir, "port")));
});

test("a second run takes the Rust from the cache", async () => {
  await using at = await folder();
  const dir = await moduleFolder(at.dir, "greeter", GREETER);
  const first = await checkOne(dir, path.join(at.dir, "first"), { boot: false });
  assert.equal(first.verdict, "pass", complaints(first));
  assert.equal(first.stages.find((s) => s.name === "boot")?.status, "skipped");
  const second = await checkOne(dir, path.join(at.dir, "second"), { boot: false });
  assert.equal(second.stages.find((s) => s.name === "transpile")?.cached, true);
  const [a, b] = await Promise.all(
    ["first", "second"].map((r) => readFile(path.join(at.dir, r, "port", "src", "greeter.rs"), "utf8")),
  );
  assert.equal(a, b);
});

describe("a port that lost something on the way", () => {
  let scratch: Awaited<ReturnType<typeof folder>>;
  let kernel: Kernel;
  let module: CapturedModule;
  let builtAs: Captured;
  let port: string;
  before(async () => {
    scratch = await folder();
    const tools = await requireTools(["clang", "llvmConfig", "bear", "llvmReadelf", "c2rust"]);
    kernel = await prepareKernel("6.1");
    const dir = await moduleFolder(scratch.dir, "greeter", GREETER);
    const captured = await capture({
      dir,
      kernel,
      workDir: path.join(scratch.dir, "work"),
      clang: tools.clang.path,
      kernelCompiler: (await kbuildCommand(kernel)).compiler,
      bear: tools.bear.path,
      jobs: 2,
    });
    builtAs = captured;
    module = captured.modules[0] as CapturedModule;
    const names = unitNames(module.objects.flatMap((o) => (o.kind === "c" ? [o.command.file] : [])));
    const lowered = await lowerUnits(module, names, pLimit(2), {
      keepInC: new Map(),
      kernel,
      kbuild: await kbuildCommand(kernel),
      clang: tools.clang.path,
      plugin: await buildPlugin(tools),
      readelf: tools.llvmReadelf.path,
      headers: "helpers",
      isOwn: (f) => f.startsWith(captured.copy.root),
      importable: await importableSymbols(kernel, await builtSymbols(captured.copy.dir)),
      sandbox: captured.sandbox,
    });
    const units = await eachUnit(
      lowered,
      (l) => l.file,
      pLimit(2),
      async (l, i) => {
        if (l.value === undefined) throw l.error;
        return transpile(l.value, names[i] as string, tools.c2rust);
      },
    );
    const provenance = {
      module: "greeter",
      kernel: { release: kernel.release, arch: kernel.arch, compiler: kernel.compiler },
      tools: {},
      headers: "helpers" as const,
      units: [],
    };
    const made = await assemble(
      module,
      units.map((u) => u.value ?? assert.fail(String(u.error))),
      names,
      provenance,
      (f) => path.basename(f),
      path.join(scratch.dir, "port"),
    );
    port = made.dir;
  });
  after(() => scratch[Symbol.asyncDispose]());

  /** Build the port after a change to the unit's Rust, and say what both comparisons find. */
  async function findingsAfter(name: string, change: (rust: string) => string, boot: boolean): Promise<Finding[]> {
    const changed = path.join(scratch.dir, name);
    await cp(port, changed, { recursive: true });
    const file = path.join(changed, "src", "greeter.rs");
    const before = await readFile(file, "utf8");
    const rust = change(before);
    assert.ok(name === "untouched" || rust !== before, "the change changed something");
    await writeFile(file, rust);
    const { rustc, llvmReadelf } = await requireTools(["rustc", "llvmReadelf"]);
    const { ko, warnings } = await build(changed, "greeter", kernel, rustc);
    const [c, r] = await Promise.all([inspect(module.ko, llvmReadelf.path), inspect(ko, llvmReadelf.path)]);
    const findings = compareObjects({
      c,
      rust: r,
      constants: new Set(),
      constructs: [],
      functions: [],
      config: await kernelConfiguration(kernel),
      warnings: { c: builtAs.warnings, rust: warnings },
    });
    if (boot)
      findings.push(
        ...compareRuns(await bootModule({ ko: module.ko }, kernel, {}), await bootModule({ ko }, kernel, {})),
      );
    return findings.filter((f) => f.severity === "error");
  }
  // With what refers to it (___ADDRESSABLE does): otherwise it would not compile.
  const without = (name: string) => (rust: string) =>
    splitItems(rust)
      .filter((i) => !identifiersOf(i).has(name))
      .map(printItem)
      .join("\n\n");

  test("an untouched port shows no error", async () => {
    assert.deepEqual((await findingsAfter("untouched", (rust) => rust, true)).map(told), []);
  });

  test("a lost init is named by both comparisons: the module would load and do nothing", async () => {
    const errors = (await findingsAfter("no-init", without("init_module"), true)).map(told);
    assert.ok(
      errors.some((e) => /\[entry-points\].*`init_module` is missing/.test(e)),
      errors.join("\n"),
    );
    assert.ok(
      errors.some((e) => /\[init-ran\].*init_module is missing/.test(e)),
      errors.join("\n"),
    );
    assert.ok(
      errors.some((e) => /\[boot-dmesg\]/.test(e)),
      errors.join("\n"),
    );
  });

  test("a changed licence is named", async () => {
    const errors = (
      await findingsAfter("licence", (rust) => rust.replace("license=GPL\\0", "license=BSD\\0"), false)
    ).map(told);
    assert.deepEqual(errors, ["error [modinfo] : modinfo `license` differs"]);
  });

  test("a module that says something else is named, with the lines", async () => {
    const errors = (
      await findingsAfter("other-words", (rust) => rust.replace("hello number", "greet number"), true)
    ).map(told);
    assert.equal(errors.length, 1, errors.join("\n"));
    assert.match(errors[0] as string, /\[boot-dmesg\]/);
  });
});
