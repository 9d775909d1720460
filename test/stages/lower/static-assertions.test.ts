import assert from "node:assert/strict";
import { test } from "node:test";
import { lex, significant } from "../../../src/c/lexer.ts";
import { Rewriter } from "../../../src/c/rewriter.ts";
import { splitItems } from "../../../src/rust/items.ts";
import { restoreStaticInitialisers } from "../../../src/rust/static-initialisers.ts";
import { assertStatically } from "../../../src/rust/static-assertions.ts";
import { auditConstructs } from "../../../src/stages/assemble/audit.ts";
import { isHeaderInline, reduce } from "../../../src/stages/lower/reduce.ts";
import {
  keepAssertions,
  lowerStaticAssertions,
  type StaticAssertion,
} from "../../../src/stages/lower/static-assertions.ts";
import { writtenConstructs } from "../../../src/stages/lower/written.ts";
import { ALLOW, runRust, rustOf } from "../../rust/rust.ts";
import { reducedUnit } from "./unit.ts";

const HEADER = `
#define BUILD_BUG_ON(e) do { extern __attribute__((error("no"))) void kport_no(void); if (!(!(e))) kport_no(); } while (0)
#define static_assert(e, ...) _Static_assert(e, #e)
#define kernel_param(x) _Static_assert(sizeof(x) == 4, "the kernel's own")
struct page { long flags; int kind; };
enum { PAGES = 4 };
`;
const OWN = `
struct wire { char kind; int at[2]; };
typedef unsigned char u8;
_Static_assert(sizeof(struct wire) == 12, "no holes, it says: {}");
static_assert(sizeof(struct page) / PAGES == (u8)4 && PAGES != 3);
_Static_assert(__builtin_types_compatible_p(int, int), "a question of types");
_Static_assert("text"[0] == 't', "a string");
kernel_param(int);
struct held { int n; _Static_assert(sizeof(int) == 4, "in a structure"); };
int f(struct held *h) {
	int local[3];
	_Static_assert(sizeof(int) == 4, "in a function");
	BUILD_BUG_ON(sizeof(struct wire) > 16);
	BUILD_BUG_ON(sizeof(local) != 12);
	static_assert_is_no_name: return h->n + sizeof(local);
}
`;

async function asserted(own: string): Promise<{ text: string; found: StaticAssertion[] }> {
  await using u = await reducedUnit(HEADER, own);
  keepAssertions(u.unit);
  const { reduced, tree } = await reduce(u.unit, u.compiler, isHeaderInline);
  const text = new Rewriter(reduced.text);
  const functions = tree.filter((n) => n.kind === "FunctionDecl" && n.inner?.some((c) => c.kind === "CompoundStmt"));
  const found = lowerStaticAssertions(u.unit, reduced, functions, significant(lex(reduced.text)), "unit", text);
  return { text: text.render(), found };
}

