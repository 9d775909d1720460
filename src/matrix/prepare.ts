/** From a kport.yml to the plan of a run. */
import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import type { History } from "../history/schema.ts";
import type { RunStamp } from "../report/matrix/schema.ts";
import { UserError } from "../machine/errors.ts";
import { cellsOf, namesOf } from "./cells.ts";
import type { MatrixFile } from "./file.ts";
import { type Plan, planRun } from "./plan.ts";
import { machine, resolveAxes, type Sources } from "./resolve.ts";
import { sourceDigest } from "./source-digest.ts";

/**
 * @param tree the folder that kport.yml lies in
 * @throws UserError for a module whose folder is not there, EnvironmentError when a version cannot be resolved
 */
export async function preparePlan(
  file: MatrixFile,
  tree: string,
  history: History,
  run: RunStamp,
  sources: Sources = machine,
): Promise<Plan> {
  const digests = new Map<string, string>();
  for (const folder of namesOf(file).module) {
    digests.set(
      folder,
      await sourceDigest(path.join(tree, folder)).catch((e: unknown) => {
        throw e instanceof UserError ? new UserError(`kport.yml: modules: ${e.message}`) : e;
      }),
    );
  }
  const cells = cellsOf(
    file,
    await resolveAxes(file, tree, sources),
    (folder) => digests.get(folder)!,
    packageJson.version,
  );
  const budget = file["budget-minutes"];
  return planRun(cells, history, run, {
    ...(budget === undefined ? {} : { budget: budget * 60 }),
    shard: file["shard-minutes"] * 60,
    reuse: file["reuse-days"] * 24 * 3600_000,
    now: Date.parse(run.at),
  });
}
