/**
 * Counts volatile accesses in LLVM's IR after its passes. Machine code does not show them: an access that lost `volatile` and happens all
 * the same is the same instruction, and the next compiler may drop it.
 */

export interface VolatileAccesses {
  loads: number;
  stores: number;
}

/** By the function's symbol; functions without any are left out. */
export function volatileAccesses(ir: string): Map<string, VolatileAccesses> {
  const found = new Map<string, VolatileAccesses>();
  let symbol: string | undefined;
  for (const line of ir.split("\n")) {
    const head = /^define .*?@(?:"([^"]+)"|([\w.$]+))\(/.exec(line);
    if (head) symbol = head[1] ?? head[2];
    else if (line === "}") symbol = undefined;
    if (symbol === undefined || !line.startsWith(" ")) continue;
    const loads = /^\s+%\S+ = load (?:atomic )?volatile /.test(line) || /^\s+(?:%\S+ = )?(?:atomicrmw|cmpxchg) (?:weak )?volatile /.test(line);
    const copies = /@llvm\.mem(?:cpy|move|set)\.[^(]*\(.*i1 true\)/.test(line);
    const stores = copies || /^\s+store (?:atomic )?volatile /.test(line);
    if (!loads && !stores) continue;
    const count = found.get(symbol) ?? { loads: 0, stores: 0 };
    found.set(symbol, { loads: count.loads + Number(loads), stores: count.stores + Number(stores) });
  }
  return found;
}
