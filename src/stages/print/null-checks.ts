/**
 * Pointers of which c2rust's text asks whether they are null by way of a function that the compiler knows nothing of: C's own checks, which
 * rustc would take for settled (lower/null-checks.ts says which).
 */
import type { SyntaxNode } from "@lezer/common";
import { codeOf } from "../../rust/lexer.ts";
import type { Rust } from "./rust-text.ts";

/** The function of the port's own that takes an address for what it is (src/address.rs). */
export const ADDRESS = "kport_address";

/** @param item a function of c2rust's */
export function addressesAsked(item: SyntaxNode, text: string): Set<string> {
  const asked = new Set<string>();
  item.cursor().iterate((c) => {
    if (c.name !== "CallExpression" || text.slice(c.node.firstChild?.from, c.node.firstChild?.to) !== ADDRESS) return;
    let of = c.node.getChild("ArgList")?.firstChild?.nextSibling;
    while (of?.name === "TypeCastExpression" || of?.name === "ParenthesizedExpression")
      of = of.name === "TypeCastExpression" ? of.firstChild : of.firstChild?.nextSibling;
    if (of) asked.add(asKey(text.slice(of.from, of.to)));
  });
  return asked;
}

/** Whether a pointer is one of those. */
export type Asked = (r: Rust) => boolean;

/**
 * @param asked the pointers as c2rust's text has them
 * @param namesOf what a variable is called here, and there
 */
export function askedOf(asked: ReadonlySet<string>, namesOf: (decl: number) => readonly [string, string]): Asked {
  return (r) => {
    if (asked.size === 0) return false;
    const [here, there] = r.root === undefined ? [] : namesOf(r.root);
    return asked.has(asKey(r.text === here ? (there ?? r.text) : r.text));
  };
}

/** The words of an expression but for its conversions and parentheses, of which c2rust writes more. */
function asKey(text: string): string {
  const words = codeOf(text).map((t) => t.text);
  const key: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === "as") {
      while (/^(?:\*|:|\w+)$/.test(words[at + 1] ?? "")) at++;
    } else if (word !== "(" && word !== ")") key.push(word);
  }
  return key.join(" ");
}
