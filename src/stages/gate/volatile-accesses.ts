/**
 * Volatile accesses of each function in LLVM's optimised IR. Machine code alone does not show a `volatile` that was dropped: what is read
 * once is read once.
 */

const ACCESS = /^\s+(?:%\S+ = )?(?:load|store|atomicrmw|cmpxchg) (?:atomic |weak )*volatile /;
/** memcpy, memset and memmove say so in their last argument. */
const BLOCK = /^\s+(?:tail |musttail |notail )?call void @llvm\.mem\w+\.[\w.]*\(.*, i1 true\)/;

/** @returns the count by symbol; of functions that have none too */
export function volatileAccesses(ir: string): Map<string, number> {
  const counts = new Map<string, number>();
  let name: string | undefined;
  for (const line of ir.split("\n")) {
    if (line.startsWith("define ")) {
      name = /@(?:"([^"]+)"|([\w.$]+))\(/
        .exec(line)
        ?.slice(1)
        .find((n) => n !== undefined)
        ?.replace(/\.llvm\.\d+$/, "");
      if (name !== undefined) counts.set(name, 0);
    } else if (line === "}") name = undefined;
    else if (name !== undefined && (ACCESS.test(line) || BLOCK.test(line)))
      counts.set(name, (counts.get(name) as number) + 1);
  }
  return counts;
}
