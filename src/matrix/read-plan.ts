import { readFile } from "node:fs/promises";
import { UserError } from "../machine/errors.ts";
import { type Plan, plan } from "./plan.ts";

/** @throws UserError, one line, when the file is not there or is no plan */
export async function readPlan(file: string): Promise<Plan> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (e) {
    throw new UserError(
      `${file}: ${(e as NodeJS.ErrnoException).code ?? "not JSON"}; \`kport plan --out ${file}\` makes it`,
    );
  }
  const parsed = plan.safeParse(value);
  if (!parsed.success)
    throw new UserError(
      `${file}: not a plan of this kport: ${parsed.error.issues[0]!.path.join(".")}: ${parsed.error.issues[0]!.message}`,
    );
  return parsed.data;
}
