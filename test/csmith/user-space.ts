/** A C program through the stages that make Rust of a module, and linked as a program: no kernel takes part. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import pLimit from "p-limit";
import { run } from "../../src/machine/process.ts";
import { cParts } from "../../src/stages/assemble/c-parts.ts";
import { assemble } from "../../src/stages/assemble/index.ts";
import type { CapturedModule } from "../../src/stages/capture/captured-modules.ts";
import type { LoweredUnit } from "../../src/stages/lower/index.ts";
import { asC } from "../../src/stages/lowered-c/text.ts";
import { lowerUnits } from "../../src/check/translate-units.ts";
import { transpile } from "../../src/stages/transpile/index.ts";
import { readFacts } from "../../src/facts/read.ts";
import { keyOf, PortPrinter } from "../../src/stages/print/index.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { buildPlugin } from "../../src/toolchain/facts-plugin.ts";
import { CSMITH_HEADERS, DRIVER, FLAGS } from "./program.ts";

/** What the programs may call: csmith's own runtime prints with printf, and copies. */
const LIBC = new Set(["printf", "memcpy", "memset", "memcmp", "strcmp", "abort", "__assert_fail"]);

/** The tools, looked for once. */
export function programTools(): ReturnType<typeof find> {
  found ??= find();
  return found;
}
const find = () => requireTools(["clang", "llvmConfig", "llvmReadelf", "c2rust", "rustc", "gcc"]);
let found: ReturnType<typeof find> | undefined;

/** A lowered program, on its way to Rust and to C. */
export class LoweredProgram {
  readonly unit: LoweredUnit;
  private readonly module: CapturedModule;
  private readonly dir: string;
  private constructor(unit: LoweredUnit, module: CapturedModule, dir: string) {
    this.unit = unit;
    this.module = module;
    this.dir = dir;
  }

  /**
   * @param file the program, in a folder of its own
   * @throws StageError as the stage does
   */
  static async of(file: string): Promise<LoweredProgram> {
    const tools = await programTools();
    const dir = path.dirname(file);
    const command = {
      file,
      directory: dir,
      arguments: [tools.clang.path, ...FLAGS, "-c", "-o", "program.o", file],
      output: path.join(dir, "program.o"),
    };
    const module: CapturedModule = {
      name: "program",
      ko: "",
      root: dir,
      builtIn: dir,
      objects: [{ kind: "c", command }],
    };
    const [lowered] = await lowerUnits(module, ["program"], pLimit(1), {
      keepInC: new Map(),
      kernel: { release: "none", arch: "x86_64", buildDir: dir, readable: [], compiler: "gcc" },
      kbuild: { compiler: tools.gcc.path, flags: [] },
      clang: tools.clang.path,
      readelf: tools.llvmReadelf.path,
      headers: "translate",
      isOwn: (f) => f === file || f.startsWith(CSMITH_HEADERS),
      importable: LIBC,
    });
    if (lowered?.value === undefined) throw lowered?.error ?? new Error("no unit");
    return new LoweredProgram(lowered.value, module, dir);
  }

  /** The same with another text: for the negative controls. */
  doctored(change: (text: string) => string): LoweredProgram {
    return new LoweredProgram({ ...this.unit, text: change(this.unit.text) }, this.module, this.dir);
  }

  /** @returns the lowered C as a program */
  async inC(): Promise<string> {
    const source = path.join(this.dir, "lowered.i");
    await writeFile(source, asC(this.unit));
    const { files } = await cParts(this.module, [this.unit], ["program"], (f) => path.basename(f), this.dir);
    await mkdir(path.join(this.dir, "helpers"), { recursive: true });
    for (const [name, text] of files) await writeFile(path.join(this.dir, name), text);
    return this.linked("lowered", [...[...files.keys()].map((f) => path.join(this.dir, f)), source]);
  }

  /**
   * @param doctor changes the Rust before it is compiled
   * @returns the Rust program
   * @throws StageError as the stages do; of stage "tool" when the Rust does not compile
   */
  async inRust(doctor: (rust: string) => string): Promise<string> {
    const dir = await this.port();
    const source = path.join(dir, "src", "program.rs");
    await writeFile(source, doctor(await readFile(source, "utf8")));
    return this.built(dir, "rust");
  }

