/** Whether a text has a compiler read another file than headers by their names: then what is made of it depends on that file as well. */
import { lex } from "../../c/lexer.ts";

/**
 * An `#include` of anything but a header by its name, or what takes a file along as it is: a unit's text may come along. So may it with a
 * directive behind a comment, which can be of many lines. `#pragma include_alias` has clang read another file for a header's name.
 */
const TAKES_OTHER =
  /(?:#|%:|\?\?=)[ \t\f\v]*(?:\/\*|(?:embed\b|(?:include|include_next|import)\b(?![ \t]*(?:"[^"\n]*\.h"|<[^>\n]*\.h>))))|\b__has_include|\binclude_alias\b|\.(?:incbin|include)\b/;
/**
 * Assembler of the text's own. It can name a file in too many ways to be looked for: `.inc\x62in`, `".inc" "bin"`, a `.macro` that puts the
 * directive together. A kernel's macro may hand it on, and a word may be made of two.
 */
const ASSEMBLER = /\b_*asm(?:_*|_(?:inline|goto|volatile)\w*)\b(?![/-])|\balternative\w*\s*\(/i;
const [PASTES, PIECES] = [/##|%:%:|\?\?=\?\?=|\b_*(?:PASTE|CONCATENATE)\b/, /\b(?:_*as|sm_*|__a|m__)\b/];

/**
 * A literal in which a statement of assembler's may begin with a directive, wherever the kernel's macros put it: `_BUG_FLAGS()`,
 * `__raw_cmpxchg()` and many more hand what they are given to assembler. Without a directive nothing is read.
 */
const DIRECTIVE = /(?:^"|[\s;:*/{}|]|\\(?:[ntrvf]|[0-7]{1,3}|x[\da-f]+))(?:\.|\\x2e|\\0?56)(?=[a-z_\\"])/i;

function handsOnDirectives(text: string): boolean {
  const tokens = lex(text);
  return tokens.some(({ kind, text: t, start }, i) => {
    // A directive of the preprocessor's is one token. What is raw (`R"(…)"`) is no literal to the lexer.
    if (kind === "directive") return handsOnDirectives(t.replace(/^[#\s]+/, ""));
    const before = tokens[i - 1];
    const isRaw = t.startsWith('"') && before?.end === start && /^(?:u8|[uUL])?R$/.test(before.text);
    return isRaw || (kind === "string" && DIRECTIVE.test(t));
  });
}

/** Whether what reads a text may read another unit's with it. */
export function takesOther(text: string): boolean {
  // Lines go on behind a backslash, or its trigraph, and blanks too.
  const joined = text.replaceAll(/(?:\\|\?\?\/)[ \t\f\v\r]*\n/g, "");
  return (
    TAKES_OTHER.test(joined) ||
    ASSEMBLER.test(joined) ||
    (PASTES.test(joined) && PIECES.test(joined)) ||
    handsOnDirectives(joined)
  );
}
