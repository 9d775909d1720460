/** What the checks allow: differences that a compiler makes, which are notes with their reason, or nothing. The controls show what they do not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareObjects } from "../../../src/stages/compare/index.ts";
import type { InspectedObject } from "../../../src/stages/inspect/index.ts";

function object(over: Partial<InspectedObject> = {}): InspectedObject {
  return {
    bytes: 9000,
    text: 1000,
    data: 100,
    bss: 10,
    modinfo: { license: "GPL", parm: "a:one\nb:two", srcversion: "AAAA" },
    imports: ["_printk", "__fentry__"],
    exports: [],
    sections: { ".text": { size: 800 } },
    elf: { sections: [], symbols: [] },
    code: [],
    ...over,
  };
}
const found = (c: InspectedObject, rust: InspectedObject): string[] =>
  compareObjects({
    c,
    rust,
    constants: new Set(),
    constructs: [],
    functions: [],
    config: new Map(),
    warnings: { c: [], rust: [] },
  }).map((f) => `${f.severity} ${f.check}: ${f.message}`);

test("the order of repeated modinfo does not matter, srcversion is a note, text may grow by half", () => {
  const { modinfo } = object();
  assert.deepEqual(found(object(), object({ modinfo: { ...modinfo, parm: "b:two\na:one" }, text: 1500 })), []);
  assert.match(
    found(object(), object({ modinfo: { ...modinfo, srcversion: "BBBB" } })).join(),
    /^note modinfo: modinfo `srcversion` differs: kbuild computes it/,
  );
  assert.match(found(object(), object({ text: 1501 })).join(), /^warning size/);
});

test("imports that come with a compiler are notes with their reason, grouped", () => {
  const notes = found(
    object({ imports: ["_printk", "__fentry__", "__stack_chk_fail", "kmalloc_caches"] }),
    object({ imports: ["_printk", "memcpy", "__x86_return_thunk"] }),
  );
  assert.ok(
    notes.every((n) => n.startsWith("note imports: ")),
    notes.join("\n"),
  );
  assert.equal(notes.length, 5);
  assert.ok(notes.some((n) => /Only the C module imports `__fentry__`: .*tracers/.test(n)));
  assert.ok(notes.some((n) => /Only the Rust module imports `memcpy`: calls that a compiler makes/.test(n)));
});

test("a run-time check that only C has is a warning, and one that only Rust has is a note", () => {
  const [c, rust] = [object({ imports: ["_printk", "fortify_panic"] }), object({ imports: ["_printk"] })];
  assert.match(found(c, rust).join(), /^warning imports: nothing in the Rust module calls `fortify_panic`/);
  assert.match(found(rust, c).join(), /^note imports: Only the Rust module imports `fortify_panic`/);
  assert.deepEqual(found(c, c), []);
});

test("sections that a compiler makes for itself may go", () => {
  const c = object({
    sections: { ".rodata.str1.1": { size: 9 }, __mcount_loc: { size: 8 }, ".note.mine": { size: 4 } },
  });
  assert.deepEqual(found(c, object({ sections: {} })), [
    "error sections: section `.note.mine` is missing from the Rust module",
  ]);
});

test("a warning that the C module's build has as often is no finding, wherever it was", () => {
  const warnings = {
    c: ["x.o: warning: objtool: one()+0x5: call to two() with UACCESS enabled"],
    rust: ["y.o: warning: objtool: three()+0x9: call to four() with UACCESS enabled"],
  };
  assert.deepEqual(
    compareObjects({
      c: object(),
      rust: object(),
      constants: new Set(),
      constructs: [],
      functions: [],
      config: new Map(),
      warnings,
    }),
    [],
  );
});

test("an init function that has a second name is the same under either, and one without code is none", () => {
  const section = {
    index: 1,
    name: ".init.text",
    type: "SHT_PROGBITS",
    allocated: true,
    writable: false,
    executable: true,
    retained: false,
    size: 8,
    bytes: Buffer.alloc(8),
    relocations: [],
  };
  const symbol = (name: string, value: number) => ({
    name,
    section,
    undefined: false,
    value,
    size: 4,
    binding: "Global" as const,
    type: "Function",
  });
  const elf = { sections: [section], symbols: [symbol("rc_init", 0), symbol("init_module", 0), symbol("other", 4)] };
  const code = (...names: string[]) =>
    names.map((name) => ({
      name,
      symbol: name,
      section: ".init.text",
      instructions: [{ at: 0, op: "retq", operands: "" }],
    }));
  const entries = (c: InspectedObject, rust: InspectedObject): string[] =>
    found(c, rust).filter((f) => f.includes("entry-points"));
  assert.deepEqual(
    entries(object({ elf, code: code("rc_init", "other") }), object({ elf, code: code("init_module", "other") })),
    [],
  );
  assert.deepEqual(entries(object({ elf, code: code("rc_init") }), object({ elf, code: code("other") })), [
    "error entry-points: `init_module` is empty in the Rust module and in .init.text, which `struct module` does not refer to in C",
  ]);
});
