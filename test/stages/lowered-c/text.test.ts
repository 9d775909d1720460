import assert from "node:assert/strict";
import { test } from "node:test";
import type { DefinitionFacts } from "../../../src/stages/lower/definitions.ts";
import { VOLATILE_READS } from "../../../src/stages/lower/volatile-reads.ts";
import { asC } from "../../../src/stages/lowered-c/text.ts";
import { unitOf } from "../../c/unit.ts";
import { run } from "../../../src/machine/process.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";

const fact = (over: Partial<DefinitionFacts> & { name: string }): DefinitionFacts => ({
  kind: "variable",
  weak: false,
  noinline: false,
  constant: false,
  ...over,
});

test("symbols, aliases of variables and volatile reads are given back, so that the object is as the Rust's", async () => {
  const text = asC({
    text: `${VOLATILE_READS.replaceAll("$", "_")}int inlined(int);\nextern int words[2];\nint shared = 3;\n__attribute__((used)) static const int table[2] = { 1, 2 };\nint f(volatile int *p) { return inlined(words[1]) + (int)kport_read_volatile_4(p) + shared; }\n`,
    symbols: new Map([["inlined", "kport_inlined"]]),
    elsewhere: new Map([["words", "kport_unit_words"]]),
    definitions: [
      fact({ name: "shared", symbol: "kport_unit_shared" }),
      fact({ name: "words", symbol: "words" }),
      fact({ name: "device_table", kind: "alias", target: "table" }),
      fact({ name: "second", kind: "alias", target: "shared" }),
    ],
  });
  await using unit = await unitOf("");
  const object = `${unit.compiler.command.directory}/lowered.o`;
  const r = await unit.compiler.runOnPreprocessed(text, ["-O2", "-c", "-o", object]);
  assert.equal(r.exitCode, 0, r.stderr);
  const { llvmReadelf } = await requireTools(["llvmReadelf"]);
  const elf = await run(llvmReadelf.path, ["-sW", object]);
  const symbols = [...elf.stdout.matchAll(/(LOCAL|GLOBAL|WEAK)\s+DEFAULT\s+(\S+) (\w+)$/gm)]
    .map((m) => `${m[1]} ${m[2] === "UND" ? "UND " : ""}${m[3]}`)
    .sort();
  assert.deepEqual(
    symbols.filter((s) => !s.endsWith(" lowered") && !/stdin|-$/.test(s)),
    [
      "GLOBAL UND kport_inlined",
      "GLOBAL UND kport_unit_words",
      "GLOBAL device_table",
      "GLOBAL f",
      "GLOBAL kport_unit_shared",
      "GLOBAL second",
      "LOCAL table",
    ],
  );
});
