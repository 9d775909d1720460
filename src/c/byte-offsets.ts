/**
 * The place in a text of each offset that clang counts in bytes: `»`, two bytes of UTF-8, is one unit of a JavaScript string.
 * For a text that is all ASCII the two are the same.
 */
export function unitsOf(text: string): (byte: number) => number {
  const behind: number[] = [];
  const surplus: number[] = [];
  let extra = 0;
  for (const m of text.matchAll(/[^\0-\x7f]/gu)) {
    extra += Buffer.byteLength(m[0]) - m[0].length;
    behind.push(m.index + m[0].length + extra);
    surplus.push(extra);
  }
  return (byte) => {
    let low = 0;
    let high = behind.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if ((behind[mid] as number) <= byte) low = mid + 1;
      else high = mid;
    }
    return byte - (surplus[low - 1] ?? 0);
  };
}
