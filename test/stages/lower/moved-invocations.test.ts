import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { type AstNode, calleeName, walk } from "../../../src/c/ast.ts";
import { localsOf } from "../../../src/stages/lower/function-scope.ts";
import { type MovedInvocation, movedInvocations } from "../../../src/stages/lower/moved-invocations.ts";
import { type MovedExpression, moveOut } from "../../../src/stages/lower/moved.ts";
import { MovedNames } from "../../../src/stages/lower/moved-names.ts";
import { OffsetMap, placesOf } from "../../../src/stages/lower/reduced-unit.ts";
import { reducedUnit } from "./unit.ts";

const HEADER = `
#define BUMP(x) ({ asm("incl %0" : "+r"(x)); x; })
#define THRICE(x) (get(x, 1) + (x))
long get(long, int);
`;

/** Move each asm statement with its macro, and each call of `get` by itself, as the plan does; `edit` changes the result before it is told. */
async function told(
  own: string,
  edit: (moved: MovedExpression[], file: string) => void | Promise<void> = () => undefined,
): Promise<{ moved: MovedInvocation[]; bytes: Buffer }> {
  await using u = await reducedUnit(HEADER, own);
  const { file } = u.compiler.command;
  const map = new OffsetMap(u.reduced);
  const regions = u.unit.invocations.flatMap((v) => {
    const [start, last] = [map.toReduced(v.start), map.toReduced(v.end - 1)];
    return start === undefined || last === undefined ? [] : [{ ...v, start, end: last + 1 }];
  });
  const moved: MovedExpression[] = [];
  const names = new MovedNames("kport_u_", []);
  for (const fn of u.tree.filter((n) => n.kind === "FunctionDecl" && n.inner?.some((c) => c.kind === "CompoundStmt"))) {
    const cx = {
      fn,
      locals: localsOf(fn),
      text: u.reduced.text,
      regions,
      names,
      ownGlobals: new Set<string>(),
      place: placesOf(u.reduced, file),
    };
    const take = (node: AstNode, scope: "invocation" | "call"): void => {
      const m = moveOut({ node, reason: "test", scope }, cx);
      if (typeof m === "string") assert.fail(m);
      names.take(m.plain);
      moved.push(m);
    };
    walk(fn, (n) => {
      if (n.kind === "GCCAsmStmt") take(n, "invocation");
      else if (n.kind === "CallExpr" && calleeName(n) === "get") take(n, "call");
    });
  }
  await edit(moved, file);
  const bytes = await readFile(file);
  return { moved: await movedInvocations(moved, u.reduced, u.unit), bytes };
}

/** The word of the source that an offset points at. */
function wordAt(bytes: Buffer, offset: number | undefined): string | undefined {
  return offset === undefined ? undefined : /^\w+/.exec(bytes.subarray(offset).toString())?.[0];
}

test("a macro is told by the byte of its name, and its locals by how they are passed", async () => {
  const { moved, bytes } = await told(
    "/* é */ int f(int a, int b) { int r = 0;\n\tr = BUMP(a);\n\treturn r + BUMP(b); }\n",
  );
  assert.deepEqual(
    moved.map((m) => [m.func, m.macro, m.line, m.symbol, m.arguments, m.lvalue]),
    [
      ["f", "BUMP", 3, "kport_u_f_BUMP", [{ local: "a", address: true }], false],
      ["f", "BUMP", 4, "kport_u_f_BUMP_2", [{ local: "b", address: true }], false],
    ],
  );
  for (const m of moved) assert.equal(bytes.subarray(m.offset).toString().slice(0, 5), "BUMP(");
  assert.equal(bytes.subarray(moved[0]?.offset).toString().slice(0, 8), "BUMP(a);");
  assert.equal(bytes.subarray(moved[1]?.offset).toString().slice(0, 8), "BUMP(b);");
});

test("a call is told by the byte of its callee, and each argument by its number", async () => {
  const { moved, bytes } = await told(
    "long f(long a) { return get(a, 4); }\nlong g(long a) { return get(get(a + 1, 2), 3); }\n",
  );
  assert.deepEqual(
    moved.map((m) => [m.func, m.callee, m.macro, m.arguments]),
    [
      ["f", "get", undefined, [{ argument: 0 }]],
      ["g", "get", undefined, [{ argument: 0 }]],
      ["g", "get", undefined, [{ argument: 0 }]],
    ],
  );
  assert.deepEqual(
    moved.map((m) => bytes.subarray(m.offset).toString().slice(0, 7)),
    ["get(a, ", "get(get", "get(a +"],
  );
});

test("a call's line is the source's behind what the preprocessor dropped", async () => {
  const gap = "#if 0\n\tnothing();\n#endif\n\n\n\n\n\n\n\n\n\n\n";
  const { moved } = await told(`long f(long a) {\n${gap}\n\treturn get(a, 4); }\n`);
  assert.deepEqual(
    moved.map((m) => m.line),
    [2 + gap.split("\n").length + 1],
  );
});

test("where a call stands is not guessed: a name that the preprocessor dropped, a call in a macro's expansion", async () => {
  const dropped = (await told("long f(long a) {\n#if 0\n\tget(a, 3);\n#endif\n\treturn get(a, 4); }\n")).moved;
  assert.deepEqual(
    dropped.map((m) => [m.callee, m.offset]),
    [["get", undefined]],
  );
  const within = await told("long f(long a) { return THRICE(a) + get(a, 4); }\n");
  assert.deepEqual(
    within.moved.map((m) => wordAt(within.bytes, m.offset)),
    [undefined, "get"],
  );
});

test("a source that is no UTF-8 has other bytes than its text: no offset", async () => {
  const { moved } = await told("int f(int a) { return BUMP(a); }\n", async (_, file) =>
    writeFile(file, Buffer.concat([Buffer.from("/* \xe9 */", "latin1"), await readFile(file)])),
  );
  assert.deepEqual(
    moved.map((m) => [m.macro, m.offset]),
    [["BUMP", undefined]],
  );
});

test("constants that a direct call is given are numbers of 64 bits", async () => {
  const add = (m: MovedExpression[]): void =>
    void m[0]?.passed.push({ constant: "0x20ul" }, { constant: "(unsigned long)-0x1l" });
  const { moved } = await told("long f(long a) { return get(a, 4); }\n", add);
  assert.deepEqual(moved[0]?.arguments, [{ argument: 0 }, { constant: "32" }, { constant: "18446744073709551615" }]);
  await assert.rejects(
    told("long f(long a) { return get(a, 4); }\n", (m) => void m[0]?.passed.push({ constant: "x + 1" })),
    /no constant/,
  );
});
