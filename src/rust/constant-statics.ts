/**
 * Makes constants of C constants in Rust. c2rust writes `static mut` for every variable, which lies in writable memory: a table of function
 * pointers that the kernel protects in C is then open to an overwrite, and a writable `.modinfo` or `__param` does not merge with kbuild's.
 */
import type { DefinitionFacts } from "../stages/lower/definitions.ts";
import type { RustItem } from "./items.ts";

/** What a plain `static` may hold without a word: it is not changed, so threads can share it. Rust does not know that of raw pointers. */
const SHAREABLE = /^(?:::core::ffi::c_\w+|bool|[iu](?:8|16|32|64|128|size)|Option<.*>)$/;

/** Holds a constant that is or contains a raw pointer outside of a structure. */
const HOLDER: RustItem[] = [
  { kind: "struct", name: "kport_constant", attributes: ["#[repr(transparent)]"], text: "pub struct kport_constant<T>(pub T);" },
  { kind: "impl", name: "Sync for kport_constant", attributes: [], text: "unsafe impl<T> Sync for kport_constant<T> {}" },
];

/** @param facts by the definition's name in C */
export function restoreConstants(items: readonly RustItem[], facts: readonly DefinitionFacts[]): RustItem[] {
  const constant = new Set(facts.filter((f) => f.kind === "variable" && f.constant).map((f) => f.name));
  const aliases = new Map(items.flatMap((i) => (i.kind === "type" ? [[i.name, /= (.*);$/s.exec(i.text)?.[1] ?? ""] as const] : [])));
  const records = new Set(items.filter((i) => i.kind === "struct" || i.kind === "union").map((i) => i.name));
  const shared = new Set<string>();
  const held = new Set<string>();
  const out = items.map((item) => {
    if (item.kind === "fn") return readOnlyLocals(item, aliases, records, shared);
    const m = /^((?:pub )?static )mut (\w+: )([^=]*?)( =)/.exec(item.text);
    if (m === null || item.kind !== "static" || !(constant.has(item.name) || constant.has(item.name.replace(/_\d+$/, "")))) return item;
    const [head, before, name, type, equals] = m as unknown as [string, string, string, string, string];
    const element = elementOf(type, aliases);
    const rest = item.text.slice(head.length);
    if (records.has(element)) shared.add(element);
    else if (!SHAREABLE.test(element)) {
      held.add(item.name);
      return { ...item, text: `${before}${name}kport_constant<${type}>${equals} kport_constant(${rest.trim().replace(/;$/, "")});` };
    }
    return { ...item, text: `${before}${name}${type}${equals}${rest}` };
  });
  for (const name of shared) out.push({ kind: "impl", name: `Sync for ${name}`, attributes: [], text: `unsafe impl Sync for ${name} {}` });
  return held.size === 0 ? out : [...out.map((i) => reachInto(i, held)), ...HOLDER];
}

/** Static locals of a function that C puts into a read-only section (`__initconst`): one writable variable makes the whole section writable. */
function readOnlyLocals(item: RustItem, aliases: ReadonlyMap<string, string>, records: ReadonlySet<string>, shared: Set<string>): RustItem {
  const text = item.text.replace(/(#\[link_section = "[^"]*\brodata[^"]*"\]\s*static )mut (\w+: )([^=]*?)( =)/g, (whole, before: string, name: string, type: string, equals: string) => {
    const element = elementOf(type, aliases);
    if (records.has(element)) shared.add(element);
    else if (!SHAREABLE.test(element)) return whole;
    return before + name + type + equals;
  });
  return { ...item, text };
}

/** What an array of arrays is made of, its aliases resolved. */
function elementOf(type: string, aliases: ReadonlyMap<string, string>): string {
  const inner = /^\[(.*); [^;\]]*\]$/s.exec(type.trim())?.[1] ?? aliases.get(type.trim());
  return inner === undefined ? type.trim() : elementOf(inner, aliases);
}

/** The constants in a holder, by the name of its only member wherever they are used. */
function reachInto(item: RustItem, held: ReadonlySet<string>): RustItem {
  const token = /b?"(?:\\.|[^"\\])*"|'(?:\\.[^']*|[^'\\])'|(?<![\w.])[A-Za-z_]\w*\b(?!\s*:(?!:))/g;
  return { ...item, text: item.text.replace(token, (t) => (held.has(t) ? `${t}.0` : t)) };
}
