/** Sequences made of those that reached something new. */
import type { Argument, Call, Sequence } from "./calls.ts";
import type { Target } from "./targets/target.ts";
import type { Values } from "./values.ts";

const LONGEST = 40;
/** The first arguments, which tell what a call is of: a path, or the file; the number of an ioctl; type and flags of a message. */
const FIXED = new Map([
  ["ioctl", 2],
  ["open", 2],
  ["family", 2],
  ["netlink", 3],
]);

/** A sequence that did well, and what it was made for. */
export interface Kept {
  target: Target;
  sequence: Sequence;
}

/** One to three changes. */
export function mutated({ target, sequence }: Kept, others: readonly Kept[], values: Values): Sequence {
  const { random } = values;
  let calls = [...sequence];
  for (let n = 1 + random.below(3); n > 0; n--) {
    const at = random.below(calls.length);
    const chosen = calls[at];
    if (chosen === undefined) return target.generate(values);
    switch (random.below(8)) {
      case 0:
        // The first one opens what the others use.
        if (at > 0) calls.splice(at, 1);
        break;
      case 1:
        calls.splice(at, 0, chosen);
        break;
      case 2:
        calls.push(...target.generate(values).slice(1));
        break;
      case 3: {
        const same = others.filter((k) => k.target === target);
        if (same.length > 0) calls.push(...random.of(same).sequence.slice(1));
        break;
      }
      default:
        calls[at] = changed(chosen, values);
    }
    calls = calls.slice(0, LONGEST);
  }
  return calls;
}

/** With another argument; what tells what the call is of stays. */
function changed(call: Call, values: Values): Call {
  const { random } = values;
  const fixed = FIXED.get(call.name) ?? 1;
  const free = call.arguments.flatMap((a, i) => (i >= fixed && a.k !== "register" ? [i] : []));
  if (free.length === 0) return call;
  const at = random.of(free);
  return { ...call, arguments: call.arguments.map((a, i) => (i === at ? changedArgument(a, values) : a)) };
}

function changedArgument(a: Argument, values: Values): Argument {
  const { random } = values;
  switch (a.k) {
    case "register":
      return a;
    case "number":
      return { k: "number", value: values.number() };
    case "room":
      return random.oneIn(2)
        ? { k: "room", length: values.length() }
        : { k: "bytes", bytes: values.bytes(Math.min(a.length, 8192)) };
    case "bytes": {
      if (a.bytes.length === 0 || random.oneIn(4)) return { k: "bytes", bytes: values.bytes(a.bytes.length || 8) };
      // One number in it.
      const out = Buffer.from(a.bytes);
      const width = random.of([1, 2, 4, 8].filter((w) => w <= out.length));
      const from = width * random.below(Math.floor(out.length / width));
      const value = values.number();
      for (let i = 0; i < width; i++) out[from + i] = Number((value >> BigInt(8 * i)) & 0xffn);
      return { k: "bytes", bytes: out };
    }
  }
}
