/** Gives definitions back what c2rust dropped of them: sections, alignment, weakness, symbols, aliases. */
import type { DefinitionFacts } from "../stages/lower/definitions.ts";
import type { RustItem } from "./items.ts";
import { follows, replaceTokens } from "./lexer.ts";

/** @param facts by the definition's name, which the Rust has from C (src/stages/lower/names.ts) */
export function restoreDefinitions(items: readonly RustItem[], facts: readonly DefinitionFacts[]): RustItem[] {
  const byName = new Map(facts.map((f) => [f.name, f]));
  // A function's alias is a function that calls it, and in C they are one.
  const called = new Set(facts.flatMap((f) => (f.kind === "function" && f.target !== undefined ? [f.target] : [])));
  const out = items.map((item) => {
    const fact = item.kind === "fn" || item.kind === "static" ? byName.get(item.name) : undefined;
    const restored = fact === undefined ? withPlainUsed(item) : restore(withPlainUsed(item), fact);
    return item.kind === "fn" && called.has(item.name) && !restored.attributes.some((a) => a.startsWith("#[inline"))
      ? { ...restored, attributes: [...restored.attributes, "#[inline(always)]"] }
      : restored;
  });
  for (const f of facts) if (f.kind === "alias" && f.target !== undefined) out.push(aliasItem(f.name, f.target));
  return out;
}

/**
 * Plain `#[used]` asks the linker to retain the section (SHF_GNU_RETAIN), which then does not merge with kbuild's of the same name, and
 * which the kernel's loader takes for its own SHF_RO_AFTER_INIT. Statics of functions stand in the function's text.
 */
function withPlainUsed(item: RustItem): RustItem {
  const plain = "#[used(compiler)]";
  return {
    ...item,
    attributes: item.attributes.map((a) => (a === "#[used]" ? plain : a)),
    text:
      item.kind === "fn"
        ? replaceTokens(item.text, (t, i, tokens) =>
            t.text === "used" && follows(tokens, i - 2, "#", "[", "used", "]") ? "used(compiler)" : undefined,
          )
        : item.text,
  };
}

function restore(item: RustItem, f: DefinitionFacts): RustItem {
  let attributes = [...item.attributes];
  if (f.kind === "function") {
    if (f.section !== undefined) attributes.push(`#[link_section = ${JSON.stringify(f.section)}]`);
    if (f.noinline) attributes = [...attributes.filter((a) => !a.startsWith("#[inline")), "#[inline(never)]"];
  }
  if (f.align !== undefined && item.kind === "static") attributes.push(`#[rustc_align_static(${f.align})]`);
  if (f.weak) attributes.push('#[linkage = "weak"]');
  if (f.symbol !== undefined && f.symbol !== f.name) {
    attributes = [...attributes.filter((a) => a !== "#[no_mangle]"), `#[export_name = ${JSON.stringify(f.symbol)}]`];
  }
  return { ...item, attributes };
}

/** Another symbol for the same object, as C's `__attribute__((alias))` makes it: modpost reads device tables through such a symbol. */
function aliasItem(name: string, target: string): RustItem {
  return {
    kind: "other",
    name,
    attributes: [],
    text: `::core::arch::global_asm!(
    ".globl ${name}",
    ".set ${name}, {target}",
    ".type ${name}, @object",
    ".size ${name}, {size}",
    target = sym ${target},
    size = const unsafe { ::core::mem::size_of_val(&*(&raw const ${target})) },
);`,
  };
}
