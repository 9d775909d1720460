/** Rust's symbols (the v0 mangling, https://doc.rust-lang.org/rustc/symbol-mangling/v0.html), as far as functions and statics need it. */

/**
 * The identifiers of a symbol's path, without the crate's: `["ring", "ring_init", "KEY"]`.
 * @returns undefined for a symbol that is not Rust's
 */
export function symbolPath(symbol: string): string[] | undefined {
  if (!symbol.startsWith("_R")) return undefined;
  const names: string[] = [];
  let at = 2;
  for (;;) {
    // Of nested paths (N and a namespace), instances (I) and crates (C); s…_ tells names apart that would be the same.
    const lead = /^(?:N[a-zA-Z]|I|C|s[0-9a-zA-Z]*_)/.exec(symbol.slice(at));
    if (lead) {
      at += lead[0].length;
      continue;
    }
    const length = /^u?(0|[1-9][0-9]*)_?/.exec(symbol.slice(at));
    if (length === null) return names.slice(1);
    // The underscore belongs to the length only before a digit or another underscore.
    const digits = length[0].replace(/_$/, "").length;
    const count = Number(length[1]);
    const from = at + digits + (/^_[\d_]/.test(symbol.slice(at + digits)) ? 1 : 0);
    names.push(symbol.slice(from, from + count));
    at = from + count;
  }
}
