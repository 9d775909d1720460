/**
 * The time that kport's own work on a stranger's text may take at one go. What it starts has bounds (process.ts); a lexer, a printer or a
 * regular expression that a text keeps busy lets no timer of ours come to its turn, so a thread of its own looks whether they do.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { nameBound } from "./bounds.ts";

/** How long one stretch of work may be in which nothing else has its turn, and how often that is looked at; milliseconds. */
export interface Stretch {
  most: number;
  beat: number;
}

/** The longest stretch of an honest module's takes seconds. */
const STRETCH: Stretch = { most: 600_000, beat: 1000 };

/** The watching thread, which travels as text, so that a bundle stays one file. */
function watch(): void {
  const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
  const { writeSync } = process.getBuiltinModule("node:fs");
  const { beats, most, beat, said } = workerData as Stretch & { beats: Int32Array; said: string };
  let [last, missed] = [-1, 0];
  setInterval(() => {
    const now = Atomics.load(beats, 0);
    // Its own turns are counted, not a clock: a machine that sleeps or has others to serve holds up both threads.
    missed = now === last ? missed + 1 : 0;
    last = now;
    if (missed * beat < most) return;
    writeSync(2, said);
    // Nothing less ends a thread wherever it is; what is shut in ends with it.
    process.kill(process.pid, "SIGKILL");
  }, beat);
  parentPort?.postMessage("begun");
}

/** From now on, end this process where a stretch of its work takes too long, and say so. */
export async function boundOwnTime({ most, beat }: Stretch = STRETCH): Promise<void> {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  setInterval(() => Atomics.add(beats, 0, 1), beat).unref();
  const said = `error: kport's own work on a text or list of the module's was ended (${nameBound("time", most, "ms")} at one go): nothing is reported; leave out what is so large\n`;
  const worker = new Worker(`(${watch.toString()})()`, { eval: true, workerData: { beats, most, beat, said } });
  // It needs this thread to begin.
  await once(worker, "message");
  worker.unref();
}
