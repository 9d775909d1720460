/**
 * Which inline functions of headers become Rust with the module. A wrapper costs a call, the registers it clobbers and an entry in every
 * table that lists code: more than a rotation, a byte swap or a list's two pointers take. What only computes, with numbers and members of
 * structures, Rust can say as C does. (A structure costs no more than the members that are named: shrink.ts.)
 */
import { matching, type Token } from "../../c/lexer.ts";
import type { PlacedDeclaration } from "./preprocess.ts";
import type { DeclarationIndex } from "./reduce.ts";

/** Tokens of a function's body: some twenty lines. */
const MOST_TOKENS = 150;
/** The same with all that it calls. */
const MOST_TOKENS_IN_ALL = 400;
/** Assembly, choices by what the compiler knows, variables and labels of the function's own. (Static calls, `__SCT__…`, are assembly too.) */
const FOREIGN = new Set(
  "asm __asm__ __asm static goto __label__ __builtin_constant_p __builtin_object_size __builtin_dynamic_object_size va_list __builtin_va_list __int128 __seg_gs __func__ __FUNCTION__ __PRETTY_FUNCTION__".split(
    " ",
  ),
);
/** Builtins that c2rust translates, or that lowering takes away before. */
const BUILTINS = new Set(
  "__builtin_expect __builtin_bswap16 __builtin_bswap32 __builtin_bswap64 __builtin_offsetof __builtin_types_compatible_p __builtin_choose_expr __builtin_clz __builtin_clzl __builtin_clzll __builtin_ctz __builtin_ctzl __builtin_ctzll __builtin_add_overflow __builtin_sub_overflow __builtin_mul_overflow __builtin_memcpy __builtin_memset".split(
    " ",
  ),
);
/** Attributes that say no more than how to optimise. */
const PLAIN_ATTRIBUTES = new Set(
  "always_inline gnu_inline unused const pure warn_unused_result no_instrument_function no_profile_instrument_function no_sanitize overloadable".split(
    " ",
  ),
);
/** Operators on types, which are no code; READ_ONCE spends most of its tokens on them. */
const TYPE_QUERIES = new Set(["_Generic", "typeof", "__typeof__", "__attribute__", "sizeof"]);

/** Says of a unit's inline functions which only compute. */
export class Computations {
  private readonly index: DeclarationIndex;
  private readonly importable: ReadonlySet<string>;
  private readonly known = new Map<PlacedDeclaration, number | undefined>();
  /** @param importable symbols that modules may import */
  constructor(index: DeclarationIndex, importable: ReadonlySet<string>) {
    this.index = index;
    this.importable = importable;
  }

  has(d: PlacedDeclaration): boolean {
    return this.tokensOf(d) !== undefined;
  }

  /** Tokens of a function and all that it calls; undefined where it does more than compute. */
  private tokensOf(d: PlacedDeclaration): number | undefined {
    if (this.known.has(d)) return this.known.get(d);
    this.known.set(d, undefined);
    const tokens = this.measure(d);
    this.known.set(d, tokens);
    return tokens;
  }

  private measure(d: PlacedDeclaration): number | undefined {
    if (d.kind !== "function" || d.body === undefined || !(d.storage.has("static") || isForInlining(d, this.index)))
      return undefined;
    const body = withoutChecks(d.tokens.slice(d.body.open), (name) => this.isError(name));
    let sum = count(body);
    if (sum > MOST_TOKENS || d.attributes.some((a) => !PLAIN_ATTRIBUTES.has(a.name))) return undefined;
    // What calls itself is a loop.
    if (
      body.some(
        (t) =>
          t.text === d.names[0] ||
          FOREIGN.has(t.text) ||
          /^__SC[TK]__/.test(t.text) ||
          (t.text.startsWith("__builtin_") && !BUILTINS.has(t.text)),
      )
    )
      return undefined;
    const own = parameters(d);
    for (const name of d.mentions) {
      if (own.has(name) || this.isError(name)) continue;
      for (const x of this.index.ordinary.get(name) ?? []) {
        const tokens = x === d ? 0 : this.mentioned(x, name);
        if (tokens === undefined) return undefined;
        sum += tokens;
      }
    }
    return sum <= MOST_TOKENS_IN_ALL ? sum : undefined;
  }

  /** What a name adds: a type or constant nothing, a function its own. */
  private mentioned(x: PlacedDeclaration, name: string): number | undefined {
    if (x.kind === "function") return this.tokensOf(x);
    if (x.kind === "typedef" || x.enumerators.includes(name)) return 0;
    return this.importable.has(name) || this.index.ordinary.get(name)?.some((f) => f.kind === "function") === true
      ? 0
      : undefined;
  }

  /** Whether a call of it is an error, if the compiler does not see that it is never reached (`__write_overflow`). */
  private isError(name: string): boolean {
    return (
      this.index.ordinary
        .get(name)
        ?.some((x) => x.attributes.some((a) => a.name === "error" || a.name === "warning")) === true
    );
  }
}

/** `extern inline`, to gcc of old and to the kernel: what to inline of a function that is defined elsewhere (fortified strings). */
function isForInlining(d: PlacedDeclaration, index: DeclarationIndex): boolean {
  return (
    d.storage.has("extern") &&
    d.storage.has("inline") &&
    d.attributes.some((a) => a.name === "gnu_inline") &&
    index.ordinary.get(d.names[0] ?? "")?.length === 1
  );
}

/** A body without its `if`s that end in nothing but a compile-time error: clang made these checks when it compiled the C. */
function withoutChecks(body: readonly Token[], isError: (name: string) => boolean): Token[] {
  const left = [...body];
  for (let at = left.length - 1; at >= 0; at--) {
    if (left[at]?.text !== "if" || left[at + 1]?.text !== "(") continue;
    const then = matching(left, at + 1) + 1;
    const end = endOfCheck(left, then, isError);
    if (end !== undefined && left[end + 1]?.text !== "else")
      left.splice(at, end + 1 - at, { ...(left[at] as Token), kind: "punctuator", text: ";" });
  }
  return left;
}

/** The last token of a statement that is empty, a call of an error, or a block of these. */
function endOfCheck(tokens: readonly Token[], at: number, isError: (name: string) => boolean): number | undefined {
  const first = tokens[at]?.text ?? "";
  if (first === ";") return at;
  if (isError(first) && tokens[at + 1]?.text === "(") {
    const end = matching(tokens, at + 1) + 1;
    return tokens[end]?.text === ";" ? end : undefined;
  }
  if (first !== "{") return undefined;
  for (let next = at + 1; ; ) {
    if (tokens[next]?.text === "}") return next;
    const end = endOfCheck(tokens, next, isError);
    if (end === undefined) return undefined;
    next = end + 1;
  }
}

/** Tokens that are code. */
function count(tokens: readonly Token[]): number {
  let n = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (TYPE_QUERIES.has(tokens[i]?.text ?? "") && tokens[i + 1]?.text === "(") i = matching(tokens, i + 1);
    else n++;
  }
  return n;
}

/** Names before a comma or a bracket of a function's head: its parameters, which hide what else is called so. */
function parameters(d: PlacedDeclaration): Set<string> {
  const names = new Set<string>();
  for (let i = 0; i + 1 < (d.body?.open ?? 0); i++)
    if (d.tokens[i]?.kind === "identifier" && /^[,)[]$/.test(d.tokens[i + 1]?.text ?? ""))
      names.add(d.tokens[i]?.text ?? "");
  return names;
}
