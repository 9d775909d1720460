/**
 * Branches, static calls, WARNs and BUGs that the C module's tables know and the Rust one's do not, and the module's functions they are in.
 * A check may depend on what its compiler knows in the function (how large a buffer is, which case a constant chooses), and a helper is
 * told a pointer. Such a function stays C, where the kernel's own compiler has the last word: clang keeps checks that gcc finds idle.
 */
import { byName } from "../../machine/by-name.ts";
import path from "node:path";
import { plainName } from "../inspect/code.ts";
import { type ElfSection, sectionsNamed, targetAt, targetName, targetString } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { functionSymbolAt } from "../inspect/places.ts";
import { bugEntryBytes } from "../inspect/tables.ts";
import type { WrittenFunction } from "../lower/as-written.ts";
import { named, type Pair, plural, sourceName } from "./check.ts";

export interface Loss {
  message: string;
  /** What it means where it is a fault. */
  consequence: string;
  /** Entries of C's. */
  count: number;
  sides: { c: string; rust: string };
  /** Which entries, each with the module's functions that hold its code; none where they are not known. */
  places: ReadonlyMap<string, readonly string[]>;
  /** The functions of all of them; empty where those of one are not known. */
  functions: ReadonlySet<string>;
  /** The kernel's own compiler, given these functions as C, enters nothing either. */
  doneWithout: boolean;
}

/** Tables whose entries say where in the code they belong to (the reference at 0), and to which object (so far into the entry): the same objects in both. */
const KEYED: Record<string, { bytes: number; key: number }> = byName({
  __jump_table: { bytes: 16, key: 8 },
  ".static_call_sites": { bytes: 8, key: 4 },
});

export function losses({
  c,
  rust,
  functions,
  idle,
  sourceNames,
}: Pick<Pair, "c" | "rust" | "functions" | "idle" | "sourceNames">): Loss[] {
  const found: Loss[] = [];
  const shared = sourceNames === undefined ? {} : { sourceNames };
  const asC = new Set([...(idle ?? []), ...functions.flatMap((f) => (f.inC ? [f.name] : []))]);
  const add = (loss: Omit<Loss, "doneWithout" | "functions">): void => {
    const all = [...loss.places.values()];
    const known = new Set(all.every((h) => h.length > 0) ? all.flat() : []);
    found.push({ ...loss, functions: known, doneWithout: known.size > 0 && [...known].every((f) => asC.has(f)) });
  };
  for (const name of Object.keys(KEYED)) {
    const [was, is] = [keysOf(c, name), keysOf(rust, name)];
    const names = new Set([...is.keys()].map((r) => sourceName(shared, r)));
    const lost = [...was].filter(([k]) => !is.has(k) && !names.has(k));
    if (lost.length === 0) continue;
    const sides = { c: [...was.keys()].join("\n"), rust: [...is.keys()].join("\n") };
    const places = new Map(lost.map(([k, within]) => [`${name} ${k}`, ofAll(within, (f) => holders(f, c, functions))]));
    add({
      message: `\`${name}\` has no entry for ${named(lost.map(([k]) => k))} in the Rust module`,
      consequence: "",
      count: lost.length,
      sides,
      places,
    });
  }
  const [was, is] = [bugPlaces(c), bugPlaces(rust)];
  for (const [file, lines] of was) {
    const others = is.get(file) ?? new Map<number, string[]>();
    const own = functions.filter((f) => path.basename(f.file) === file);
    const lost = missingLines(lines.keys(), others.keys(), own);
    // The lines of headers' macros are not known: there they are counted.
    const count = own.length > 0 ? lost.length : lines.size - others.size;
    if (count <= 0) continue;
    const sides = { c: [...lines.keys()].join("\n"), rust: [...others.keys()].join("\n") };
    const message =
      own.length > 0
        ? `\`__bug_table\` does not know ${lost.length === 1 ? "line" : "lines"} ${lost.join(", ")} of ${file} in the Rust module`
        : `\`__bug_table\` knows ${plural(others.size, "place")} of ${file} in the Rust module, ${lines.size} in C`;
    const places = new Map(
      lost.map((line) => [
        `${file}:${line}`,
        sourceHolders(line, own) ?? ofAll(lines.get(line) ?? [], (f) => holders(f, c, functions)),
      ]),
    );
    add({ message, consequence: ": a WARN or BUG is lost", count, sides, places });
  }
  return found;
}

/** What is found for each, where something is found for all. */
function ofAll(within: readonly string[], find: (f: string) => readonly string[]): string[] {
  const all = within.map(find);
  return all.every((h) => h.length > 0) ? all.flat() : [];
}

/** The functions to leave to C, so that nothing is lost, each with its reason. */
export function reasonsToStay(lost: readonly Loss[]): Map<string, string> {
  return new Map(
    lost.flatMap((l) =>
      l.doneWithout
        ? []
        : [...l.functions].map((f) => [f, `behind a helper ${l.message.replace(" in the Rust module", "")}`] as const),
    ),
  );
}

/** Functions that were left to C for nothing: whatever of theirs was lost still is. */
export function leftForNothing(before: readonly Loss[], since: readonly Loss[]): Set<string> {
  const still = new Set(since.flatMap((l) => (l.doneWithout ? [...l.places.keys()] : [])));
  const regained = new Set(
    before.flatMap((l) => [...l.places].flatMap(([place, functions]) => (still.has(place) ? [] : functions))),
  );
  return new Set(before.flatMap((l) => [...l.functions]).filter((f) => !regained.has(f)));
}

