/** The part of libc that compilers take for granted, as the kernel has it. */
import { byName } from "../../machine/by-name.ts";
import { StageError } from "../../machine/errors.ts";
import { codeOf, type Edit, edited, follows, type RustToken } from "../../rust/lexer.ts";

const POINTER = "*mut ::core::ffi::c_void";
const CONST_POINTER = "*const ::core::ffi::c_void";
const CHARS = "*const ::core::ffi::c_char";
const MUT_CHARS = "*mut ::core::ffi::c_char";
const INT = "::core::ffi::c_int";

/** Exported by every kernel (lib/string.c, arch/x86/lib/mem*_64.S). */
const FUNCTIONS: Record<string, string> = byName({
  memcpy: `fn memcpy(to: ${POINTER}, from: ${CONST_POINTER}, n: size_t) -> ${POINTER};`,
  memmove: `fn memmove(to: ${POINTER}, from: ${CONST_POINTER}, n: size_t) -> ${POINTER};`,
  memset: `fn memset(to: ${POINTER}, byte: ${INT}, n: size_t) -> ${POINTER};`,
  memcmp: `fn memcmp(a: ${CONST_POINTER}, b: ${CONST_POINTER}, n: size_t) -> ${INT};`,
  memchr: `fn memchr(s: ${CONST_POINTER}, c: ${INT}, n: size_t) -> ${POINTER};`,
  strlen: `fn strlen(s: ${CHARS}) -> size_t;`,
  strnlen: `fn strnlen(s: ${CHARS}, n: size_t) -> size_t;`,
  strcpy: `fn strcpy(to: ${MUT_CHARS}, from: ${CHARS}) -> ${MUT_CHARS};`,
  strncpy: `fn strncpy(to: ${MUT_CHARS}, from: ${CHARS}, n: size_t) -> ${MUT_CHARS};`,
  strcat: `fn strcat(to: ${MUT_CHARS}, from: ${CHARS}) -> ${MUT_CHARS};`,
  strncat: `fn strncat(to: ${MUT_CHARS}, from: ${CHARS}, n: size_t) -> ${MUT_CHARS};`,
  strcmp: `fn strcmp(a: ${CHARS}, b: ${CHARS}) -> ${INT};`,
  strncmp: `fn strncmp(a: ${CHARS}, b: ${CHARS}, n: size_t) -> ${INT};`,
  strchr: `fn strchr(s: ${CHARS}, c: ${INT}) -> ${MUT_CHARS};`,
  strrchr: `fn strrchr(s: ${CHARS}, c: ${INT}) -> ${MUT_CHARS};`,
  strstr: `fn strstr(a: ${CHARS}, b: ${CHARS}) -> ${MUT_CHARS};`,
});

// As c2rust prints them: size_t is C's type, not usize, which is another type to Rust; intptr_t stands between integers and functions.
const TYPES: Record<string, string> = byName({
  size_t: "pub type size_t = ::core::ffi::c_ulong;",
  intptr_t: "pub type intptr_t = isize;",
});

/** Rust that calls the port's own `libc` where c2rust calls the crate, and the names that it calls. */
export function callLibc(rust: string): { text: string; used: Set<string> } {
  const tokens = codeOf(rust);
  const used = new Set<string>();
  const edits = tokens.flatMap((t, i): Edit[] => {
    const before = tokens[i - 2];
    if (
      t.kind !== "identifier" ||
      t.text !== "libc" ||
      before === undefined ||
      !follows(tokens, i - 2, ":", ":", "libc", ":", ":") ||
      isPathBefore(tokens[i - 3], before.start)
    )
      return [];
    used.add(tokens[i + 3]?.text ?? "");
    return [{ start: before.start, end: t.start, text: "crate::" }];
  });
  return { text: edited(rust, edits), used };
}

/** Whether a path goes on at `at`: `own::libc::f`, and not `(::libc::f`. */
function isPathBefore(t: RustToken | undefined, at: number): boolean {
  return t !== undefined && t.end === at && (t.kind === "identifier" || t.text === ">");
}

/** `src/libc.rs` with the names in `used`. */
export function libcModule(used: ReadonlySet<string>): string {
  const unknown = [...used].filter((n) => TYPES[n] === undefined && FUNCTIONS[n] === undefined);
  if (unknown.length > 0)
    throw new StageError("assemble", `c2rust asks for libc's ${unknown.join(", ")}, which the kernel does not have`);
  const functions = [...used]
    .filter((n) => FUNCTIONS[n] !== undefined)
    .sort()
    .map((n) => `    pub ${FUNCTIONS[n]}`);
  return `// SPDX-License-Identifier: GPL-2.0
//! Functions that C compilers take for granted; the kernel exports them.
#![allow(non_camel_case_types)]

${Object.entries(TYPES)
  .flatMap(([n, text]) => (n === "size_t" || used.has(n) ? [text] : []))
  .join("\n")}

extern "C" {
${functions.join("\n")}
}
`;
}
