/** The ports of a run, packed for the half that writes. */
import { existsSync } from "node:fs";
import path from "node:path";
import type { Checked } from "../check/checked.ts";
import { UserError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import type { PortBundle } from "./files.ts";
import { packPort } from "./files.ts";
import { readPort } from "./read-port.ts";

/**
 * One port a module: of the first kernel on which it passes, else of the first on which there is one. A port that cannot be packed gets a note.
 * @throws UserError where two folders build modules of one name, which would be one branch.
 */
export async function packPorts(checked: readonly Checked[], notes: string[]): Promise<PortBundle> {
  const ports: PortBundle["ports"] = [];
  for (const [module, all] of Map.groupBy(checked, (c) => c.report.module.name)) {
    const [one, other] = new Set(all.map((c) => c.report.module.dir));
    if (other !== undefined)
      throw new UserError(
        `${JSON.stringify(one)} and ${JSON.stringify(other)} both build a module ${module}: name one of them in the input \`modules\``,
      );
    const made = all.filter((c) => existsSync(path.join(c.dir, "port")));
    const chosen = made.find((c) => c.report.verdict === "pass") ?? made[0];
    if (chosen === undefined) continue;
    try {
      ports.push(packPort(module, await readPort(path.join(chosen.dir, "port"))));
    } catch (error) {
      const why = `The port of ${module} cannot be brought in: ${error instanceof Error ? error.message : String(error)}`;
      log.warn(why);
      notes.push(why);
    }
  }
  return { schemaVersion: 1, ports };
}