test("what is made of numbers, types and sizes is said in Rust; of the rest it is known that clang evaluated it", async () => {
  const { text, found } = await asserted(OWN);
  assert.deepEqual(
    found.filter((a) => a.name !== undefined).map((a) => a.text),
    [
      '_Static_assert(sizeof(struct wire) == 12, "no holes, it says: {}")',
      "static_assert(sizeof(struct page) / PAGES == (u8)4 && PAGES != 3)",
      "BUILD_BUG_ON(sizeof(struct wire) > 16)",
    ],
  );
  assert.deepEqual(
    found.filter((a) => a.name === undefined).map((a) => a.text.replace(/, ".*/, "")),
    [
      "_Static_assert(__builtin_types_compatible_p(int, int)",
      "_Static_assert(\"text\"[0] == 't'",
      "BUILD_BUG_ON(sizeof(local) != 12)",
    ],
  );
  assert.doesNotMatch(text, /_Static_assert|static_assert\(/);
  assert.match(text, /static_assert_is_no_name/);
});

test("the Rust asserts it: the same condition about another structure does not compile", async () => {
  const { text, found } = await asserted(
    OWN.replace(/.*__builtin_types_compatible_p.*|.*"text".*/g, "").replace("BUILD_BUG_ON(sizeof(local) != 12);", ""),
  );
  const items = assertStatically(
    restoreStaticInitialisers(
      await rustOf(
        text.replace(
          /extern __attribute__\(\(error\("no"\)\)\) void kport_no\(void\);|if \(!\(!\(.*?\)\)\) kport_no\(\);/g,
          "",
        ),
      ),
    ),
    new Map(found.flatMap((a) => (a.name === undefined ? [] : [[a.name, a.text]]))),
  );
  const rust = items
    .filter((i) => i.kind !== "use")
    .map((i) => [...i.attributes, i.text].join("\n"))
    .join("\n");
  const program = (r: string) => runRust(`${ALLOW}${r}\nfn main() {}\n`);
  assert.equal(rust.match(/const _: \(\) = assert!/g)?.length, 3);
  const right = await program(rust);
  assert.equal(right.exitCode, 0, right.stderr);
  const wrong = await program(rust.replace(/pub at: \[[^\]]*; 2\]/, "pub at: [i32; 7]"));
  assert.match(wrong.stderr, /no holes, it says: \{\}/);
  assert.match(wrong.stderr, /BUILD_BUG_ON\(sizeof\(struct wire\) > 16\)/);
  const audited = auditConstructs([{ written: [], renamed: new Map(), assertions: found }], [rust], "", (f) => f);
  assert.deepEqual(
    audited.map((a) => a.lies),
    ["in Rust", "in Rust", "in Rust"],
  );
  assert.deepEqual(
    auditConstructs(
      [{ written: [], renamed: new Map(), assertions: found }],
      [rust.replace(/const _: \(\) = assert!\([^;]*;/, "")],
      "",
      (f) => f,
    ).filter((a) => a.lies === "nowhere").length,
    1,
  );
});

test("the audit finds each construct in the Rust or in the C that stays, and misses one that is gone", async () => {
  await using u = await reducedUnit(
    "",
    `
int __attribute__((weak)) hook(void) { return 1; }
static int __attribute__((__section__(".init.text"))) start(void) { return hook(); }
static const char name[] __attribute__((section(".modinfo"), used)) = "license=GPL";
int init_module(void) __attribute__((alias("start")));
asm(".globl mark\\n\\tmark:");
int plain(void) { return name[0]; }
`,
  );
  const written = writtenConstructs(u.unit);
  assert.deepEqual(
    written.map((w) => `${w.kind} ${w.name.slice(0, 11)} ${w.detail ?? ""}`.trim()),
    [
      "weak hook",
      "section start .init.text",
      "section name .modinfo",
      "alias init_module",
      'file-scope assembly asm(".globl',
    ],
  );
  const rust =
    '#[no_mangle]\n#[linkage = "weak"]\npub unsafe extern "C" fn hook() -> i32 {\n    1\n}\n#[unsafe(link_section = ".init.text")]\nunsafe extern "C" fn start() -> i32 {\n    hook()\n}\n#[unsafe(link_section = ".modinfo")]\nstatic name: [u8; 12] = *b"license=GPL\\0";\n#[no_mangle]\npub unsafe extern "C" fn init_module() -> i32 {\n    start()\n}\n';
  const helpers = 'asm(".globl mark\\n\\tmark:");\n';
  const audit = (r: string, c: string) =>
    auditConstructs([{ written, assertions: [], renamed: new Map() }], [r], c, (f) => f);
  assert.deepEqual(
    audit(rust, helpers).map((a) => a.lies),
    ["in Rust", "in Rust", "in Rust", "in Rust", "in C"],
  );
  const faults: [string, string][] = [
    [rust.replace('#[linkage = "weak"]\n', ""), helpers],
    [rust.replace(".init.text", ".text"), helpers],
    [rust.replace('#[unsafe(link_section = ".modinfo")]\n', ""), helpers],
    [
      splitItems(rust)
        .filter((i) => i.name !== "init_module")
        .map((i) => [...i.attributes, i.text].join("\n"))
        .join("\n"),
      helpers,
    ],
    [rust, ""],
  ];
  for (const [i, [r, c]] of faults.entries())
    assert.deepEqual(
      audit(r, c).map((a) => a.lies === "nowhere"),
      written.map((_, at) => at === i),
    );
});
