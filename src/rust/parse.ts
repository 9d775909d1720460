/** Reads Rust. Several things are asked of one text, one behind the other: it is parsed once. */
import type { PartialParse, Tree } from "@lezer/common";
import { parser } from "@lezer/rust";

let last: { text: string; tree: Tree } | undefined;

/** The tree of a text. It is not to be changed. */
export function parseRust(text: string): Tree {
  if (last?.text !== text) last = { text, tree: parsed(text) };
  return last.tree;
}

/**
 * After so many steps to the left in what is long, the parser takes an expression for ended, and the item around it: for the sake of who
 * walks such trees by recursion. A condition that C's macros made long (`boot_cpu_has`) has more.
 */
const STEPS = 200;
/** How often it may go on all the same. */
const TIMES = 40;

function parsed(text: string): Tree {
  const parse: PartialParse & { bigReductionCount?: number } = parser.startParse(text);
  for (let times = 0; ; ) {
    const tree = parse.advance();
    if (tree) return tree;
    if ((parse.bigReductionCount ?? 0) > STEPS && times++ < TIMES) parse.bigReductionCount = 0;
  }
}
