/** A declaration as a reduced unit has it: without the bodies of structures that nobody looks into, or as a mere declaration. */
import { matching, type Token } from "../../c/lexer.ts";
import type { PlacedDeclaration } from "./preprocess.ts";
import type { Emitter } from "./reduced-unit.ts";

/** The bodies of those tags a declaration defines that are to stay opaque, outermost ones only. */
export function opaqueBodies(
  d: PlacedDeclaration,
  isOpaque: (tag: string) => boolean,
): { open: number; close: number }[] {
  const bodies: { open: number; close: number }[] = [];
  for (let i = 0; i < d.tokens.length; i++) {
    const k = d.tokens[i]?.text;
    if (k !== "struct" && k !== "union") continue;
    let at = i + 1;
    while (d.tokens[at]?.text === "__attribute__") at = matching(d.tokens, at + 1) + 1;
    const name = d.tokens[at]?.text;
    let open = at + 1;
    while (d.tokens[open]?.text === "__attribute__") open = matching(d.tokens, open + 1) + 1;
    if (d.tokens[open]?.text !== "{" || !isOpaque(`${k} ${name}`)) continue;
    let close = matching(d.tokens, open);
    // The attributes behind the body (packed, aligned) belong to it.
    while (d.tokens[close + 1]?.text === "__attribute__") close = matching(d.tokens, close + 2);
    bodies.push({ open, close });
    i = close;
  }
  return bodies;
}

/** Copy a declaration but for the bodies of its opaque tags. */
export function copyWithout(d: PlacedDeclaration, out: Emitter, isOpaque: (tag: string) => boolean): void {
  let at = d.start;
  if (!d.own && d.kind === "function" && d.storage.has("extern")) {
    // Rust would define for all what is meant for inlining alone.
    const storage = d.tokens.find((t) => t.text === "extern") as Token;
    out.copy(at, storage.start);
    out.add("static");
    at = storage.end;
  }
  for (const b of opaqueBodies(d, isOpaque)) {
    const open = (d.tokens[b.open] as Token).start;
    out.copy(at, open);
    at = (d.tokens[b.close] as Token).end;
  }
  out.copy(at, d.end);
}

/** The attributes that still mean something on a prototype. The others speak of a definition, or only to the optimiser. */
const PROTOTYPE_ATTRIBUTES = new Set(["noreturn", "ms_abi", "sysv_abi", "regparm", "transparent_union"]);

/** Emit a definition's declarator alone: a prototype, or an `extern` variable. */
export function declaratorOf(d: PlacedDeclaration, out: Emitter): void {
  const end = d.body?.open ?? declaratorEnd(d);
  if (d.kind === "variable") out.add("extern ");
  for (let i = 0; i < end; i++) {
    const t = d.tokens[i] as Token;
    if (t.text === "static" || t.text === "extern" || /^_*inline_*$/.test(t.text) || t.text === "__extension__")
      continue;
    if (t.text === "__attribute__") {
      const close = matching(d.tokens, i + 1);
      const all = d.attributes.filter((a) => a.start === t.start);
      if (all.some((a) => PROTOTYPE_ATTRIBUTES.has(a.name))) out.copy(t.start, (d.tokens[close] as Token).end);
      i = close;
      out.add(" ");
      continue;
    }
    out.copy(t.start, t.end);
    out.add(" ");
  }
  out.add(";");
}

/** The index of the `=` or `;` that ends a declarator: not one inside a structure's body. */
function declaratorEnd(d: PlacedDeclaration): number {
  let depth = 0;
  const end = d.tokens.findIndex((t) => {
    if (t.kind === "punctuator" && "([{".includes(t.text)) depth++;
    else if (t.kind === "punctuator" && ")]}".includes(t.text)) depth--;
    return depth === 0 && (t.text === "=" || t.text === ";");
  });
  return end < 0 ? d.tokens.length : end;
}
