/** What the tests need on the machine, installed when it is missing; called by `run.sh`. */
import { exitStatusOf } from "../src/errors.ts";
import { log } from "../src/log.ts";
import { setUp } from "../src/toolchain/install.ts";

try {
  await setUp({ boot: true });
} catch (error) {
  log.info(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = exitStatusOf(error);
}