/** Lines of C's that Rust does not have. Of a macro's invocation over several lines gcc gives the first one, clang a later one. */
function missingLines(c: Iterable<number>, rust: Iterable<number>, own: readonly WrittenFunction[]): number[] {
  const [inC, inRust] = [new Set(c), new Set(rust)];
  const others = [...inRust].filter((l) => !inC.has(l));
  const spans = own.flatMap((f) => f.spans);
  return [...inC].filter((line) => {
    if (inRust.has(line)) return false;
    const same = others.findIndex((l) =>
      spans.some(([first, last]) => first <= Math.min(l, line) && Math.max(l, line) <= last),
    );
    if (same >= 0) others.splice(same, 1);
    return same < 0;
  });
}

/** Those of a file's functions whose source a line is in; undefined where it is in none's. */
function sourceHolders(line: number, own: readonly WrittenFunction[]): string[] | undefined {
  const holding = own.filter((f) => f.line <= line && line < f.line + f.c.split("\n").length);
  return holding.length > 0 ? holding.map((f) => f.name) : undefined;
}

/** The module's functions that a function of the object holds: itself and what it may have taken in, or those of what calls it, where it is a header's. */
function holders(name: string, o: InspectedObject, functions: readonly WrittenFunction[]): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open = [name];
  for (let f = open.pop(); f !== undefined; f = open.pop()) {
    if (seen.has(f)) continue;
    seen.add(f);
    const own = withCallees(f, functions);
    const callers =
      own.length > 0
        ? []
        : o.code.flatMap((x) =>
            x.instructions.some((i) => plainName(i.target ?? /<([^<>+]+)>$/.exec(i.operands)?.[1] ?? "") === f)
              ? [x.name]
              : [],
          );
    // Nobody is known to call it: whose it is cannot be told.
    if (own.length === 0 && callers.length === 0) return [];
    for (const h of own) found.add(h);
    open.push(...callers);
  }
  return [...found];
}

/** A function and those that a compiler may have inlined into it: of the same file or of a header, named in it or in one of these. */
function withCallees(name: string, functions: readonly WrittenFunction[]): string[] {
  const found = new Set<WrittenFunction>();
  const open = functions.filter((f) => f.name === name);
  for (let f = open.pop(); f !== undefined; f = open.pop()) {
    if (found.has(f)) continue;
    found.add(f);
    const words = new Set(f.c.match(/\w+/g));
    const { file } = f;
    open.push(...functions.filter((x) => words.has(x.name) && (x.file === file || x.file.endsWith(".h"))));
  }
  return [...found].map((f) => f.name);
}

/** The keys that a table's entries refer to, by C's names, with the functions that the entries are of. */
function keysOf(o: InspectedObject, table: string): Map<string, string[]> {
  const layout = KEYED[table] as { bytes: number; key: number };
  const keys = new Map<string, string[]>();
  for (const s of sectionsNamed(o.elf, table)) {
    for (let at = 0; at + layout.bytes <= s.size; at += layout.bytes) {
      const target = targetAt(o.elf, s, at + layout.key);
      if (target === undefined) continue;
      const key = target.symbol.section?.name === "__dyndbg" ? "a pr_debug" : keyName(targetName(o.elf, target));
      const within = keys.get(key) ?? [];
      keys.set(key, within);
      within.push(functionAt(o, s, at));
    }
  }
  return keys;
}

/** A key's name in C: without the function that a static local is of, the number a compiler gave it, and the prefix of a shared static. */
function keyName(name: string): string {
  const parts = plainName(name)
    .split(".")
    .filter((p) => !/^\d+$/.test(p));
  return parts.at(-1) ?? name;
}

/** Files and the lines of theirs that hold a WARN or BUG, with the functions of the object it is in. */
function bugPlaces(o: InspectedObject): Map<string, Map<number, string[]>> {
  const places = new Map<string, Map<number, string[]>>();
  for (const s of sectionsNamed(o.elf, "__bug_table")) {
    const bytes = bugEntryBytes(s);
    for (let at = 0; at + bytes <= s.bytes.length; at += bytes) {
      const file = fileOf(o, s, at + bytes - 8);
      if (file === undefined) continue;
      const lines = places.get(file) ?? new Map<number, string[]>();
      const line = s.bytes.readUInt16LE(at + bytes - 4);
      const within = lines.get(line) ?? [];
      lines.set(line, within);
      within.push(functionAt(o, s, at));
      places.set(file, lines);
    }
  }
  return places;
}

function fileOf(o: InspectedObject, section: ElfSection, offset: number): string | undefined {
  const target = targetAt(o.elf, section, offset);
  return (target && targetString(target))?.split("/").at(-1);
}

/** The function, by C's name, that an entry's reference at `offset` points into; empty where it points into none. */
function functionAt(o: InspectedObject, section: ElfSection, offset: number): string {
  const target = targetAt(o.elf, section, offset);
  const address = (target?.symbol.value ?? 0) + (target?.addend ?? 0);
  const holder = target && functionSymbolAt(o.elf, target.symbol.section, address);
  return plainName(holder?.name ?? "");
}
