/** Builtins of the compiler that c2rust 0.22.1 does not know: it fails on the function ("Unimplemented builtin"). */
import { type AstNode, calleeName } from "../../c/ast.ts";

/** Those it translates (its translator/builtins.rs), as far as kernel code has them, and those that the lowering takes away. */
const KNOWN = new Set(
  [
    "assume_aligned bswap16 bswap32 bswap64 bzero clz clzl clzll ctz ctzl ctzll expect ffs ffsl ffsll popcount popcountl popcountll prefetch unreachable",
    "memchr memcmp memcpy memmove memset strcat strchr strcmp strcpy strcspn strlen strncat strncmp strncpy strnlen strpbrk strrchr strspn strstr",
    "rotateleft8 rotateleft16 rotateleft32 rotateleft64 rotateright8 rotateright16 rotateright32 rotateright64",
    ...["add", "sub", "mul"].map(
      (o) =>
        `${o}_overflow ${["s", "sl", "sll", "u", "ul", "ull"].map((t) => `${t[0]}${o}${t.slice(1)}_overflow`).join(" ")}`,
    ),
    "constant_p object_size dynamic_object_size types_compatible_p va_start va_copy va_end va_arg",
  ].flatMap((names) => names.split(" ")),
);

/**
 * Atomic operations. c2rust writes each as one of core's intrinsics, which current rustc has under other names, and fails where the order is
 * no constant; C's compilers know what is right for every type.
 */
export function isAtomic(n: AstNode): boolean {
  if (n.kind === "AtomicExpr" || n.castKind === "AtomicToNonAtomic") return true;
  const [target] = n.inner ?? [];
  if (n.kind === "CallExpr") return /^__(?:sync|atomic|c11_atomic)_/.test(calleeName(n) ?? "");
  const changes =
    n.kind === "CompoundAssignOperator" ||
    (n.kind === "BinaryOperator" && n.opcode === "=") ||
    (n.kind === "UnaryOperator" && /^(?:\+\+|--)$/.test(n.opcode ?? ""));
  return changes && /\b_Atomic\b[^*]*$/.test(target?.type?.desugaredQualType ?? target?.type?.qualType ?? "");
}

/** What asks for the frame of the function that it stands in: in another function it means something else. */
const OF_THE_FRAME = /^(?:return_address|frame_address|alloca\w*|stack_address|extract_return_addr)$/;

/** The name of an unknown builtin that means the same wherever it is called. */
export function unknownBuiltin(n: AstNode): string | undefined {
  const name = builtinOf(n);
  return name === undefined || KNOWN.has(name) || OF_THE_FRAME.test(name) ? undefined : `__builtin_${name}`;
}

/** The name of a builtin that only its own function can call. */
export function frameBuiltin(n: AstNode): string | undefined {
  const name = builtinOf(n);
  return name !== undefined && OF_THE_FRAME.test(name) ? `__builtin_${name}` : undefined;
}

function builtinOf(n: AstNode): string | undefined {
  return n.kind === "CallExpr" ? /^__builtin_(\w+)$/.exec(calleeName(n) ?? "")?.[1] : undefined;
}
