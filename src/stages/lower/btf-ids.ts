/**
 * Functions that the kernel finds by their BTF: kfuncs, which BTF_ID_FLAGS() lists, and hooks (include/linux/btf_ids.h). kbuild has pahole
 * leave Rust out of BTF (`--lang_exclude=rust`, scripts/Makefile.btf), and register_btf_kfunc_id_set() fails for what is not in it.
 */
import { joined } from "./file-scope.ts";
import type { PreprocessedUnit } from "./preprocess.ts";

/** The module's own functions with an entry in `.BTF_ids`, whose symbol names them, and why they stay C. */
export function functionsWithBtfId({ declarations, text }: PreprocessedUnit): Map<string, string> {
  const assembly = declarations
    .filter((d) => d.own && d.kind === "asm")
    .map((d) => joined(text.slice(d.start, d.end)))
    .join("\n");
  const named = new Set([...assembly.matchAll(/\b__BTF_ID__func__(\w+)__\d+\b/g)].map((m) => m[1]));
  const own = declarations.filter((d) => d.own && d.kind === "function").flatMap((d) => d.names);
  return new Map(
    own.filter((n) => named.has(n)).map((n) => [n, "the kernel looks for its type in BTF, of which Rust has none"]),
  );
}
