/** What a solver names as a case in which two functions do not do the same. It may be one that no run comes to: the trial (trial/index.ts) decides. */
import type { Obligation, Task } from "./obligations.ts";
import type { Term } from "./terms.ts";

export class Model {
  private readonly leaves = new Map<string, bigint>();
  private readonly bytes = new Map<bigint, number>();

  /** @param values of terms of the task */
  constructor({ terms }: Task, values: ReadonlyMap<Term, bigint>) {
    for (const [t, value] of values) {
      const n = terms.node(t);
      if (n.args.length === 0) this.leaves.set(n.op, value);
      const address = n.op.startsWith("load ") ? values.get(n.args[0] as Term) : undefined;
      if (address === undefined) continue;
      for (let i = 0; i < n.width / 8; i++)
        this.bytes.set(BigInt.asUintN(64, address + BigInt(i)), Number((value >> BigInt(8 * i)) & 255n));
    }
  }

  argument(n: number): bigint | undefined {
    return this.leaves.get(`argument ${n}`);
  }

  /** The argument that an address is no more than `room` bytes behind. */
  argumentAt(address: bigint, room: bigint): { n: number; offset: bigint } | undefined {
    for (const [op, value] of this.leaves) {
      const offset = address - value;
      if (op.startsWith("argument ") && offset >= 0n && offset < room)
        return { n: Number(op.slice("argument ".length)), offset };
    }
    return undefined;
  }

  symbol(name: string): bigint | undefined {
    return this.leaves.get(`@${name}`);
  }

  byte(address: bigint): number | undefined {
    return this.bytes.get(address);
  }

  /** Numbers that may matter elsewhere: what calls give back. */
  get results(): bigint[] {
    return [...this.leaves].flatMap(([op, value]) => (op.startsWith("result ") ? [value] : []));
  }
}

/** Terms of which a model is asked for: what both functions start from, and what they read of memory. */
export function askedFor({ terms }: Task, { path, a, b, places = [] }: Obligation): Term[] {
  const seen = new Set<Term>();
  const queue = [a, b, ...places, ...path.map(([t]) => t)];
  for (let t = queue.pop(); t !== undefined; t = queue.pop()) {
    if (seen.has(t)) continue;
    seen.add(t);
    queue.push(...terms.node(t).args);
  }
  const loads = [...seen].filter((t) => terms.node(t).op.startsWith("load ") && terms.node(t).width % 8 === 0);
  const leaves = [...seen].filter((t) => terms.node(t).args.length === 0 && terms.node(t).value === undefined);
  return [...new Set([...leaves, ...loads, ...loads.map((t) => terms.node(t).args[0] as Term)])].filter(
    (t) => terms.node(t).width > 0,
  );
}
