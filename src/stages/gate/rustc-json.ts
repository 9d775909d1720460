/** What rustc says to programs (`--error-format=json`), a line at a time. */
import path from "node:path";

/** A place that rustc names, or an invocation that it came out of. */
interface Expanded<S> {
  file_name: string;
  expansion?: { span: S } | null | undefined;
}

/** Undefined for a line that is no diagnostic of rustc's, but another program's or its own last words. */
export function parsedLine(line: string): unknown {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The outermost invocation that a place came out of. */
export function outermost<S extends Expanded<S>>(inner: S): S {
  let outer = inner;
  while (outer.expansion) outer = outer.expansion.span;
  return outer;
}

/** A file as the crate names it: `src/ring.rs`. */
export function fileIn(dir: string, { file_name }: { file_name: string }): string {
  return path.isAbsolute(file_name) ? path.relative(dir, file_name) : file_name;
}
