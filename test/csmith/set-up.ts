/** csmith and its headers, installed where they are missing. */
import { existsSync } from "node:fs";
import { installPackages, notInstalled, privilege } from "../../src/toolchain/apt-install.ts";
import { CSMITH_HEADERS } from "./program.ts";

/** @throws EnvironmentError with the command, where this user may not install them */
export async function csmithSetUp(): Promise<void> {
  if (existsSync("/usr/bin/csmith") && existsSync(`${CSMITH_HEADERS}/csmith.h`)) return;
  await installPackages(await notInstalled(["csmith", "libcsmith-dev"]), await privilege());
}
