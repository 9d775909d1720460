/**
 * Numbers the blocks of a function from 1. Where C's jumps become a state machine, c2rust names its states by hashes
 * (`current_block = 6421806351263437258`) that change with anything in the unit: every diff of two ports would be full of them.
 */
import type { RustItem } from "./items.ts";

export function numberBlocks(item: RustItem): RustItem {
  if (item.kind !== "fn" || !item.text.includes("current_block")) return item;
  const numbers = new Map<string, number>();
  for (const m of item.text.matchAll(/\bcurrent_block(?:_\d+)? = (\d{6,});/g)) if (!numbers.has(m[1] as string)) numbers.set(m[1] as string, numbers.size + 1);
  const numbered = (hash: string): string => String(numbers.get(hash) ?? hash);
  const text = item.text
    .replace(/(\bcurrent_block(?:_\d+)? = )(\d{6,})(?=;)/g, (_, head: string, hash: string) => head + numbered(hash))
    .replace(/^(\s*)((?:\d{6,} \| )*\d{6,})(?= =>)/gm, (_, indent: string, hashes: string) => indent + hashes.split(" | ").map(numbered).join(" | "));
  return { ...item, text };
}
