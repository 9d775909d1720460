/** What rustc's own lints say of a crate, each with its places as bytes of the files: which expressions are unsafe, which imports nothing uses. */
import { z } from "zod";
import { fileIn, outermost, parsedLine } from "./rustc-json.ts";

/** Bytes of a file of the crate: `src/ring.rs`. */
export interface Range {
  file: string;
  from: number;
  to: number;
}

export interface Warning {
  /** `unused_imports`; `E0133` for an unsafe operation outside of an unsafe block. */
  lint: string;
  /** Of what comes out of a macro the outermost invocation. */
  places: Range[];
  /** What rustc itself would do about it, where it is sure. */
  fixes: (Range & { text: string })[];
}

interface Span {
  file_name: string;
  byte_start: number;
  byte_end: number;
  is_primary: boolean;
  suggested_replacement?: string | null | undefined;
  suggestion_applicability?: string | null | undefined;
  expansion?: { span: Span } | null | undefined;
}
const span: z.ZodType<Span> = z.lazy(() =>
  z.object({
    file_name: z.string(),
    byte_start: z.number(),
    byte_end: z.number(),
    is_primary: z.boolean(),
    suggested_replacement: z.string().nullish(),
    suggestion_applicability: z.string().nullish(),
    expansion: z.object({ span }).nullish(),
  }),
);
const diagnostic = z.object({
  level: z.literal("warning"),
  code: z.object({ code: z.string() }),
  spans: z.array(span),
  children: z.array(z.object({ spans: z.array(span) })),
});

/**
 * @param output one JSON object a line
 * @param dir the folder of the crate
 */
export function readWarnings(output: string, dir: string): Warning[] {
  return output.split("\n").flatMap((line): Warning[] => {
    const said = diagnostic.safeParse(parsedLine(line)).data;
    if (!said) return [];
    const places = said.spans.flatMap((s) => (s.is_primary ? [rangeOf(s, dir)] : []));
    const fixes = said.children.flatMap((c) =>
      c.spans.flatMap((s) =>
        s.suggestion_applicability === "MachineApplicable" && !s.expansion
          ? [{ ...rangeOf(s, dir), text: s.suggested_replacement ?? "" }]
          : [],
      ),
    );
    return [{ lint: said.code.code, places, fixes }];
  });
}

function rangeOf(inner: Span, dir: string): Range {
  const outer = outermost(inner);
  return { file: fileIn(dir, outer), from: outer.byte_start, to: outer.byte_end };
}
