/**
 * `npm run clippy -- [--kernel K] [--all] PORT...`: what rustc and clippy say of ports, by the list that the kernel's own makefile gives them (7.x, missing
 * documentation aside). A port is built with its lints capped; here they are not. What `src/lib.rs` allows, with its reason, is allowed;
 * with `--all` nothing is. Ends with 1 where something is said.
 */
import { parseArgs } from "node:util";
import { prepareKernel } from "../../src/toolchain/kernel-packages.ts";
import { describeLints } from "./lints.ts";
import { lintsOfPort } from "./of-port.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kernel: { type: "string" }, all: { type: "boolean", default: false } },
});
const kernel = await prepareKernel(values.kernel);
let said = 0;
for (const port of positionals) {
  const counts = await lintsOfPort(port, kernel, values.all);
  said += counts.reduce((n, c) => n + c.count, 0);
  console.log(`${port}\n${describeLints(counts)}`);
}
process.exitCode = said === 0 ? 0 : 1;
