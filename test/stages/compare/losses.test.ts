import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../../../src/machine/process.ts";
import { compareObjects, type Pair } from "../../../src/stages/compare/index.ts";
import { leftForNothing, losses, reasonsToStay } from "../../../src/stages/compare/losses.ts";
import { inspect, type InspectedObject } from "../../../src/stages/inspect/index.ts";
import type { WrittenFunction } from "../../../src/stages/lower/as-written.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";

const CODE = `	.text
	.type ring_put, @function
ring_put:
1:	ud2
2:	ud2
3:	nop
	.size ring_put, . - ring_put
	.section .rodata.str1.1,"aMS",@progbits,1
file:	.asciz "/build/ring.c"
header:	.asciz "include/linux/net.h"
`;
const OWN_WARN =
  '\t.section __bug_table,"aw"\n\t.long 1b - ., file - .\n\t.short 7, 0\n\t.section .data..once,"aw"\n\t.byte 0\n';
const HEADER_WARN = '\t.section __bug_table,"aw"\n\t.long 2b - ., header - .\n\t.short 9, 0\n';
const STATIC_CALL = '\t.section .static_call_sites,"aw"\n\t.long 3b - ., __SCK__might_resched - .\n';
/** Which the object code shows inlined into ring_put: line 7 is copy's, line 9 of the header nobody's. */
const FUNCTIONS: WrittenFunction[] = [
  { name: "copy", file: "/m/ring.c", line: 5, c: "static void copy(void)\n{\n\tmemcpy(…);\n}", spans: [] },
  { name: "ring_put", file: "/m/ring.c", line: 20, c: "void ring_put(void) { helper(copy, far); }", spans: [] },
  { name: "helper", file: "/m/ring.h", line: 1, c: "static inline void helper(…) { }", spans: [] },
  { name: "far", file: "/m/other.c", line: 5, c: "void far(void)\n{\n}\n", spans: [] },
];
const staying = (...names: string[]): WrittenFunction[] =>
  FUNCTIONS.map((f) => (names.includes(f.name) ? { ...f, inC: true } : f));

