/** The fuzz stage of one module: calls of what it offers, on the C and on the Rust, by what its facts say. */
import path from "node:path";
import type { ExecutedInBoth, ModuleBoots } from "./module-boots.ts";
import type { Subject } from "./subject.ts";
import { readFacts } from "../facts/read.ts";
import { fuzzWords } from "../report/fuzz.ts";
import type { FuzzReport } from "../report/evidence-schema.ts";
import type { CapturedModule } from "../stages/capture/captured-modules.ts";
import { type Dictionary, dictionaryOf } from "../stages/fuzz/dictionary.ts";
import { guestsFor } from "../stages/fuzz/guests.ts";
import { type ExerciseFiles, fuzz } from "../stages/fuzz/index.ts";
import type { InspectedObject } from "../stages/inspect/index.ts";
import { countBlocks } from "../stages/observed/blocks.ts";

export interface FuzzedModule {
  report: FuzzReport;
  executed: ExecutedInBoth;
  exercises: ExerciseFiles[];
}

/** @param object the C module's */
export async function fuzzModule(
  { work, module, recorder, scratch }: Subject,
  boots: ModuleBoots,
  rustKo: string,
  object: InspectedObject,
): Promise<FuzzedModule> {
  const { seconds, seed } = work.request.fuzz ?? { seconds: 0, seed: 0 };
  return recorder.stage("fuzz", async () => {
    const [c, rust] = [boots.way(module.ko), boots.way(rustKo)];
    const guests = guestsFor({ c: c.subject, rust: rust.subject }, work.kernel, c.options, scratch);
    const { offers, executed: reading } = await guests.look();
    const exercises: ExerciseFiles[] = [];
    const name = path.basename(module.ko);
    const { findings, executed, ...rest } = await fuzz({
      make: guests.make,
      offers,
      dictionary: await dictionary(module),
      seconds,
      seed,
      own: guests.own,
      keep: async (exercise, number) => {
        exercises.push(exercise);
        return `kport boot ko/rust/${name} --reference ko/c/${name} --kernel ${work.kernel.release} --exercise fuzz/${number}, in the folder of the results`;
      },
      ...(work.request.signal ? { signal: work.request.signal } : {}),
    });
    recorder.findings.push(...findings);
    const [read, ran] = [countBlocks(object.code, reading), countBlocks(object.code, executed.c)];
    const report = { seconds, seed, ...rest, blocks: { all: read.blocks, reading: read.ran, fuzzed: ran.ran } };
    return { value: { report, executed, exercises }, say: fuzzWords(report) };
  });
}

/** Without a unit's facts its devices are called without their numbers. */
async function dictionary(module: CapturedModule): Promise<Dictionary> {
  const files = module.objects.flatMap((o) =>
    o.kind === "c" && o.facts !== undefined ? [[o.facts, o.command.file] as const] : [],
  );
  return dictionaryOf(await Promise.all(files.map(([file, unit]) => readFacts(file, unit))));
}
