/**
 * `npm run soak:boot [-- COUNT [KERNEL]]`: boots controls over and over, cold and warm mixed, one and four at once, with the
 * processors idle and busy, and wants every one named rightly. 200 boots when no COUNT is given.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import pLimit from "p-limit";
import { bootControl, buildControls } from "../../src/stages/boot/control-run.ts";
import { CONTROLS, type Control } from "../../src/stages/boot/controls.ts";
import { resolveKernel } from "../../src/toolchain/kernels.ts";

const count = Number(process.argv[2] ?? 200);
const kernel = await resolveKernel(process.argv[3]);
const dir = await buildControls(kernel);
const config = await readFile(path.join(kernel.buildDir, ".config"), "utf8");
// Those that hang take their whole timeout: one round of them is enough.
const quick = CONTROLS.filter(
  (c) => c.timeouts === undefined && (c.needs === undefined || config.includes(`${c.needs}=y`)),
);
const hanging = CONTROLS.filter((c) => c.timeouts !== undefined);

interface Round {
  name: string;
  share: number;
  atOnce: number;
  busy: boolean;
}
const ROUNDS: readonly Round[] = [
  { name: "one at a time", share: 0.3, atOnce: 1, busy: false },
  { name: "four at once", share: 0.4, atOnce: 4, busy: false },
  { name: "four at once, processors busy", share: 0.3, atOnce: 4, busy: true },
];

let right = 0;
let booted = 0;
const seconds: Record<"cold" | "warm", number[]> = { cold: [], warm: [] };
for (const round of ROUNDS) {
  const spinners = round.busy
    ? os
        .cpus()
        .map(() =>
          spawn("setpriv", ["--pdeathsig", "KILL", "--", process.execPath, "-e", "for (;;);"], { stdio: "ignore" }),
        )
    : [];
  try {
    await runRound(round);
  } finally {
    for (const s of spinners as ChildProcess[]) s.kill("SIGKILL");
  }
  console.log(`${round.name}: ${right} of ${booted} right so far`);
}
const median = (list: number[]): string =>
  list.length === 0 ? "none" : `${list.toSorted((a, b) => a - b)[list.length >> 1]?.toFixed(2)} s`;
console.log(
  `${right} of ${booted} right on ${kernel.release}; median ${median(seconds.cold)} cold (${seconds.cold.length}), ${median(seconds.warm)} warm (${seconds.warm.length})`,
);
process.exitCode = right === booted ? 0 : 1;

async function runRound(round: Round): Promise<void> {
  const limit = pLimit(round.atOnce);
  const boots = Math.round(count * round.share);
  const controls = Array.from(
    { length: boots },
    (_, i): Control => (i < hanging.length ? hanging[i] : quick[i % quick.length]) as Control,
  );
  await Promise.all(
    controls.map((control, i) =>
      limit(async () => {
        // Two warm ones for each cold one.
        const start = i % 3 === 0 ? ("cold" as const) : undefined;
        const got = await bootControl(control, dir, kernel, { start });
        booted++;
        seconds[got.start ?? "cold"].push(got.seconds);
        const asked = start ?? "warm";
        if (control.holds(got) && got.start === asked) right++;
        else console.log(`wrong: ${control.name}, asked for ${asked}, got ${JSON.stringify(got)}`);
      }),
    ),
  );
}
