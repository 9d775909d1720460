/** A module's units as one port: put together, printed, built and read back. */
import { cp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Report, UnitReport } from "../report/schema.ts";
import { symbolsOfCopy } from "./built-copy.ts";
import { printModule, printWords } from "./print-module.ts";
import { relativeIn, type Subject } from "./subject.ts";
import { assemble, type Port } from "../stages/assemble/index.ts";
import { build, type BuiltPort, type Origin } from "../stages/build/index.ts";
import { KeptHelpers } from "../stages/build/kept-helpers.ts";
import { lineOfC } from "../stages/build/rust-errors.ts";
import { inspect, type InspectedObject } from "../stages/inspect/index.ts";
import type { LoweredUnit } from "../stages/lower/index.ts";
import { writeSiblingSymbols } from "../stages/capture/siblings.ts";
import { countCasts, countRust } from "./translate-units.ts";
import type { TranspiledUnit } from "../stages/transpile/index.ts";

/** A module as Rust, and both read back. */
export interface Translation {
  port: Port;
  built: BuiltPort;
  c: InspectedObject;
  rust: InspectedObject;
}

/** What the stages leave in a check besides the translation, as far as they came: all of it comes back with one that was kept. */
export interface Account {
  /** As last translated. */
  lowered: LoweredUnit[];
  /** Functions that stayed C for nothing, and are Rust after all. */
  idle: ReadonlySet<string>;
  units: UnitReport[];
  objects: Report["objects"];
  functions: Report["functions"];
  printed: Report["printed"];
}

export class PortOfUnits {
  /** The port's folder, once there is one. */
  port: string | undefined;
  /** The Rust module, once it is built. */
  rustKo: string | undefined;
  private readonly subject: Subject;
  private readonly account: Account;
  /** @param account gets what each stage leaves */
  constructor(subject: Subject, account: Account) {
    this.subject = subject;
    this.account = account;
  }

  /** Put the units together, build that and read it back. */
  async put(units: TranspiledUnit[]): Promise<Translation> {
    const { proofs } = this.subject;
    // What was begun of the port before reads its folder.
    await proofs.ended();
    const port = await this.assemble(units);
    await this.print(port);
    proofs.begin(this.subject, this.account.lowered, port.dir);
    const built = await this.build(port);
    return { port, built, ...(await this.inspect(built)) };
  }

  private assemble(units: TranspiledUnit[]): Promise<Port> {
    const { work, captured, module, names, recorder, scratch } = this.subject;
    return recorder.stage("assemble", async () => {
      await Promise.all(["port", "build"].map((d) => rm(path.join(scratch, d), { recursive: true, force: true })));
      const provenance = {
        module: module.name,
        kernel: { release: work.kernel.release, arch: work.kernel.arch, compiler: work.kernel.compiler },
        tools: work.versions,
        headers: work.request.headers,
        units: units.map((u) => ({
          file: this.relative(u.unit.command.file),
          // The working copy lies elsewhere each time.
          flags: u.unit.helperFlags.map((f) => f.replaceAll(captured.copy.dir, ".")),
          keptInC: u.unit.keptInC,
        })),
      };
      const port = await assemble(
        module,
        units,
        names,
        provenance,
        (f) => this.relative(f),
        path.join(scratch, "port"),
      );
      this.port = port.dir;
      for (const [i, u] of units.entries()) {
        const unit = this.account.units[i] as UnitReport;
        unit.seconds = Number((unit.seconds + u.seconds).toFixed(2));
      }
      this.countRust(port);
      this.account.functions = port.functions;
      return {
        value: port,
        say: `${port.sources.length} Rust files, ${port.lines.reduce((a, b) => a + b, 0)} lines of the units`,
      };
    });
  }

