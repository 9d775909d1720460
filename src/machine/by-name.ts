/**
 * A table that is asked for a stranger's names, and made of them: it holds what it was given and nothing else, where a plain object has a
 * `constructor` and a `toString` too, and takes `__proto__` for no name.
 */
export function byName<T>(entries: Readonly<Record<string, T>> = {}): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, entries);
}
