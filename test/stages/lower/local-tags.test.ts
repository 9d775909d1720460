import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedTags } from "../../../src/stages/lower/local-tags.ts";
import { parse, unitOf } from "../../c/unit.ts";

test("a function stays C whose structure has another one's tag; the first of several functions need not", async () => {
  await using unit = await unitOf("");
  const tree = await parse(
    unit.compiler,
    "struct out { int a; };\nvoid f(void) { struct out { char c; } x = { 1 }; (void)x; }\nvoid g(void) { struct in { int a; } x = { 1 }; (void)x; }\nvoid h(void) { struct in { char a; }; struct in x = { 1 }; (void)x; }\nvoid i(void) { struct out x = { 1 }; union in { int a; } y = { 2 }; struct { int z; } n = { 3 }; (void)x; (void)y; (void)n; }\nvoid j(void) { struct late { int a; }; }\nstruct late { char c; };\nvoid k(void) { struct deep { int a; } x = { 1 }; { struct deep { char c; } y = { 2 }; (void)y; } (void)x; }\ntypedef struct { int a, b; } pair;\nvoid l(void) { typedef struct { char c; } pair; pair x = { 1 }; (void)x; }\nvoid m(void) { typedef struct { int a; } own; own x = { 1 }; pair y = { 2 }; (void)x; (void)y; }\n",
  );
  const why = sharedTags(tree);
  assert.deepEqual(
    tree.filter((n) => n.kind === "FunctionDecl").map((f) => [f.name, why(f)]),
    [
      ["f", "its `struct out` is not the only one of that name"],
      ["g", undefined],
      ["h", "its `struct in` is not the only one of that name"],
      ["i", undefined],
      ["j", "its `struct late` is not the only one of that name"],
      ["k", "its `struct deep` is not the only one of that name"],
      ["l", "its `pair` is not the only one of that name"],
      ["m", undefined],
    ],
  );
});
