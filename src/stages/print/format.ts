/**
 * Lays a port's Rust out as rustfmt does. The text is made of a stranger's C: rustfmt reads it from its input, since in a file it would
 * follow `mod` and `#[path]` to others and write those, and it is shut in, where no rustfmt.toml of anybody's lies above it.
 */
import { run } from "../../machine/process.ts";
import { filesOfProgram } from "../../toolchain/program.ts";
import { RUSTFMT_CONFIG } from "../assemble/rustfmt-style.ts";

const TIME = 60_000;

/** @returns the text as it is where rustfmt cannot read it: that is for rustc to say */
export async function formatted(rustfmt: string, text: string): Promise<string> {
  const sandbox = { writable: [], readable: filesOfProgram(rustfmt) };
  const r = await run(rustfmt, ["--config", RUSTFMT_CONFIG], {
    input: text,
    cwd: "/tmp",
    allowFailure: true,
    timeout: TIME,
    sandbox,
  });
  // It fails for a line that it could not break too, behind the text with all others.
  return r.stdout === "" || r.bound !== undefined ? text : r.stdout;
}
