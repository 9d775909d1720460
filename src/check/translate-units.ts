/** Lowers and transpiles the units of a module, as many at once as a limit lets run, and accounts for every one. */
import type { LimitFunction } from "p-limit";
import type { CompileCommand } from "../c/compile-command.ts";
import { StageError } from "../machine/errors.ts";
import type { UnitReport } from "../report/schema.ts";
import { codeOf, follows, type RustToken } from "../rust/lexer.ts";
import type { CapturedModule } from "../stages/capture/captured-modules.ts";
import {
  cutUnit,
  type LoweredUnit,
  type LoweringContext,
  prepareUnit,
  type UncutUnit,
  uncutUnit,
} from "../stages/lower/index.ts";
import { KeptUnits, type KeptUnitsRequest } from "../stages/lower/kept-units.ts";
import { askedOfUse, type MemberUse } from "../stages/lower/shrink.ts";

export interface UnitOutcome<T> {
  file: string;
  value?: T;
  error?: StageError;
  seconds: number;
}

/** What Rust reserves, now or for later (edition 2021): drivers/block/loop.c cannot be `mod loop`. */
const KEYWORDS =
  "abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self Self static struct super trait true try type typeof unsafe unsized use virtual where while yield".split(
    " ",
  );
/** The port's own modules, the crate's root, and core. */
const OWN = [
  "bindings",
  "layouts",
  "macros",
  "headers",
  "kernel",
  "volatile",
  "bitfield",
  "libc",
  "lib",
  "main",
  "core",
  "compiler_builtins",
];

/** One Rust module name a unit: the file's name as an identifier, told apart where two folders hold the same. */
export function unitNames(files: readonly string[]): string[] {
  const taken = new Set([...KEYWORDS, ...OWN]);
  return files.map((f) => {
    const stem = (f.split("/").at(-1) ?? f)
      .replace(/\.c$/, "")
      .replace(/\W/g, "_")
      .replace(/^(?=\d)/, "_");
    let name = taken.has(stem) ? `${stem}_unit` : stem;
    for (let n = 2; taken.has(name); n++) name = `${stem}_${n}`;
    taken.add(name);
    return name;
  });
}

/**
 * What tells the helpers of one unit from those of another: symbols are `kport_STEM_NAME`, and `NAME` may be anything. So no stem begins
 * with another one and a `_`: `free_list` of `u.c` would be `list` of `u_free.c`.
 */
export function helperStems(names: readonly string[]): string[] {
  const stems: string[] = [];
  for (const name of names) {
    const clashes = (stem: string): boolean =>
      stems.some((s) => `${s}_`.startsWith(`${stem}_`) || `${stem}_`.startsWith(`${s}_`));
    let stem = name;
    for (let n = 2; clashes(stem); n++) stem = `${n}${name}`;
    stems.push(stem);
  }
  return stems;
}

/** Run a step for each unit. A unit that fails does not stop the others: all failures are told at once. */
export async function eachUnit<I, T>(
  inputs: readonly I[],
  file: (i: I) => string,
  limit: LimitFunction,
  step: (i: I, index: number) => Promise<T>,
): Promise<UnitOutcome<T>[]> {
  return Promise.all(
    inputs.map((input, index) =>
      limit(async () => {
        const started = performance.now();
        const seconds = (): number => (performance.now() - started) / 1000;
        try {
          const value = await step(input, index);
          return { file: file(input), value, seconds: seconds() };
        } catch (error) {
          if (!(error instanceof StageError)) throw error;
          return { file: file(input), error, seconds: seconds() };
        }
      }),
    ),
  );
}

/**
 * The C units of a module, lowered; a structure that several of them use is cut down to the same members in all.
 * @param kept where units may have been lowered before
 */
