/** What is left of a text that goes into a helper: its blanks are nobody's, but those within a string are the string's. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { tidy } from "../../../src/stages/lower/helper-declarations.ts";

it("blanks of a text that goes into a helper are joined, those of its strings kept", () => {
  assert.equal(tidy('pr_debug("a ->  error %ld\\n",  \t x);  \n\n  y;'), 'pr_debug("a ->  error %ld\\n", x);\n y;');
  assert.equal(tidy(`f("\\"  ", '\\t',   "a  "   "b"  )`), `f("\\"  ", '\\t', "a  " "b" )`);
  // A prefix does not come to stand at its string.
  assert.equal(tidy('L  "x  y"'), 'L "x  y"');
});
