/** `kport port DIR --dry-run`: what the Action would propose, from this machine and its clone; nothing is written but the check's results. */
import { existsSync } from "node:fs";
import path from "node:path";
import { type CheckOptions, requestFor } from "./check.ts";
import { checkFolder } from "../../check/checked.ts";
import { UserError } from "../../machine/errors.ts";
import { log } from "../../machine/log.ts";
import { check } from "../../check/pipeline.ts";
import { portTitle, renderPortBody } from "../../report/port-body.ts";
import { describePlan, textOfPlan } from "../../port/describe.ts";
import { packPort, unpackPort } from "../../port/files.ts";
import { localBase } from "../../port/local-git.ts";
import { folderOf, planPort } from "../../port/plan.ts";
import { readPort } from "../../port/read-port.ts";

export interface PortOptions extends Omit<CheckOptions, "baseline"> {
  dryRun?: boolean;
  base: string;
  portDir: string;
}

/** GitHub's limit for a pull request's text, less what kport's marks take; bytes. */
const BODY_LIMIT = 65_000;

/** @returns the exit status of the contract: 0 all could be proposed, 1 a module failed, 3 the virtual machine gave no result. */
export async function portCommand(dir: string, o: PortOptions, signal?: AbortSignal): Promise<number> {
  if (!o.dryRun)
    throw new UserError(
      "at a shell kport port only says what it would do: add --dry-run; the Action opens the pull request (examples/workflows/port.yml)",
    );
  const request = await requestFor(dir, o, signal);
  const base = await localBase(request.dir, o.base, signal);
  let status = 0;
  for (const { report, dir: results } of await checkFolder(check, request)) {
    const { name } = report.module;
    if (report.verdict !== "pass") status = report.verdict === "fail" ? 1 : Math.max(status, 3);
    const made = path.join(results, "port");
    if (!existsSync(made)) {
      log.warn(`no port of ${name} could be made: kport check ${dir} says why`);
      continue;
    }
    if (report.verdict !== "pass")
      log.warn(`${name} does not pass: the Action proposes it only with \`propose: always\``);
    // Through the same gate as in the Action.
    const files = unpackPort(packPort(name, await readPort(made)));
    const plan = await planPort(base.commit, name, folderOf(o.portDir, name), files);
    const text = textOfPlan(plan, base.name);
    process.stdout.write(
      `${describePlan(plan, base.name, { title: portTitle(text), body: renderPortBody(text, [report], BODY_LIMIT) })}\n`,
    );
  }
  return status;
}
