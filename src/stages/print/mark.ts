/** What is marked in the body of a macro, because another use may have it otherwise. */

/** Something in a body that another invocation may have otherwise. */
export type Mark =
  | { k: "type"; text: string }
  /** The line that an invocation stands on. */
  | { k: "line"; text: string }
  | { k: "string"; hex: string; signed: boolean }
  /** The characters of an array: a `&str` of Rust's. */
  | { k: "chars"; hex: string }
  /** A member, by its name in C, and the way to it in the crate. */
  | { k: "field"; name: string; path: string }
  /** An argument that is converted to an integer type, or is of it. */
  | { k: "as"; parameter: string; type: string; needed: boolean };

const [OPEN, CLOSE] = ["\ue000", "\ue001"];

export function mark(m: Mark): string {
  return `${OPEN}${JSON.stringify(m)}${CLOSE}`;
}

/** A body cut into plain text and marks. */
export function pieces(body: string): (string | Mark)[] {
  return body
    .split(/(\ue000[^\ue001]*\ue001)/)
    .map((s) => (s.startsWith(OPEN) ? (JSON.parse(s.slice(1, -1)) as Mark) : s));
}
