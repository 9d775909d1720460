/** What is asked of the head of a function before the function is read. */
import { unescaped } from "./tokens.ts";

/** Groups of attributes in the head of a function. */
export function groupsIn(line: string): string[] {
  return [...line.matchAll(/ #(\d+)/g)].map((m) => m[1] as string);
}

/** The function that a head is of. */
export function nameIn(line: string): string {
  const m = /@("(?:[^"]*)"|[-a-zA-Z$._0-9]+)\(/.exec(line);
  const name = m?.[1] ?? "";
  return name.startsWith('"') ? unescaped(name.slice(1, -1)).toString("latin1") : name;
}
