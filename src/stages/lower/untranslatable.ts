/** What has no Rust and is no single expression that could stay C: its whole function does. c2rust drops some of it without a word. */
import { type AstNode, calleeName, desugared, extent, walk } from "../../c/ast.ts";
import { frameBuiltin } from "./builtins.ts";
import { whyNotWrittenOut } from "./compound-assignments.ts";
import { whyNoNumber } from "./label-addresses.ts";
import { type Jumping, whyNotBefore } from "./left-expressions.ts";
import type { WhyNoConstant } from "./objects-in-c.ts";
import { whyNotApart } from "./local-statics.ts";
import { whyNoArgument } from "./variadic.ts";

/**
 * @param fn a function that was to become Rust
 * @param moved stretches of it that stay C
 * @param noConstant why an initialiser is no constant to Rust
 * @param bitfields the unit's, by id
 * @returns why it cannot, or undefined
 */
export function whyUntranslatable(
  fn: AstNode,
  moved: readonly Jumping[],
  noConstant: WhyNoConstant,
  bitfields: ReadonlySet<string>,
): string | undefined {
  let why = whyNotApart(fn);
  // Also in what moves: a helper has a frame of its own, and returns to this function.
  walk(fn, (n) => {
    const frame = frameBuiltin(n);
    if (frame !== undefined) why ??= `${frame} is of its own frame`;
    // arch/x86/include/asm/uaccess.h: between stac and clac objtool allows no call, of a helper for one, and no return.
    if (n.kind === "CallExpr" && /^user_(?:read_|write_)?access_begin$/.test(calleeName(n) ?? ""))
      why ??= "it opens access to user space, where the kernel wants no calls";
  });
  walk(fn, (n) => {
    const at = extent(n);
    if (why !== undefined || (at && moved.some((m) => m.start <= at.start && at.end <= m.end))) return false;
    why =
      n.kind === "AddrLabelExpr"
        ? whyNoNumber(n, fn)
        : (untranslatable(n) ??
          initialised(n, noConstant) ??
          whyNoArgument(n) ??
          whyNotWrittenOut(n, bitfields) ??
          whyNotBefore(n, moved));
    return true;
  });
  return why;
}

/** A static variable, which only the code around it can name. */
function initialised(n: AstNode, noConstant: WhyNoConstant): string | undefined {
  const value =
    n.kind === "VarDecl" && n.storageClass === "static"
      ? n.inner?.find((c) => c.valueCategory !== undefined)
      : undefined;
  const why = value && noConstant(value);
  return why === undefined ? undefined : `\`${n.name}\`'s initialiser holds ${why}`;
}

function untranslatable(n: AstNode): string | undefined {
  if (n.kind !== "VarDecl" && n.kind !== "ParmVarDecl" && n.kind !== "TypedefDecl") return undefined;
  if (n.kind === "VarDecl" && n.storageClass === "register" && n.inner?.some((a) => a.kind === "AsmLabelAttr"))
    return `\`${n.name}\` is a register that the C names`;
  if (n.inner?.some((a) => a.kind === "AlignedAttr" && Number(a.inner?.[0]?.value ?? 16) > 1))
    return `\`${n.name}\` has an alignment of its own, which c2rust drops of variables in functions`;
  // An array whose length is no number.
  if (/\[[^\]\d][^\]]*\]/.test(desugared(n)))
    return `\`${n.name}\` is of variable length, which c2rust takes from std's heap`;
  return undefined;
}
