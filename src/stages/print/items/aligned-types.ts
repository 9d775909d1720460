/**
 * A structure with an alignment of its own as one, as C has it: c2rust parts it in two, so that every access leads through a member `inner`
 * that nobody wrote. Those that are packed as well stay in two, as Rust has it.
 */
import { closing, codeOf, type Edit, edited, follows, type RustToken } from "../../../rust/lexer.ts";
import { type CrateFiles, type CrateItem, itemsOf, without } from "./crate.ts";

const INNER = "inner";

export function withAlignedTypes(files: CrateFiles): Map<string, string> {
  const items = [...files].flatMap(([file, text]) => itemsOf(file, text));
  const types = items.filter((i) => i.kind === "struct" || i.kind === "union");
  const outer = types.filter((i) => isOuter(i) && isPlain(innerOf(types, i)));
  const names = new Set(outer.map((i) => i.name));
  // What else has a member of that name is told apart from these by the member that is behind it.
  const others = types.filter((i) => !outer.includes(i) && hasMember(i)).map((i) => `${i.name}_Inner`);
  const kept = membersOf(items, new Set(others));
  const members = membersOf(items, new Set([...names].map((n) => `${n}_Inner`)));
  if (names.size === 0 || [...kept].some((m) => members.has(m))) return new Map(files);
  return new Map(
    [...files].map(([file, text]) => {
      const own = outer.filter((i) => i.file === file);
      const left = without(text, own);
      const aligned = new Map(own.map((i) => [`${i.name}_Inner`, i.attributes.find(isRepr) as string]));
      return [file, merged(left, names, aligned, kept)] as const;
    }),
  );
}

/** Members of types and functions on them, by which bit-fields are read. */
function membersOf(items: readonly CrateItem[], types: ReadonlySet<string>): Set<string> {
  return new Set(
    items
      .filter((i) => types.has(i.name))
      .flatMap((i) => {
        const tokens = codeOf(i.text);
        return tokens.flatMap((t, k) => {
          const isMember = tokens[k - 1]?.text === "pub" && tokens[k + 1]?.text === ":";
          return isMember || tokens[k - 1]?.text === "fn" ? [t.text] : [];
        });
      }),
  );
}

/** The other part of a structure, in the same file. */
function innerOf(types: readonly CrateItem[], i: CrateItem): CrateItem | undefined {
  return types.find((x) => x.file === i.file && x.name === `${i.name}_Inner`);
}

function isRepr(attribute: string): boolean {
  const tokens = codeOf(attribute);
  return follows(tokens, 0, "#", "[", "repr");
}

function isOuter(i: CrateItem): boolean {
  const tokens = codeOf(i.text);
  const at = tokens.findIndex((t) => t.text === "{");
  return (
    i.attributes.some((a) => isRepr(a) && codeOf(a).some((t) => t.text === "align")) &&
    follows(tokens, at, "{", "pub", INNER, ":", `${i.name}_Inner`) &&
    tokens.length - at <= 7
  );
}

function isPlain(i: CrateItem | undefined): boolean {
  return i?.attributes.filter(isRepr).length === 1 && !i.names.has("packed") && !i.names.has("align");
}

function hasMember(i: CrateItem): boolean {
  const tokens = codeOf(i.text);
  return tokens.some((t, k) => t.text === INNER && tokens[k + 1]?.text === ":" && tokens[k + 2]?.text !== ":");
}

/** @param kept what stands behind a member `inner` that stays */
function merged(
  text: string,
  names: ReadonlySet<string>,
  aligned: ReadonlyMap<string, string>,
  kept: ReadonlySet<string>,
): string {
  const tokens = codeOf(text);
  const edits: Edit[] = [];
  const cut = (from: RustToken | undefined, to: RustToken | undefined): void => {
    if (from && to) edits.push({ start: from.start, end: to.start, text: "" });
  };
  for (const [i, t] of tokens.entries()) {
    const [before, next] = [tokens[i - 1], tokens[i + 1]];
    if (t.text === INNER && next?.text === "." && kept.has(tokens[i + 2]?.text ?? "")) continue;
    if (t.text === INNER && before?.text === "." && next?.text !== "(") cut(before, next);
    // `offset_of!(type, inner.member)`
    else if (t.text === INNER && before?.text === "," && next?.text === ".") cut(t, tokens[i + 2]);
    else if (names.has(t.text) && follows(tokens, i + 1, "{", INNER, ":") && before?.text !== "struct") {
      const end = closing(tokens, i + 1);
      cut(t, tokens[i + 4]);
      const comma = tokens[end - 1]?.text === "," ? end - 1 : end;
      const [from, last] = [tokens[comma], tokens[end]];
      if (from && last) edits.push({ start: from.start, end: last.end, text: "" });
    } else if (t.text.endsWith("_Inner") && names.has(t.text.slice(0, -6)))
      edits.push({ start: t.start, end: t.end, text: t.text.slice(0, -6) });
    const repr = t.text === "#" && follows(tokens, i + 1, "[", "repr") ? closing(tokens, i + 1) : undefined;
    if (repr === undefined) continue;
    const name = typeBehind(tokens, repr + 1);
    const attribute = name === undefined ? undefined : aligned.get(name);
    if (attribute !== undefined) edits.push({ start: t.start, end: tokens[repr]?.end as number, text: attribute });
  }
  return edited(text, edits);
}

/** The name of the structure that an attribute belongs to. */
function typeBehind(tokens: readonly RustToken[], from: number): string | undefined {
  let i = from;
  while (follows(tokens, i, "#", "[")) i = closing(tokens, i + 1) + 1;
  if (tokens[i]?.text === "pub") i = tokens[i + 1]?.text === "(" ? closing(tokens, i + 1) + 1 : i + 1;
  return tokens[i]?.text === "struct" ? tokens[i + 1]?.text : undefined;
}
