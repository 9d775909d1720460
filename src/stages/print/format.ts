/**
 * Lays a port's Rust out as rustfmt does. The text is made of a stranger's C: rustfmt reads it from its input, since in a file it would
 * follow `mod` and `#[path]` to others and write those, and it is shut in, where no rustfmt.toml of anybody's lies above it.
 */
import { contentKey } from "../../machine/cache.ts";
import { run } from "../../machine/process.ts";
import { keepResult, keptResult } from "../../machine/result-store.ts";
import { filesOfProgram } from "../../toolchain/program.ts";
import { contentOfProgram } from "../../toolchain/program-content.ts";
import { RUSTFMT_CONFIG } from "../assemble/rustfmt-style.ts";

const TIME = 60_000;

const FORMAT = "formatted 1";
/** Of this process: most files of a port are as they were in the last try, or as another module's. */
const known = new Map<string, string>();

/** @returns the text as it is where rustfmt cannot read it: that is for rustc to say */
export async function formatted(rustfmt: string, text: string): Promise<string> {
  const key = contentKey([FORMAT, await contentOfProgram(rustfmt), RUSTFMT_CONFIG, text]);
  const made = known.get(key) ?? (await keptOrFormatted(key, rustfmt, text));
  known.set(key, made);
  return made;
}

async function keptOrFormatted(key: string, rustfmt: string, text: string): Promise<string> {
  const kept = await keptResult<string>("formatted", key, "");
  if (kept !== undefined) return kept.value;
  const sandbox = { writable: [], readable: filesOfProgram(rustfmt) };
  const r = await run(rustfmt, ["--config", RUSTFMT_CONFIG], {
    input: text,
    cwd: "/tmp",
    allowFailure: true,
    timeout: TIME,
    sandbox,
  });
  // It fails for a line that it could not break too, behind the text with all others.
  if (r.stdout === "" || r.bound !== undefined) return text;
  await keepResult("formatted", key, "", r.stdout);
  return r.stdout;
}
