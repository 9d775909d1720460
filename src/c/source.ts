/** Reads C, whatever its encoding. */
import { isUtf8 } from "node:buffer";
import { readRegular } from "../machine/untrusted-folder.ts";
import { lex } from "./lexer.ts";

/**
 * A file's text. One that is no UTF-8 is taken for Latin-1, as old sources have it in names of their authors. What its strings hold, C
 * passes on byte by byte: there each such byte is written as an escape, so that it stays the byte it is.
 */
export async function readSource(file: string): Promise<string> {
  const bytes = await readRegular(file);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const text = bytes.toString("latin1");
  let out = "";
  let at = 0;
  for (const t of lex(text)) {
    const meant =
      t.kind === "string" || t.kind === "char"
        ? escaped(t.text)
        : t.kind === "directive"
          ? t.text.replace(/"(?:\\[^]|[^"\\])*"/g, escaped)
          : t.text;
    out += text.slice(at, t.start) + meant;
    at = t.end;
  }
  return out + text.slice(at);
}

function escaped(literal: string): string {
  return literal.replace(/[\x80-\xff]/g, (c) => `\\${c.charCodeAt(0).toString(8)}`);
}
