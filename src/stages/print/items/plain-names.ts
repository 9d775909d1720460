/** Types by the names that Rust has for them: `u32` for `::core::ffi::c_uint`, `__u32` and `u32_0`, which are one; `c_int` for `::core::ffi::c_int`. */
import { byName } from "../../../machine/by-name.ts";
import { codeOf, type Edit, edited, follows, type RustToken } from "../../../rust/lexer.ts";
import { PLAIN_INTEGER } from "../environment.ts";
import { NAMED } from "../rust-type.ts";
import { type CrateFiles, itemsOf } from "./crate.ts";

/** Integers of C that are as wide on every 64-bit kernel. */
const RUST: Readonly<Record<string, string>> = byName({
  c_uint: "u32",
  c_uchar: "u8",
  c_ushort: "u16",
  c_short: "i16",
  c_schar: "i8",
  c_longlong: "i64",
  c_ulonglong: "u64",
});
/** What keeps its name in C, which says more than a width. */
const KEPT = new Set(["c_int", "c_long", "c_ulong", "c_char", "c_void", "CStr"]);

export function withPlainNames(files: CrateFiles): Map<string, string> {
  const items = [...files].flatMap(([file, text]) => itemsOf(file, text));
  // What the module itself calls so is something else.
  const taken = new Set(items.map((i) => i.name).filter((n) => NAMED.has(n)));
  if (taken.size > 0) return new Map(files);
  const aliases = new Map(
    items.flatMap((i) => (i.kind === "type" && !i.foreign ? [[i.name, standsFor(i.text)] as const] : [])),
  );
  const plain = new Map(
    [...aliases].flatMap(([name, of]) => {
      const is = integer(of, aliases);
      return is === undefined || !(PLAIN_INTEGER.test(name) || name === "bool_0") ? [] : [[name, is] as const];
    }),
  );
  return new Map([...files].map(([file, text]) => [file, importing(renamed(text, aliases, plain))]));
}

/** The words that an alias stands for. */
function standsFor(text: string): string {
  return text.slice(text.indexOf("=") + 1, text.lastIndexOf(";")).trim();
}

function integer(of: string, aliases: ReadonlyMap<string, string>, depth = 0): string | undefined {
  const name = of.replace(/^::core::ffi::/, "");
  if (RUST[name] !== undefined) return RUST[name];
  if (NAMED.has(name)) return name;
  const next = aliases.get(name);
  return next === undefined || depth > 20 ? undefined : integer(next, aliases, depth + 1);
}

function renamed(text: string, aliases: ReadonlyMap<string, string>, plain: ReadonlyMap<string, string>): string {
  const tokens = codeOf(text);
  const edits: Edit[] = [];
  for (const [i, t] of tokens.entries()) {
    const last = tokens[i + 8];
    if (t.text === ":" && follows(tokens, i, ":", ":", "core", ":", ":", "ffi", ":", ":") && last) {
      const name = RUST[last.text] ?? (KEPT.has(last.text) ? last.text : undefined);
      if (
        name !== undefined &&
        !(tokens[i - 1]?.kind === "identifier" && (tokens[i - 1]?.end === t.start || tokens[i - 1]?.text === "use"))
      )
        edits.push({ start: t.start, end: last.end, text: name });
    } else if (t.kind === "identifier" && isTypeName(tokens, i)) {
      const is = plain.get(t.text) ?? (isAliased(tokens, i) ? integer(t.text, aliases) : undefined);
      if (is !== undefined && is !== t.text) edits.push({ start: t.start, end: t.end, text: is });
    }
  }
  return edited(text, edits);
}

/** Not the name of a member, nor what is declared here. */
function isTypeName(tokens: readonly RustToken[], i: number): boolean {
  const [before, next, after] = [tokens[i - 1], tokens[i + 1], tokens[i + 2]];
  if (before?.text === "." || before?.text === "type" || before?.text === "fn") return false;
  return !(next?.text === ":" && !(after?.text === ":" && after.start === next.end));
}

/** `type A = B;` of the next alias: A is the integer itself. */
function isAliased(tokens: readonly RustToken[], i: number): boolean {
  return tokens[i - 1]?.text === "=" && tokens[i - 3]?.text === "type" && tokens[i + 1]?.text === ";";
}

/** The names of core::ffi that a file uses by themselves, and those that macros of another file use in it, in one `use`. */
export function importing(text: string): string {
  const before = /^use (?:::)?core::ffi::(\{[^}]*\}|\w+|\*);\n/m.exec(text);
  if (before?.[1] === "*") return text;
  const bare = before ? text.replace(before[0], "") : text;
  const tokens = codeOf(bare);
  const used = new Set([
    ...(before?.[1]?.match(/\w+/g) ?? []),
    ...tokens.flatMap((t, i) =>
      t.kind === "identifier" &&
      KEPT.has(t.text) &&
      tokens[i - 1]?.text !== "." &&
      !(tokens[i - 1]?.text === ":" && tokens[i - 2]?.text === ":")
        ? [t.text]
        : [],
    ),
  ]);
  if (used.size === 0) return bare;
  const names = [...used].sort();
  const line = `use core::ffi::${names.length === 1 ? names[0] : `{${names.join(", ")}}`};\n`;
  // Behind the comments that begin the file, and what else it uses.
  const head = /^(?:[ \t]*(?:\/\/(?!\/)[^\n]*|#!\[[^\n]*\])?\n)*(?:use [^;]*;\n)*/.exec(bare)?.[0] ?? "";
  return `${head}${line}${head.endsWith(";\n") ? "" : "\n"}${bare.slice(head.length)}`;
}
