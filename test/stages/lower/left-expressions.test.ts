import assert from "node:assert/strict";
import { test } from "node:test";
import { hoistLeftExpressions } from "../../../src/stages/lower/left-expressions.ts";
import { rustOf } from "../../rust/rust.ts";
import { lowered, type RuleInput, sameResult } from "./rule.ts";

const rule = (x: RuleInput): void =>
  x.functions.forEach((f) =>
    hoistLeftExpressions(f, [], x.source, x.text, (offset) => ({
      file: "unit.c",
      line: x.source.slice(0, offset).split("\n").length,
    })),
  );

test("jumps, breaks and continues leave statement expressions wherever they stand", async () => {
  await sameResult(
    `static int f(int n) { int s = 0; for (int i = 0; i < n; i++) s += ({ if (i == 3) continue; if (i == 6) break; int v = i * i; v; }); int r = ({ if (s > 20) goto many; s; }); if (({ if (n == 1) goto one; r > 5; })) s += ({ if (n == 4) goto many; 100; }); else s = 7; do { int s = 3; r += ({ int s = 5; if (r > 50) break; s; }) + s; } while (r < 90); return ({ if (n == 2) goto one; out: s + r; }); many: return -s; one: return -1000; }\nint main(void) { for (int n = 0; n < 12; n++) printf("%d ", f(n)); printf("\\n"); }\n`,
    rule,
  );
});

test("without that c2rust refuses", async () => {
  const source =
    "int printf(const char *, ...);\nint main(void) { int s = 0; for (int i = 0; i < 5; i++) s += ({ if (i == 3) continue; i; }); return s; }\n";
  await assert.rejects(rustOf(source), /continue/);
  assert.ok((await rustOf(await lowered(source, rule))).some((i) => i.name === "main" || i.name === "main_0"));
});

test("a step that jumps goes to the end of the loop's body, and what continues the loop goes there", async () => {
  const out = await sameResult(
    `static int f(int n) { int s = 0; for (int i = 0; i < 4; i++) { for (int scope = n; scope > 0 || n == -1; ({ goto done; })) if (0) { done: break; } else { if (i == 1) continue; if (i == 2) break; s += 10; for (int k = 0; k < 3; k++) { if (k == 1) continue; s++; } } s += 100; } return s; }
static int g(int n) { int s = 0; for (; n < 9; ({ n++; if (n == 5) goto out; })) if (n == 1) continue; else s += n; s = -s; out: return s; }
int main(void) { for (int n = -1; n < 10; n++) printf("%d %d ", f(n), g(n)); printf("\\n"); }
`,
    rule,
  );
  assert.match(out, /; \) \{ if \(0\)/);
  assert.match(out, /goto kport\$step_1; if \(i == 2\) break;/);
});

test("one that is not left stays", async () => {
  const out = await sameResult(
    'int main(void) { int i = 2; printf("%d\\n", ({ int n = 0; while (1) { if (n > 5) break; n += i; } goto end; end: n; })); }\n',
    rule,
  );
  assert.doesNotMatch(out, /kport\$left/);
});

test("one that is evaluated several times or on a condition is refused, with its place", async () => {
  for (const use of [
    "while (({ if (n == 3) goto out; n < 9; })) n++;",
    "n = n && ({ if (n == 3) goto out; n; });",
    "for (; ({ if (n > 5) goto out; 1; }); n++) ;",
    "for (;;) for (; n < 9; ({ if (n > 5) continue; n++; })) ;",
  ]) {
    await assert.rejects(
      lowered(`int f(int n) {\n${use}\nout: return n; }\n`, rule),
      (e: Error & { line?: number }) => /left by a jump/.test(e.message) && e.line === 2,
      use,
    );
  }
});
