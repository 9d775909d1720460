/** Cuts preprocessed C into its external declarations (C11 6.9) and says what each declares and mentions. */
import { isSignificant, matching, significant, type Token } from "./lexer.ts";

export interface Attribute {
  /** Without the optional underscores: `section`, not `__section__`. */
  name: string;
  /** The text between the attribute's parentheses; empty where it has none. */
  args: string;
  start: number;
  end: number;
}

export interface Declaration {
  kind: "typedef" | "function" | "prototype" | "variable" | "tag" | "static-assert" | "asm" | "empty";
  /** Significant tokens, the closing `;` or `}` included. */
  tokens: Token[];
  /** Offsets in the lexed text, from the first token to the end of the last. */
  start: number;
  end: number;
  /** Ordinary identifiers it declares, in order; a function or variable, or the names of a typedef. */
  names: string[];
  enumerators: string[];
  /** Tags whose bodies it holds, outermost first: `struct page`. */
  defines: string[];
  /** Every identifier in it that could name something declared elsewhere (members behind `.` and `->` left out). */
  mentions: Set<string>;
  /** Every tag it names: `struct page`. */
  tagMentions: Set<string>;
  /** A function's body, as indices into `tokens`. */
  body?: { open: number; close: number };
  storage: Set<"static" | "extern" | "inline">;
  attributes: Attribute[];
  /** Of a name that an asm label gives another symbol: that symbol. */
  symbols: Map<string, string>;
}

const TAG_KEYWORDS = new Set(["struct", "union", "enum"]);
const TYPE_KEYWORDS = new Set(
  "void char short int long float double signed unsigned _Bool __signed__ __int128 __int128_t __uint128_t __builtin_va_list _Complex __auto_type _Float16 __bf16".split(
    " ",
  ),
);
const QUALIFIERS = new Set(
  "const volatile restrict __const __const__ __volatile__ __volatile __restrict __restrict__ _Atomic __extension__ register _Noreturn _Thread_local __thread __seg_gs __seg_fs".split(
    " ",
  ),
);
const INLINE = new Set(["inline", "__inline", "__inline__"]);
const ATTRIBUTE = new Set(["__attribute__", "__attribute"]);
const ASM = new Set(["asm", "__asm__", "__asm"]);
const TYPEOF = new Set(["typeof", "__typeof__", "__typeof", "typeof_unqual", "_Alignas", "__underlying_type"]);
const STATIC_ASSERT = new Set(["_Static_assert", "static_assert"]);

/** Cut tokens into external declarations, in order. Comments and directives are passed over. */
export function splitDeclarations(tokens: readonly Token[]): Declaration[] {
  const code = tokens.every(isSignificant) ? tokens : significant(tokens);
  const out: Declaration[] = [];
  for (let i = 0; i < code.length; ) {
    const end = declarationEnd(code, i);
    out.push(describe(code.slice(i, end)));
    i = end;
  }
  return out;
}

/** The index behind the declaration that starts at `from`. */
function declarationEnd(code: readonly Token[], from: number): number {
  let assigned = false;
  let tagSince = false;
  for (let i = from; i < code.length; i++) {
    const { text, kind } = code[i] as Token;
    if (kind === "identifier") {
      if (TAG_KEYWORDS.has(text)) tagSince = true;
      else if (ATTRIBUTE.has(text)) i = skipGroup(code, i + 1) - 1;
      continue;
    }
    if (text === ";") return i + 1;
    if (text === "=") assigned = true;
    if (text === "(" || text === "[") {
      // A parenthesis behind `struct x` ends the specifier: what follows is a declarator.
      i = skipGroup(code, i) - 1;
      tagSince = false;
    } else if (text === "{") {
      const behind = skipGroup(code, i);
      if (!assigned && !tagSince) return behind;
      tagSince = false;
      i = behind - 1;
    } else if (text === "*" || text === ",") tagSince = false;
  }
  return code.length;
}

