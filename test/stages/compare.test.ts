import assert from "node:assert/strict";
import { test } from "node:test";
import { compareObjects } from "../../src/stages/compare.ts";
import type { InspectedObject } from "../../src/stages/inspect.ts";

function object(over: Partial<InspectedObject> = {}): InspectedObject {
  return {
    bytes: 9000,
    text: 1000,
    data: 100,
    bss: 10,
    modinfo: { license: "GPL", vermagic: "6.1 SMP", parm: "a:one\nb:two", srcversion: "AAAA" },
    imports: ["_printk", "__fentry__"],
    exports: ["ring_put"],
    sections: { ".text": { size: 800 }, ".init.text": { size: 60 }, __param: { size: 80, entries: 2 }, __ksymtab: { size: 12, entries: 1 }, ".modinfo": { size: 90 } },
    defects: [],
    ...over,
  };
}
const found = (c: InspectedObject, rust: InspectedObject): string[] => compareObjects(c, rust).map((f) => `${f.severity} ${f.check}: ${f.message}`);
const without = <T>(all: Record<string, T>, key: string): Record<string, T> => Object.fromEntries(Object.entries(all).filter(([k]) => k !== key));
const { modinfo, sections } = object();

test("equal modules show nothing", () => assert.deepEqual(found(object(), object()), []));

for (const [what, rust, expected] of [
  ["lost modinfo", { modinfo: without(modinfo, "license") }, "error modinfo: modinfo `license` is missing from the Rust module"],
  ["changed modinfo", { modinfo: { ...modinfo, vermagic: "6.1" } }, "error modinfo: modinfo `vermagic` differs"],
  ["added modinfo", { modinfo: { ...modinfo, alias: "x" } }, "error modinfo: modinfo `alias` is only in the Rust module"],
  ["a lost parameter's description", { modinfo: { ...modinfo, parm: "a:one" } }, "error modinfo: modinfo `parm` differs"],
  ["a lost export", { exports: [] }, "error exports: `ring_put` is no longer exported"],
  ["an added export", { exports: ["ring_put", "leak"] }, "error exports: `leak` is exported by the Rust module only"],
  ["a lost parameter", { sections: { ...sections, __param: { size: 40, entries: 1 } } }, "error sections: section `__param` does not hold as much"],
  ["all parameters lost", { sections: without(sections, "__param") }, "error sections: section `__param` is missing from the Rust module"],
  ["a lost init", { sections: without(sections, ".init.text") }, "error sections: section `.init.text` is missing from the Rust module"],
  ["a defect of the Rust module's own", { defects: [".modinfo is writable"] }, "error sections: .modinfo is writable"],
  ["much more text", { text: 1501 }, "warning size: text grew 1.50 times"],
] as const satisfies [string, Partial<InspectedObject>, string][]) {
  test(`${what} is found, and nothing else`, () => assert.deepEqual(found(object(), object(rust)), [expected]));
}

test("a constructor of the C module's that the Rust one lacks is found", () => {
  assert.deepEqual(found(object({ sections: { ...sections, ".init_array": { size: 8 } } }), object()), ["error sections: section `.init_array` is missing from the Rust module"]);
});

test("the order of repeated modinfo does not matter, srcversion is a note, text may grow by half", () => {
  assert.deepEqual(found(object(), object({ modinfo: { ...modinfo, parm: "b:two\na:one" }, text: 1500 })), []);
  assert.match(found(object(), object({ modinfo: { ...modinfo, srcversion: "BBBB" } })).join(), /^note modinfo: modinfo `srcversion` differs: kbuild computes it/);
});

test("imports that come with a compiler are notes with their reason, grouped", () => {
  const notes = found(object({ imports: ["_printk", "__fentry__", "__stack_chk_fail", "kmalloc_caches"] }), object({ imports: ["_printk", "memcpy", "__x86_return_thunk"] }));
  assert.ok(notes.every((n) => n.startsWith("note imports: ")));
  assert.equal(notes.length, 5);
  assert.ok(notes.some((n) => /Only the C module imports `__fentry__`: .*ftrace/.test(n)));
  assert.ok(notes.some((n) => /Only the Rust module imports `memcpy`: calls that a compiler makes/.test(n)));
});