export async function lowerUnits(
  module: CapturedModule,
  names: readonly string[],
  limit: LimitFunction,
  cx: LoweringContext,
  kept?: KeptUnitsRequest,
): Promise<(UnitOutcome<LoweredUnit> & { reused?: Date })[]> {
  const commands = module.objects.flatMap((o) => (o.kind === "c" ? [o.command] : []));
  const stems = helperStems(names);
  const keeper = kept && (await KeptUnits.of(kept, commands, cx));
  const uncutOf = async (c: CompileCommand, i: number): Promise<UncutUnit> =>
    uncutUnit(await prepareUnit(c, stems[i] as string, cx, stems));
  // A unit that was lowered before is lowered anew only where the module's other units name something else of its structures than then.
  const begun = await eachUnit(
    commands,
    (c) => c.file,
    limit,
    async (c, i) => {
      const known = await keeper?.unit(c, [stems[i] as string, JSON.stringify(stems)]);
      const before = await known?.use();
      if (before !== undefined) return { known, uncut: undefined, ...before };
      const uncut = await uncutOf(c, i);
      const made = { use: uncut.use, asked: askedOfUse(uncut.structures) };
      await known?.keepUse(made);
      return { known, uncut, ...made };
    },
  );
  const use: MemberUse = { mentioned: new Set(), initialised: new Set() };
  for (const b of begun) {
    for (const m of b.value?.use.mentioned ?? []) use.mentioned.add(m);
    for (const t of b.value?.use.initialised ?? []) use.initialised.add(t);
  }
  const lowered = await eachUnit(
    begun,
    (b) => b.file,
    limit,
    async (b, i) => {
      if (b.value === undefined) throw b.error;
      const { known, uncut, asked } = b.value;
      const before = await known?.lowered(use, asked);
      const seen = known === undefined ? {} : { seen: known.key };
      if (before !== undefined) return { unit: { ...before.value, ...seen }, reused: before.at };
      const unit = await cutUnit(uncut ?? (await uncutOf(commands[i] as CompileCommand, i)), use);
      await known?.keepLowered(use, asked, unit);
      return { unit: { ...unit, ...seen } };
    },
  );
  return lowered.map(({ value, ...o }, i) => ({
    ...o,
    ...(value === undefined
      ? {}
      : { value: value.unit, ...(value.reused === undefined ? {} : { reused: value.reused }) }),
    seconds: o.seconds + (begun[i]?.seconds ?? 0),
  }));
}

/** What a unit's Rust consists of, for the report. */
export function countRust(rust: string): UnitReport["unsafe"] {
  const tokens = codeOf(rust);
  const count = (is: (t: RustToken, i: number) => boolean): number => tokens.filter(is).length;
  const at = (i: number): string => tokens[i]?.text ?? "";
  return {
    blocks: count((t, i) => t.text === "unsafe" && at(i + 1) === "{"),
    functions: count(
      (t, i) =>
        t.text === "fn" &&
        tokens[i + 1]?.kind === "identifier" &&
        (at(i - 1) === "unsafe" || follows(tokens, i - 3, "unsafe", "extern", '"C"')),
    ),
    rawPointerDerefs: count(
      (t, i) => t.text === "*" && isPrefix(tokens[i - 1]) && !/^(?:mut|const|b".*)$/s.test(at(i + 1)),
    ),
    staticMut: count((t, i) => t.text === "static" && at(i + 1) === "mut"),
    asm: count((t, i) => (t.text === "asm" || t.text === "global_asm") && at(i + 1) === "!"),
  };
}

/** Conversions that are written: `as` in expressions, not in what is imported by another name. */
export function countCasts(rust: string): number {
  let importing = false;
  return codeOf(rust).filter((t) => {
    if (t.text === "use") importing = true;
    else if (t.text === ";") importing = false;
    return t.kind === "identifier" && t.text === "as" && !importing;
  }).length;
}

/** Whether an asterisk behind a token begins an operand: a multiplication's stands behind one. */
function isPrefix(before: RustToken | undefined): boolean {
  if (before === undefined || (before.kind === "punctuation" && !/^[)\]}]$/.test(before.text))) return true;
  return before.text === "}" || /^(?:return|in|if|while|match|else|mut|const)$/.test(before.text);
}
