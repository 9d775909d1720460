/**
 * c2rust's text in the forms of Rust 2024, which rustc has from 1.85 on: `unsafe extern` blocks, `#[unsafe(no_mangle)]`; and with what a crate
 * that nobody links to can promise: what other modules see is `pub(crate)`. Members stay `pub`: as visible as their structure.
 */
import { parseRust } from "./parse.ts";
import type { SyntaxNode } from "@lezer/common";
import { type Edit, edited } from "./lexer.ts";

export const EDITION = "2024";

/** Attributes by which a symbol may meet another of its name, or lie where it should not. */
const UNSAFE_ATTRIBUTES = new Set(["no_mangle", "export_name", "link_section"]);

const ITEMS = new Set([
  "FunctionItem",
  "StaticItem",
  "ConstItem",
  "TypeItem",
  "StructItem",
  "UnionItem",
  "UseDeclaration",
  "ModItem",
]);

export function asEdition(text: string): string {
  const edits: Edit[] = [];
  const said = (n: SyntaxNode): string => text.slice(n.from, n.to);
  parseRust(text).iterate({
    enter({ node }) {
      if (node.name === "ForeignModItem" && node.firstChild?.name === "extern")
        edits.push({ start: node.from, end: node.from, text: "unsafe " });
      else if (node.name === "Vis" && said(node) === "pub" && ITEMS.has(node.parent?.name ?? ""))
        edits.push({ start: node.from, end: node.to, text: "pub(crate)" });
      else if (
        node.name === "MetaItem" &&
        node.parent?.name === "Attribute" &&
        UNSAFE_ATTRIBUTES.has(node.firstChild ? said(node.firstChild) : "")
      )
        edits.push({ start: node.from, end: node.to, text: `unsafe(${said(node)})` });
    },
  });
  return edited(text, edits);
}
