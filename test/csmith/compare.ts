/** One random program, as C and as Rust. */
import { StageError } from "../../src/errors.ts";
import { generate, outcomeOf, reference } from "./program.ts";
import { portProgram, programTools } from "./user-space.ts";

export interface Result {
  seed: number;
  /** "undefined": C's own answer depends on the compiler, or there is none. */
  verdict: "same" | "different" | "undefined";
  /** Both checksums, or the stage that failed and its words. */
  why: string;
}

/**
 * @param dir a folder of the program's own
 * @param doctor changes the Rust: for the negative control
 */
export async function compareSeed(seed: number, dir: string, doctor?: (rust: string) => string): Promise<Result> {
  const { clang } = await programTools();
  const file = await generate(seed, dir);
  const c = await reference(file, clang.path);
  if (c.printed === undefined) return { seed, verdict: "undefined", why: c.problem ?? "" };
  try {
    const rust = await outcomeOf(await portProgram(file, doctor));
    return { seed, verdict: rust.printed === c.printed ? "same" : "different", why: `C ${c.printed}, Rust ${rust.printed ?? rust.problem}` };
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    return { seed, verdict: "different", why: error.message.split("\n").slice(0, 3).join(" ").slice(0, 400) };
  }
}