/** The index behind the bracket group that opens at `at`; where none opens there, `at` itself. */
function skipGroup(code: readonly Token[], at: number): number {
  const t = code[at];
  if (t === undefined || t.kind !== "punctuator" || !"([{".includes(t.text)) return at;
  const close = matching(code, at);
  return close < 0 ? code.length : close + 1;
}

function describe(tokens: Token[]): Declaration {
  const first = tokens[0] as Token;
  const d: Declaration = {
    kind: "variable",
    tokens,
    start: first.start,
    end: (tokens.at(-1) as Token).end,
    names: [],
    enumerators: [],
    defines: [],
    mentions: new Set(),
    tagMentions: new Set(),
    storage: new Set(),
    attributes: [],
    symbols: new Map(),
  };
  collectMentions(tokens, d);
  if (first.text === ";") d.kind = "empty";
  else if (STATIC_ASSERT.has(first.text)) d.kind = "static-assert";
  else if (ASM.has(first.text)) d.kind = "asm";
  else readDeclarators(tokens, d);
  return d;
}

function collectMentions(tokens: readonly Token[], d: Declaration): void {
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (t.kind !== "identifier") continue;
    const before = tokens[i - 1]?.text;
    if (TAG_KEYWORDS.has(t.text)) {
      let at = i + 1;
      while (ATTRIBUTE.has(tokens[at]?.text ?? "")) at = skipGroup(tokens, at + 1);
      const tag = tokens[at];
      let open = at;
      if (tag?.kind === "identifier") {
        d.tagMentions.add(`${t.text} ${tag.text}`);
        open = at + 1;
      }
      while (ATTRIBUTE.has(tokens[open]?.text ?? "")) open = skipGroup(tokens, open + 1);
      if (tokens[open]?.text === "{") {
        if (tag?.kind === "identifier") d.defines.push(`${t.text} ${tag.text}`);
        if (t.text === "enum") collectEnumerators(tokens, open, d);
      }
    } else if (before !== "." && before !== "->" && !TAG_KEYWORDS.has(before ?? "")) d.mentions.add(t.text);
  }
}

function collectEnumerators(tokens: readonly Token[], open: number, d: Declaration): void {
  const close = matching(tokens, open);
  let expect = true;
  for (let i = open + 1; i < close; i++) {
    const t = tokens[i] as Token;
    if (expect && t.kind === "identifier") {
      d.enumerators.push(t.text);
      expect = false;
    } else if (t.text === ",") expect = true;
    else if ("([{".includes(t.text)) i = skipGroup(tokens, i) - 1;
  }
}

