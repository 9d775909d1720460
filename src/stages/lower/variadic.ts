/**
 * Says va_list in plain C. c2rust 0.22.1 prints a type for it that rustc has since taken away (`VaListImpl`), and passes it on by
 * methods that went with it. On x86-64 a va_list is an array of one structure (System V ABI, 3.5.7), which needs nothing of Rust but
 * the list that a function's `...` starts with.
 */
import { type AstNode, calleeName, extent, walk } from "../../c/ast.ts";
import type { Token } from "../../c/lexer.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../machine/errors.ts";

/** The 48 bytes are the six registers that arguments come in; then they are on the stack. */
const VA_LIST = `typedef struct kport$va_list {
	unsigned int gp_offset;
	unsigned int fp_offset;
	void *overflow_arg_area;
	void *reg_save_area;
} kport$va_list[1];
static void *kport$va_arg(struct kport$va_list *list)
{
	void *at;
	if (list->gp_offset < 48) {
		at = (char *)list->reg_save_area + list->gp_offset;
		list->gp_offset += 8;
	} else {
		at = list->overflow_arg_area;
		list->overflow_arg_area = (char *)at + 8;
	}
	return at;
}
`;

/**
 * @param functions those that become Rust
 * @param place the file and line of an offset
 * @throws StageError("lower") for an argument that whyNoArgument has a reason against; such a function should have stayed in C
 */
export function lowerVariadic(
  functions: readonly AstNode[],
  tokens: readonly Token[],
  source: string,
  text: Rewriter,
  place: (offset: number) => { file: string; line: number },
): void {
  const types = tokens.filter((t) => t.text === "__builtin_va_list");
  if (types.length === 0) return;
  for (const t of types) text.replace(t.start, t.end, "kport$va_list");
  text.replace(0, 0, VA_LIST);
  for (const f of functions) {
    walk(f, (n) => {
      const at = extent(n);
      if (at === undefined) return;
      if (n.kind === "VAArgExpr") lowerArgument(n, at, source, text, place);
      if (n.kind !== "CallExpr") return;
      const [first, second] = (n.inner ?? []).slice(1).map(extent);
      const name = calleeName(n);
      if (name === "__builtin_va_end") text.replace(at.start, at.end, "((void)0)");
      else if (name === "__builtin_va_copy" && first && second)
        text.replace(at.start, at.end, "(*(", first, ") = *(", second, "))");
      else if (name === "__builtin_va_start" && first && second) {
        text.replace(
          at.start,
          at.end,
          "({ __builtin_va_list kport$started; __builtin_va_start(kport$started, ",
          second,
          "); __builtin_memcpy((",
          first,
          "), &kport$started, sizeof(kport$va_list)); })",
        );
      }
    });
  }
}

/** Why what `va_arg` takes cannot be read so: it comes in no general register, or in several (System V ABI, 3.2.3). */
export function whyNoArgument(n: AstNode): string | undefined {
  const type = n.type?.desugaredQualType ?? n.type?.qualType ?? "";
  if (
    n.kind !== "VAArgExpr" ||
    /\*$|\(\*|^enum |^(?:(?:un)?signed |const )*(?:int|long|long long|char|short|_Bool)$/.test(type)
  )
    return undefined;
  return `va_arg takes a \`${type}\` from the arguments, which is no integer or pointer`;
}

function lowerArgument(
  n: AstNode,
  at: { start: number; end: number },
  source: string,
  text: Rewriter,
  place: (offset: number) => { file: string; line: number },
): void {
  const list = n.inner?.[0] && extent(n.inner[0]);
  const why = whyNoArgument(n);
  const comma = list === undefined ? -1 : source.indexOf(",", list.end);
  if (list === undefined || comma < 0) return;
  if (why !== undefined) throw new StageError("lower", why, place(at.start));
  text.replace(
    at.start,
    at.end,
    `(*(__typeof__(${source.slice(comma + 1, at.end - 1).trim()}) *)kport$va_arg(`,
    list,
    "))",
  );
}
