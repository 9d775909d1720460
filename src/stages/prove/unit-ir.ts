/** LLVM IR of a module's units: made once for all that prove something of them, begun while the Rust is printed, and kept for later runs. */
import { cpus } from "node:os";
import pLimit from "p-limit";
import { withoutComments } from "../../c/comments.ts";
import { contentKey } from "../../machine/cache.ts";
import { isKeptResult, keepResult, keptResult } from "../../machine/result-store.ts";
import type { Sandbox } from "../../machine/process.ts";
import type { LoweredUnit } from "../lower/index.ts";
import { asC } from "../lowered-c/text.ts";
import { IrModule } from "./ir/read-module.ts";
import { loweredIr } from "./lowered-ir.ts";
import { helpersIr, helpersText, type WrittenIr, writtenIr } from "./written.ts";

export interface UnitIrInput {
  clang: string;
  /** The sandbox that the module's own C was built in. */
  sandbox: Sandbox;
  /** This run's folder, in which the module lies. */
  workDir: string;
  /** A digest of all that clang sees besides the module; nothing is kept without it. */
  around?: string;
}

const KIND = "unit-ir";
const FORMAT = "unit-ir 2";

export class UnitIr {
  private readonly in: UnitIrInput;
  private readonly made = new Map<string, Promise<string>>();
  private readonly modules = new Map<string, Promise<IrModule>>();
  private readonly limit = pLimit({ concurrency: cpus().length, rejectOnClear: true });
  constructor(input: UnitIrInput) {
    this.in = input;
  }

  /** @throws StageError("prove") with clang's words, as all of these do */
  lowered(unit: LoweredUnit): Promise<string> {
    const { clang, sandbox } = this.in;
    return this.once(this.loweredKey(unit), this.in.around !== undefined, () => loweredIr(unit, clang, sandbox));
  }

  /** The lowered unit's, read: once for all that look into it. */
  module(unit: LoweredUnit): Promise<IrModule> {
    const key = this.loweredKey(unit);
    const read = this.modules.get(key) ?? this.lowered(unit).then((text) => new IrModule(text));
    this.modules.set(key, read);
    return read;
  }

  /** Of the unit as it was captured, and of its helpers. */
  async written(unit: LoweredUnit): Promise<WrittenIr> {
    const { clang, sandbox } = this.in;
    const keeps = this.in.around !== undefined && unit.seen !== undefined;
    const [whole, helpers] = await Promise.all([
      this.once(this.writtenKey(unit), keeps, () => writtenIr(unit, clang, sandbox)),
      unit.helpers === undefined
        ? undefined
        : this.once(this.helpersKey(unit), keeps, () => helpersIr(unit, clang, sandbox)),
    ]);
    return { unit: whole, helpers };
  }

  /**
   * Begin what no earlier run has kept. What comes of it is told to who asks for it.
   * @returns whether there was any
   */
  async begin(units: readonly LoweredUnit[]): Promise<boolean> {
    let any = false;
    const isKept = (key: string): Promise<boolean> => isKeptResult(KIND, key, this.in.workDir);
    for (const unit of units) {
      const [lowered, written] = [await isKept(this.loweredKey(unit)), await isKept(this.writtenKey(unit))];
      if (!lowered) this.lowered(unit).catch(() => undefined);
      if (!written) this.written(unit).catch(() => undefined);
      any ||= !lowered || !written;
    }
    return any;
  }

  /** What has not begun will not, and nothing runs any more when this returns. */
  async ended(): Promise<void> {
    this.limit.clearQueue();
    await Promise.allSettled(this.made.values());
    this.made.clear();
    this.modules.clear();
  }

  private once(key: string, keeps: boolean, make: () => Promise<string>): Promise<string> {
    const made = this.made.get(key) ?? this.limit(() => (keeps ? this.kept(key, make) : make()));
    this.made.set(key, made);
    return made;
  }

  private async kept(key: string, make: () => Promise<string>): Promise<string> {
    const { workDir } = this.in;
    const before = await keptResult<string>(KIND, key, workDir);
    if (before !== undefined) return before.value;
    const ir = await make();
    await keepResult(KIND, key, workDir, ir);
    return ir;
  }

  /** Its lowered text includes nothing. */
  private loweredKey(unit: LoweredUnit): string {
    return this.keyOf("lowered", unit, withoutComments(asC(unit)));
  }

  private writtenKey(unit: LoweredUnit): string {
    return this.keyOf("written", unit, unit.seen ?? unit.command.file);
  }

  private helpersKey(unit: LoweredUnit): string {
    return this.keyOf("helpers", unit, unit.seen ?? unit.command.file, helpersText(unit));
  }

  private keyOf(what: string, { command }: LoweredUnit, ...parts: string[]): string {
    const { clang, around = "", workDir } = this.in;
    const words = [command.directory, ...command.arguments, ...parts].map((w) => w.replaceAll(workDir, "\0"));
    return contentKey([FORMAT, what, around, clang, ...words]);
  }
}