/** Read specifiers, then each declarator's name: the first identifier that cannot belong to the type. */
function readDeclarators(tokens: readonly Token[], d: Declaration): void {
  let isTypedef = false;
  let typed = false;
  let name: string | undefined;
  let isFunction = false;
  let prototypes = 0;
  const finish = (): void => {
    if (name !== undefined) {
      d.names.push(name);
      if (isFunction) prototypes++;
    }
    name = undefined;
    isFunction = false;
  };
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i] as Token;
    if (t.kind === "identifier") {
      if (t.text === "typedef") isTypedef = true;
      else if (t.text === "static" || t.text === "extern") d.storage.add(t.text);
      else if (INLINE.has(t.text)) d.storage.add("inline");
      else if (QUALIFIERS.has(t.text)) continue;
      else if (ATTRIBUTE.has(t.text)) {
        const end = skipGroup(tokens, i + 1);
        readAttributes(tokens, i, end, d);
        i = end - 1;
      } else if (TYPEOF.has(t.text)) {
        if (t.text !== "_Alignas") typed = true;
        i = skipGroup(tokens, i + 1) - 1;
      } else if (ASM.has(t.text)) {
        const end = skipGroup(tokens, i + 1);
        if (name !== undefined) d.symbols.set(name, label(tokens.slice(i + 1, end)));
        i = end - 1;
      } else if (TAG_KEYWORDS.has(t.text)) {
        typed = true;
        let at = i + 1;
        while (ATTRIBUTE.has(tokens[at]?.text ?? "")) at = skipGroup(tokens, at + 1);
        if (tokens[at]?.kind === "identifier") at++;
        let body = at;
        while (ATTRIBUTE.has(tokens[body]?.text ?? "")) body = skipGroup(tokens, body + 1);
        // Without a body the declaration goes on behind the tag: `enum state (*next)(int)`, `struct node __attribute__((aligned(64))) table[2]`.
        i = (tokens[body]?.text === "{" ? skipGroup(tokens, body) : at) - 1;
      } else if (TYPE_KEYWORDS.has(t.text)) typed = true;
      else if (!typed) typed = true;
      else if (name === undefined) {
        name = t.text;
        isFunction = tokens[i + 1]?.text === "(";
      }
      continue;
    }
    if (t.text === "(") {
      const close = skipGroup(tokens, i) - 1;
      if (name === undefined) {
        name = declaratorName(tokens, i, close);
        // `int (name)(…)` declares a function, `int (*name)(…)` a pointer to one.
        isFunction = tokens[i + 1]?.text === name && tokens[close + 1]?.text === "(";
        if (tokens[i + 1]?.text === "*" || tokens[i + 1]?.text === "(")
          isFunction = innerIsFunction(tokens, i, close, name);
      }
      i = close;
    } else if (t.text === "[") i = skipGroup(tokens, i) - 1;
    else if (t.text === "{") {
      d.body = { open: i, close: skipGroup(tokens, i) - 1 };
      i = d.body.close;
    } else if (t.text === "=" || t.text === ":") {
      i = initializerEnd(tokens, i + 1) - 1;
    } else if (t.text === "," || t.text === ";") finish();
  }
  finish();
  if (isTypedef) d.kind = "typedef";
  else if (d.body) d.kind = "function";
  else if (d.names.length === 0) d.kind = "tag";
  else if (prototypes === d.names.length) d.kind = "prototype";
}

/** `int (*name(int))(int)`: a function that returns a function pointer, as against the pointer `int (*name)(int)`. */
function innerIsFunction(tokens: readonly Token[], open: number, close: number, name: string | undefined): boolean {
  for (let i = open + 1; i < close; i++)
    if (tokens[i]?.text === name && tokens[i]?.kind === "identifier") return tokens[i + 1]?.text === "(";
  return false;
}

function declaratorName(tokens: readonly Token[], open: number, close: number): string | undefined {
  for (let i = open + 1; i < close; i++) {
    const t = tokens[i] as Token;
    if (t.kind !== "identifier") continue;
    if (ATTRIBUTE.has(t.text)) i = skipGroup(tokens, i + 1) - 1;
    else if (!QUALIFIERS.has(t.text)) return t.text;
  }
  return undefined;
}

/** What an asm label says: its strings together. */
function label(tokens: readonly Token[]): string {
  return tokens.flatMap((t) => (t.kind === "string" ? [t.text.slice(1, -1)] : [])).join("");
}

function initializerEnd(tokens: readonly Token[], from: number): number {
  for (let i = from; i < tokens.length; i++) {
    const { text } = tokens[i] as Token;
    if (text === "," || text === ";") return i;
    if ("([{".includes(text)) i = skipGroup(tokens, i) - 1;
  }
  return tokens.length;
}

function readAttributes(tokens: readonly Token[], at: number, end: number, d: Declaration): void {
  const start = (tokens[at] as Token).start;
  const stop = (tokens[end - 1] as Token).end;
  // __attribute__ ( ( name [ (args) ] , … ) )
  for (let i = at + 3; i < end - 2; i++) {
    const t = tokens[i] as Token;
    if (t.kind !== "identifier") continue;
    const behind = skipGroup(tokens, i + 1);
    const args = tokens.slice(i + 2, behind - 1).map((x) => x.text);
    d.attributes.push({
      name: t.text.replace(/^__(.*)__$/, "$1"),
      args: behind > i + 1 ? args.join(" ") : "",
      start,
      end: stop,
    });
    i = behind - 1;
  }
}
