/** A C program through the stages that make Rust of a module, and linked as a program: no kernel takes part. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import pLimit from "p-limit";
import { run } from "../../src/process.ts";
import { assemble } from "../../src/stages/assemble/index.ts";
import type { CapturedModule } from "../../src/stages/capture.ts";
import { lowerUnits } from "../../src/stages/translate-units.ts";
import { transpile } from "../../src/stages/transpile.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { CSMITH_HEADERS, DRIVER, FLAGS } from "./program.ts";

/** What the programs may call: csmith's own runtime prints with printf, and copies. */
const LIBC = new Set(["printf", "memcpy", "memset", "memcmp", "strcmp", "abort", "__assert_fail"]);

/** The tools, looked for once. */
export function programTools(): ReturnType<typeof find> {
  found ??= find();
  return found;
}
const find = () => requireTools(["clang", "llvmReadelf", "c2rust", "rustc", "gcc"]);
let found: ReturnType<typeof find> | undefined;

/**
 * @param file the program, in a folder of its own
 * @param doctor changes the Rust before it is compiled: for the negative control
 * @returns the Rust program
 * @throws StageError as the stages do; of stage "tool" when the Rust does not compile
 */
export async function portProgram(file: string, doctor: (rust: string) => string = (rust) => rust): Promise<string> {
  const tools = await programTools();
  const dir = path.dirname(file);
  const command = { file, directory: dir, arguments: [tools.clang.path, ...FLAGS, "-c", "-o", "program.o", file], output: path.join(dir, "program.o") };
  const module: CapturedModule = { name: "program", ko: "", objects: [{ kind: "c", command }] };
  const kernel = { release: "none", arch: "x86_64" as const, buildDir: dir, readable: [], compiler: "gcc" };
  const [lowered] = await lowerUnits(module, ["program"], pLimit(1), {
    kernel,
    kbuild: { compiler: tools.gcc.path, flags: [] },
    clang: tools.clang.path,
    readelf: tools.llvmReadelf.path,
    headers: "translate",
    isOwn: (f) => f === file || f.startsWith(CSMITH_HEADERS),
    importable: LIBC,
  });
  if (lowered?.value === undefined) throw lowered?.error ?? new Error("no unit");
  const unit = await transpile(lowered.value, "program", tools.c2rust);
  const provenance = { module: "program", kernel, tools: {}, headers: "translate" as const, units: [] };
  const port = await assemble(module, [unit], ["program"], provenance, (f) => path.basename(f), path.join(dir, "port"));
  const source = path.join(port.dir, "src", "program.rs");
  await writeFile(source, doctor(await readFile(source, "utf8")));
  const library = path.join(dir, "libprogram.a");
  await run(tools.rustc.path, ["--edition=2021", "-Zunstable-options", "--cap-lints=allow", "-Copt-level=2", "-Cpanic=abort", "--crate-name=program", "--crate-type=staticlib", "-o", library, path.join(port.dir, "src", "lib.rs")], { cwd: port.dir, env: { RUSTC_BOOTSTRAP: "1" }, timeout: 300_000 });
  await writeFile(path.join(dir, "driver.c"), DRIVER);
  const helpers = (await readdir(path.join(port.dir, "helpers"))).filter((f) => f.endsWith(".c") && f !== "kport_panic.c").map((f) => path.join(port.dir, "helpers", f));
  const program = path.join(dir, "rust");
  await run(tools.clang.path, [...FLAGS, "-O2", "-o", program, path.join(dir, "driver.c"), ...helpers, library], { cwd: dir, timeout: 120_000 });
  return program;
}
