/** C programs through the stages that make Rust of a module, and linked as one program: no kernel takes part. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
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

/** What the programs may call of the C library. */
const LIBC = new Set(["printf", "memcpy", "memset", "memcmp", "memmove", "strcmp", "strlen", "abort", "__assert_fail"]);

/** How programs are compiled, and what calls them. */
export interface ProgramShape {
  /** Everywhere: as C, lowered, by c2rust. */
  flags: readonly string[];
  /** Headers that are the program's own. */
  headers: string;
  /** C that holds `main`, and takes the words of a Rust panic. */
  driver: string;
}

/** Changes what a stage made: for the negative controls. */
export interface Doctors {
  lowered?: (text: string) => string;
  rust?: (text: string) => string;
  printed?: (text: string) => string;
}

/** What a program's file is called as a unit: `a_b` for `a-b.c`. */
export function programName(file: string): string {
  return path.basename(file, ".c").replaceAll("-", "_");
}

/** The tools, looked for once. */
export function programTools(): ReturnType<typeof find> {
  found ??= find();
  return found;
}
const find = () => requireTools(["clang", "llvmConfig", "llvmReadelf", "c2rust", "rustc", "gcc"]);
let found: ReturnType<typeof find> | undefined;

/** Lowered programs, on their way to Rust and to C: units of one crate. */
export class LoweredProgram {
  readonly units: readonly LoweredUnit[];
  private readonly names: readonly string[];
  private readonly module: CapturedModule;
  private readonly shape: ProgramShape;
  private readonly dir: string;
  private constructor(
    units: readonly LoweredUnit[],
    names: readonly string[],
    module: CapturedModule,
    shape: ProgramShape,
    dir: string,
  ) {
    this.units = units;
    this.names = names;
    this.module = module;
    this.shape = shape;
    this.dir = dir;
  }

  /**
   * @param files in one folder, of which nothing is read but them
   * @param dir a folder of the program's own, to work in
   * @throws StageError as the stage does
   */
  static async of(files: readonly string[], dir: string, shape: ProgramShape): Promise<LoweredProgram> {
    const tools = await programTools();
    const names = files.map(programName);
    const module: CapturedModule = {
      name: "program",
      ko: "",
      root: dir,
      builtIn: dir,
      objects: files.map((file, i) => {
        const output = path.join(dir, `${names[i]}.o`);
        const command = [tools.clang.path, ...shape.flags, "-c", "-o", output, file];
        return { kind: "c", command: { file, directory: dir, arguments: command, output } };
      }),
    };
    const lowered = await lowerUnits(module, names, pLimit(os.availableParallelism()), {
      keepInC: new Map(),
      kernel: { release: "none", arch: "x86_64", buildDir: dir, readable: [], compiler: "gcc" },
      kbuild: { compiler: tools.gcc.path, flags: ["-fno-builtin-printf"] },
      clang: tools.clang.path,
      plugin: await buildPlugin(tools),
      readelf: tools.llvmReadelf.path,
      headers: "translate",
      isOwn: (f) => files.includes(f) || f.startsWith(shape.headers),
      importable: LIBC,
    });
    const units = lowered.map((u) => {
      if (u.value === undefined) throw u.error ?? new Error("no unit");
      return u.value;
    });
    return new LoweredProgram(units, names, module, shape, dir);
  }

  /** The same with another text: for the negative controls. */
  doctored(change: (text: string) => string): LoweredProgram {
    const units = this.units.map((u) => ({ ...u, text: change(u.text) }));
    return new LoweredProgram(units, this.names, this.module, this.shape, this.dir);
  }

  /** @returns the lowered C as a program */
  async inC(): Promise<string> {
    const sources = await Promise.all(
      this.units.map(async (unit, i) => {
        const source = path.join(this.dir, `${this.names[i]}.i`);
        await writeFile(source, asC(unit));
        return source;
      }),
    );
    const { files } = await cParts(this.module, this.units, this.names, (f) => path.basename(f), this.dir);
    await mkdir(path.join(this.dir, "helpers"), { recursive: true });
    for (const [name, text] of files) await writeFile(path.join(this.dir, name), text);
    return this.linked("lowered", [...[...files.keys()].map((f) => path.join(this.dir, f)), ...sources]);
  }

