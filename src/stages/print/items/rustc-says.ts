/** What rustc's own lints ask for: unsafe blocks around what is unsafe, no import and no feature that nothing uses. Each file by itself, under the gate. */
import { type Edit, edited } from "../../../rust/lexer.ts";
import type { Rewrite } from "../../gate/refine.ts";
import type { Range, Warning } from "../../gate/warnings.ts";
import { unsafeBlocks } from "./unsafe-blocks.ts";

/** The lints that `lintRewrites` heeds. */
export const HEEDED = ["unsafe_op_in_unsafe_fn", "unused_features", "unused_imports"];

/** @param warnings of the crate as it is when the rewrites are applied: each changes one file alone */
export function lintRewrites(warnings: readonly Warning[]): Rewrite[] {
  const operations = Map.groupBy(
    warnings.flatMap((w) => (w.lint === "E0133" ? w.places : [])),
    (p) => p.file,
  );
  const fixes = Map.groupBy(
    warnings.flatMap((w) => (w.lint === "unused_imports" ? w.fixes : [])),
    (p) => p.file,
  );
  const features = Map.groupBy(
    warnings.flatMap((w) => (w.lint === "unused_features" ? w.places : [])),
    (p) => p.file,
  );
  return [...new Set([...operations.keys(), ...fixes.keys(), ...features.keys()])].map((file) => ({
    name: `${file} as rustc's lints want it`,
    apply: (files) => {
      const text = files.get(file);
      if (text === undefined) return files;
      const at = characters(text);
      const blocks = unsafeBlocks(
        text,
        (operations.get(file) ?? []).map((o) => ({ from: at(o.from), to: at(o.to) })),
      );
      const imports = (fixes.get(file) ?? []).map((f) => ({ start: at(f.from), end: at(f.to), text: f.text }));
      const words = (features.get(file) ?? []).map((f) =>
        withComma(text, { start: at(f.from), end: at(f.to), text: "" }),
      );
      return new Map([...files, [file, edited(text, [...blocks, ...imports, ...words])]]);
    },
  }));
}

/** A word of a list goes with the comma behind it; the last of all leaves the one before it, which Rust allows. */
function withComma(text: string, word: Edit): Edit {
  return { ...word, end: word.end + (/^,\s*/.exec(text.slice(word.end))?.[0].length ?? 0) };
}

/** Turns offsets of bytes into those of characters. */
function characters(text: string): (byte: Range["from"]) => number {
  const bytes = Buffer.from(text);
  return bytes.length === text.length ? (byte) => byte : (byte) => bytes.toString("utf8", 0, byte).length;
}
