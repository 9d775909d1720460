/** Variables that are static in a function, by names that clang, c2rust and rustc give them each in its own way. */

/** clang names a static of a function `function.name`, and the next one of that name `function.name.1`. */
export function staticOf(symbol: string): { function: string; name: string; count: number } | undefined {
  const [, f, name, number] = /^([^.]+)\.(\D.*?)(?:\.(\d+))?$/.exec(symbol) ?? [];
  return f === undefined || name === undefined
    ? undefined
    : { function: f, name, count: number === undefined ? 0 : Number(number) + 1 };
}

/**
 * c2rust names the next static of one name `name_0`; the compilers count those that have the very same name.
 * @param before helpers of the function that come before the one that it lies in
 */
export function staticKey(f: string, name: string, { count, before = 0 }: { count: number; before?: number }): string {
  // The kernel's __UNIQUE_ID counts what the preprocessor has seen before, which in a helper is something else.
  const [, bare = name, number] = /^(__UNIQUE_ID_.*?)(\d+)$/.exec(name) ?? /^(.*?)(?:_(\d+))?$/.exec(name) ?? [];
  return `${f}::${bare}#${((number === undefined ? 0 : Number(number) + 1) * 10_000 + before) * 10_000 + count}`;
}

/** Which of those that have one path a symbol is (v0: `s_` before the identifier is the second, `s0_` the third; base 62). */
export function disambiguator(symbol: string, name: string): number {
  const before = symbol.slice(0, -name.length).replace(/_?$/, "").slice(0, -String(name.length).length);
  const digits = /s([0-9a-zA-Z]*)_$/.exec(before)?.[1];
  if (digits === undefined) return 0;
  if (digits === "") return 1;
  return (
    [...digits].reduce(
      (n, d) => n * 62 + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".indexOf(d),
      0,
    ) + 2
  );
}
