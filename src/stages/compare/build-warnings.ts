/** objtool and modpost see what no compiler does: code they cannot follow, a reference from kept to freed memory, a missing description. */
import type { Finding } from "../../report/schema.ts";
import { type Check, finding, type Pair } from "./check.ts";

export const buildWarnings: Check = {
  name: "build-warnings",
  proves:
    "objtool and modpost have no more to say of the Rust module than of the C one; what the C compiler says of the helpers is listed",
  allows: "Warnings that the C module's build has as often",
  severity: "error",
  run: ({ warnings }: Pair) => {
    const [was, is] = [warnings.c, warnings.rust].map((lines) => Map.groupBy(lines, kindOf)) as [
      Map<string, string[]>,
      Map<string, string[]>,
    ];
    return [...is].flatMap(([kind, lines]): Finding[] => {
      const before = was.get(kind)?.length ?? 0;
      if (lines.length <= before) return [];
      const tool = /\b(?:objtool|modpost)\b/.test(kind);
      const more = before === 0 ? "" : ` (${lines.length} times; ${before} in C)`;
      return [
        finding(
          "build-warnings",
          tool ? "error" : "warning",
          `${(lines[0] as string).trim()}${lines.length > 1 && before === 0 ? ` (${lines.length} times)` : more}`,
          { c: String(before), rust: String(lines.length) },
        ),
      ];
    });
  },
};

/** A warning without what is another one each time: file and line, function, offset, the section's or symbol's name. */
function kindOf(line: string): string {
  const words = line.slice(Math.max(0, line.search(/\b(?:warning|WARNING):/)));
  return words
    .replace(/\S+\.(?:ko|o)\b:?/g, "OBJECT")
    .replace(/[\w.$]+(?:\+0x[0-9a-f]+|\(\))/g, "PLACE")
    .replace(/\b0x[0-9a-f]+\b/g, "N")
    .replace(/(?:symbol|function|section)s? [`'"]?[\w.$]+/g, "NAME")
    .trim();
}
