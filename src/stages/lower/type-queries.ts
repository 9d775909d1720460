/** Questions about types that c2rust 0.22.1's exporter cannot read: clang has answered them. */
import type { Answers } from "../../c/answers.ts";
import { matching, type Token } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../machine/errors.ts";

const TYPEOF = new Set(["typeof", "__typeof", "__typeof__", "typeof_unqual", "__typeof_unqual", "__typeof_unqual__"]);
/** What makes the operand of a `typeof` unreadable. */
const UNREADABLE = new Set([
  "_Generic",
  "__builtin_types_compatible_p",
  "__auto_type",
  "__builtin_choose_expr",
  "__builtin_has_attribute",
]);

/** c2rust has the first only as "unknown", the second not at all. */
const OBJECT_SIZE = new Set(["__builtin_object_size", "__builtin_dynamic_object_size"]);

/** `(size_t)-1`, as which C writes it. */
const NO_LIMIT = String(2n ** 64n - 1n);

/**
 * `typeof` of something unreadable becomes the type it stands for; `__builtin_types_compatible_p` and the object sizes that
 * fortified string functions ask for become their values.
 * @param file the unit, for messages
 * @throws StageError("lower") where clang has no answer
 */
export function lowerTypeQueries(
  answers: Answers,
  source: string,
  tokens: readonly Token[],
  text: Rewriter,
  file: string,
): void {
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (t.kind !== "identifier" || tokens[i + 1]?.text !== "(") continue;
    const close = matching(tokens, i + 1);
    const last = tokens[close];
    if (last === undefined) continue;
    const answered = (answer: string | undefined, what: "type" | "value"): string => {
      if (answer !== undefined) return answer;
      const asked = source.slice(t.start, last.end).replace(/\s+/g, " ").slice(0, 200);
      throw new StageError("lower", `clang does not tell the ${what} of ${asked}`, { file });
    };
    if (TYPEOF.has(t.text) && tokens.slice(i + 2, close).some((x) => x.kind === "identifier" && UNREADABLE.has(x.text)))
      text.replace(t.start, last.end, `__typeof__(${answered(answers.typeAt(t.start), "type")})`);
    else if (t.text === "__builtin_types_compatible_p")
      text.replace(t.start, last.end, answered(answers.valueAt(t.start), "value"));
    else if (OBJECT_SIZE.has(t.text)) {
      // Bit 1 of the type asks for the least size, of which 0 is known of any object; the most is (size_t)-1.
      const unknown = /[23]/.test(tokens[close - 1]?.text ?? "") ? "0" : "-1";
      const known = answers.valueAt(t.start);
      text.replace(t.start, last.end, `((unsigned long)${known === NO_LIMIT ? "-1" : (known ?? unknown)})`);
    } else continue;
    i = close;
  }
}
