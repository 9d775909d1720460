import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { markdownOf, messageParts, phraseOf, textOf } from "../../src/report/phrase.ts";

describe("phraseOf", () => {
  it("reads names between backticks as code, and leaves an odd backtick alone", () => {
    assert.deepEqual(phraseOf("`a` is not `b`, see ` there"), [
      { code: "a" },
      " is not ",
      { code: "b" },
      ", see ` there",
    ]);
  });

  it("is shown with the words kept apart", () => {
    const phrase = phraseOf("in `a_b` and *c*");
    assert.equal(markdownOf(phrase), "in `a_b` and &#42;c&#42;");
    assert.equal(textOf(phrase), "in a_b and *c*");
  });

  it("holds no workflow command at its start", () => {
    assert.doesNotMatch(textOf(["::error::x"]), /^::error/);
  });
});

describe("messageParts", () => {
  it("tells what is wrong from what a tool said about it", () => {
    assert.deepEqual(messageParts("it does not build\n  | a.c:1: error\n  |     x\n"), {
      lead: "it does not build",
      rest: "a.c:1: error\n    x",
    });
    assert.deepEqual(messageParts("it does not build\nmake: 1\n | 2"), {
      lead: "it does not build",
      rest: "make: 1\n | 2",
    });
    assert.deepEqual(messageParts("one line"), { lead: "one line", rest: "" });
    assert.deepEqual(messageParts(""), { lead: "", rest: "" });
  });
});