  /**
   * @param doctor changes the Rust before it is compiled
   * @returns the Rust program
   * @throws StageError as the stages do; of stage "tool" when the Rust does not compile
   */
  async inRust(doctor: (rust: string) => string): Promise<string> {
    const dir = await this.port();
    await this.change(dir, doctor);
    return this.built(dir, "rust");
  }

  /**
   * The Rust that people read, taken on trust: no gate has seen it. A function that does not compile in one form is written in the next,
   * and at last as c2rust has it.
   * @returns the program, how many of its functions are printed, and why the others are not
   */
  async inPrinted(
    doctor: (rust: string) => string,
  ): Promise<{ program: string; printed: number; all: number; unprinted: string[] }> {
    const dir = await this.port();
    const printer = await this.printerOf(dir);
    const chosen = new Map(printer.candidates.map((c) => [keyOf(c.unit, c.name), 0]));
    for (;;) {
      const spans = await printer.write(dir, chosen);
      await this.change(dir, doctor);
      try {
        const program = await this.built(dir, "printed");
        const isFunction = (key: string): boolean => printer.kindOf(key) !== "variable";
        const functions = printer.candidates.map((c) => keyOf(c.unit, c.name)).filter(isFunction);
        return {
          program,
          unprinted: [...printer.reasons].map(([key, why]) => `${key.replace("\n", "/")}: ${why}`),
          printed: functions.filter((key) => chosen.has(key)).length,
          all: functions.length + [...printer.reasons.keys()].filter(isFunction).length,
        };
      } catch (error) {
        const places = [...String(error).matchAll(/(src\/\w+\.rs):(\d+):/g)].map((m) => ({
          file: m[1],
          line: Number(m[2]),
        }));
        const refused = [...spans].filter(([, s]) =>
          places.some(({ file, line }) => s.file === file && s.first <= line && line <= s.last),
        );
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
    const units = await Promise.all(this.units.map((unit, i) => transpile(unit, this.names[i] as string, c2rust)));
    const provenance = {
      module: "program",
      kernel: { release: "none", arch: "x86_64", compiler: "gcc" },
      tools: {},
      headers: "translate" as const,
      units: [],
    };
    const port = await assemble(
      this.module,
      units,
      this.names,
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
    await writeFile(path.join(this.dir, "driver.c"), this.shape.driver);
    await run(clang.path, [...this.shape.flags, "-O2", "-o", program, path.join(this.dir, "driver.c"), ...parts], {
      cwd: this.dir,
      timeout: 120_000,
    });
    return program;
  }

  private async change(port: string, doctor: (rust: string) => string): Promise<void> {
    for (const name of this.names) {
      const source = path.join(port, "src", `${name}.rs`);
      await writeFile(source, doctor(await readFile(source, "utf8")));
    }
  }

  /** A printer for the port, from the facts that a check's plugin writes. */
  private async printerOf(port: string): Promise<PortPrinter> {
    const tools = await programTools();
    const plugin = await buildPlugin(tools);
    const units = await Promise.all(
      this.units.map(async (unit, i) => {
        const { file } = unit.command;
        const out = path.join(this.dir, `${this.names[i]}.facts.json`);
        await run(tools.clang.path, [
          ...this.shape.flags,
          `-fplugin=${plugin}`,
          `-fplugin-arg-kport-out=${out}`,
          `-fplugin-arg-kport-own=${path.dirname(file)}`,
          "-c",
          "-o",
          path.join(this.dir, `${this.names[i]}.facts.o`),
          file,
        ]);
        const facts = await readFacts(out, file);
        return { name: this.names[i] as string, file, facts, moved: unit.moved, renamed: unit.renamed };
      }),
    );
    const folders = this.units.map((u) => path.dirname(u.command.file));
    return PortPrinter.of(port, units, undefined, [...folders, "/usr"]);
  }
}