  /** Functions as they read in C, where they are the same machine code. */
  private print(port: Port): Promise<void> {
    const { work, module, names, recorder, scratch, ir, asWritten } = this.subject;
    return recorder.stage("print", async () => {
      // What is proved later is read meanwhile: rustc compiles a crate on one processor.
      const { lowered } = this.account;
      if (typeof work.provers !== "string" && (await ir.begin(lowered)))
        asWritten.begin({ units: lowered, names, ir }, work.provers, work.units);
      const made = await printModule({
        module,
        units: lowered,
        names,
        port,
        kernel: work.kernel,
        rustc: work.tools.rustc,
        scratch,
        ...(typeof work.provers === "string"
          ? {}
          : {
              proofs: {
                ...work.provers,
                clang: work.tools.clang,
                ir,
                limit: work.units,
                workDir: work.workDir,
              },
            }),
      });
      this.account.printed = made;
      await this.mistaken(port);
      this.countRust(port);
      return { value: undefined, say: printWords(made) };
    });
  }

  private async mistaken(port: Port): Promise<void> {
    const { names, work } = this.subject;
    const change = work.doctor?.printed;
    if (change === undefined) return;
    for (const [i, name] of names.entries()) {
      const text = change(port.texts[i] as string);
      port.texts[i] = text;
      await writeFile(path.join(port.dir, `src/${name}.rs`), text);
    }
  }

  private countRust(port: Port): void {
    for (const [i, unit] of this.account.units.entries())
      Object.assign(unit, {
        rustLines: port.lines[i] ?? 0,
        unsafe: countRust(port.texts[i] ?? ""),
        casts: countCasts(port.texts[i] ?? ""),
      });
  }

  private build(port: Port): Promise<BuiltPort> {
    const { work, captured, module, recorder, scratch } = this.subject;
    return recorder.stage("build", async () => {
      // Built in a copy: what a pull request contains is the port without its objects.
      const copy = path.join(scratch, "build");
      await cp(port.dir, copy, { recursive: true });
      const symbols = await writeSiblingSymbols(await symbolsOfCopy(captured), module.name, copy);
      const kept =
        work.around === undefined
          ? undefined
          : await KeptHelpers.of(copy, work.workDir, [
              work.around,
              module.name,
              work.kernel.release,
              work.kernel.buildDir,
            ]);
      await kept?.putBack();
      const value = await build(copy, module.name, work.kernel, work.tools.rustc, symbols, (file, line) =>
        this.originOf(port, file, line),
      );
      this.rustKo = value.ko;
      if (value.warnings.length === 0) await kept?.keep();
      return {
        value,
        say: `${module.name}.ko linked${value.coreCached ? "" : " (core was compiled first)"}`,
        cached: false,
      };
    });
  }

  /** The C, in the working copy, that a line of the port was made of. */
  private originOf(port: Port, file: string, line: number): ReturnType<Origin> {
    const { names, captured } = this.subject;
    const unit = names.findIndex((n) => file === `src/${n}.rs`);
    const c = unit < 0 ? undefined : lineOfC(port.texts[unit] ?? "", line, port.functions);
    return c && { ...c, path: path.resolve(captured.copy.dir, c.file) };
  }

  private inspect(built: BuiltPort): Promise<{ c: InspectedObject; rust: InspectedObject }> {
    const { work, module, recorder } = this.subject;
    return recorder.stage("inspect", async () => {
      const readelf = work.tools.llvmReadelf.path;
      const [c, rust] = await Promise.all([inspect(module.ko, readelf), inspect(built.ko, readelf)]);
      this.account.objects = { c: reported(c), rust: reported(rust) };
      return {
        value: { c, rust },
        say: `text ${c.text} bytes in C, ${rust.text} in Rust (${(rust.text / Math.max(1, c.text)).toFixed(2)} times)`,
      };
    });
  }

  private relative(file: string): string {
    return relativeIn(this.subject.captured, file);
  }
}

/** What a report says of an object. */
export function reported({ elf: _elf, code: _code, ...facts }: InspectedObject): NonNullable<Report["objects"]["c"]> {
  return facts;
}
