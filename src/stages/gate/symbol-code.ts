/**
 * rustc's assembly, function by function and object by object, in a form in which two compilations of one crate can be held against each
 * other: what only names or counts something is replaced by what it stands for.
 */
import { isLiteralName } from "../lower/file-literals.ts";
import { BYTES, dataOf } from "./data-bytes.ts";
import { symbolPath } from "./symbol-path.ts";

/** What a symbol stands for: section, alignment, linkage, and its instructions or data. By symbol. */
export type Code = ReadonlyMap<string, string>;

interface Piece {
  symbol: string;
  isFunction: boolean;
  head: string[];
  lines: string[];
}

const LABEL = /^(\S+):$/;
/** Directives that say where all that follows lies. */
const SECTION = /^\t\.(?:text|data|bss|section\b.*)$/;
/** Directives about the symbol that they name. */
const OF_SYMBOL = /^\t\.(type|globl|weak|hidden|protected|internal|local)\t"?([^\s",]+)"?(.*)$/;
/** Labels that the linker does not see, and symbols. */
const WORD = /\.L[\w.$]+|[A-Za-z_][\w.$]*/g;
/** How many literals may lie within each other. */
const MOST_WITHIN = 16;
const TEXT = /^\t\.(?:ascii|asciz|string)\t/;

/** @param assembly as `rustc --emit=asm` writes it for x86-64 ELF */
export function readAssembly(assembly: string): Code {
  return read(assembly, (p) => isOwn(p) && isReadOnly(p) && isLiteralName(symbolPath(p.symbol)?.at(-1) ?? ""));
}

/**
 * The same where objects may change their names: one that the linker does not see, and that nothing writes or nothing refers to, is what
 * it holds. Objects that are written stay apart by their names, whatever they hold.
 */
export function readByContents(assembly: string): Code {
  return read(assembly, isNameless);
}

function read(assembly: string, isContents: (p: Piece, referring: readonly Piece[]) => boolean): Code {
  const pieces = cut(assembly);
  const symbols = [...pieces.keys()].filter((s) => !s.startsWith(".L"));
  const referred = new Map<string, Piece[]>();
  for (const p of pieces.values())
    for (const [word] of p.lines.join("\n").matchAll(WORD))
      if (word !== p.symbol) referred.set(word, [...(referred.get(word) ?? []), p]);
  const nameless = new Set(symbols.filter((s) => isContents(pieces.get(s) as Piece, referred.get(s) ?? [])));
  const names = canonicalNames(symbols.filter((s) => !nameless.has(s)));
  for (const symbol of names.keys()) {
    const place = placeOf(symbol, pieces, referred);
    if (place !== undefined) names.set(symbol, place.map((p) => names.get(p) ?? p).join(" "));
  }
  const writer = new Writer(pieces, names, nameless);
  const code = new Map([...names].map(([symbol, name]) => [name, writer.text(pieces.get(symbol) as Piece)]));
  // What is referred to is a part of who does.
  const texts = [...nameless].filter((s) => !referred.has(s)).map((s) => writer.contents(s, new Map()));
  for (const [i, text] of texts.sort().entries()) code.set(`object ${i}`, text);
  return code;
}

/** What a literal that may be written is known by: the object that points to it, and in which of its places, as often as one is a literal of another. */
function placeOf(
  symbol: string,
  pieces: ReadonlyMap<string, Piece>,
  referred: ReadonlyMap<string, Piece[]>,
  depth = 0,
): string[] | undefined {
  const piece = pieces.get(symbol);
  const referring = referred.get(symbol) ?? [];
  if (piece === undefined || depth > MOST_WITHIN || !(symbol.startsWith(".L") || isLiteral(piece, referring)))
    return depth === 0 ? undefined : [symbol];
  const holder = holderOf(referring);
  const outer = holder && placeOf(holder.symbol, pieces, referred, depth + 1);
  if (holder === undefined || outer === undefined) return undefined;
  const words = dataOf(holder.lines).filter((l) => !TEXT.test(l) && !l.startsWith(BYTES));
  return [...outer, `literal ${words.findIndex((l) => [...l.matchAll(WORD)].some(([w]) => w === symbol))}`];
}

