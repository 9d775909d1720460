/** Which functions and variables of two builds of a crate are the same machine code and data. */
import { createHash } from "node:crypto";
import { type Assembly, type AssemblyFunction, type AssemblyObject, readAssembly } from "./assembly.ts";
import { volatileAccesses, type VolatileAccesses } from "./volatile.ts";

/** What a crate became: rustc's assembly, and LLVM's IR after its passes. */
export interface CompiledCrate {
  assembly: string;
  ir: string;
}

/** One function or variable, so that two are the same where their digests are. */
export interface DigestItem {
  section: string;
  hash: string;
  /** Instructions, or bytes. */
  size: number;
  volatile?: VolatileAccesses;
}

/** All of a crate, by names without what differs from build to build. Several of one name stand behind each other. */
export interface Digest {
  functions: Record<string, DigestItem[]>;
  objects: Record<string, DigestItem[]>;
}

export interface Sameness {
  name: string;
  same: boolean;
  /** What differs, for people. */
  why?: string;
}

export interface Comparison {
  same: boolean;
  functions: Sameness[];
  objects: Sameness[];
}

/** Compare two builds with the same rustc and flags. */
export function sameCode(a: CompiledCrate, b: CompiledCrate): Comparison {
  return compareDigests(digestOf(a), digestOf(b));
}

export function compareDigests(a: Digest, b: Digest): Comparison {
  const functions = compareItems(a.functions, b.functions, "instructions");
  const objects = compareItems(a.objects, b.objects, "bytes");
  return { same: [...functions, ...objects].every((s) => s.same), functions, objects };
}

function compareItems(a: Digest["functions"], b: Digest["functions"], unit: string): Sameness[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().map((name) => {
    const why = difference(a[name] ?? [], b[name] ?? [], unit);
    return why === undefined ? { name, same: true } : { name, same: false, why };
  });
}

function difference(a: readonly DigestItem[], b: readonly DigestItem[], unit: string): string | undefined {
  if (a.length !== b.length) return a.length === 0 ? "only in the second" : b.length === 0 ? "only in the first" : `${a.length} of that name, then ${b.length}`;
  for (const [i, x] of a.entries()) {
    const y = b[i] as DigestItem;
    if (x.section !== y.section) return `in ${x.section}, then in ${y.section}`;
    if (x.hash !== y.hash) return x.size === y.size ? `other ${unit} (${x.size})` : `${x.size} ${unit}, then ${y.size}`;
    if (x.volatile?.loads !== y.volatile?.loads || x.volatile?.stores !== y.volatile?.stores) return `${x.volatile?.loads ?? 0} volatile loads and ${x.volatile?.stores ?? 0} stores, then ${y.volatile?.loads ?? 0} and ${y.volatile?.stores ?? 0}`;
  }
  return undefined;
}

export function digestOf({ assembly, ir }: CompiledCrate): Digest {
  const code = readAssembly(assembly);
  const volatile = volatileAccesses(ir);
  const naming = new Naming(code);
  const functions: Digest["functions"] = {};
  for (const f of code.functions.values()) {
    (functions[plainPath(f.symbol)] ??= []).push({ section: ownSection(f.section, f.symbol), hash: hash(naming.functionText(f)), size: f.lines.filter((l) => !l.endsWith(":")).length, volatile: volatile.get(f.symbol) ?? { loads: 0, stores: 0 } });
  }
  const objects: Digest["objects"] = {};
  for (const o of code.objects.values()) {
    if (isAnonymous(o.symbol)) continue;
    (objects[plainPath(o.symbol)] ??= []).push({ section: ownSection(o.section, o.symbol), hash: hash(`${o.align} ${code.bindings.get(o.symbol) ?? "local"} ${naming.objectText(o)}`), size: o.bytes.length });
  }
  for (const [name, target] of code.aliases) (objects[plainPath(name)] ??= []).push({ section: "", hash: hash(`${code.bindings.get(name) ?? "local"} ${naming.resolve(target)}`), size: 0 });
  for (const items of [...Object.values(functions), ...Object.values(objects)]) items.sort((x, y) => (x.hash < y.hash ? -1 : 1));
  return { functions, objects };
}

const hash = (text: string): string => createHash("sha256").update(text).digest("base64");

/** LLVM's private symbols: rustc names them by a hash of what they hold, or a number. */
const isAnonymous = (symbol: string): boolean => symbol.startsWith(".L");

