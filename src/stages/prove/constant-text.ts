/** What a constant without an address of its own holds, as `opt` reads it: its bytes, and the addresses among them. */
import { contentsOf } from "./ir/layout.ts";
import type { Global, Value } from "./ir/model.ts";
import { bytesText, quoted } from "./ir/print.ts";

/**
 * @param name of a symbol in the module that `opt` is given
 * @throws Unsupported for what cannot be laid out
 */
export function constantText(global: Global, name: (symbol: string) => string): string {
  const { bytes, addresses } = contentsOf({ type: global.type, value: global.value as Value });
  const fields: string[] = [];
  const raw = (from: number, to: number): void => {
    if (to > from) fields.push(bytesText(bytes.subarray(from, to)));
  };
  let at = 0;
  for (const a of addresses.toSorted((x, y) => x.at - y.at)) {
    raw(at, a.at);
    fields.push(`ptr getelementptr (i8, ptr @${quoted(name(a.symbol))}, i64 ${a.offset})`);
    at = a.at + 8;
  }
  raw(at, bytes.length);
  return `<{ ${fields.map((f) => /^(?:\[\d+ x i8\]|ptr)/.exec(f)?.[0]).join(", ")} }> <{ ${fields.join(", ")} }>`;
}
