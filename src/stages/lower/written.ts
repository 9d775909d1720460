/** What a unit's source says beside its code and c2rust is known to drop: the list that the finished port is held against. */
import type { PreprocessedUnit } from "./preprocess.ts";

export interface WrittenConstruct {
  kind: "file-scope assembly" | "weak" | "alias" | "section";
  /** Of what is defined; of assembly, the text that must be found. */
  name: string;
  /** The section, without its quotes. */
  detail?: string;
  /** The macro invocation that made it, as written: what stays C stays so. */
  source?: string;
  file: string;
  line: number;
}

/** In the module's own files; what a macro of the kernel's makes there counts (`module_init` is an alias, `MODULE_LICENSE` has a section). */
export function writtenConstructs(unit: PreprocessedUnit): WrittenConstruct[] {
  const own = unit.declarations.filter((d) => d.own);
  const defined = new Set(
    own.flatMap((d) =>
      d.kind === "function" ||
      (d.kind === "variable" && !d.storage.has("extern")) ||
      d.attributes.some((a) => a.name === "alias")
        ? d.names
        : [],
    ),
  );
  const found = new Map<string, WrittenConstruct>();
  const add = (c: WrittenConstruct): void => void found.set(`${c.kind} ${c.name}`, c);
  for (const d of own) {
    const v = unit.invocations.find((x) => x.start <= d.start && d.start < x.end);
    const place = { file: d.file, line: d.line, ...(v === undefined ? {} : { source: v.source }) };
    if (d.kind === "asm") {
      add({ kind: "file-scope assembly", name: v?.source ?? unit.text.slice(d.start, d.end), ...place });
    }
    for (const name of d.names) {
      if (!defined.has(name)) continue;
      for (const a of d.attributes) {
        if (a.name === "weak" || a.name === "alias") add({ kind: a.name, name, ...place });
        else if (a.name === "section")
          add({ kind: "section", name, detail: a.args.replace(/"\s*"/g, "").replace(/^\s*"|"\s*$/g, ""), ...place });
      }
    }
  }
  return [...found.values()];
}
