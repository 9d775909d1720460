/** What was called by generated calls, in words. */
import { listed } from "./proofs.ts";
import type { FuzzReport } from "./evidence-schema.ts";

/** `2018 generated calls of 9 things on each module (seed 1); 311 of 402 blocks of the C ran, 150 where what it shows is only read`. */
export function fuzzWords({ targets, calls, seed, blocks, dropped, crashes, given }: FuzzReport): string {
  if (targets.length === 0)
    return "nothing to call: the module offers nothing to user space that kport knows how to call";
  const parts = [
    `${calls} generated calls of ${targets.length} ${targets.length === 1 ? "thing" : "things"} on each module (seed ${seed})`,
    `${blocks.fuzzed} of ${blocks.all} blocks of the C ran, ${blocks.reading} where what it shows is only read`,
    ...(dropped > 0 ? [`${dropped} answers dropped, in which runs of the C module alone differ`] : []),
    ...(crashes > 0 ? [`${crashes} ${crashes === 1 ? "guest" : "guests"} that both modules took with them`] : []),
    ...(given.length > 0 ? [`given up: ${listed(given)}`] : []),
  ];
  return parts.join("; ");
}
