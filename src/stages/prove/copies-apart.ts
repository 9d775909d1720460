/** Copies of blocks of memory that must not overlap, and those that may. */
import type { Evaluator } from "./evaluate.ts";
import { Different, type Pairing } from "./pairing.ts";
import { calledName } from "./strips.ts";

/**
 * A copy of Rust's whose places must not overlap is one of C's of which that holds, where C has others as well. (Of no copy that C writes as
 * single accesses is it known whether they do.)
 * @throws Different where it is none
 */
export function requireCopiesApart(pairing: Pairing, evaluators: readonly [Evaluator, Evaluator]): void {
  const copies = (side: 0 | 1, kind: string): string[] =>
    pairing.pairs.flatMap((pair) =>
      pair.blocks[side].instructions
        .filter((i) => calledName(i)?.startsWith(`llvm.${kind}.`))
        .map((i) => [pair.index, ...i.operands.slice(1).map((o) => evaluators[side].operand(o))].join(" ")),
    );
  if (copies(0, "memmove").length === 0) return;
  const apart = new Set(copies(0, "memcpy"));
  if (copies(1, "memcpy").some((c) => !apart.has(c)))
    throw new Different("the C copies what may overlap where the Rust copies what may not");
}
