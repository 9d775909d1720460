import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  cellCode,
  clip,
  fence,
  htmlCode,
  inlineCode,
  inlineText,
  plainText,
  visible,
} from "../../src/report/escape.ts";
import { HOSTILE_STRINGS, hostile, linkedText, nodesOf, parse, workflowCommands } from "./hostile.ts";

/** A property over what is generated, and over each known string for itself. */
function always(check: (text: string) => void): void {
  for (const text of HOSTILE_STRINGS) check(text);
  fc.assert(fc.property(hostile, check), { numRuns: 400 });
}

function types(markdown: string): string[] {
  return parse(markdown).children.map((node) => node.type);
}

describe("inlineText", () => {
  it("stays plain text at the start of a line, in a list item, a heading and a quote", () => {
    always((text) => {
      const safe = inlineText(text);
      for (const [before, type] of [
        ["", "paragraph"],
        ["- ", "list"],
        ["### ", "heading"],
        ["> ", "blockquote"],
      ] as const) {
        const root = parse(`${before}${safe}x`);
        assert.deepEqual(
          root.children.map((node) => node.type),
          [type],
          safe,
        );
        const kinds = new Set<string>();
        for (const kind of [
          "link",
          "image",
          "html",
          "inlineCode",
          "emphasis",
          "strong",
          "delete",
          "footnoteReference",
          "linkReference",
          "imageReference",
          "break",
          "code",
          "definition",
          "thematicBreak",
        ] as const) {
          if (nodesOf(root, kind).length > 0) kinds.add(kind);
        }
        assert.deepEqual([...kinds], [], safe);
        assert.deepEqual(linkedText(root), [], safe);
      }
    });
  });

  it("says what was said, but for the zero-width spaces", () => {
    const text = "a|b *c* <d> @e #1 &amp; [f](g) `h` \\i 1.";
    const [paragraph] = nodesOf(parse(inlineText(text)), "text");
    assert.equal(paragraph?.value.replaceAll("\u200b", ""), text);
  });

  it("negative control: the same strings unescaped do become links, html and tables", () => {
    assert.equal(nodesOf(parse("see www.evil.example"), "link").length, 1);
    assert.equal(nodesOf(parse("a <b>"), "html").length, 1);
    assert.notDeepEqual(linkedText(parse("hello @octocat")), []);
  });
});

describe("inlineCode", () => {
  it("is one code span and nothing else", () => {
    always((text) => {
      const root = parse(`a ${inlineCode(text)} b`);
      const [paragraph, ...rest] = root.children;
      assert.equal(rest.length, 0);
      assert.ok(paragraph?.type === "paragraph");
      assert.deepEqual(
        paragraph.children.map((node) => node.type),
        ["text", "inlineCode", "text"],
        inlineCode(text),
      );
    });
  });

  it("keeps the text as it is", () => {
    const [code] = nodesOf(parse(inlineCode("``a` <b> @c")), "inlineCode");
    assert.equal(code?.value, "``a` <b> @c");
  });
});

describe("cellCode", () => {
  it("never makes or breaks a cell", () => {
    always((text) => {
      const root = parse(`| a | b | c |\n| - | - | - |\n| ${cellCode(text)} | ${inlineText(text)} | end |\n\nafter`);
      assert.deepEqual(
        root.children.map((node) => node.type),
        ["table", "paragraph"],
        cellCode(text),
      );
      const [table] = nodesOf(root, "table");
      assert.deepEqual(
        table?.children.map((row) => row.children.length),
        [3, 3],
      );
      const last = table?.children[1]?.children[2]?.children[0];
      assert.ok(last?.type === "text" && last.value === "end");
      assert.deepEqual(linkedText(root), []);
      assert.equal(nodesOf(root, "link").length + nodesOf(root, "html").length, 0);
    });
  });
});

describe("fence", () => {
  it("holds everything, at the top and inside a list item", () => {
    always((text) => {
      assert.deepEqual(types(`${fence("diff", text)}\n\nafter`), ["code", "paragraph"], fence("diff", text));
      const inList = `- item\n\n${fence("text", text).replace(/^/gm, "  ")}\n\nafter`;
      assert.deepEqual(types(inList), ["list", "paragraph"], inList);
    });
  });

  it("keeps the lines of a patch as they are", () => {
    const patch = " a\n-``` b\n+\t::core::ptr::read(c)\n";
    const [code] = nodesOf(parse(fence("diff", patch)), "code");
    assert.equal(code?.value, patch.trimEnd());
    assert.equal(code?.lang, "diff");
  });
});

describe("htmlCode", () => {
  it("is one element in a raw HTML block", () => {
    always((text) => {
      const root = parse(`<details><summary>${htmlCode(text)}</summary>\n\nafter`);
      assert.deepEqual(
        root.children.map((node) => node.type),
        ["html", "paragraph"],
      );
      const [block] = nodesOf(root, "html");
      const inner = /^<details><summary><code>(.*)<\/code><\/summary>$/s.exec(block!.value)?.[1];
      assert.ok(inner !== undefined);
      assert.doesNotMatch(inner, /[<>"'\n]/);
    });
  });
});

describe("visible", () => {
  it("removes terminal sequences and writes out what cannot be seen", () => {
    assert.equal(visible("\u001b[31mred\u001b[0m"), "red");
    assert.equal(visible("a\u202eb\u0007c\ud800d\u{e0041}"), "a\\u{202e}b\\u{7}c\\u{d800}d\\u{e0041}");
    assert.equal(visible("tab\tline\nend é 漢 😀"), "tab\tline\nend é 漢 😀");
  });
});

describe("plainText", () => {
  it("holds no command of GitHub's runner", () => {
    always((text) => {
      assert.deepEqual(workflowCommands(plainText(text)), []);
      assert.deepEqual(workflowCommands(fence("text", text)), []);
      assert.deepEqual(workflowCommands(`x ${inlineCode(text)}`), []);
      assert.deepEqual(workflowCommands(inlineText(text)), []);
    });
  });

  it("leaves a path of Rust alone", () => {
    assert.equal(plainText("    ::core::mem::size_of::<u8>()"), "    ::core::mem::size_of::<u8>()");
  });

  it("negative control: the runner's syntax is recognised", () => {
    assert.deepEqual(workflowCommands("a\n  ::error file=x::y\nb ##[group]c"), ["  ::error file=x::y", "b ##[group]c"]);
  });
});

describe("clip", () => {
  it("never cuts a character in half", () => {
    assert.equal(clip("ab", 2), "ab");
    assert.equal(clip("abc", 2), "a…");
    assert.equal(clip("a😀b", 3), "a…");
  });
});
