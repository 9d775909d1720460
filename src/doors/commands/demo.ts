/** `kport demo`: set up, port the example module, boot both, print the report. */
import path from "node:path";
import { checkDirectory } from "./check.ts";
import { projectRoot } from "../../machine/project-root.ts";
import { setUp } from "../../toolchain/install.ts";

export async function demo(kernel: string | undefined): Promise<number> {
  await setUp({ boot: true, ...(kernel === undefined ? {} : { kernel }) });
  return checkDirectory(path.join(projectRoot(), "examples", "ringdev", "driver"), {
    module: [],
    boot: true,
    out: "kport-out",
    headers: "helpers",
    ...(kernel === undefined ? {} : { kernel }),
  });
}
