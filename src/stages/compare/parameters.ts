/** Module parameters as the kernel sees them: the entries of `__param`. Their types' names are lines of `.modinfo`. */
import { sectionsNamed, targetAt, targetString } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { type Check, finding, type Pair } from "./check.ts";

/** struct kernel_param on x86-64: name, module, operations, permissions, level, flags, argument. */
const ENTRY = { bytes: 40, name: 0, ops: 16, perm: 24, level: 26, flags: 27 };

export const parameters: Check = {
  name: "parameters",
  proves:
    "Every parameter has its name, its type's operations, its mode in sysfs, its level and its flags (unsafe, hardware)",
  allows: "",
  severity: "error",
  run: ({ c, rust }: Pair) => {
    const [was, is] = [parametersOf(c), parametersOf(rust)];
    return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
      const [a, b] = [was.get(name), is.get(name)];
      if (a === b) return [];
      const what =
        b === undefined ? "is lost" : a === undefined ? "is the Rust module's only" : `is ${b} in Rust, ${a} in C`;
      return [finding("parameters", "error", `parameter \`${name}\` ${what}`, { c: a ?? "", rust: b ?? "" })];
    });
  },
};

function parametersOf(o: InspectedObject): Map<string, string> {
  const found = new Map<string, string>();
  for (const s of sectionsNamed(o.elf, "__param")) {
    for (let at = 0; at + ENTRY.bytes <= s.bytes.length; at += ENTRY.bytes) {
      const [name, ops] = [targetAt(o.elf, s, at + ENTRY.name), targetAt(o.elf, s, at + ENTRY.ops)];
      const spelled = (name && targetString(name)) ?? `#${at / ENTRY.bytes}`;
      // Operations of the module's own have another name in Rust where they are static.
      const type = ops === undefined ? "no type" : ops.symbol.undefined ? ops.symbol.name : "operations of its own";
      found.set(
        spelled,
        `${type}, mode 0${s.bytes.readUInt16LE(at + ENTRY.perm).toString(8)}, level ${s.bytes.readInt8(at + ENTRY.level)}, flags ${s.bytes.readUInt8(at + ENTRY.flags)}`,
      );
    }
  }
  return found;
}
