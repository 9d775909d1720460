/** A unit's Rust with some of its functions and variables printed in their places. The gate asks for many choices of the same texts. */
import { parseRust } from "../../rust/parse.ts";
import { codeOf } from "../../rust/lexer.ts";
import { shortenPaths } from "./short-paths.ts";

/** Where something stands in a text. */
export interface Place {
  name: string;
  from: number;
  to: number;
}

export interface WrittenUnit {
  text: string;
  /** All names in what is printed. */
  names: ReadonlySet<string>;
  /** Lines of each printed thing. */
  places: ReadonlyMap<string, { first: number; last: number }>;
}

/** What is asked of a printed text each time it is written. */
interface Known {
  text: string;
  /** Paths that it wants imported. */
  imports: readonly string[];
  names: readonly string[];
  ffi: readonly string[];
}

export class UnitWriter {
  private readonly rust: string;
  private readonly items: readonly Place[];
  private readonly isFree: (name: string) => boolean;
  /** Where what is imported goes. */
  private readonly importsAt: number;
  private readonly known = new Map<string, Known>();
  /**
   * @param rust the unit as c2rust has it
   * @param items what can be printed, where it stands there
   * @param isFree whether a name is nothing else in the unit
   */
  constructor(rust: string, items: readonly Place[], isFree: (name: string) => boolean) {
    this.rust = rust;
    this.items = items.toSorted((a, b) => a.from - b.from);
    this.isFree = isFree;
    this.importsAt = parseRust(rust).topNode.getChild("UseDeclaration")?.to ?? 0;
  }

  /**
   * @param texts what is printed, by name
   * @param macro the text of one of the port's macros
   */
  write(texts: ReadonlyMap<string, string>, macro: (name: string) => string | undefined): WrittenUnit {
    if (texts.size === 0) return { text: this.rust, names: new Set(), places: new Map() };
    const printed = new Map([...texts].map(([name, text]) => [name, this.about(text)]));
    const all = [...printed.values()];
    const names = new Set(all.flatMap((k) => k.names));
    const macros = [...names].map((n) => macro(n) ?? "").join("\n");
    const ffi = new Set([...all.flatMap((k) => k.ffi), ...(macros.match(/\bc_\w+/g) ?? [])]);
    const imports = importsOf([...ffi].sort(), [...new Set(all.flatMap((k) => k.imports))]);
    const edits = [
      { name: "", from: this.importsAt, to: this.importsAt, text: imports },
      ...this.items.flatMap((i) => (printed.has(i.name) ? [{ ...i, text: printed.get(i.name)?.text ?? "" }] : [])),
    ];
    return { names, ...this.edited(edits.sort((a, b) => a.from - b.from)) };
  }

  private edited(edits: readonly (Place & { text: string })[]): Pick<WrittenUnit, "text" | "places"> {
    const places = new Map<string, { first: number; last: number }>();
    let [text, at, line] = ["", 0, 1];
    const add = (part: string): void => {
      text += part;
      line += part.split("\n").length - 1;
    };
    for (const e of edits) {
      add(this.rust.slice(at, e.from));
      const first = line;
      add(e.text);
      if (e.name !== "") places.set(e.name, { first, last: line });
      at = e.to;
    }
    return { text: text + this.rust.slice(at), places };
  }

  private about(text: string): Known {
    const before = this.known.get(text);
    if (before !== undefined) return before;
    const short = shortenPaths(text, this.isFree);
    const made = { text: short.text, imports: short.imports, names: namesIn(short.text), ffi: ffiNames(short.text) };
    this.known.set(text, made);
    return made;
  }
}

/** The port's macros, some of core::ffi's types and some of core's functions at hand. */
function importsOf(ffi: readonly string[], paths: readonly string[]): string {
  const modules = Map.groupBy([...ffi.map((n) => `core::ffi::${n}`), ...paths], (path) =>
    path.slice(0, path.lastIndexOf("::")),
  );
  const lines = [...modules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, all]) => {
      const names = all.map((path) => path.slice(module.length + 2));
      return `\nuse ${module}::${names.length === 1 ? names[0] : `{${names.join(", ")}}`};`;
    });
  return `\nuse crate::macros::*;${lines.join("")}`;
}

/** The names of core::ffi that a text uses by themselves, in what macros are given as well. */
function ffiNames(text: string): string[] {
  const tokens = codeOf(text);
  const names = new Set(
    tokens.flatMap((t, i) =>
      t.kind === "identifier" && !(tokens[i - 1]?.text === ":" && tokens[i - 2]?.text === ":") ? [t.text] : [],
    ),
  );
  return [...names].filter((n) => /^c_(?:void|char|s?char|uchar|u?short|u?int|u?long|u?longlong)$/.test(n));
}

function namesIn(text: string): string[] {
  const names = new Set<string>();
  parseRust(text).iterate({
    enter(n) {
      if (/Identifier$/.test(n.name)) names.add(text.slice(n.from, n.to));
    },
  });
  return [...names];
}
