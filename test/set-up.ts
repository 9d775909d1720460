/** What the tests need on the machine, installed when it is missing; called by `run.sh`. */
import { existsSync } from "node:fs";
import { exitStatusOf } from "../src/machine/errors.ts";
import { log } from "../src/machine/log.ts";
import { installPackages, notInstalled, privilege } from "../src/toolchain/apt-install.ts";
import { setUp } from "../src/toolchain/install.ts";

// An exit, unlike a signal's default, removes what is half made.
for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(status));

try {
  await setUp({ boot: true });
  // The report page is tested in a browser; KPORT_CHROMIUM names another one than Debian's.
  if (!existsSync(process.env["KPORT_CHROMIUM"] ?? "/usr/bin/chromium"))
    await installPackages(await notInstalled(["chromium"]), await privilege());
} catch (error) {
  log.info(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = exitStatusOf(error);
}