/** The one object that points to what is referred to. */
function holderOf(referring: readonly Piece[]): Piece | undefined {
  const [only, more] = referring.filter((r) => !r.isFunction);
  return more === undefined && only?.symbol !== "" ? only : undefined;
}

/** @param referring who refers to it, as often as he does */
function isNameless(p: Piece, referring: readonly Piece[]): boolean {
  return isOwn(p) && (isReadOnly(p) || referring.length === 0);
}

/** What C has no name for is called by where it stands: one place in the data of another object says where it is. */
function isLiteral(p: Piece, referring: readonly Piece[]): boolean {
  return isOwn(p) && isLiteralName(symbolPath(p.symbol)?.at(-1) ?? "") && holderOf(referring) !== undefined;
}

function isReadOnly(p: Piece): boolean {
  const flags = /^\.section\s+[^,]+,"([^"]*)"/.exec(p.head[0] ?? "")?.[1];
  return flags !== undefined && !flags.includes("w");
}

function isOwn(p: Piece): boolean {
  return !p.isFunction && symbolPath(p.symbol) !== undefined && !p.head.some((h) => h === "globl" || h === "weak");
}

/** Cut into what has a label of its own. What is before and between is the file's. */
function cut(assembly: string): Map<string, Piece> {
  const pieces = new Map<string, Piece>();
  const about = new Map<string, string[]>();
  const typed = new Set<string>();
  let section = "";
  let aligned: string[] = [];
  let open: Piece | undefined;
  const begin = (symbol: string): Piece => {
    const piece = {
      symbol,
      isFunction: about.get(symbol)?.includes("type,@function") === true,
      head: [section, ...aligned],
      lines: [],
    };
    pieces.set(symbol, piece);
    aligned = [];
    return piece;
  };
  const file: Piece = { symbol: "", isFunction: false, head: [], lines: [] };
  for (const line of assembly.split("\n")) {
    const label = LABEL.exec(line)?.[1]?.replaceAll('"', "");
    const of = OF_SYMBOL.exec(line);
    if (line === "" || /^\t\.(?:file|ident)\t/.test(line)) continue;
    if (of) {
      const [, what, symbol, rest] = of as unknown as [string, string, string, string];
      about.set(symbol, [...(about.get(symbol) ?? []), `${what}${rest}`]);
      if (what === "type") typed.add(symbol);
    } else if (SECTION.test(line)) {
      section = line.trim();
      // What is aligned in another section has no label there (`__patchable_function_entries`, behind each function).
      aligned = [];
      if (open?.isFunction === true) open.lines.push(line);
      else open = undefined;
    } else if (/^\t\.p2align\t/.test(line) && open?.isFunction !== true) {
      aligned.push(line.trim());
    } else if (
      label !== undefined &&
      (typed.has(label) || (open?.isFunction !== true && label.startsWith(".L") && !label.startsWith(".Lfunc_end")))
    ) {
      open = begin(label);
    } else if (/^\t\.size\t/.test(line)) {
      if (open)
        open.lines.push(
          `size ${line.slice(line.lastIndexOf(",") + 1).trim()}`.replace(/^size \.Lfunc_end\d+-.*/, "size"),
        );
      open = undefined;
    } else if (/^\t\.comm\t/.test(line)) {
      const [symbol = "", size = "", align = ""] = line.slice("\t.comm\t".length).split(",");
      pieces.set(symbol.replaceAll('"', ""), {
        symbol,
        isFunction: false,
        head: ["comm"],
        lines: [`${size},${align}`],
      });
    } else if (/^\t\.set\t/.test(line)) {
      const [symbol = "", value = ""] = line.slice("\t.set\t".length).split(", ");
      pieces.set(symbol, { symbol, isFunction: false, head: ["set"], lines: [value] });
    } else (open ?? file).lines.push(line);
  }
  if (file.lines.length > 0) pieces.set("", file);
  for (const p of pieces.values()) p.head.push(...(about.get(p.symbol) ?? []).sort());
  return pieces;
}

