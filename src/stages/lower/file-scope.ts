/**
 * Macro invocations at file scope that stay C as a whole: those that hold file-scope assembly, which c2rust drops without a word.
 * EXPORT_SYMBOL is one (its assembly fills `__ksymtab_strings`, from 7.x on the whole entry). In the helpers it works as it does in the
 * kernel's own `rust/exports.c`: kbuild's genksyms sees it there and gives the export its CRC.
 */
import type { PlacedDeclaration, PreprocessedUnit } from "./preprocess.ts";

export interface FileScopeInC {
  /** As written; without a trailing semicolon. */
  source: string;
  name: string;
  file: string;
  line: number;
  /** Names it may refer to. */
  mentions: Set<string>;
  /** Labels it sets for its own file only, which C code of the unit refers to. */
  labels: string[];
}

/** Take them out of the unit: the declarations they expand to are gone from the returned one. */
export function keepFileScopeAsm(unit: PreprocessedUnit): { unit: PreprocessedUnit; kept: FileScopeInC[] } {
  const kept: FileScopeInC[] = [];
  const gone = new Set<PlacedDeclaration>();
  const declared = unit.declarations.filter((d) => d.own && (d.kind === "prototype" || (d.kind === "variable" && d.storage.has("extern")))).flatMap((d) => d.names);
  for (const d of unit.declarations) {
    if (!d.own || d.kind !== "asm" || gone.has(d)) continue;
    const v = unit.invocations.find((x) => x.start <= d.start && d.start < x.end);
    const group = v ? unit.declarations.filter((x) => x.own && v.start <= x.start && x.start < v.end) : [d];
    for (const x of group) gone.add(x);
    const mentions = new Set(group.flatMap((x) => [...x.mentions, ...x.names]));
    const source = v?.source ?? unit.text.slice(d.start, d.end).replace(/;\s*$/, "");
    kept.push({ source, name: v?.name ?? "asm", file: v?.file ?? d.file, line: v?.line ?? d.line, mentions, labels: localLabels(group.map((x) => unit.text.slice(x.start, x.end)).join("\n"), declared) });
  }
  return { unit: gone.size === 0 ? unit : { ...unit, declarations: unit.declarations.filter((d) => !gone.has(d)) }, kept };
}

/** Those of `names` that assembly gives an address and does not make global. */
function localLabels(assembly: string, names: readonly string[]): string[] {
  return names.filter((n) => new RegExp(`\\b${n}\\s*:|\\.set\\s+${n}\\s*,`).test(assembly) && !new RegExp(`\\.(?:globl|global|weak)\\b[^"\\\\]*\\b${n}\\b`).test(assembly));
}