  /**
   * The Rust that people read, taken on trust: no gate has seen it. A function that does not compile in one form is written in the next,
   * and at last as c2rust has it.
   * @returns the program, and how many of its functions are printed
   */
  async inPrinted(doctor: (rust: string) => string): Promise<{ program: string; printed: number; all: number }> {
    const dir = await this.port();
    const printer = await printerOf(dir, this.unit, this.dir);
    const chosen = new Map(printer.candidates.map((c) => [keyOf(c.unit, c.name), 0]));
    for (;;) {
      const spans = await printer.write(dir, chosen);
      const source = path.join(dir, "src", "program.rs");
      await writeFile(source, doctor(await readFile(source, "utf8")));
      try {
        const program = await this.built(dir, "printed");
        const isFunction = (key: string): boolean => printer.kindOf(key) !== "variable";
        const functions = printer.candidates.map((c) => keyOf(c.unit, c.name)).filter(isFunction);
        return {
          program,
          printed: functions.filter((key) => chosen.has(key)).length,
          all: functions.length + [...printer.reasons.keys()].filter(isFunction).length,
        };
      } catch (error) {
        const lines = [...String(error).matchAll(/src\/program\.rs:(\d+):/g)].map((m) => Number(m[1]));
        const refused = [...spans].filter(([, s]) => lines.some((l) => s.first <= l && l <= s.last));
        if (refused.length === 0) throw error;
        for (const [key] of refused) {
          const form = (chosen.get(key) ?? 0) + 1;
          const texts = printer.candidates.find((c) => keyOf(c.unit, c.name) === key)?.texts ?? [];
          if (form < texts.length) chosen.set(key, form);
          else chosen.delete(key);
        }
      }
    }
  }

  /** The port, as c2rust's Rust makes it. @returns its folder */
  private async port(): Promise<string> {
    const { c2rust } = await programTools();
    const unit = await transpile(this.unit, "program", c2rust);
    const provenance = {
      module: "program",
      kernel: { release: "none", arch: "x86_64", compiler: "gcc" },
      tools: {},
      headers: "translate" as const,
      units: [],
    };
    const port = await assemble(
      this.module,
      [unit],
      ["program"],
      provenance,
      (f) => path.basename(f),
      path.join(this.dir, "port"),
    );
    return port.dir;
  }

  /** Compiles a port and links it with its helpers. */
  private async built(dir: string, name: string): Promise<string> {
    const { rustc } = await programTools();
    const library = path.join(this.dir, `lib${name}.a`);
    await run(
      rustc.path,
      [
        "--edition=2021",
        "-Zunstable-options",
        "--cap-lints=allow",
        "-Copt-level=2",
        "-Cpanic=abort",
        "--crate-name=program",
        "--crate-type=staticlib",
        "-o",
        library,
        path.join(dir, "src", "lib.rs"),
      ],
      { cwd: dir, env: { RUSTC_BOOTSTRAP: "1" }, timeout: 300_000 },
    );
    const helpers = (await readdir(path.join(dir, "helpers")))
      .filter((f) => f.endsWith(".c"))
      .map((f) => path.join(dir, "helpers", f));
    return this.linked(name, [...helpers, library]);
  }

  private async linked(name: string, parts: readonly string[]): Promise<string> {
    const { clang } = await programTools();
    const program = path.join(this.dir, name);
    await writeFile(path.join(this.dir, "driver.c"), DRIVER);
    await run(clang.path, [...FLAGS, "-O2", "-o", program, path.join(this.dir, "driver.c"), ...parts], {
      cwd: this.dir,
      timeout: 120_000,
    });
    return program;
  }
}

/** A printer for a program's port, from the facts that a check's plugin writes. */
async function printerOf(port: string, unit: LoweredUnit, dir: string): Promise<PortPrinter> {
  const tools = await programTools();
  const plugin = await buildPlugin(tools);
  const { file } = unit.command;
  const out = path.join(dir, "facts.json");
  await run(tools.clang.path, [
    ...FLAGS,
    `-fplugin=${plugin}`,
    `-fplugin-arg-kport-out=${out}`,
    `-fplugin-arg-kport-own=${dir}`,
    "-c",
    "-o",
    path.join(dir, "facts.o"),
    file,
  ]);
  const printed = {
    name: "program",
    file,
    facts: await readFacts(out, file),
    moved: unit.moved,
    renamed: unit.renamed,
  };
  return PortPrinter.of(port, [printed], undefined, [dir, "/usr"]);
}
