/**
 * Gives each way into the end of a function an end of its own. What is done behind a return (a clean-up, an unlock) stands once in one text, where
 * all ways come together, and behind each return in another; optimisers leave either as it is where it is more than a few instructions.
 */
import type { Block, Instruction, IrFunction, Operand } from "./ir/model.ts";

/** Blocks beyond which none is repeated, instructions of one that is, and what a function may grow by. */
const MOST_BLOCKS = 500;
const LONGEST = 24;
const MOST_MADE = 600;

/** @returns a function that does the same; the one given is left as it is */
export function withEndsApart(f: IrFunction): IrFunction {
  if (f.blocks.length > MOST_BLOCKS) return f;
  let blocks = f.blocks.map((b) => ({ ...b, instructions: b.instructions.map(copied) }));
  let made = 0;
  for (let n = 0; ; n++) {
    const ends = endings(blocks);
    const next = blocks.find((b, at) => at > 0 && ends.has(b.name) && isRepeatable(b, blocks));
    if (next === undefined || made > MOST_MADE) return { ...f, blocks };
    const from = blocks.filter((b) => lastOf(b).labels?.includes(next.name) === true);
    made += from.length * next.instructions.length;
    blocks = apart(next, from, blocks, n);
  }
}

const copied = (i: Instruction): Instruction => ({
  ...i,
  operands: [...i.operands],
  ...(i.labels === undefined ? {} : { labels: [...i.labels] }),
});
const lastOf = (b: Block): Instruction => b.instructions.at(-1) as Instruction;

/** Blocks from which only the end is reached, by one way. */
function endings(blocks: readonly Block[]): Set<string> {
  const found = new Set<string>();
  for (;;) {
    const before = found.size;
    for (const b of blocks) {
      const last = lastOf(b);
      const leadsToEnd = last.op === "br" && last.labels?.length === 1 && found.has(last.labels[0] as string);
      if (last.op === "ret" || last.op === "unreachable" || leadsToEnd) found.add(b.name);
    }
    if (found.size === before) return found;
  }
}

/** Whether several blocks lead to one that is short, and what it computes is used by nobody but itself and what comes together right behind it. */
function isRepeatable(block: Block, blocks: readonly Block[]): boolean {
  // Several cases of one switch are one way: they bring the same values.
  const ways = blocks.filter((b) => lastOf(b).labels?.includes(block.name) === true);
  if (ways.length === 0 || block.instructions.length > LONGEST) return false;
  // One way alone is no reason, unless it leads nowhere else: then both are one block.
  if (ways.length === 1 && (lastOf(ways[0] as Block).labels?.length ?? 0) > 1) return false;
  if (ways.some((b) => !["br", "switch"].includes(lastOf(b).op))) return false;
  const own = new Set(block.instructions.map((i) => i.result));
  return blocks.every(
    (b) =>
      b === block ||
      b.instructions.every((i) =>
        i.operands.every(
          (o, n) =>
            o.value.kind !== "local" || !own.has(o.value.name) || (i.op === "phi" && i.labels?.[n] === block.name),
        ),
      ),
  );
}

/** Put a copy of a block behind each block that leads to it: into it, where it leads nowhere else. */
function apart(block: Block, from: readonly Block[], blocks: readonly Block[], turn: number): Block[] {
  const made: Block[] = [];
  const after = new Map<string, { into: string; values: Map<string, Operand> }>();
  for (const [n, way] of from.entries()) {
    const values = new Map<string, Operand>();
    const instructions: Instruction[] = [];
    for (const i of block.instructions) {
      if (i.op === "phi") {
        values.set(i.result as string, i.operands[i.labels?.indexOf(way.name) ?? -1] as Operand);
        continue;
      }
      const copy = copied(i);
      copy.operands = copy.operands.map((o) => valueIn(values, o));
      if (i.result !== undefined) {
        copy.result = `${i.result} end ${turn}.${n}`;
        values.set(i.result, { type: i.type, value: { kind: "local", name: copy.result } });
      }
      instructions.push(copy);
    }
    const last = lastOf(way);
    const isWhole = last.op === "br" && last.labels?.length === 1;
    const into = isWhole ? way.name : `${block.name} end ${turn}.${n}`;
    if (isWhole) way.instructions = [...way.instructions.slice(0, -1), ...instructions];
    else {
      last.labels = last.labels?.map((l) => (l === block.name ? into : l)) ?? [];
      made.push({ name: into, instructions });
    }
    after.set(way.name, { into, values });
  }
  const left = blocks.filter((b) => b !== block);
  for (const b of left)
    for (const phi of b.instructions) {
      const at = phi.op === "phi" ? (phi.labels?.indexOf(block.name) ?? -1) : -1;
      if (at < 0) continue;
      const value = phi.operands[at] as Operand;
      phi.operands.splice(at, 1, ...[...after.values()].map(({ values }) => valueIn(values, value)));
      phi.labels?.splice(at, 1, ...[...after.values()].map(({ into }) => into));
    }
  return [...left, ...made];
}

function valueIn(values: ReadonlyMap<string, Operand>, o: Operand): Operand {
  const known = o.value.kind === "local" ? values.get(o.value.name) : undefined;
  // How it is passed is the call's.
  return known === undefined ? o : { ...o, value: known.value };
}
