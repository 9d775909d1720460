/**
 * Names C's unnamed structures after the place they are used in. c2rust numbers them as it meets them (`C2RustUnnamed_12`), so that the
 * same type has another name in each unit, and a name says nothing.
 */
import type { RustItem } from "./items.ts";
import { codeOf, follows, replaceTokens, type RustToken } from "./lexer.ts";
import { bitfieldType } from "./members.ts";

const UNNAMED = /^C2RustUnnamed(?:_\d+)?$/;

/** A structure with an alignment of its own has an inner one, and the number of bytes behind that. */
const PARTS = ["", "_Inner", "_PADDING"] as const;

/** What lowering called a structure without a name (src/c/unnamed-records.ts). */
const TAGGED = /^kport_unnamed_\w+_\d+$/;

/** Takes the tags of structures that have none in C: they are unnamed again, and each knows which one it was. */
export function takeTags(items: readonly RustItem[]): RustItem[] {
  const taken = new Set(items.map((i) => i.name));
  const names = new Map<string, string>();
  let serial = 0;
  for (const i of items) {
    if ((i.kind !== "struct" && i.kind !== "union") || !TAGGED.test(i.name)) continue;
    while (taken.has(`C2RustUnnamed_${serial}`)) serial++;
    const name = `C2RustUnnamed_${serial++}`;
    for (const part of PARTS) names.set(i.name + part, name + part);
  }
  if (names.size === 0) return [...items];
  return items.map((i) => ({
    ...i,
    ...(TAGGED.test(i.name) && names.has(i.name) ? { tag: i.name } : {}),
    name: names.get(i.name) ?? i.name,
    text: withNames(i.text, names),
  }));
}

function withNames(text: string, names: ReadonlyMap<string, string>): string {
  return replaceTokens(text, (t, i, tokens) => {
    if (t.kind === "identifier") return names.get(t.text);
    const name = names.get(bitfieldType(tokens, i) ?? "");
    return name === undefined ? undefined : JSON.stringify(name);
  });
}

export function nameUnnamedTypes(items: readonly RustItem[]): RustItem[] {
  const names = new Map<string, string>();
  const taken = new Set(items.filter((i) => !UNNAMED.test(i.name)).map((i) => i.name));
  const give = (unnamed: string, wanted: string): void => {
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    for (const part of PARTS) names.set(unnamed + part, name + part);
  };
  const uses = items.map((i) => (["struct", "union", "type", "static", "const"].includes(i.kind) ? unnamedIn(i) : []));
  // Parents first: a nested one is named after its parent's new name.
  for (let grew = true; grew; ) {
    grew = false;
    for (const [i, item] of items.entries()) {
      const owner = names.get(item.name) ?? (UNNAMED.test(item.name) ? undefined : item.name);
      if (owner === undefined || owner === "") continue;
      for (const { type, member } of uses[i] ?? []) {
        if (type === item.name || names.has(type)) continue;
        give(type, member === undefined ? `${owner}_type` : `${owner}_${member}`);
        grew = true;
      }
    }
  }
  return items.map((i) => ({ ...i, name: names.get(i.name) ?? i.name, text: withNames(i.text, names) }));
}

/** The unnamed types that an item names, each with the member that it is of. */
function unnamedIn(item: RustItem): { type: string; member: string | undefined }[] {
  const tokens = codeOf(item.text);
  let member: string | undefined;
  return tokens.flatMap((t, i) => {
    if (follows(tokens, i - 2, "name", "=")) member = unquoted(t);
    if (t.text === "pub" && tokens[i + 2]?.text === ":" && tokens[i + 3]?.text !== ":")
      member = (tokens[i + 1] as RustToken).text.replace(/^c2rust_unnamed/, "inner");
    const type = t.kind === "identifier" ? t.text : bitfieldType(tokens, i);
    return type !== undefined && UNNAMED.test(type) ? [{ type, member }] : [];
  });
}

function unquoted(t: RustToken): string {
  return t.text.slice(1, -1);
}
