/** The prove stage of one module: what can be shown of each function, and whether it is as much as was asked for. */
import { relativeIn, type Subject } from "./subject.ts";
import { StageError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { provedPercent, proofWords } from "../report/proofs.ts";
import type { Proofs } from "../report/evidence-schema.ts";
import type { LoweredUnit } from "../stages/lower/index.ts";
import { MOST_AHEAD } from "../stages/prove/as-written.ts";
import { prove } from "../stages/prove/index.ts";
import type { Provers } from "../toolchain/provers.ts";

type Proved = Awaited<ReturnType<typeof prove>>;

/** The proofs of a module, which take its printed Rust and not the object: they run beside the port's own make. */
export class ModuleProofs {
  private begun: { units: readonly LoweredUnit[]; port: string; proved: Promise<Proved> } | undefined;

  /** Begin with a port that is printed. What comes of it is told by `stage`. */
  begin(subject: Subject, units: readonly LoweredUnit[], port: string): void {
    const { provers, doctor } = subject.work;
    if (typeof provers === "string" || doctor !== undefined || units.length > MOST_AHEAD) return;
    const proved = proveWith(provers, subject, units, port);
    proved.catch(() => undefined);
    this.begun = { units, port, proved };
  }

  /** Nothing reads the port when this returns: it may be put together anew. */
  async ended(): Promise<void> {
    await this.begun?.proved.catch(() => undefined);
    this.begun = undefined;
  }

  /** That there are no proofs says nothing about the module: it is a finding only where they are required. */
  async stage(subject: Subject, units: readonly LoweredUnit[], port: string): Promise<Proofs> {
    const { work, recorder, captured } = subject;
    const { provers } = work;
    if (typeof provers === "string") {
      recorder.skip("prove", provers);
      return { functions: [], leftOut: provers };
    }
    return recorder.stage("prove", async () => {
      try {
        const begun = this.begun?.units === units && this.begun.port === port ? this.begun.proved : undefined;
        const { proofs, cached } = await (begun ?? proveWith(provers, subject, units, port));
        const value = required(subject, {
          functions: proofs.map((p) => ({ ...p, file: relativeIn(captured, p.file) })),
        });
        return { value, say: proofWords(value), cached };
      } catch (error) {
        if (!(error instanceof StageError)) throw error;
        log.debug(error.message);
        const leftOut = error.message.split("\n")[0] as string;
        return { value: required(subject, { functions: [], leftOut }), say: `left out: ${leftOut}` };
      }
    });
  }
}

function proveWith(
  provers: Provers,
  { work, module, names, scratch, ir, asWritten }: Subject,
  units: readonly LoweredUnit[],
  port: string,
): Promise<Proved> {
  return prove({
    module: module.name,
    kernel: work.kernel,
    rustc: work.tools.rustc,
    clang: work.tools.clang,
    ...provers,
    units,
    names,
    port,
    scratch,
    workDir: work.workDir,
    ir,
    asWritten,
    limit: work.units,
    ...(work.doctor?.programs ? { observe: work.doctor.programs } : {}),
  });
}

function required({ work, recorder }: Subject, proofs: Proofs): Proofs {
  const { requireProof } = work.request;
  const percent = provedPercent(proofs);
  if (requireProof !== undefined && percent < requireProof)
    recorder.findings.push({
      check: "proof",
      severity: "error",
      message: `${percent.toFixed(1)} % of the functions are the same code or proved, ${requireProof} % are asked for: ${proofWords(proofs)}`,
    });
  return proofs;
}
