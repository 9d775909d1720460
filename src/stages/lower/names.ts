/**
 * Names of the lowered text as Rust can have them. C takes any word for anything: a word that Rust reserves in one of its editions, or that
 * c2rust 0.22.1 writes itself, gets another name here, everywhere and the same, so that c2rust renames nothing of its own accord (it knows
 * no `await`) and every later stage knows each definition by its name. What lowering itself made up is spelled with a `$` until here, where
 * it cannot be the name of anything else.
 */
import { type AstNode, desugared, extent, walk } from "../../c/ast.ts";
import { lex, matching, significant, type Token } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import type { LoweredUnit } from "./index.ts";
import type { PreprocessedUnit } from "./preprocess.ts";

/** Rust's words up to edition 2024 that are none of C's, and `_`; https://doc.rust-lang.org/reference/keywords.html. */
const RUST_WORDS =
  "_ as async await crate dyn false fn gen impl in let loop match mod move mut pub ref self Self super trait true type unsafe use where abstract become box final macro override priv try unsized virtual yield alignof offsetof proc pure".split(
    " ",
  );
/** Names that c2rust's output has a use for (its translator's `Renamer`), and those that the rules behind it know a definition by. */
const OUTPUT_WORDS = "main drop Some None Ok Err run_static_initializers INIT_ARRAY kport_constant".split(" ");
const RESERVED = new Set([...RUST_WORDS, ...OUTPUT_WORDS]);
const MADE_BY_C2RUST = /^(?:c2rust_|C2Rust)/;

export interface RustNames {
  text: string;
  /** What names have become: C's to the text's. Tags that alone were renamed are in `tags`. */
  renamed: Map<string, string>;
  tags: Map<string, string>;
}

/** Whether a name of the module's own cannot be one in Rust. */
export function isReserved(name: string): boolean {
  return RESERVED.has(name) || MADE_BY_C2RUST.test(name);
}

/**
 * @param text the unit, lowered
 * @param also names that must not stand in it: two accessors of one name
 * @param constants variables of which no tag may have the name (src/rust/constant-statics.ts tells them apart by it)
 */
export function nameForRust(text: string, also: ReadonlySet<string>, constants: ReadonlySet<string>): RustNames {
  const tokens = significant(lex(text));
  const used = new Set(tokens.flatMap((t) => (t.kind === "identifier" ? [t.text] : [])));
  const made = new Map([...used].flatMap((n) => (n.includes("$") ? [[n, n.replaceAll("$", "_")] as const] : [])));
  const ours = new Set([...made].flatMap(([n, name]) => (n.startsWith("kport$") ? [name] : [])));
  const taken = new Set([...used, ...made.values()]);
  const fresh = (name: string): string => {
    const base = MADE_BY_C2RUST.test(name) || also.has(name) ? `own_${name}` : name;
    for (let i = 0; ; i++) {
      const other = `${base}_${i}`;
      if (taken.has(other)) continue;
      taken.add(other);
      return other;
    }
  };
  const renamed = new Map<string, string>();
  for (const n of used) {
    if (isReserved(n) || also.has(n) || ours.has(n)) renamed.set(n, fresh(n));
    else if (n.includes("$"))
      renamed.set(
        n,
        ours.has(made.get(n) ?? "") && n.startsWith("kport$")
          ? (made.get(n) as string)
          : used.has(made.get(n) ?? "")
            ? fresh(made.get(n) as string)
            : (made.get(n) as string),
      );
  }
  const tags = new Map<string, string>();
  let out = "";
  let at = 0;
  for (const [i, t] of tokens.entries()) {
    if (t.kind !== "identifier" || isAttribute(tokens, i)) continue;
    let name = renamed.get(t.text);
    if (constants.has(t.text) && isTag(tokens, i)) {
      name = tags.get(t.text) ?? fresh(t.text);
      tags.set(t.text, name);
    }
    if (name === undefined) continue;
    out += text.slice(at, t.start) + name;
    at = t.end;
  }
  return { text: out + text.slice(at), renamed, tags };
}

