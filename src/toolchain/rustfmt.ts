/** Finds rustfmt: a port's Rust is formatted where it is there, and the same to rustc where it is not. */
import path from "node:path";
import { toolPlaces } from "./discover.ts";
import { versionOf, which } from "./program.ts";
import type { RustCompiler, Tool } from "./tools.ts";

/** Beside the compiler first: rustup's stand-in on PATH may have none behind it. */
export async function findRustfmt(rustc: RustCompiler): Promise<Tool | undefined> {
  for (const dirs of [[path.dirname(rustc.path)], toolPlaces().path]) {
    const file = await which("rustfmt", dirs);
    const version = file === undefined ? undefined : await versionOf(file, ["--version"], /^rustfmt (\S+)/m);
    if (file !== undefined && version !== undefined) return { path: file, version };
  }
  return undefined;
}
