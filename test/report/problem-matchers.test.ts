import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

interface Pattern {
  regexp: string;
  [group: string]: string | number;
}

/** What GitHub's runner does with a matcher: each pattern on the next line, the groups of all put together. */
function matched(name: string, lines: readonly string[]): Record<string, string | undefined>[] {
  const { problemMatcher } = JSON.parse(
    readFileSync(new URL(`../../.github/problem-matchers/${name}.json`, import.meta.url), "utf8"),
  ) as { problemMatcher: { pattern: Pattern[] }[] };
  const patterns = problemMatcher[0]!.pattern;
  const found: Record<string, string | undefined>[] = [];
  for (let start = 0; start + patterns.length <= lines.length; start += 1) {
    const result: Record<string, string | undefined> = {};
    const all = patterns.every(({ regexp, ...groups }, index) => {
      const match = new RegExp(regexp).exec(lines[start + index]!);
      for (const [key, group] of Object.entries(groups)) result[key] = match?.[group as number];
      return match !== null;
    });
    if (all) found.push(result);
  }
  return found;
}

describe("problem matchers", () => {
  it("find clang's errors and warnings, and no notes", () => {
    const lines = [
      "/m/entry.c:57:9: error: use of undeclared identifier 'lenght'",
      "entry.c:3:10: fatal error: 'x.h' file not found",
      "../common/ring.c:8:2: warning: unused variable 'x' [-Wunused-variable]",
      "entry.c:1:1: note: declared here",
      "make: *** [Makefile:9: all] Error 2",
    ];
    assert.deepEqual(
      matched("clang", lines).map(({ file, line, column, severity, message, code }) => [
        file,
        line,
        column,
        severity,
        message,
        code,
      ]),
      [
        ["/m/entry.c", "57", "9", "error", "use of undeclared identifier 'lenght'", undefined],
        ["entry.c", "3", "10", "error", "'x.h' file not found", undefined],
        ["../common/ring.c", "8", "2", "warning", "unused variable 'x'", "-Wunused-variable"],
      ],
    );
  });

  it("find rustc's, which take two lines", () => {
    const lines = [
      "error[E0425]: cannot find value `x` in this scope",
      "  --> src/ring.rs:12:5",
      "   |",
      "warning: unused variable: `y`",
      " --> src/lib.rs:3:9",
      "error: aborting due to 1 previous error",
      "",
    ];
    assert.deepEqual(matched("rustc", lines), [
      {
        severity: "error",
        code: "E0425",
        message: "cannot find value `x` in this scope",
        file: "src/ring.rs",
        line: "12",
        column: "5",
      },
      {
        severity: "warning",
        code: undefined,
        message: "unused variable: `y`",
        file: "src/lib.rs",
        line: "3",
        column: "9",
      },
    ]);
  });
});
