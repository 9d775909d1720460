/** How a function is called: where LLVM says nothing, as C has it. */
import { Unsupported } from "./model.ts";
import { readAttributes, type TypeNames } from "./read-values.ts";
import type { Tokens } from "./tokens.ts";

/** Conventions that are C's on x86-64, however they are said. */
const PLAIN = new Set(["ccc", "x86_64_sysvcc"]);

/**
 * The attributes of a function's result, or of a call's, among which the convention stands.
 * @throws Unsupported where what is passed lies elsewhere than where C has it
 */
export function readPlainAttributes(t: Tokens, names: TypeNames): ReturnType<typeof readAttributes> {
  const read = readAttributes(t, names);
  const other = read.all.find((w) => w.endsWith("cc") && !PLAIN.has(w));
  if (other !== undefined) throw new Unsupported(`the calling convention \`${other}\``);
  return read;
}
