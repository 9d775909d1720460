/** What several forms have in common is printed once, and is what each is printed to by itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ByForm } from "../../src/stages/print/by-form.ts";
import { readCrateFile } from "../../src/stages/print/crate-file.ts";
import { BOLD, type Form, PLAIN } from "../../src/stages/print/form.ts";
import { MacroBook } from "../../src/stages/print/macro-book.ts";
import { UnitPrinter } from "../../src/stages/print/unit.ts";
import { factsOf } from "../facts/facts-of.ts";

test("made once for forms that say the same of what is asked, and anew for another answer or another state", () => {
  let [made, state] = [0, 1];
  const text = (form: Form): string =>
    of.of(
      form,
      () => state,
      (f) => `${++made} ${f.tail ? "tail" : `no tail${f.macros ? ", macros" : ""}`}`,
    );
  const of = new ByForm<string>();
  assert.equal(text(BOLD), "1 tail");
  assert.equal(text({ ...BOLD, merge: false, macros: false }), "1 tail");
  assert.equal(text({ ...BOLD, tail: false }), "2 no tail, macros");
  assert.equal(text(PLAIN), "3 no tail");
  assert.equal(text(BOLD), "1 tail");
  state++;
  assert.equal(text(BOLD), "4 tail");
});

test("what changes the state itself is made each time", () => {
  let [made, state] = [0, 1];
  const of = new ByForm<number>();
  const make = (changes: boolean): number =>
    of.of(
      BOLD,
      () => state,
      () => {
        if (changes) state++;
        return ++made;
      },
    );
  assert.deepEqual([make(true), make(true), make(false), make(false)], [1, 2, 3, 3]);
});

const C = `#define LIMIT 7
#define TWICE(x) ((x) + (x))
struct pair { int a, b; };
int get(void);
static int clamped(int x)
{
	int ret;

	ret = TWICE(x);
	if (ret > LIMIT)
		return LIMIT;
	return ret;
}
int sum(int *p, int n)
{
	struct pair pair = { .a = 1 };
	int i, all = 0;

	for (i = 0; i < n; i++) {
		if (p[i] == 3)
			continue;
		switch (p[i]) {
		case 4 ... 9: all += clamped(p[i]); break;
		default: all++;
		}
	}
	return all + pair.a + (unsigned char)get();
}
`;
const CRATE = `#[derive(Copy, Clone)] #[repr(C)] pub struct pair { pub a: ::core::ffi::c_int, pub b: ::core::ffi::c_int }
extern "C" { fn get() -> ::core::ffi::c_int; }
unsafe extern "C" fn clamped(mut x: ::core::ffi::c_int) -> ::core::ffi::c_int { 0 }
pub unsafe extern "C" fn sum(mut p: *mut ::core::ffi::c_int, mut n: ::core::ffi::c_int) -> ::core::ffi::c_int { 0 }
`;

test("each form is what it is where it is the only one", async () => {
  const { facts } = await factsOf(C);
  const printedIn = (forms: readonly Form[]): string[] => {
    const book = new MacroBook();
    const unit = new UnitPrinter(
      { rust: CRATE, facts, moved: [], renamed: new Map(), source: () => Buffer.from(C) },
      readCrateFile("").environment,
    );
    unit.print(book, BOLD);
    book.settleConstants();
    unit.print(book, BOLD);
    book.settle();
    return forms.map((f) => {
      const { functions, reasons } = unit.print(book, f);
      assert.deepEqual([...reasons], []);
      return JSON.stringify([...functions]);
    });
  };
  const names = Object.keys(PLAIN) as (keyof typeof PLAIN)[];
  const forms = names.flatMap((name): Form[] => [
    { ...BOLD, [name]: !BOLD[name] },
    { ...PLAIN, [name]: !PLAIN[name] },
  ]);
  const alone = forms.flatMap((f) => printedIn([f]));
  assert.deepEqual(printedIn(forms), alone);
  // Where nothing were told apart, that would say nothing.
  assert.ok(new Set(alone).size > 10, `${new Set(alone).size} texts`);
});
