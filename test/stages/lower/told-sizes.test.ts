import assert from "node:assert/strict";
import { test } from "node:test";
import { toldSizes } from "../../../src/stages/lower/told-sizes.ts";
import { whyForTypes } from "../../../src/stages/lower/function-types.ts";
import { parse, parsed, unitOf } from "../../c/unit.ts";

const NAMES = `typedef unsigned long low __attribute__((aligned(4)));
typedef unsigned short wide __attribute__((aligned(8)));
struct s { char a; int b __attribute__((aligned(16))); };
`;

async function told(c: string): Promise<[string, string][]> {
  await using u = await unitOf("");
  const source = NAMES + c;
  const { tree, answers } = await parsed(u.compiler, source);
  const found = toldSizes(tree, source, answers, "unit.c");
  return [...found].map(([at, value]) => [source.slice(at).split(/[;,]/)[0] as string, value]);
}

test("an alignment that a name or a declaration gives is clang's number, and one that Rust has is asked of Rust", async () => {
  assert.deepEqual(
    await told(`static char lined[3] __attribute__((aligned(32)));
static unsigned long file = _Alignof(low);
unsigned long f(struct s *p, unsigned long n)
{
	int here __attribute__((aligned(64))) = 0;
	return here + __alignof__(wide), __alignof__(lined), _Alignof(low[3]), __alignof__(here), __alignof__(p->b);
}
unsigned long g(int *n) { return _Alignof(long), _Alignof(struct s), __alignof__(n), __alignof__(*n), _Alignof(int *[2]); }
`),
    [
      ["_Alignof(low)", "4"],
      ["__alignof__(wide)", "8"],
      ["__alignof__(lined)", "32"],
      ["_Alignof(low[3])", "4"],
      ["__alignof__(here)", "64"],
      ["__alignof__(p->b)", "16"],
    ],
  );
});

test("a structure that is defined in an operand is told; one without members, and of a type that stands elsewhere, is not", async () => {
  assert.deepEqual(
    (
      await told(
        "unsigned long f(void) { return sizeof(struct { int a, b; low c; }) + sizeof(struct s) + sizeof(struct { int : -!!(0); }) + __builtin_offsetof(struct { char d; low e; }, e); }\n",
      )
    ).map(([, value]) => value),
    ["16", "4"],
  );
});

test("functions whose structures clang's tree does not hold, or whose variables are aligned by name, stay C", async () => {
  await using u = await unitOf("");
  const source = `${NAMES}int literal(void) { return ((struct { int a; low b; }){ 1, 2 }).a; }
int loop(void) { for (struct { int a; } i = { 1 }; i.a < 3; i.a++) ; return 0; }
int aligned(void) { wide w = 1; return w; }
int own(void) { struct own { int a; low b; } o = { 1, 2 }, *p = &o; low n = 3; struct { int a; } u = { 4 }; return p->a + n + u.a; }
int asks(void) { return sizeof(struct { int a; low b; }); }
int masks(int a) { return (__typeof__(a + sizeof(struct { int : (-!!(0)); })))a; }
`;
  const tree = await parse(u.compiler, source);
  const why = whyForTypes(tree, { text: source, kept: [] });
  assert.deepEqual(
    tree.filter((n) => n.kind === "FunctionDecl").map((f) => [f.name, why(f)?.slice(0, 36)]),
    [
      ["literal", "it defines a structure within an exp"],
      ["loop", "it defines a structure within an exp"],
      ["aligned", "the type of `w` has an alignment by "],
      ["own", undefined],
      ["asks", undefined],
      ["masks", undefined],
    ],
  );
});
