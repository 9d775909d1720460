import assert from "node:assert/strict";
import { test } from "node:test";
import { type AstNode, extent, walk } from "../../../src/c/ast.ts";
import { ScopeExits } from "../../../src/stages/lower/scope-exits.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const none = (): boolean => false;
const cleanUps = ({ functions, source, text }: RuleInput): void => {
  for (const f of functions) new ScopeExits(f, source, none).lower(text);
};

// Each call is told apart by the variable's value; what it prints is the order in which scopes end.
const TOLD = 'static void leave(int *p) { printf("%d ", *p); }\n';
const owed = (source: string): string => `${TOLD}${source.replaceAll("OWED", "__attribute__((__cleanup__(leave)))")}`;
const main = (calls: string): string => `int main(void) { ${calls} printf("\\n"); return 0; }\n`;

test("calls are made where a scope falls through, last declared first", async () => {
  const out = await sameResult(
    owed(`static void f(void) { OWED int a = 1, b = 2; { OWED int c = 3; } printf("in "); }\n${main("f();")}`),
    cleanUps,
  );
  assert.doesNotMatch(out, /cleanup__/);
  assert.match(out, /leave\(&b\); leave\(&a\); \}/);
});

test("a result is computed before the calls, a constant needs no place to keep it", async () => {
  const out = await sameResult(
    owed(
      `static int f(int n) { OWED int a = n; if (n) return a += 4; else return 7; }\nstatic void g(void) { OWED int a = 5; return (void)f(3); }\n${main('printf("%d %d ", f(0), 0); printf("%d ", f(2)); g();')}`,
    ),
    cleanUps,
  );
  assert.match(out, /int kport\$result = a \+= 4; leave\(&a\); return kport\$result;/);
  assert.match(out, /\{ leave\(&a\); return 7; \}/);
});

test("break and continue end the scopes in the loop only, and a switch is no loop", async () => {
  await sameResult(
    owed(
      `static void f(int n) { OWED int out = 90; for (int i = 0; i < n; i++) { OWED int a = i; if (i == 1) continue; switch (i) { case 2: { OWED int b = 20; if (n == 5) continue; break; } default: ; } if (i == 3) break; printf("| "); } do { OWED int c = 50; if (n) break; } while (0); }\n${main("f(5); f(2); f(6);")}`,
    ),
    cleanUps,
  );
});

test("a goto ends the scopes that its label is not in, and a jump back one's own", async () => {
  await sameResult(
    owed(
      `static int f(int n) { OWED int a = 1; { OWED int b = 2; if (n == 1) goto inner; { OWED int c = 3; if (n == 2) goto outer; if (n == 3) goto inner; } inner: printf("inner "); } outer: again: ; OWED int d = n; if (n++ < 4) goto again; return a; }\n${main("for (int i = 1; i < 5; i++) f(i);")}`,
    ),
    cleanUps,
  );
});

test("a variable in the head of a for lives until the loop ends", async () => {
  await sameResult(
    owed(
      `static int f(int n) { for (OWED int a = 0; a < n; a++) if (a == 2) break; else if (a == 5) return 8; else printf("%d: ", a);\n if (n) for (OWED int b = 7; b; b = 0) ; else printf("never "); return n; }\n${main("f(1); f(4); f(0);")}`,
    ),
    cleanUps,
  );
});

test("a statement expression has its value before the calls", async () => {
  await sameResult(
    owed(
      `static int f(int n) { return ({ OWED int a = n; if (n == 3) return 30; a + 1; }) + ({ int v = 0; { OWED int b = 9; v = b; } v; }); }\nstatic void g(void) { ({ OWED int a = 6; (void)a; }); }\n${main('printf("%d ", f(1)); printf("%d ", f(3)); g();')}`,
    ),
    cleanUps,
  );
});

test("without the rule the calls would be C's own: the text still says so", async () => {
  assert.match(
    await lowered(`${owed("void f(void) { OWED int a = 1; }\n").replace("printf", "(void)")}`, () => undefined),
    /__cleanup__\(leave\)/,
  );
});

test("a helper's jump makes the calls that the jump owes", async () => {
  const source =
    "void leave(int *); int probe(int *);\nvoid f(void) { __attribute__((cleanup(leave))) int a = 1; { __attribute__((cleanup(leave))) int b = 2; probe(&b); { probe(&a); } out: ; } end: ; }\n";
  await lowered(source, ({ functions, source: text }) => {
    const calls: AstNode[] = [];
    walk(functions[0] as AstNode, (n) => void (n.kind === "CallExpr" && calls.push(n)));
    const exits = new ScopeExits(functions[0] as AstNode, text, (n) => n === calls[0]);
    const from = extent(calls[0] as AstNode)?.start ?? 0;
    assert.equal(exits.beforeJump(from, "end"), "leave(&b); ");
    assert.equal(exits.beforeJump(from, "out"), "");
  });
});
