/**
 * Enumerators as the `int` that they are in C: c2rust gives them the type that an object of the enumeration has, so that every use is a cast.
 * Those of an enumeration that nothing is an object of, each use of which converts, are C's `int`.
 */
import { codeOf, type Edit, edited, type RustToken } from "../../../rust/lexer.ts";
import { type CrateFiles, type CrateItem, itemsOf } from "./crate.ts";

interface Constant {
  item: CrateItem;
  type: string;
}

export function withIntConstants(files: CrateFiles): Map<string, string> {
  const items = [...files].flatMap(([file, text]) => itemsOf(file, text));
  const aliases = new Set(items.flatMap((i) => (i.kind === "type" && !i.foreign ? [i.name] : [])));
  const constants = items.flatMap((item): Constant[] => {
    const type = item.kind === "const" ? typeOf(item) : undefined;
    return type === undefined || !isInt(item) ? [] : [{ item, type }];
  });
  const tokensOf = new Map([...files].map(([file, text]) => [file, codeOf(text)] as const));
  const uses = usesOf(tokensOf, new Set(constants.map((c) => c.item.name)));
  // How often each name of a type stands somewhere: where it is declared, and with its enumerators, is no object of it.
  const named = namesIn(tokensOf, aliases);
  const found = new Set<string>();
  for (const [type, of] of Map.groupBy(constants, (c) => (aliases.has(c.type) ? c.type : `= ${c.item.name}`))) {
    const isGroup = aliases.has(type);
    if (!isGroup && of[0]?.type !== "u32") continue;
    if (isGroup && named.get(type) !== of.length + 1) continue;
    const all = of.flatMap((c) => uses.get(c.item.name) ?? []);
    if (all.every((u) => u !== "") && all.includes("c_int")) for (const c of of) found.add(c.item.name);
  }
  if (found.size === 0) return new Map(files);
  return new Map(
    [...files].map(([file, text]) => {
      const own = constants.filter((c) => c.item.file === file && found.has(c.item.name));
      return [file, edited(text, editsOf(tokensOf.get(file) ?? [], own, found))] as const;
    }),
  );
}

/** `u32` of `const X: u32 = 1;`. */
function typeOf(i: CrateItem): string | undefined {
  const tokens = codeOf(i.text);
  const colon = tokens.findIndex((t) => t.text === ":");
  return tokens[colon + 2]?.text === "=" ? tokens[colon + 1]?.text : undefined;
}

/** A plain number that C's `int` holds. */
function isInt(i: CrateItem): boolean {
  const tokens = codeOf(i.text);
  const [number, end] = tokens.slice(tokens.findIndex((t) => t.text === "=") + 1);
  const isNumber =
    number?.kind === "number" &&
    end?.text === ";" &&
    /^(?:0x[0-9a-fA-F_]+|0o[0-7_]+|0b[01_]+|[0-9_]+)$/.test(number.text);
  return isNumber && BigInt(number.text.replaceAll("_", "")) < 1n << 31n;
}

/** Of each constant, what its uses convert it to; an empty text for one that does not. */
function usesOf(files: ReadonlyMap<string, readonly RustToken[]>, names: ReadonlySet<string>): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const tokens of files.values())
    for (const [k, t] of tokens.entries()) {
      if (t.kind !== "identifier" || !names.has(t.text) || tokens[k - 1]?.text === "const") continue;
      const to = tokens[k + 1]?.text === "as" ? (tokens[k + 2]?.text ?? "") : "";
      out.set(t.text, [
        ...(out.get(t.text) ?? []),
        /^(?:c_u?(?:int|long)|[iu](?:8|16|32|64|size))$/.test(to) ? to : "",
      ]);
    }
  return out;
}

function namesIn(files: ReadonlyMap<string, readonly RustToken[]>, names: ReadonlySet<string>): Map<string, number> {
  const out = new Map<string, number>();
  for (const tokens of files.values())
    for (const t of tokens) if (names.has(t.text)) out.set(t.text, (out.get(t.text) ?? 0) + 1);
  return out;
}

function editsOf(tokens: readonly RustToken[], own: readonly Constant[], found: ReadonlySet<string>): Edit[] {
  const edits: Edit[] = [];
  const cut = (start: number, end: number): void => void edits.push({ start, end, text: "" });
  for (const [k, t] of tokens.entries()) {
    if (t.kind !== "identifier" || !found.has(t.text)) continue;
    if (tokens[k - 1]?.text === "const") {
      const type = tokens[k + 2];
      if (type && own.some((c) => c.item.name === t.text))
        edits.push({ start: type.start, end: type.end, text: "c_int" });
      continue;
    }
    const [before, type, behind] = [tokens[k - 1], tokens[k + 2], tokens[k + 3]];
    if (type?.text !== "c_int") continue;
    cut(t.end, type.end);
    // Parentheses that only the cast needed.
    const outer = tokens[k - 2];
    const isCall = outer?.kind === "identifier" || /^[!\])>]$/.test(outer?.text ?? "");
    if (before?.text === "(" && behind?.text === ")" && !isCall) {
      cut(before.start, before.end);
      cut(behind.start, behind.end);
    }
  }
  return edits;
}
