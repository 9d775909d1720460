/** Which printed text an error of rustc's is in. */
import type { CandidateKey, PrintedLines } from "./candidate.ts";
import type { CompileError } from "./diagnostics.ts";

/** The printed functions that errors are in, each with the first of its own. */
export function blamed(
  errors: readonly CompileError[],
  places: ReadonlyMap<CandidateKey, PrintedLines>,
  primary: boolean,
): Map<CandidateKey, CompileError> {
  const within = (e: CompileError, p: PrintedLines): boolean =>
    e.places.some((x) => (x.primary || !primary) && x.file === p.file && p.first <= x.line && x.line <= p.last);
  return new Map(
    [...places].flatMap(([key, p]) => {
      const error = errors.find((e) => within(e, p));
      return error ? [[key, error] as const] : [];
    }),
  );
}

export function whyRefused(error: CompileError): string {
  return `does not compile: ${error.message}${error.code === undefined ? "" : ` (${error.code})`}`;
}
