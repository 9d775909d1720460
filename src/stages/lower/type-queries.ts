/** Questions about types that c2rust 0.22.1's exporter cannot read: clang answers them beforehand. */
import type { UnitCompiler } from "../../c/compile-command.ts";
import { matching, type Token } from "../../c/lexer.ts";
import { askClang, type Question } from "../../c/oracle.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../machine/errors.ts";

const TYPEOF = /^(?:__)?typeof(_unqual)?(?:__)?$/;
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

/**
 * `typeof` of something unreadable becomes the type it stands for; `__builtin_types_compatible_p` and the object sizes that
 * fortified string functions ask for become their values.
 * @param functions the extents of the unit's functions
 * @throws StageError("lower") where clang has no answer
 */
export async function lowerTypeQueries(
  compiler: UnitCompiler,
  source: string,
  tokens: readonly Token[],
  functions: readonly { start: number; end: number }[],
  text: Rewriter,
): Promise<void> {
  const found: { question: Question; start: number; end: number; unknown?: string }[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (t.kind !== "identifier" || tokens[i + 1]?.text !== "(") continue;
    const close = matching(tokens, i + 1);
    const last = tokens[close];
    if (last === undefined) continue;
    const atFileScope = !functions.some((f) => f.start <= t.start && t.end <= f.end);
    const typeOf = TYPEOF.exec(t.text);
    if (typeOf && tokens.slice(i + 2, close).some((x) => x.kind === "identifier" && UNREADABLE.has(x.text))) {
      found.push({
        question: {
          start: (tokens[i + 1] as Token).end,
          end: last.start,
          ask: typeOf[1] === undefined ? "type" : "unqualified",
          atFileScope,
        },
        start: t.start,
        end: last.end,
      });
      i = close;
    } else if (t.text === "__builtin_types_compatible_p") {
      found.push({
        question: { start: t.start, end: last.end, ask: "value", atFileScope },
        start: t.start,
        end: last.end,
      });
      i = close;
    } else if (OBJECT_SIZE.has(t.text)) {
      // Bit 1 of the type asks for the least size, of which 0 is known of any object; the most is (size_t)-1.
      const unknown = /[23]/.test(tokens[close - 1]?.text ?? "") ? "0" : "-1";
      found.push({
        question: { start: t.start, end: last.end, ask: "value", atFileScope },
        start: t.start,
        end: last.end,
        unknown,
      });
      i = close;
    }
  }
  const answers = await askClang(
    compiler,
    source,
    found.map((f) => f.question),
  );
  for (const [i, f] of found.entries()) {
    if (f.unknown !== undefined) {
      text.replace(f.start, f.end, `((unsigned long)${answers[i] ?? f.unknown})`);
      continue;
    }
    const answer = answers[i];
    if (answer === undefined)
      throw new StageError(
        "lower",
        `clang does not tell the ${f.question.ask === "value" ? "value" : "type"} of ${source.slice(f.start, f.end).replace(/\s+/g, " ").slice(0, 200)}`,
        { file: compiler.command.file },
      );
    text.replace(f.start, f.end, f.question.ask === "value" ? answer : `__typeof__(${answer})`);
  }
}
