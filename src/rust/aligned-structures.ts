/**
 * c2rust splits a structure with an alignment of its own: `#[repr(C, align(8))] pub struct S(pub S_Inner);`. Such a tuple structure is
 * also a function, which nothing else may shadow, and C calls variables after their types all the time. It gets a named member instead.
 */
import type { RustItem } from "./items.ts";

export function nameInnerMembers(items: readonly RustItem[]): RustItem[] {
  const split = new Set(items.flatMap((i) => (i.kind === "struct" ? (/^pub struct (\w+)\(pub \1_Inner\);$/.exec(i.text)?.[1] ?? []) : [])));
  if (split.size === 0) return [...items];
  return items.map((i) => {
    if (i.kind === "struct" && split.has(i.name)) return { ...i, text: `pub struct ${i.name} {\n    pub inner: ${i.name}_Inner,\n}` };
    if (i.kind === "extern" || i.kind === "use" || i.kind === "type") return i;
    return { ...i, text: nameConstructors(i.text.replace(/(?<=[A-Za-z_]\w*|\)|\])(\s*)\.0(?!\w)/g, "$1.inner"), split) };
  });
}

/** `S(S_Inner { … })` becomes `S { inner: S_Inner { … } }`. */
function nameConstructors(text: string, split: ReadonlySet<string>): string {
  let out = text;
  for (const name of split) {
    const start = new RegExp(`\\b${name}\\((?=\\s*${name}_Inner\\b)`, "g");
    for (let m = start.exec(out); m !== null; m = start.exec(out)) {
      const open = m.index + m[0].length - 1;
      const close = closing(out, open);
      out = `${out.slice(0, open)} { inner: ${out.slice(open + 1, close)} }${out.slice(close + 1)}`;
    }
  }
  return out;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '"') for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === "\\") i++;
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i;
  }
  return text.length;
}
