/**
 * pr_debugs, one by one: as many in both modules is not enough, as one that is lost would hide behind one that is too many. One too many
 * is of no harm where the function that it is of is not in the C module: its compiler has seen that nothing comes there, and the kernel's,
 * which compiles the helpers one by one, has not.
 */
import type { Finding } from "../../report/schema.ts";
import { plainName } from "../inspect/code.ts";
import type { Elf } from "../inspect/elf.ts";
import { type Descriptor, descriptorsOf } from "../inspect/pr-debugs.ts";
import { finding, type Pair } from "./check.ts";

export function prDebugFindings({ c, rust }: Pick<Pair, "c" | "rust">): Finding[] {
  const [was, is] = [descriptorsOf(c.elf), descriptorsOf(rust.elf)];
  const kept = functionsOf(c.elf);
  const lost = beyond(was, is).map((d) =>
    finding("tables", "error", `\`__dyndbg\` has no entry for ${said(d)} in the Rust module`, { c: said(d) }),
  );
  const more = beyond(is, was).map((d) =>
    kept.has(d.function)
      ? finding("tables", "error", `\`__dyndbg\` has an entry for ${said(d)} that is not in C`, { rust: said(d) })
      : finding(
          "tables",
          "note",
          `\`__dyndbg\` has an entry for ${said(d)}, a function that the C module does not have: its compiler found that nothing comes there`,
          { rust: said(d) },
        ),
  );
  return [...lost, ...more];
}

/** Those of `these` that `others` do not have, or not as often. */
function beyond(these: readonly Descriptor[], others: readonly Descriptor[]): Descriptor[] {
  const left = others.map((d) => d.says);
  return these.filter(({ says }) => {
    const at = left.indexOf(says);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

function functionsOf(elf: Elf): Set<string> {
  return new Set(elf.symbols.flatMap((s) => (s.type === "Function" && s.section ? [plainName(s.name)] : [])));
}

function said(d: Descriptor): string {
  return `the pr_debug ${JSON.stringify(d.format)} of \`${d.function}\``;
}
