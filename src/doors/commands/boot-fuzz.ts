/** `kport boot --fuzz`: two built modules, without what their source says. */
import path from "node:path";
import { resultsFolder, writeResult } from "../../machine/results-folder.ts";
import type { FuzzReport } from "../../report/evidence-schema.ts";
import type { Finding } from "../../report/schema.ts";
import type { Exercise } from "../../stages/boot/exercise.ts";
import { NOTHING } from "../../stages/fuzz/dictionary.ts";
import { guestsFor } from "../../stages/fuzz/guests.ts";
import { fuzz } from "../../stages/fuzz/index.ts";
import { USUAL_SEED } from "../../stages/fuzz/random.ts";
import { inspect } from "../../stages/inspect/index.ts";
import { countBlocks } from "../../stages/observed/blocks.ts";
import { requireTools } from "../../toolchain/discover.ts";
import type { Kernel } from "../../toolchain/kernel.ts";

/** Exercises that show a difference go there. */
const OUT = "kport-fuzz";

export async function fuzzBoth(
  files: { c: string; rust: string },
  kernel: Kernel,
  options: { exercise?: Exercise | undefined; seconds: number; seed?: number; signal?: AbortSignal },
  scratch: string,
): Promise<{ findings: Finding[]; report: FuzzReport }> {
  const { exercise, seconds, seed = USUAL_SEED, signal } = options;
  const { llvmReadelf } = await requireTools(["llvmReadelf"]);
  const { code } = await inspect(path.resolve(files.c), llvmReadelf.path);
  const subjects = { c: { ko: path.resolve(files.c) }, rust: { ko: path.resolve(files.rust) } };
  const how = { ...(exercise ? { exercise } : {}), ...(signal ? { signal } : {}) };
  const guests = guestsFor(subjects, kernel, how, scratch);
  const { offers, executed: reading } = await guests.look();
  const { findings, executed, ...rest } = await fuzz({
    make: guests.make,
    offers,
    dictionary: NOTHING,
    seconds,
    seed,
    own: guests.own,
    keep: async (made, number) => {
      const to = await resultsFolder(path.resolve(OUT), String(number));
      for (const [name, text] of Object.entries(made)) await writeResult(path.join(to, name), text);
      return `kport boot ${files.rust} --reference ${files.c} --kernel ${kernel.release} --exercise ${OUT}/${number}`;
    },
    ...(signal ? { signal } : {}),
  });
  const [read, ran] = [countBlocks(code, reading), countBlocks(code, executed.c)];
  return {
    findings,
    report: { seconds, seed, ...rest, blocks: { all: read.blocks, reading: read.ran, fuzzed: ran.ran } },
  };
}
