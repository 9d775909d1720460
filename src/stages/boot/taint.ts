/** Taint flags (Documentation/admin-guide/tainted-kernels.rst), by their letters. */

/** Bit number → letter and meaning. */
const FLAGS: readonly (readonly [string, string])[] = [
  ["P", "a proprietary module was loaded"],
  ["F", "a module was loaded by force"],
  ["S", "the hardware is out of specification"],
  ["R", "a module was unloaded by force"],
  ["M", "a machine check happened"],
  ["B", "a bad page was met"],
  ["U", "user space asked for it"],
  ["D", "the kernel died (oops)"],
  ["A", "an ACPI table was overridden"],
  ["W", "the kernel warned (WARN)"],
  ["C", "a staging driver was loaded"],
  ["I", "firmware has a bug that was worked around"],
  ["O", "an out-of-tree module was loaded"],
  ["E", "an unsigned module was loaded"],
  ["L", "a soft lockup happened"],
  ["K", "the kernel was live-patched"],
  ["X", "auxiliary (distribution)"],
  ["T", "structure layouts were randomised"],
  ["N", "a test ran in the kernel"],
  ["J", "user space used a device's debugging commands (fwctl)"],
];

/** `OE` for 12288. */
export function taintLetters(taint: number): string {
  return FLAGS.map(([letter], bit) => (taint & (1 << bit) ? letter : "")).join("");
}

/** `W (the kernel warned (WARN))` for each flag set. */
export function taintMeanings(taint: number): string {
  return FLAGS.flatMap(([letter, meaning], bit) => (taint & (1 << bit) ? [`${letter}: ${meaning}`] : [])).join(", ");
}

/** The flags an out-of-tree module sets by being loaded: O, and E where kernels sign theirs. */
export const EXPECTED_TAINT = (1 << 12) | (1 << 13);