describe("what the tables lost", () => {
  let dir: string;
  let full: InspectedObject;
  let bare: InspectedObject;
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), "kport-losses-"));
    full = await object(CODE + OWN_WARN + HEADER_WARN + STATIC_CALL);
    bare = await object(CODE);
  });
  after(() => rm(dir, { recursive: true, force: true }));

  async function object(assembly: string): Promise<InspectedObject> {
    const { clang, llvmReadelf } = await requireTools(["clang", "llvmReadelf"]);
    await writeFile(path.join(dir, "m.s"), assembly);
    await run(clang.path, ["-c", "-o", path.join(dir, "m.ko"), path.join(dir, "m.s")]);
    return inspect(path.join(dir, "m.ko"), llvmReadelf.path);
  }
  const told = (c: InspectedObject, rust: InspectedObject, functions: readonly WrittenFunction[]): string[] => {
    const pair: Pair = {
      c,
      rust,
      functions,
      constants: new Set(),
      constructs: [],
      config: new Map(),
      warnings: { c: [], rust: [] },
    };
    return compareObjects(pair).flatMap((f) =>
      f.check === "tables" || f.check === "sections" ? [`${f.severity} ${f.message}`] : [],
    );
  };

  test("a place of the module's is in the function whose source holds it, wherever it was inlined", async () => {
    const [own, ...more] = losses({ c: await object(CODE + OWN_WARN), rust: bare, functions: FUNCTIONS });
    assert.deepEqual([own?.count, [...(own?.functions ?? [])], more], [1, ["copy"], []]);
  });

  test("a place of a header, and a static call, is in the object's function or in what may be inlined there", async () => {
    for (const lost of [HEADER_WARN, STATIC_CALL]) {
      const [loss] = losses({ c: await object(CODE + lost), rust: bare, functions: FUNCTIONS });
      assert.deepEqual([...(loss?.functions ?? [])].sort(), ["copy", "helper", "ring_put"]);
    }
  });

  test("a header's function of the object's own counts as those that call it; one that nobody calls as unknown", async () => {
    const outOfLine = (caller: string): string => `${CODE}	.text
	.type nf_hook, @function
nf_hook:
4:	ud2
	.size nf_hook, . - nf_hook
	.type far, @function
far:
	${caller}
	ret
	.size far, . - far
	.section __bug_table,"aw"
	.long 4b - ., header - .
	.short 9, 0
`;
    const holding = async (caller: string): Promise<string[]> => [
      ...(losses({ c: await object(outOfLine(caller)), rust: bare, functions: FUNCTIONS })[0]?.functions ?? []),
    ];
    assert.deepEqual(await holding("call nf_hook"), ["far"]);
    assert.deepEqual(await holding("nop"), []);
  });

  test("what is lost is an error; the functions are to stay C, each for its reason", () => {
    assert.deepEqual(
      told(full, bare, FUNCTIONS).map((m) => m.replace(/ (?:in|from) the Rust.*/, "")),
      [
        "error section `.data..once` is missing",
        "error `.static_call_sites` has no entry for `__SCK__might_resched`",
        "error `__bug_table` does not know line 7 of ring.c",
        "error `__bug_table` knows 0 places of net.h",
      ],
    );
    assert.deepEqual([...reasonsToStay(losses({ c: full, rust: bare, functions: FUNCTIONS })).keys()].sort(), [
      "copy",
      "helper",
      "ring_put",
    ]);
  });

  test("of a function that stays C its compiler did without, and the module is like the C one", () => {
    const notes = told(full, bare, staying("copy", "helper", "ring_put"));
    assert.equal(notes.length, 3);
    for (const n of notes) assert.match(n, /^note .*: the kernel's own compiler does without, given .* as C$/);
    assert.deepEqual(
      [...reasonsToStay(losses({ c: full, rust: bare, functions: staying("copy", "helper", "ring_put") }))],
      [],
    );
  });

  test("functions that lose the same as C were left to it for nothing, and what they lose is known to be idle", async () => {
    const before = losses({ c: full, rust: bare, functions: FUNCTIONS });
    const asC = staying("copy", "helper", "ring_put");
    assert.deepEqual([...leftForNothing(before, losses({ c: full, rust: bare, functions: asC }))].sort(), [
      "copy",
      "helper",
      "ring_put",
    ]);
    // With its own WARN back, copy is better off as C, whatever else it may hold.
    const regained = await object(CODE + OWN_WARN);
    assert.deepEqual([...leftForNothing(before, losses({ c: full, rust: regained, functions: asC }))].sort(), [
      "helper",
      "ring_put",
    ]);
    // Of a function that did not become C nothing is known.
    assert.deepEqual(
      [
        ...leftForNothing(
          losses({ c: await object(CODE + OWN_WARN), rust: bare, functions: FUNCTIONS }),
          losses({ c: await object(CODE + OWN_WARN), rust: bare, functions: FUNCTIONS }),
        ),
      ],
      [],
    );
    const idle = new Set(["copy", "helper", "ring_put"]);
    assert.ok(losses({ c: full, rust: bare, functions: FUNCTIONS, idle }).every((l) => l.doneWithout));
    assert.ok(
      !losses({ c: full, rust: bare, functions: FUNCTIONS, idle: new Set(["helper", "ring_put"]) }).every(
        (l) => l.doneWithout,
      ),
    );
  });

  test("one function of several that is Rust, or one that is not known, makes it an error again", () => {
    assert.ok(
      told(full, bare, staying("copy", "ring_put")).some((m) =>
        m.startsWith("error `__bug_table` knows 0 places of net.h"),
      ),
    );
    assert.ok(told(full, bare, []).every((m) => m.startsWith("error ")));
    assert.equal(reasonsToStay(losses({ c: full, rust: bare, functions: [] })).size, 0);
  });

  test("another place of the function does not stand in, another line of the same invocation does", async () => {
    const moved = await object(CODE + OWN_WARN.replace(".short 7", ".short 8"));
    const c = await object(CODE + OWN_WARN);
    assert.deepEqual(told(c, moved, FUNCTIONS), [
      "error `__bug_table` does not know line 7 of ring.c in the Rust module: a WARN or BUG is lost",
    ]);
    const spanning = (...spans: [number, number][]): WrittenFunction[] =>
      FUNCTIONS.map((f) => (f.name === "copy" ? { ...f, spans } : f));
    assert.deepEqual(told(c, moved, spanning([6, 8])), []);
    assert.equal(told(c, moved, spanning([5, 7], [8, 9])).length, 1);
    // One place stands in for one.
    const two = await object(
      `${CODE}${OWN_WARN}\t.section __bug_table,"aw"\n\t.long 2b - ., file - .\n\t.short 6, 0\n`,
    );
    assert.match(told(two, moved, spanning([6, 8])).join(), /does not know line 6 of ring.c/);
  });

  test("a byte of .data..once that belongs to no such WARN is missed", async () => {
    const c = await object(`${CODE}${OWN_WARN}\t.byte 0\n`);
    assert.ok(told(c, bare, staying("copy")).includes("error section `.data..once` is missing from the Rust module"));
    assert.deepEqual(told(full, full, FUNCTIONS), []);
  });
});
