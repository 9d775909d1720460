import assert from "node:assert/strict";
import { test } from "node:test";
import { printItem, splitItems } from "../../../src/rust/items.ts";
import { withAlikeNames } from "../../../src/stages/assemble/alike-names.ts";

const alike = (...units: string[]): string[] =>
  withAlikeNames(units.map(splitItems)).map((items) => items.map(printItem).join("\n"));

test("an enumeration that units call after what each uses of it has one name", () => {
  const [a, b] = alike(
    "pub type LE_type = u32;\npub const BE: LE_type = 1;\npub const LE: LE_type = 0;\n",
    "pub type BE_type = u32;\npub const BE: BE_type = 1;\nfn f() -> BE_type { BE }\n",
  );
  assert.equal(a, "pub type BE_type = u32;\npub const BE: BE_type = 1;\npub const LE: BE_type = 0;");
  assert.equal(b, "pub type BE_type = u32;\npub const BE: BE_type = 1;\nfn f() -> BE_type { BE }");
});

test("a structure that is an alias of another name elsewhere is called the same everywhere, its alias as well", () => {
  const [a, b, c] = alike(
    "pub struct long_t {\n    pub n: i64,\n}\npub type a64_t = long_t;\nimpl long_t { fn f(&self) -> i64 { self.n } }\npub struct s { pub a: long_t }\n",
    "pub struct a64_t {\n    pub n: i64,\n}\npub type long_t = a64_t;\npub struct s { pub a: long_t }\n",
    "pub struct own {\n    pub n: i64,\n}\npub type alias = own;\n",
  );
  assert.equal(
    a,
    "pub struct a64_t {\n    pub n: i64,\n}\npub type long_t = a64_t;\nimpl a64_t { fn f(&self) -> i64 { self.n } }\npub struct s { pub a: long_t }",
  );
  assert.equal(b, "pub struct a64_t {\n    pub n: i64,\n}\npub type long_t = a64_t;\npub struct s { pub a: long_t }");
  assert.equal(c, "pub struct own {\n    pub n: i64,\n}\npub type alias = own;");
});
