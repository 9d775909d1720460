/** Sets lines in by the brackets around them: rustfmt leaves some macros as they are, and is not everywhere. */
import { codeOf } from "../../rust/lexer.ts";

const STEP = "    ";

export function indent(text: string): string {
  const tokens = codeOf(text);
  let at = 0;
  let start = 0;
  /** The lines that the open brackets stand on: several of one line set what is in them in by one step, as rustfmt does. */
  const open: number[] = [];
  const depth = (): number => new Set(open).size;
  return text
    .split("\n")
    .map((line, row) => {
      const end = start + line.length;
      // What closes at a line's beginning stands where it was opened.
      let own = depth();
      let leading = true;
      for (; (tokens[at]?.start ?? Infinity) < end; at++) {
        const t = tokens[at]?.kind === "punctuation" ? (tokens[at]?.text ?? "") : "";
        if (/[)\]}]/.test(t)) {
          open.pop();
          if (leading) own = depth();
        } else leading = false;
        if (/[([{]/.test(t)) open.push(row);
      }
      start = end + 1;
      const words = line.trim();
      return words === "" ? "" : `${STEP.repeat(own)}${words}`;
    })
    .join("\n");
}
