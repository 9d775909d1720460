/** The third module of a check: which stage made what C and Rust differ in? */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { symbolsOfCopy } from "./built-copy.ts";
import { differences, type Inspected } from "./differences.ts";
import type { ModuleBoots } from "./module-boots.ts";
import { relativeIn, type Subject } from "./subject.ts";
import { type Account, reported } from "./port-of-units.ts";
import { StageError } from "../machine/errors.ts";
import type { Report } from "../report/schema.ts";
import { accelerator } from "../stages/boot/index.ts";
import { inspect } from "../stages/inspect/index.ts";
import { buildLowered } from "../stages/lowered-c/build.ts";
import { nameStages } from "../stages/lowered-c/judge.ts";
import { writeSiblingSymbols } from "../stages/capture/siblings.ts";

/** What is known of the module as C and as Rust, as far as a check came. */
export interface KnownSides {
  /** Gets the lowered C's facts. */
  account: Account;
  /** Absent where the Rust was not built. */
  rust?: Inspected;
  boot?: Report["boot"];
  booting: () => Promise<ModuleBoots>;
}

export interface LoweredModule {
  /** Absent where it was not built. */
  ko?: string;
  boot?: Report["boot"];
}

/** Build the lowered C, hold it against both, and name in each finding the stage that made it. */
export async function loweredInC(subject: Subject, known: KnownSides): Promise<LoweredModule> {
  const { work, recorder, captured, module, names } = subject;
  const { account, rust } = known;
  const made: LoweredModule = known.boot === undefined ? {} : { boot: known.boot };
  await recorder.aside("lowered", "the lowered C could not be tried, so no stage is named", async () => {
    const dir = path.join(subject.scratch, "lowered");
    await mkdir(dir);
    const symbols = await writeSiblingSymbols(await symbolsOfCopy(captured), module.name, dir);
    const built = await buildLowered(
      {
        module,
        units: account.lowered,
        names: [...names],
        relative: (f) => relativeIn(captured, f),
        kernel: work.kernel,
        clang: work.tools.clang.path,
        limit: work.units,
        sandbox: captured.sandbox,
      },
      dir,
      symbols,
    );
    made.ko = built.ko;
    const readelf = work.tools.llvmReadelf.path;
    const [object, loweredObject] = await Promise.all([inspect(module.ko, readelf), inspect(built.ko, readelf)]);
    const c = { object, warnings: captured.warnings };
    const lowered = { object: loweredObject, warnings: built.warnings };
    account.objects = { c: reported(object), ...account.objects, lowered: reported(loweredObject) };
    const found = await differences(subject, account, { c, other: lowered, lowered: true });
    const between = rust ? await differences(subject, account, { c: lowered, other: rust }) : [];
    if (work.request.boot) {
      const boots = await known.booting();
      const [inC, inLowered] = known.boot?.c ? [known.boot.c, await boots.run(built.ko)] : await boots.both(built.ko);
      made.boot = { accelerator: await accelerator(), c: inC, ...known.boot, lowered: inLowered };
      found.push(...(await boots.differences(inC, inLowered, inC)));
      if (made.boot.rust) between.push(...(await boots.differences(inLowered, made.boot.rust, inC)));
      if (inLowered.status === "harness-error") throw new StageError("lowered", `${inLowered.message}`);
    }
    recorder.findings.splice(0, Infinity, ...nameStages(recorder.findings, found, between));
    const errors = found.filter((f) => f.severity === "error").length;
    return `the lowered C ${errors === 0 ? "is like the C" : `differs from the C in ${errors === 1 ? "one thing" : `${errors} things`} that matter${errors === 1 ? "s" : ""}`}`;
  });
  return made;
}
