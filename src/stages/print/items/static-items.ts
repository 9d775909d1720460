/** The variables that a unit's Rust defines, as they stand in it. Read with a Rust parser. */
import { parseRust } from "../../../rust/parse.ts";
import type { SyntaxNode } from "@lezer/common";

export interface StaticItem {
  name: string;
  /** Where the item begins, attributes included, and ends. */
  from: number;
  to: number;
  /** Attributes, visibility, `static mut`, and the name. */
  head: string;
  /** The value as it stands. */
  value: string;
}

export function readStatics(text: string): StaticItem[] {
  const out: StaticItem[] = [];
  for (let n = parseRust(text).topNode.firstChild; n; n = n.nextSibling) {
    const item = behindAttributes(n);
    const name = item?.name === "StaticItem" ? item.getChild("BoundIdentifier") : null;
    const equals = item?.getChild("=");
    if (!item || !name || !equals?.nextSibling) continue;
    out.push({
      name: text.slice(name.from, name.to),
      from: n.from,
      to: n.to,
      head: text.slice(n.from, name.to),
      value: text.slice(equals.nextSibling.from, equals.nextSibling.to),
    });
  }
  return out;
}

function behindAttributes(n: SyntaxNode): SyntaxNode | null {
  let at: SyntaxNode | null = n;
  while (at?.name === "AttributeItem") at = at.lastChild;
  return at;
}
