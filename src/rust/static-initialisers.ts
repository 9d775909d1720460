/**
 * Puts initialisers where they belong. c2rust moves every initialiser that it does not trust to be constant (one that names its own
 * variable, as DEFINE_MUTEX does; pointer arithmetic; unions) into a function that `.init_array` would call, and kernels mostly do not
 * run that section for modules. In Rust's constant evaluation nearly all of them are fine; one that is not fails to compile, loudly.
 */
import type { RustItem } from "./items.ts";

export function restoreStaticInitialisers(items: RustItem[]): RustItem[] {
  const run = items.find((i) => i.kind === "fn" && i.name === "run_static_initializers");
  if (run === undefined) return items;
  // A statement ends at the semicolon outside of all brackets.
  const nesting = (line: string): number => [...line.replace(/b?"(?:\\.|[^"\\])*"/g, "")].reduce((n, c) => n + (/[([{]/.test(c) ? 1 : /[)\]}]/.test(c) ? -1 : 0), 0);
  const values = new Map<string, string>();
  let target: string | undefined;
  let lines: string[] = [];
  let depth = 0;
  for (const line of run.text.split("\n").slice(1, -1)) {
    const start = /^ {4}([A-Za-z_]\w*) = (.*)$/.exec(line);
    if (start && target === undefined) {
      target = start[1] as string;
      lines = [start[2] as string];
      depth = 0;
    } else lines.push(line);
    depth += nesting(line);
    if (target !== undefined && line.endsWith(";") && depth === 0) {
      values.set(target, lines.join("\n").replace(/;$/, ""));
      target = undefined;
    }
  }
  return items
    .filter((i) => i !== run && !(i.kind === "static" && i.name === "INIT_ARRAY"))
    .map((i) => {
      const value = i.kind === "static" ? values.get(i.name) : undefined;
      if (value === undefined) return i;
      const head = i.text.slice(0, initialiserStart(i.text));
      // Constant evaluation allows `offset` only within an object; poisoned list pointers are none.
      return { ...i, text: `${head}unsafe { ${value.replaceAll(".offset(", ".wrapping_offset(")} };` };
    });
}

/** Where the value of `static NAME: TYPE = VALUE;` begins. */
function initialiserStart(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if ("([{<".includes(c)) depth++;
    else if (")]}".includes(c) || (c === ">" && text[i - 1] !== "-")) depth--;
    else if (c === "=" && depth === 0) return i + 2;
  }
  return text.length;
}