/** A section of the symbol's own (`.text.NAME`) is what it begins with. */
function ownSection(section: string, symbol: string): string {
  return section.endsWith(`.${symbol}`) ? section.slice(0, -symbol.length - 1) : section;
}

/** What references are called where they stand: what is anonymous by what it holds, labels by where they are, the rest by its path. */
class Naming {
  readonly #code: Assembly;
  readonly #contents = new Map<string, string>();

  constructor(code: Assembly) {
    this.#code = code;
  }

  functionText(f: AssemblyFunction): string {
    const labels = new Map<string, string>();
    let at = 0;
    for (const line of f.lines) {
      if (line.endsWith(":")) labels.set(line.slice(0, -1), `@${at}`);
      else at++;
    }
    const head = `${this.#code.bindings.get(f.symbol) ?? "local"}\n`;
    return head + f.lines.filter((l) => !l.endsWith(":")).map((l) => this.resolve(l, labels)).join("\n");
  }

  objectText(o: AssemblyObject, labels?: ReadonlyMap<string, string>): string {
    const references = o.references.map((r) => `${r.at}:${r.size}:${this.resolve(r.expression, labels)}`);
    return `${Buffer.from(o.bytes).toString("hex")} ${references.join(" ")}`;
  }

  /** A line with its symbols replaced. Registers and mnemonics are no symbols: `%` stands before the ones, nothing defines the others. */
  resolve(text: string, labels?: ReadonlyMap<string, string>): string {
    return text.replace(/(%?)("[^"]*"|[A-Za-z_.$][\w.$]*)/g, (whole, percent: string, token: string) => {
      // An immediate address is `$symbol`.
      const [dollar, symbol] = token.startsWith("$") ? ["$", token.slice(1)] : ["", token];
      if (percent !== "" || symbol === "") return whole;
      const label = labels?.get(symbol);
      return dollar + (label ?? (isAnonymous(symbol) ? this.#content(symbol, labels) : plainPath(symbol)));
    });
  }

  #content(symbol: string, labels?: ReadonlyMap<string, string>): string {
    const o = this.#code.objects.get(symbol);
    if (o === undefined) return symbol;
    // A jump table holds labels of the function that uses it.
    const key = o.references.some((r) => labels !== undefined && [...labels.keys()].some((l) => r.expression.includes(l))) ? undefined : symbol;
    const known = key === undefined ? undefined : this.#contents.get(key);
    if (known !== undefined) return known;
    this.#contents.set(symbol, "[itself]");
    const text = this.#location(o) ?? `[${o.align} ${/^\.(?:rodata|data|bss)/.exec(o.section)?.[0] ?? o.section} ${this.objectText(o, labels)}]`;
    if (key === undefined) this.#contents.delete(symbol);
    else this.#contents.set(symbol, text);
    return text;
  }

  /** A `core::panic::Location`: the file's name and its length, then line and column, which may move. */
  #location(o: AssemblyObject): string | undefined {
    const [file] = o.references;
    if (o.bytes.length !== 24 || o.references.length !== 1 || file?.at !== 0) return undefined;
    const name = this.#code.objects.get(file.expression);
    const length = Number(Buffer.from(o.bytes).readBigUInt64LE(8));
    const text = name === undefined ? "" : Buffer.from(name.bytes).subarray(0, length).toString("utf8");
    return text.length === length && /^[^\0]+\.rs$/.test(text) ? `Location(${text})` : undefined;
  }
}

/**
 * What a symbol names: of Rust's own (v0) the path within the crate (`ring::ring_put`), without the crate's hash; of others the symbol.
 * LLVM's `.0`, `.1` behind the parts of a variable stay.
 */
export function plainPath(symbol: string): string {
  const base = symbol.replace(/\.llvm\.\d+$/, "");
  let rest = /^_RNv(?:N[a-zA-Z])*C(?:s[0-9A-Za-z]*_)?(.*)$/.exec(base)?.[1];
  if (rest === undefined) return base.startsWith("_R") ? base.replace(/Cs[0-9A-Za-z]*_/g, "C") : base;
  const parts: string[] = [];
  while (rest !== "" && !rest.startsWith(".")) {
    const m: RegExpExecArray | null = /^(?:s[0-9A-Za-z]*_)?(\d+)_?/.exec(rest);
    if (m === null) return base.replace(/Cs[0-9A-Za-z]*_/g, "C");
    parts.push(rest.slice(m[0].length, m[0].length + Number(m[1])));
    rest = rest.slice(m[0].length + Number(m[1]));
  }
  return parts.slice(1).join("::") + rest;
}
