/**
 * What stays C as a whole, in its place among the helpers' declarations: file-scope assembly, which c2rust drops without a word, and
 * functions that can neither be said in Rust nor give away the part that cannot. What a macro invocation made stays as the invocation:
 * EXPORT_SYMBOL (its assembly fills `__ksymtab_strings`, from 7.x on the whole entry) works there as it does in the kernel's own
 * `rust/exports.c`, where kbuild's genksyms sees it and gives the export its CRC, and DEFINE_STATIC_CALL keeps key and trampoline.
 */
import { StageError } from "../../machine/errors.ts";
import { definitionAt, type LexedFiles } from "./as-written.ts";
import type { PlacedDeclaration, PreprocessedUnit } from "./preprocess.ts";

export interface StaysWhole {
  /** What it is called in reports and in the compiler's messages: a function's name, or the macro's. */
  name: string;
  /** As written, or as the preprocessor left it. */
  text: string;
  /** `text` is what the preprocessor left. */
  expanded: boolean;
  /** What `text` stands for. */
  declarations: readonly PlacedDeclaration[];
  reason: string;
  file: string;
  line: number;
  /** Names it may refer to. */
  mentions: Set<string>;
  /** Labels that its assembly sets for its own file only, and C code of the unit refers to. */
  labels: string[];
}

/** Why a function cannot become Rust, by its name. */
export type Demoted = ReadonlyMap<string, string>;

/**
 * @param demoted own functions that stay C
 * @param onlyExpanded those of them that only compile as the preprocessor left them
 */
export async function staysWhole(
  unit: PreprocessedUnit,
  demoted: Demoted,
  onlyExpanded: ReadonlySet<string>,
): Promise<StaysWhole[]> {
  const whole: StaysWhole[] = [];
  const taken = new Set<PlacedDeclaration>();
  const files: LexedFiles = new Map();
  const declared = unit.declarations
    .filter((d) => d.own && (d.kind === "prototype" || (d.kind === "variable" && d.storage.has("extern"))))
    .flatMap((d) => d.names);
  for (const d of unit.declarations) {
    const why =
      d.kind === "asm" ? "file-scope assembly" : d.kind === "function" ? demoted.get(d.names[0] ?? "") : undefined;
    if (!d.own || why === undefined || taken.has(d)) continue;
    refuseConstructor(d);
    // Not a macro that only begins it: `__bpf_kfunc int f(…) { … }`.
    const v = unit.invocations.find(
      (x) => x.start <= d.start && d.start < x.end && /^[\s;]*$/.test(unit.text.slice(x.end, d.end)),
    );
    const made = v ? unit.declarations.filter((x) => x.own && v.start <= x.start && x.start < v.end) : [d];
    for (const x of made) taken.add(x);
    const expanded = unit.text.slice(d.start, d.end);
    const name = v?.name ?? d.names[0] ?? "asm";
    const written = v
      ? `${v.source};`
      : d.kind === "function" && !onlyExpanded.has(name)
        ? await definitionAt(d, name, files)
        : undefined;
    whole.push({
      name,
      text: written ?? expanded,
      expanded: written === undefined,
      declarations: made,
      reason: why,
      file: v?.file ?? d.file,
      line: v?.line ?? d.line,
      mentions: new Set(made.flatMap((x) => [...x.mentions, ...x.names, ...(x.kind === "asm" ? spelledOut(x) : [])])),
      labels:
        d.kind === "asm"
          ? localLabels(made.map((x) => joined(unit.text.slice(x.start, x.end))).join("\n"), declared)
          : [],
    });
  }
  return whole;
}

/** Adjacent string literals as the lines of assembly that they are to the compiler: a macro spells a label as `"name" ":"` (BTF_ID_LIST). */
export function joined(c: string): string {
  return c.replaceAll(/(?<!\\)"\s*"/g, "").replaceAll("\\n", "\n");
}

/** Words of assembly, some of which may be symbols. */
function spelledOut(d: PlacedDeclaration): string[] {
  return d.tokens.flatMap((t) => (t.kind === "string" ? (t.text.match(/[A-Za-z_]\w*/g) ?? []) : []));
}

/** @throws StageError("lower"): c2rust drops the attribute, and only kernels with CONFIG_CONSTRUCTORS call one. */
export function refuseConstructor(d: PlacedDeclaration): void {
  const called = d.attributes.find((a) => a.name === "constructor" || a.name === "destructor");
  if (called)
    throw new StageError(
      "lower",
      `\`${d.names[0]}\` is a ${called.name}: c2rust drops that, and only kernels with CONFIG_CONSTRUCTORS call one`,
      { file: d.file, line: d.line },
    );
}

/** Those of `names` that assembly gives an address and does not make global. */
function localLabels(assembly: string, names: readonly string[]): string[] {
  return names.filter(
    (n) =>
      new RegExp(`\\b${n}\\s*:|\\.set\\s+${n}\\s*,`).test(assembly) &&
      !new RegExp(`\\.(?:globl|global|weak)\\b[^"\\\\\n;]*\\b${n}\\b`).test(assembly),
  );
}
