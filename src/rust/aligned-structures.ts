/**
 * c2rust splits a structure with an alignment of its own: `#[repr(C, align(8))] pub struct S(pub S_Inner);`. Such a tuple structure is
 * also a function, which nothing else may shadow, and C calls variables after their types all the time. It gets a named member instead.
 */
import type { RustItem } from "./items.ts";
import { closing, codeOf, type Edit, edited, follows, opening, type RustToken } from "./lexer.ts";

export function nameInnerMembers(items: readonly RustItem[]): RustItem[] {
  const split = new Set(items.flatMap((i) => (i.kind === "struct" && isSplit(i) ? [i.name] : [])));
  if (split.size === 0) return [...items];
  return items.map((i) => {
    if (i.kind === "struct" && split.has(i.name))
      return { ...i, text: `pub struct ${i.name} {\n    pub inner: ${i.name}_Inner,\n}` };
    if (i.kind === "extern" || i.kind === "use" || i.kind === "type" || i.kind === "struct" || i.kind === "union")
      return i;
    const tokens = codeOf(i.text);
    return { ...i, text: edited(i.text, [...innerMembers(tokens), ...constructors(tokens, split)]) };
  });
}

function isSplit(item: RustItem): boolean {
  // A long name gets a line of its own, and a comma.
  const tokens = codeOf(item.text).filter((t) => t.text !== ",");
  return (
    follows(tokens, 0, "pub", "struct", item.name, "(", "pub", `${item.name}_Inner`, ")", ";") && tokens.length === 8
  );
}

/** `.0` is the inner structure everywhere but behind what core's atomic intrinsics return: c2rust makes no other tuples (its translator/atomics.rs). */
function innerMembers(tokens: readonly RustToken[]): Edit[] {
  const pairs = new Set(
    tokens.flatMap((t, i) =>
      t.text === "let" && follows(tokens, i + 2, "=") && isIntrinsic(tokens, i + 3)
        ? [(tokens[i + 1] as RustToken).text]
        : [],
    ),
  );
  return tokens.flatMap((t, i) => {
    const of = tokens[i - 2];
    if (
      t.kind !== "number" ||
      t.text !== "0" ||
      tokens[i - 1]?.text !== "." ||
      of === undefined ||
      tokens[i - 1]?.start === undefined
    )
      return [];
    // A range (`0..0`) has no place before its last dot.
    if (!(of.kind === "identifier" || of.text === ")" || of.text === "]" || of.text === "}")) return [];
    const isPair =
      of.kind === "identifier"
        ? pairs.has(of.text) && tokens[i - 3]?.text !== "."
        : of.text === ")" && isIntrinsic(tokens, pathStart(tokens, opening(tokens, i - 2)));
    return isPair ? [] : [{ start: t.start, end: t.end, text: "inner" }];
  });
}

/** Where the path before a call's arguments begins. */
function pathStart(tokens: readonly RustToken[], open: number): number {
  let i = open;
  while (tokens[i - 1]?.kind === "identifier" || tokens[i - 1]?.text === ":") i--;
  return i;
}

function isIntrinsic(tokens: readonly RustToken[], at: number): boolean {
  return follows(tokens, at, ":", ":", "core", ":", ":", "intrinsics", ":", ":");
}

/** `S(S_Inner { … })` becomes `S { inner: S_Inner { … } }`. */
function constructors(tokens: readonly RustToken[], split: ReadonlySet<string>): Edit[] {
  return tokens.flatMap((t, i) => {
    if (t.kind !== "identifier" || !split.has(t.text) || !follows(tokens, i + 1, "(", `${t.text}_Inner`)) return [];
    const [open, close] = [tokens[i + 1] as RustToken, tokens[closing(tokens, i + 1)]];
    if (close === undefined) return [];
    return [
      { start: open.start, end: open.end, text: " { inner: " },
      { start: close.start, end: close.end, text: " }" },
    ];
  });
}
