/**
 * What rustc's own lints ask for: unsafe blocks around what is unsafe, no import, no `mut` and no feature that nothing uses, and nothing of the kernel's
 * that nobody names. Each file by itself, under the gate.
 */
import { placedItems } from "../../../rust/items.ts";
import { codeOf, type Edit, edited, follows, lexRust, type RustToken } from "../../../rust/lexer.ts";
import type { Rewrite } from "../../gate/refine.ts";
import { symbolPath } from "../../gate/symbol-path.ts";
import type { Range, Warning } from "../../gate/warnings.ts";
import { unsafeBlocks } from "./unsafe-blocks.ts";

/** The lints that `lintRewrites` heeds. */
export const HEEDED = [
  "dead_code",
  "unsafe_op_in_unsafe_fn",
  "unused_features",
  "unused_imports",
  "unused_macros",
  "unused_mut",
];

/** Files that hold what the port took along; what the module itself says stays, named or not. */
const TAKEN_ALONG = new Set(["src/bindings.rs", "src/kernel.rs", "src/libc.rs", "src/macros.rs"]);

/** @param warnings of the crate as it is when the rewrites are applied: each changes one file alone */
export function lintRewrites(warnings: readonly Warning[]): Rewrite[] {
  const operations = Map.groupBy(
    warnings.flatMap((w) => (w.lint === "E0133" ? w.places : [])),
    (p) => p.file,
  );
  const fixes = Map.groupBy(
    warnings.flatMap((w) => (w.lint === "unused_imports" || w.lint === "unused_mut" ? w.fixes : [])),
    (p) => p.file,
  );
  const features = Map.groupBy(
    warnings.flatMap((w) => (w.lint === "unused_features" ? w.places : [])),
    (p) => p.file,
  );
  const dead = Map.groupBy(
    warnings
      .flatMap((w) => (w.lint === "dead_code" || w.lint === "unused_macros" ? w.places : []))
      .filter((p) => TAKEN_ALONG.has(p.file)),
    (p) => p.file,
  );
  const all = new Set([...operations.keys(), ...fixes.keys(), ...features.keys(), ...dead.keys()]);
  const rewrite = (file: string, whole: ReadonlySet<string>): Rewrite => ({
    name: `${file} as rustc's lints want it`,
    // Where a block ends, so do the variables in it, which LLVM may give other places on the stack then.
    sparing: (symbol) => {
      const name = symbolPath(symbol)?.at(-1) ?? symbol;
      return whole.has(name) ? undefined : rewrite(file, new Set([...whole, name]));
    },
    apply: (files) => {
      const text = files.get(file);
      if (text === undefined) return files;
      const at = characters(text);
      const blocks = unsafeBlocks(
        text,
        (operations.get(file) ?? []).map((o) => ({ from: at(o.from), to: at(o.to) })),
        whole,
        declaringMacros(files.get("src/macros.rs") ?? ""),
      );
      const imports = (fixes.get(file) ?? []).map((f) => ({ start: at(f.from), end: at(f.to), text: f.text }));
      const words = (features.get(file) ?? []).map((f) =>
        withComma(text, { start: at(f.from), end: at(f.to), text: "" }),
      );
      const gone = itemsAt(
        text,
        (dead.get(file) ?? []).map((f) => at(f.from)),
      );
      const edits = [...blocks, ...imports, ...words].filter(
        (e) => !gone.some((g) => g.start <= e.start && e.end <= g.end),
      );
      return new Map([...files, [file, edited(text, [...edits, ...gone])]]);
    },
  });
  return [...all].map((file) => rewrite(file, new Set()));
}

/** Macros whose expansion begins with a `let` that no braces are around. */
function declaringMacros(text: string): Set<string> {
  const tokens = codeOf(text);
  const found = new Set<string>();
  let name = "";
  for (const [i, t] of tokens.entries()) {
    if (t.text === "macro_rules") name = tokens[i + 2]?.text ?? "";
    if (t.text === "=" && follows(tokens, i + 1, ">", "{", "let")) found.add(name);
  }
  return found;
}

/** Cuts the items whose names stand at these places, with the comments right above them. */
function itemsAt(text: string, names: readonly number[]): Edit[] {
  const lexed = lexRust(text);
  return placedItems(text).flatMap((i): Edit[] => {
    const tokens = codeOf(text.slice(i.start, i.end));
    const macro = tokens.findIndex((t) => t.text === "macro_rules");
    const name =
      i.name === "" && macro >= 0
        ? tokens[macro + 2]
        : tokens.find((t) => t.kind === "identifier" && t.text === i.name);
    if (!name || !names.includes(i.start + name.start)) return [];
    return [{ start: docAbove(lexed, i.start), end: i.end, text: "" }];
  });
}

/** Where the documentation of the item that begins at `start` begins. */
function docAbove(lexed: readonly RustToken[], start: number): number {
  let from = start;
  for (let k = lexed.findIndex((t) => t.start >= start) - 1; lexed[k]?.text.startsWith("///"); k--)
    from = (lexed[k] as RustToken).start;
  return from;
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
