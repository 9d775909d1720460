/** One random program four ways: as C, as lowered C, as c2rust's Rust, and as the Rust that people read. */
import { StageError } from "../../src/machine/errors.ts";
import { generate, type Outcome, outcomeOf, PROGRAM, reference } from "./program.ts";
import { type Doctors, LoweredProgram, programTools } from "./user-space.ts";

export interface Result {
  seed: number;
  /** "undefined": C's own answer depends on the compiler, or there is none. */
  verdict: "same" | "different" | "undefined";
  /** Where a difference comes from. */
  stage?: "lower" | "transpile" | "print";
  /** Functions that are printed, of all of the program's. */
  printed?: { functions: number; all: number };
  /** All checksums, or what failed and its words. */
  why: string;
}

/** @param dir a folder of the program's own */
export async function compareSeed(seed: number, dir: string, doctors: Doctors = {}): Promise<Result> {
  const { clang } = await programTools();
  const file = await generate(seed, dir);
  const c = await reference(file, clang.path);
  if (c.printed === undefined) return { seed, verdict: "undefined", why: c.problem ?? "" };
  let program: LoweredProgram;
  try {
    program = (await LoweredProgram.of([file], dir, PROGRAM)).doctored(doctors.lowered ?? ((text) => text));
  } catch (error) {
    return { seed, verdict: "different", stage: "lower", why: wordsOf(error) };
  }
  const lowered = await outcome(() => program.inC());
  const rust = await outcome(() => program.inRust(doctors.rust ?? ((text) => text)));
  let printed: Result["printed"];
  const read = await outcome(async () => {
    const made = await program.inPrinted(doctors.printed ?? ((text) => text));
    printed = { functions: made.printed, all: made.all };
    return made.program;
  });
  const said = (o: Outcome): string => o.printed ?? o.problem ?? "";
  const why = `C ${c.printed}, lowered C ${said(lowered)}, Rust ${said(rust)}, printed Rust ${said(read)}`;
  const stage =
    lowered.printed !== c.printed
      ? "lower"
      : rust.printed !== c.printed
        ? "transpile"
        : read.printed !== c.printed
          ? "print"
          : undefined;
  const counted = printed === undefined ? {} : { printed };
  return stage === undefined
    ? { seed, verdict: "same", why, ...counted }
    : { seed, verdict: "different", stage, why, ...counted };
}

/** What a program prints, or why there is none. */
async function outcome(make: () => Promise<string>): Promise<Outcome> {
  let program: string;
  try {
    program = await make();
  } catch (error) {
    return { problem: wordsOf(error) };
  }
  return outcomeOf(program);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof StageError)) throw error;
  return error.message.split("\n").slice(0, 3).join(" ").slice(0, 400);
}
