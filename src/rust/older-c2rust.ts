/** What c2rust 0.21 prints otherwise than 0.22, for which all other rules are written. */
import semver from "semver";
import { codeOf, type Edit, edited, follows, type RustToken } from "./lexer.ts";

/** c2rust's words for a value that nobody asks for. */
const UNUSED = /^"[\w ]+ (?:is not supposed to be|not) used"$/;

/**
 * 0.21 names crates `core::` and `libc::`, 0.22 `::core::` and `::libc::`. And 0.21 ends a statement expression whose value is a call that nobody uses
 * (`({ f(); });`) in a `compile_error!` instead of the unit value; where someone does use it, the unit value does not compile either.
 */
export function asNewer(rust: string, version: string): string {
  if (semver.gte(version, "0.22.0")) return rust;
  const tokens = codeOf(rust);
  const edits = tokens.flatMap((t, i): Edit[] => {
    if (t.kind !== "identifier") return [];
    if ((t.text === "core" || t.text === "libc") && tokens[i - 1]?.text !== ":" && follows(tokens, i + 1, ":", ":"))
      return [{ start: t.start, end: t.start, text: "::" }];
    if (
      t.text !== "compile_error" ||
      !follows(tokens, i + 1, "!", "(") ||
      tokens[i + 4]?.text !== ")" ||
      !UNUSED.test(tokens[i + 3]?.text ?? "")
    )
      return [];
    return [{ start: t.start, end: (tokens[i + 4] as RustToken).end, text: "()" }];
  });
  return edited(rust, edits);
}
