/** What all modules of a run share. */
import type { LimitFunction } from "p-limit";
import type { CheckRequest } from "./check-request.ts";
import type { Report } from "../report/schema.ts";
import type { LoweredUnit } from "../stages/lower/index.ts";
import type { Programs } from "../stages/prove/index.ts";
import type { TranspiledUnit } from "../stages/transpile/index.ts";
import type { KbuildCommand } from "../toolchain/kbuild.ts";
import type { Kernel } from "../toolchain/kernel.ts";
import type { Provers } from "../toolchain/provers.ts";
import type { Tools } from "../toolchain/tools.ts";

export interface Work {
  request: CheckRequest;
  tools: Pick<Tools, "clang" | "llvmReadelf" | "rustc" | "c2rust">;
  /** The clang plugin that capture and lowering ask (src/facts/plugin). */
  plugin: string;
  /** What proofs take, or why there are none. */
  provers: Provers | string;
  kernel: Kernel;
  kbuild: KbuildCommand;
  versions: Report["tools"];
  doctor?: Doctor;
  /** Lets as many units be worked on at once as there are processors, over all modules. */
  units: LimitFunction;
  /** The folder of this run's files. */
  workDir: string;
  /** A digest of all that the tools can see besides the module (stages/surroundings.ts); absent where nothing may be reused. */
  around?: string;
}

/** Makes a stage's mistake on purpose: for the negative controls. */
export interface Doctor {
  lowered?: (unit: LoweredUnit) => LoweredUnit;
  rust?: (unit: TranspiledUnit) => TranspiledUnit;
  /** Is given a unit of the port as it is printed: the gate would mend an earlier mistake. */
  printed?: (text: string) => string;
  /** Is shown what is proved. */
  programs?: (programs: Programs) => Promise<void>;
}
