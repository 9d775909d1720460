/** The basic blocks of an object's functions, read from its instructions. */
import type { Executed } from "../boot/execution.ts";
import type { CodeOf, Instruction } from "../inspect/code.ts";

/** Where blocks begin, by section; ascending. Padding, which nothing comes to, is none. */
export function blocksOf(code: readonly CodeOf[]): Map<string, number[]> {
  const sections = new Map<string, Instruction[]>();
  const starts = new Map<string, Set<number>>();
  for (const { section, instructions } of code) {
    const first = instructions[0] as Instruction;
    sections.set(section, [...(sections.get(section) ?? []), ...instructions]);
    starts.set(section, (starts.get(section) ?? new Set()).add(first.at));
  }
  const out = new Map<string, number[]>();
  for (const [section, instructions] of sections) {
    const leaders = starts.get(section) as Set<number>;
    for (const [i, { op, operands, target }] of instructions.entries()) {
      const next = instructions[i + 1];
      if ((isJump(op) || isEnd(op)) && next !== undefined) leaders.add(next.at);
      // With a relocation it leads to another function, and the number says nothing.
      const to = isJump(op) && target === undefined ? /^0x([0-9a-f]+)/.exec(operands)?.[1] : undefined;
      if (to !== undefined) leaders.add(parseInt(to, 16));
    }
    out.set(section, withoutPadding(instructions, leaders));
  }
  return out;
}

/** Of all code: how many blocks there are, and how many ran. */
export function countBlocks(code: readonly CodeOf[], executed: Executed): { ran: number; blocks: number } {
  const count = { ran: 0, blocks: 0 };
  for (const [section, starts] of blocksOf(code)) {
    const ran = new Set(Object.hasOwn(executed, section) ? executed[section] : []);
    count.blocks += starts.length;
    count.ran += starts.filter((at) => ran.has(at)).length;
  }
  return count;
}

const isJump = (op: string): boolean => op.startsWith("j");
const isEnd = (op: string): boolean => /^(?:ret[lq]?|ud2|int3)$/.test(op);
const isPadding = (op: string): boolean => /^(?:nop[lw]?|int3|data16|xchgw)$/.test(op);

/** Behind a jump compilers fill up to where the next block is to lie: that begins with what does something. */
function withoutPadding(instructions: readonly Instruction[], leaders: ReadonlySet<number>): number[] {
  const out: number[] = [];
  let open = false;
  for (const { at, op } of instructions) {
    if (leaders.has(at)) open = true;
    if (!open || isPadding(op)) continue;
    out.push(at);
    open = false;
  }
  return out;
}
