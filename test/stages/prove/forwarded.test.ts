/** A table that names an inline function in C, and a helper that calls it in the lowered C: the same where that is all that the helper does. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { run } from "../../../src/machine/process.ts";
import { compareSides } from "../../../src/stages/prove/compared.ts";
import { forwardedBy, nameForwarded } from "../../../src/stages/prove/forwarded.ts";
import { IrModule } from "../../../src/stages/prove/ir/read-module.ts";
import { Side, unitOfC } from "../../../src/stages/prove/sides.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { findProvers } from "../../../src/toolchain/provers.ts";

let clang: string;
let opt: string;
before(async () => {
  const tools = await requireTools(["clang", "rustc"]);
  const provers = await findProvers(tools.rustc);
  assert.ok(typeof provers !== "string", String(provers));
  [clang, opt] = [tools.clang.path, provers.opt.path];
});

const FLAGS = "-xc - -O2 -g0 -Xclang -disable-llvm-passes -emit-llvm -S -o - -Wno-everything".split(" ");
const moduleOf = async (c: string): Promise<IrModule> => new IrModule((await run(clang, FLAGS, { input: c })).stdout);

const OPS = "struct ops { int (*peek)(int, int, int *); const char *name; };\nextern int reg(struct ops *);\n";
const INLINE = "static inline int peeked(int n, int m, int *p) { return n - m + *p; }\n";
const OTHER = "static inline int other(int n, int m, int *p) { return n - m; }\n";
const table = (peek: string): string =>
  `static struct ops table = { ${peek}, "a name" };\nint start(void) { return reg(&table); }\n`;
const helper = (body: string, result = "int"): string => `${result} kport_u_peeked(int n, int m, int *p) { ${body} }\n`;

/** Whether the function that hands the table on is proved. */
async function isProved(helpers: string): Promise<boolean> {
  const written = new Side("written", [unitOfC(await moduleOf(OPS + INLINE + OTHER + table("peeked")), "u")]);
  const declared = "extern int kport_u_peeked(int, int, int *);\n";
  const lowered = new Side(
    "lowered",
    (await Promise.all([moduleOf(OPS + declared + table("kport_u_peeked")), moduleOf(helpers)])).map((m) =>
      unitOfC(m, "u"),
    ),
  );
  const compare = (keys: readonly string[]): ReturnType<typeof compareSides> =>
    compareSides(written, lowered, keys, { opt, sandbox: { writable: [] } });
  await nameForwarded(written, lowered, compare);
  return (await compare(["start"])).get("start")?.same === true;
}

describe("a helper in a table", () => {
  it("is the function that it calls with all that it is given", async () => {
    assert.equal(await isProved(INLINE + helper("return peeked(n, m, p);")), true);
  });

  const WRONG: Record<string, string> = {
    "calls another function": INLINE + OTHER + helper("return other(n, m, p);"),
    "calls one that does something else by that name": `${INLINE.replace("n - m", "n + m")}${helper("return peeked(n, m, p);")}`,
    "exchanges what it is given": INLINE + helper("return peeked(m, n, p);"),
    "changes what it is given": INLINE + helper("n++; return peeked(n, m, p);"),
    "gives on what it reads": INLINE + helper("return peeked(*p, m, p);"),
    "gives on one thing twice": INLINE + helper("return peeked(n, n, p);"),
    "changes what it gives back": INLINE + helper("return -peeked(n, m, p);"),
    "gives back something else": INLINE + helper("peeked(n, m, p); return n;"),
    "calls it twice": INLINE + helper("peeked(n, m, p); return peeked(n, m, p);"),
    "writes as well": INLINE + helper("*p = 0; return peeked(n, m, p);"),
    "calls it only where something holds": INLINE + helper("return n ? peeked(n, m, p) : 0;"),
    "reads what may change": INLINE + helper("volatile int k = n; return peeked(k, m, p);"),
  };
  for (const [what, helpers] of Object.entries(WRONG))
    it(`is not where it ${what}`, async () => assert.equal(await isProved(helpers), false));

  it("gives back a number as its function does", async () => {
    const of = async (text: string): Promise<string | undefined> => {
      const f = (await moduleOf(text)).function("g");
      assert.ok(f !== undefined);
      return forwardedBy(f);
    };
    const narrow = "static inline signed char f(signed char c) { return c; }\n";
    assert.equal(await of(`${narrow}signed char g(signed char c) { return f(c); }`), "f");
    assert.equal(await of(`${narrow}unsigned char g(unsigned char c) { return f(c); }`), undefined);
    assert.equal(await of("static inline void f(int c) {}\nvoid g(int c) { f(c); }"), "f");
    assert.equal(await of("static inline int f(int c) { return c; }\nvoid g(int c) { f(c); }"), undefined);
  });
});
