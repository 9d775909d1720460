/** Reads Rust. Several things are asked of one text, one behind the other: it is parsed once. */
import type { Tree } from "@lezer/common";
import { parser } from "@lezer/rust";

let last: { text: string; tree: Tree } | undefined;

/** The tree of a text. It is not to be changed. */
export function parseRust(text: string): Tree {
  if (last?.text !== text) last = { text, tree: parser.parse(text) };
  return last.tree;
}
