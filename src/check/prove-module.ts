/** The prove stage of one module: what can be shown of each function, and whether it is as much as was asked for. */
import { relativeIn, type Subject } from "./subject.ts";
import { StageError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { provedPercent, proofWords } from "../report/proofs.ts";
import type { Proofs } from "../report/evidence-schema.ts";
import type { LoweredUnit } from "../stages/lower/index.ts";
import { prove } from "../stages/prove/index.ts";

/** That there are no proofs says nothing about the module: it is a finding only where they are required. */
export async function proveModule(subject: Subject, units: readonly LoweredUnit[], port: string): Promise<Proofs> {
  const { work, recorder } = subject;
  const { provers } = work;
  if (typeof provers === "string") {
    recorder.skip("prove", provers);
    return { functions: [], leftOut: provers };
  }
  return recorder.stage("prove", async () => {
    try {
      const { proofs, cached } = await prove({
        module: subject.module.name,
        kernel: work.kernel,
        rustc: work.tools.rustc,
        clang: work.tools.clang,
        ...provers,
        units,
        names: subject.names,
        port,
        scratch: subject.scratch,
        workDir: work.workDir,
        ir: subject.ir,
        asWritten: subject.asWritten,
        limit: work.units,
        ...(work.doctor?.programs ? { observe: work.doctor.programs } : {}),
      });
      const value = required(subject, {
        functions: proofs.map((p) => ({ ...p, file: relativeIn(subject.captured, p.file) })),
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