/** Whether a word is an attribute's name: the compiler knows those, and `pure` is one. */
function isAttribute(tokens: readonly Token[], at: number): boolean {
  if (!/^[(,]$/.test(tokens[at - 1]?.text ?? "")) return false;
  let depth = 0;
  for (let i = at - 1; i >= 0 && at - i < 200; i--) {
    const text = tokens[i]?.text ?? "";
    if (text === ")" || text === "]" || text === "}") depth++;
    else if (text === "[" || text === "{" || text === ";") return false;
    else if (text === "(" && --depth === -2) return /^__attribute(?:__)?$/.test(tokens[i - 1]?.text ?? "");
  }
  return false;
}

/** Whether a name is a structure's, union's or enumeration's: it stands behind that word, and the attributes behind it. */
function isTag(tokens: readonly Token[], at: number): boolean {
  let i = at - 1;
  while (tokens[i]?.text === ")") {
    let open = i;
    while (open > 0 && matching(tokens, open) !== i) open--;
    if (!/^__attribute(?:__)?$/.test(tokens[open - 1]?.text ?? "")) return false;
    i = open - 2;
  }
  return /^(?:struct|union|enum)$/.test(tokens[i]?.text ?? "");
}

/**
 * `_Atomic` goes: whatever reads or writes such an object is a helper's (builtins.ts), and c2rust knows no type of the kind. Those that a
 * processor changes at once lie in memory like the plain type, which src/rust/layout-asserts.ts has rustc confirm.
 */
export function withoutAtomicTypes(text: string): string {
  const tokens = significant(lex(text));
  let out = "";
  let at = 0;
  for (const [i, t] of tokens.entries()) {
    if (t.text !== "_Atomic" || t.kind !== "identifier") continue;
    out += text.slice(at, t.start) + (tokens[i + 1]?.text === "(" ? "__typeof__" : "");
    at = t.end;
  }
  return out + text.slice(at);
}

/** Accessors of bit-fields that would have one name: `set_mode` writes `mode`, and would read a bit-field of that name. */
export function clashingAccessors(tree: readonly AstNode[]): Set<string> {
  const names = new Set<string>();
  for (const n of tree)
    walk(n, (f) => void (f.kind === "FieldDecl" && f.isBitfield === true && f.name !== undefined && names.add(f.name)));
  return new Set([...names].filter((n) => n.startsWith("set_") && names.has(n.slice("set_".length))));
}

/** What a function that gets another name says of itself, `__func__`, stays C's name. */
export function keepFunctionNames(functions: readonly AstNode[], text: Rewriter): void {
  for (const f of functions) {
    if (f.name === undefined || !(isReserved(f.name) || f.name.startsWith("kport_"))) continue;
    walk(f, (n) => {
      const at = n.kind === "PredefinedExpr" ? extent(n) : undefined;
      if (at) text.replace(at.start, at.end, JSON.stringify(f.name));
    });
  }
}

/** Names that other object files know: functions and variables that no declaration of the unit calls static. */
export function linkedNames(tree: readonly AstNode[]): Set<string> {
  const statics = new Set<string>();
  const names = new Set<string>();
  const note = (n: AstNode): void => {
    if (n.name !== undefined) (n.storageClass === "static" ? statics : names).add(n.name);
  };
  for (const n of tree) {
    if (n.kind === "FunctionDecl" || n.kind === "VarDecl") note(n);
    // Declared in a block.
    walk(
      n,
      (x) =>
        void (
          x !== n &&
          (x.kind === "FunctionDecl" || (x.kind === "VarDecl" && x.storageClass === "extern")) &&
          note(x)
        ),
    );
  }
  return new Set([...names].filter((n) => !statics.has(n)));
}

/** Constants at file scope that Rust has to hold in a structure to share them, as far as C's type tells. */
export function heldConstants(tree: readonly AstNode[]): Set<string> {
  return new Set(
    tree.flatMap((n) =>
      n.kind === "VarDecl" &&
      n.name !== undefined &&
      /[*(]/.test(desugared(n)) &&
      /\bconst\b/.test(n.type?.desugaredQualType ?? n.type?.qualType ?? "")
        ? [n.name]
        : [],
    ),
  );
}

/** What C calls what has another name, or another symbol, in the lowered units. */
export function sourceNames(
  units: readonly Pick<LoweredUnit, "renamed" | "definitions" | "elsewhere">[],
): Map<string, string> {
  const names = new Map<string, string>();
  for (const u of units) {
    const inC = new Map([...u.renamed].map(([name, is]) => [is, name]));
    for (const [is, name] of inC) names.set(is, name);
    const symbols = [
      ...u.definitions.flatMap((d) => (d.symbol === undefined ? [] : [[d.name, d.symbol] as const])),
      ...u.elsewhere,
    ];
    for (const [name, symbol] of symbols) if (symbol !== name) names.set(symbol, inC.get(name) ?? name);
  }
  return names;
}

/** A stem that begins no name of the unit's. */
export function stemFor(stem: string, unit: PreprocessedUnit): string {
  let own = stem;
  const names = new Set(
    unit.declarations.flatMap((d) => (d.own ? [...d.names, ...d.mentions].filter((n) => n.startsWith("kport_")) : [])),
  );
  while ([...names].some((n) => n.startsWith(`kport_${own}_`))) own += "0";
  return own;
}
