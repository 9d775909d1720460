/** Arguments of a macro that are a string in every use of it (`dev_err(dev, "…")`): the macro points to the characters, its uses say the text. */
import type { Rule } from "./macro-rule.ts";
import { escaped } from "./rules/literals.ts";
import type { MacroUse } from "./template.ts";

/** The same rule, with the strings as such. */
export function withStrings(uses: readonly MacroUse[], rule: Rule): Rule {
  const signed = new Map<string, boolean>();
  for (const { name, kind } of rule.parameters) {
    const all = uses.map((u) => u.pointed.get(name));
    const [first] = all;
    if (kind === "expr" && first && all.every((s) => s !== undefined && isText(s.hex) && s.signed === first.signed))
      signed.set(name, first.signed);
  }
  if (signed.size === 0) return rule;
  const body = rule.body.replace(/\$(\w+)/g, (parameter, name: string) =>
    signed.has(name)
      ? `concat!(${parameter}, "\\0").as_ptr()${signed.get(name) === true ? ".cast::<core::ffi::c_char>()" : ""}`
      : parameter,
  );
  return {
    ...rule,
    body,
    parameters: rule.parameters.map((q) => (signed.has(q.name) ? { ...q, kind: "literal" } : q)),
    fits: (use) => {
      const given = rule.fits(use);
      for (const [name, isSigned] of signed) {
        const own = use.pointed.get(name);
        if (own === undefined || !isText(own.hex) || own.signed !== isSigned) return undefined;
        given?.set(name, `"${escaped(Buffer.from(own.hex, "hex"))}"`);
      }
      return given;
    },
  };
}

/** What Rust has a string for that ends where C's does. */
function isText(hex: string): boolean {
  return Buffer.from(hex, "hex").every((b) => b > 0 && b < 0x80);
}
