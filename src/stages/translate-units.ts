/** Lowers and transpiles the units of a module, as many at once as there are processors, and accounts for every one. */
import pLimit from "p-limit";
import { StageError } from "../errors.ts";
import type { UnitReport } from "../report/schema.ts";
import type { CapturedModule } from "./capture.ts";
import { type LoweredUnit, lowerUnit, type LoweringContext } from "./lower/index.ts";

export interface UnitOutcome<T> {
  file: string;
  value?: T;
  error?: StageError;
  seconds: number;
}

/** One Rust module name a unit: the file's name as an identifier, told apart where two folders hold the same. */
export function unitNames(files: readonly string[]): string[] {
  const taken = new Set(["bindings", "layouts", "bitfield", "libc", "lib", "core", "compiler_builtins", "crate", "self", "super", "main", "mod"]);
  return files.map((f) => {
    const stem = (f.split("/").at(-1) ?? f).replace(/\.c$/, "").replace(/\W/g, "_").replace(/^(?=\d)/, "_");
    let name = taken.has(stem) ? `${stem}_unit` : stem;
    for (let n = 2; taken.has(name); n++) name = `${stem}_${n}`;
    taken.add(name);
    return name;
  });
}

/** Run a step for each unit. A unit that fails does not stop the others: all failures are told at once. */
export async function eachUnit<I, T>(inputs: readonly I[], file: (i: I) => string, jobs: number, step: (i: I, index: number) => Promise<T>): Promise<UnitOutcome<T>[]> {
  const limit = pLimit(jobs);
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

/** The C units of a module, lowered. */
export function lowerUnits(module: CapturedModule, names: readonly string[], jobs: number, cx: LoweringContext): Promise<UnitOutcome<LoweredUnit>[]> {
  const commands = module.objects.flatMap((o) => (o.kind === "c" ? [o.command] : []));
  return eachUnit(commands, (c) => c.file, jobs, (c, i) => lowerUnit(c, names[i] as string, cx));
}

/** What a unit's Rust consists of, for the report. */
export function countRust(rust: string): UnitReport["unsafe"] {
  const count = (p: RegExp): number => rust.match(p)?.length ?? 0;
  return {
    blocks: count(/\bunsafe \{/g),
    functions: count(/\bunsafe extern "C" fn\b|\bunsafe fn\b/g),
    rawPointerDerefs: count(/\(\*\w|[=(,&|+\-*/<>] ?\*\w+(?:\.offset|\b)/g),
    staticMut: count(/^\s*(?:pub )?static mut /gm),
    asm: count(/\basm!\(|global_asm!\(/g),
  };
}
