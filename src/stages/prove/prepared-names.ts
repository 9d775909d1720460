/** What functions are called in the module that `opt` is given. */
import type { Side } from "./sides.ts";

/** One that is compared. */
export function preparedName(tag: Side["tag"], key: string): string {
  return `${tag} ${key}`;
}

/** One that is inlined: it calls what its unit calls. */
export function inlinedName(tag: Side["tag"], unit: string | undefined, key: string): string {
  return `${tag} inline ${unit === undefined ? "" : `in ${unit} `}${key}`;
}
