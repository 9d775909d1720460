/** Lowers and transpiles the units of a module, as many at once as a limit lets run, and accounts for every one. */
import type { LimitFunction } from "p-limit";
import { StageError } from "../machine/errors.ts";
import type { UnitReport } from "../report/schema.ts";
import type { CapturedModule } from "./captured-modules.ts";
import { type LoweredUnit, lowerPrepared, type LoweringContext, type PreparedUnit, prepareUnit } from "./lower/index.ts";
import type { MemberUse } from "./lower/shrink.ts";

export interface UnitOutcome<T> {
  file: string;
  value?: T;
  error?: StageError;
  seconds: number;
}

/** What Rust reserves, now or for later (edition 2021): drivers/block/loop.c cannot be `mod loop`. */
const KEYWORDS =
  "abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self Self static struct super trait true try type typeof unsafe unsized use virtual where while yield".split(" ");
/** The port's own modules, the crate's root, and core. */
const OWN = ["bindings", "layouts", "volatile", "bitfield", "libc", "lib", "main", "core", "compiler_builtins"];

/** One Rust module name a unit: the file's name as an identifier, told apart where two folders hold the same. */
export function unitNames(files: readonly string[]): string[] {
  const taken = new Set([...KEYWORDS, ...OWN]);
  return files.map((f) => {
    const stem = (f.split("/").at(-1) ?? f).replace(/\.c$/, "").replace(/\W/g, "_").replace(/^(?=\d)/, "_");
    let name = taken.has(stem) ? `${stem}_unit` : stem;
    for (let n = 2; taken.has(name); n++) name = `${stem}_${n}`;
    taken.add(name);
    return name;
  });
}

/** Run a step for each unit. A unit that fails does not stop the others: all failures are told at once. */
export async function eachUnit<I, T>(inputs: readonly I[], file: (i: I) => string, limit: LimitFunction, step: (i: I, index: number) => Promise<T>): Promise<UnitOutcome<T>[]> {
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

/** The C units of a module, lowered; a structure that several of them use is cut down to the same members in all. */
export async function lowerUnits(module: CapturedModule, names: readonly string[], limit: LimitFunction, cx: LoweringContext): Promise<UnitOutcome<LoweredUnit>[]> {
  const commands = module.objects.flatMap((o) => (o.kind === "c" ? [o.command] : []));
  const prepared = await eachUnit(commands, (c) => c.file, limit, (c, i) => prepareUnit(c, names[i] as string, cx));
  const use: MemberUse = { mentioned: new Set(), initialised: new Set() };
  for (const p of prepared) {
    for (const m of p.value?.use.mentioned ?? []) use.mentioned.add(m);
    for (const t of p.value?.use.initialised ?? []) use.initialised.add(t);
  }
  const lowered = await eachUnit(prepared, (p) => p.file, limit, async (p) => {
    if (p.error) throw p.error;
    return lowerPrepared(p.value as PreparedUnit, use);
  });
  return lowered.map((l, i) => ({ ...l, seconds: l.seconds + (prepared[i]?.seconds ?? 0) }));
}

/** What a unit's Rust consists of, for the report. */
export function countRust(rust: string): UnitReport["unsafe"] {
  const count = (p: RegExp): number => rust.match(p)?.length ?? 0;
  return {
    blocks: count(/\bunsafe \{/g),
    functions: count(/\bunsafe extern "C" fn\b|\bunsafe fn\b/g),
    // Printed Rust has a blank behind a multiplication's asterisk.
    rawPointerDerefs: count(/\*(?=[\w(*])(?!mut\b|const\b|b")/g),
    staticMut: count(/^\s*(?:pub )?static mut /gm),
    asm: count(/\basm!\(|global_asm!\(/g),
  };
}
