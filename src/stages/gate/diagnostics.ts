/** rustc's errors as it says them to programs (`--error-format=json`): where they are is data. */
import { z } from "zod";
import { fileIn, outermost, parsedLine } from "./rustc-json.ts";

/** A line of the crate that an error names, outside of all macros. */
export interface ErrorPlace {
  file: string;
  line: number;
  /** The error is there; others explain it. */
  primary: boolean;
}

export interface CompileError {
  /** `E0308`; absent for what has none (the parser's). */
  code?: string;
  message: string;
  places: ErrorPlace[];
}

interface Span {
  file_name: string;
  line_start: number;
  is_primary: boolean;
  expansion?: { span: Span } | null | undefined;
}
const span: z.ZodType<Span> = z.lazy(() =>
  z.object({
    file_name: z.string(),
    line_start: z.number(),
    is_primary: z.boolean(),
    expansion: z.object({ span }).nullish(),
  }),
);
const diagnostic = z.object({
  level: z.string(),
  message: z.string(),
  code: z.object({ code: z.string() }).nullish(),
  spans: z.array(span),
  children: z.array(z.object({ spans: z.array(span) })),
});

/**
 * @param output one JSON object a line
 * @param dir the folder of the crate: rustc names files as it was told to (`--remap-path-prefix`)
 */
export function compileErrors(output: string, dir: string): CompileError[] {
  return output.split("\n").flatMap((line) => {
    const said = diagnostic.safeParse(parsedLine(line));
    if (!said.success || !said.data.level.startsWith("error")) return [];
    const { code, message, spans, children } = said.data;
    const places = [...spans, ...children.flatMap((c) => c.spans.map((s) => ({ ...s, is_primary: false })))].map((s) =>
      placeOf(s, dir),
    );
    return [{ ...(code ? { code: code.code } : {}), message, places }];
  });
}

/** Where the outermost invocation stands that a span came out of. */
function placeOf(inner: Span, dir: string): ErrorPlace {
  const outer = outermost(inner);
  return { file: fileIn(dir, outer), line: outer.line_start, primary: inner.is_primary };
}
