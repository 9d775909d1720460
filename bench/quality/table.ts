/** The figures of modules, a line each, and their medians. */
import { markdownTable } from "markdown-table";
import type { Quality } from "./measure.ts";

export function table(all: readonly Quality[]): string {
  const per = (a: number, b: number): string => (b === 0 ? "–" : (a / b).toFixed(2));
  const of = (a: number, b: number): string => `${a} of ${b}`;
  const rows = all.map((q) => [
    q.module,
    q.verdict,
    String(q.c.units),
    `${q.rust.units} (${per(q.rust.units, q.c.units)})`,
    `${q.rust.all} (${per(q.rust.all, q.c.all)})`,
    // Of results from elsewhere the C may not be there.
    q.comments.all === 0 ? "–" : of(q.comments.kept, q.comments.all),
    `${q.casts} (${per(100 * q.casts, q.c.units)})`,
    `${of(q.unsafe.functions, q.unsafe.all)} (${q.unsafe.needless})`,
    String(q.unsafe.blocks),
    String(q.staticMut),
    of(q.printed.functions, q.printed.all),
    q.passed === undefined ? "–" : `${q.passed.sameMachineCode}, ${q.passed.sameCode}, ${q.passed.proved}`,
    q.items === undefined ? "–" : of(q.items.printed, q.items.all),
    of(q.macros.named, q.macros.all),
  ]);
  // Of all functions together: most modules have all of theirs.
  const share = (qs: readonly Quality[]): string => {
    const [some, whole] = [qs.reduce((n, q) => n + q.printed.functions, 0), qs.reduce((n, q) => n + q.printed.all, 0)];
    return `${some} of ${whole} (${((100 * some) / Math.max(1, whole)).toFixed(1)} %)`;
  };
  const median = (of: (q: Quality) => number): string => {
    const sorted = all
      .map(of)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    return (sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(2);
  };
  if (all.length > 1)
    rows.push([
      "median, sum of functions",
      "",
      "",
      median((q) => q.rust.units / q.c.units),
      median((q) => q.rust.all / q.c.all),
      median((q) => q.comments.kept / q.comments.all),
      median((q) => (100 * q.casts) / q.c.units),
      median((q) => q.unsafe.functions / q.unsafe.all),
      "",
      "",
      share(all),
      "",
      "",
      median((q) => q.macros.named / q.macros.all),
    ]);
  return markdownTable(
    [
      [
        "module",
        "verdict",
        "C lines, units",
        "Rust lines, units (per C line)",
        "Rust lines, crate (per line of C and its headers)",
        "comments kept",
        "casts (per 100 C lines)",
        "unsafe functions (without a block)",
        "unsafe blocks",
        "static mut",
        "functions printed",
        "by same machine code as c2rust's, same code as the C, proof",
        "items printed",
        "macros by name",
      ],
      ...rows,
    ],
    { alignDelimiters: false },
  );
}