/**
 * Names by which symbols are compared. A static within a function has one that two translations choose each for itself (c2rust numbers
 * those that C has in blocks of their own): the function's name and its own, without the number, and which of them it is. A literal is one of the variable that it is in.
 */
function canonicalNames(symbols: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const seen = new Map<string, number>();
  for (const symbol of symbols) {
    const whole = symbol.replace(/\.llvm\.\d+$/, "");
    const path = symbolPath(whole);
    const isNumbered = path !== undefined && (path.length > 2 || isLiteralName(path.at(-1) ?? ""));
    const base = isNumbered
      ? path
          .join("::")
          .replace(/_\d+$/, "")
          .replace(/::literal$/, "_literal")
      : whole;
    const before = seen.get(base) ?? 0;
    seen.set(base, before + 1);
    names.set(symbol, before === 0 ? base : `${base}#${before}`);
  }
  return names;
}

/** A constant without a name lies with others of its size, where the linker may make one of two; with a name it does not. */
function unmerged(head: string): string {
  return head.replace(/^\.section\s+\.rodata\.cst\d+,"aM",@progbits,\d+$/, '.section\t.rodata,"a",@progbits');
}

class Writer {
  private readonly pieces: ReadonlyMap<string, Piece>;
  private readonly names: ReadonlyMap<string, string>;
  /** Objects that are being written: one may name itself. */
  private readonly open = new Set<string>();
  private readonly nameless: ReadonlySet<string>;
  constructor(pieces: ReadonlyMap<string, Piece>, names: ReadonlyMap<string, string>, nameless: ReadonlySet<string>) {
    this.nameless = nameless;
    this.pieces = pieces;
    this.names = names;
  }

  /** @param numbers of labels without a name, in order of appearance; a function's jump tables have its labels */
  text(piece: Piece, numbers = new Map<string, number>()): string {
    const lines = piece.isFunction ? piece.lines : dataOf(piece.lines);
    return [...piece.head, ...lines]
      .map((line) => (TEXT.test(line) || line.startsWith(BYTES) ? line : this.named(line, numbers)))
      .join("\n");
  }

  private named(line: string, numbers: Map<string, number>): string {
    return line.replace(WORD, (word) => {
      if (this.nameless.has(word)) return this.contents(word, numbers);
      if (!word.startsWith(".L")) return this.names.get(word) ?? word;
      if (this.pieces.has(word)) return this.contents(word, numbers);
      if (!numbers.has(word)) numbers.set(word, numbers.size);
      return `L${numbers.get(word)}`;
    });
  }

  /** An object without a name that the linker sees is what it holds. */
  contents(label: string, numbers: Map<string, number>): string {
    if (this.open.has(label)) return "itself";
    const piece = this.pieces.get(label) as Piece;
    this.open.add(label);
    const text =
      this.location(piece) ??
      `{${this.text({ ...piece, head: piece.head.filter((h) => !h.startsWith("type")).map(unmerged) }, numbers)}}`;
    this.open.delete(label);
    return text;
  }

  /** Where a panic is: a file, its length, a line and a column (core::panic::Location). Lines move when functions are written anew. */
  private location(piece: Piece): string | undefined {
    const [file, numbers, size, ...more] = piece.lines;
    const name = /^\t\.quad\t(\.L\S+)$/.exec(file ?? "")?.[1];
    const text = name === undefined ? undefined : this.pieces.get(name)?.lines.find((l) => TEXT.test(l));
    return size === "size 24" &&
      more.length === 0 &&
      TEXT.test(numbers ?? "") &&
      text !== undefined &&
      /\.rs"$/.test(text)
      ? `Location(${text.trim()})`
      : undefined;
  }
}
