/** Compiles helpers the way kbuild will, to learn which of them C itself refuses. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { run, type Sandbox } from "../../machine/process.ts";
import type { KbuildCommand } from "../../toolchain/kbuild.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { type CodeOf, readCode, relocationIn, sectionIn } from "../inspect/code.ts";
import { toolsBeside } from "../inspect/elf.ts";
import type { HelperSource } from "./helper-source.ts";

export interface TrialResult {
  /** Helpers that do not compile, with the compiler's word on each. */
  refused: Map<string, string>;
  /** Errors that belong to no helper: the preamble's. */
  errors: string[];
  /** Undefined symbols each helper needs. */
  needs: Map<string, Set<string>>;
  /** The code of each helper; empty where something was refused. */
  code: Map<string, CodeOf>;
}

/** What C compilers only warn of, and is another call than the one that was meant: arguments in another order, a function that nothing declares. */
const NO_SUCH_CALL = [
  "int-conversion",
  "incompatible-pointer-types",
  "implicit-function-declaration",
  "implicit-int",
].map((w) => `-Werror=${w}`);

/** Compiles a unit's helpers with the kernel's own compiler. */
export class HelperTrial {
  private readonly kernel: Kernel;
  private readonly kbuild: KbuildCommand;
  private readonly extra: readonly string[];
  private readonly scratch: { sources: string; objects: string };
  private readonly readelf: string;
  private readonly sandbox: Sandbox | undefined;
  /** @param scratch folders for what the compiler reads and for what it writes */
  constructor(
    kernel: Kernel,
    kbuild: KbuildCommand,
    extra: readonly string[],
    scratch: { sources: string; objects: string },
    readelf: string,
    sandbox: Sandbox | undefined,
  ) {
    this.kernel = kernel;
    this.kbuild = kbuild;
    this.extra = extra;
    this.scratch = scratch;
    this.readelf = readelf;
    this.sandbox = sandbox;
  }

  async compile(source: HelperSource): Promise<TrialResult> {
    const file = path.join(this.scratch.sources, "helpers.c");
    const object = path.join(this.scratch.objects, "helpers.o");
    await writeFile(file, source.text);
    const options = {
      cwd: this.kernel.buildDir,
      allowFailure: true,
      timeout: 300_000,
      ...(this.sandbox ? { sandbox: this.sandbox } : {}),
    };
    const r = await run(
      this.kbuild.compiler,
      [...this.kbuild.flags, ...this.extra, ...NO_SUCH_CALL, "-ffunction-sections", "-c", "-o", object, file],
      options,
    );
    const result: TrialResult = { refused: new Map(), errors: [], needs: new Map(), code: new Map() };
    if (r.exitCode !== 0) {
      attribute(r.stderr, file, source, result);
      return result;
    }
    // The compiler is that of the kernel's root file system; what reads its object is this machine's, and not all of it is lent to the root.
    const reading = { timeout: 300_000, ...(this.sandbox ? { sandbox: withoutRoot(this.sandbox) } : {}) };
    const { stdout } = await run(
      toolsBeside(this.readelf).objdump,
      ["-t", "-d", "-r", "--no-show-raw-insn", object],
      reading,
    );
    result.needs = undefinedNeeds(stdout);
    for (const f of readCode(stdout)) result.code.set(f.symbol, f);
    return result;
  }
}

/**
 * The undefined symbols that each section of code (-ffunction-sections) is relocated by: of `llvm-objdump -t -d -r`. Not by the targets that
 * `readCode` tells: of an instruction with two relocations it keeps one.
 */
function undefinedNeeds(dump: string): Map<string, Set<string>> {
  const undefinedSymbols = new Set(
    [...dump.matchAll(/^[0-9a-f]{16} .* \*UND\*\t[0-9a-f]{16} (\S+)$/gm)].map((m) => m[1]),
  );
  const needs = new Map<string, Set<string>>();
  let section: string | undefined;
  for (const line of dump.split("\n")) {
    const head = sectionIn(line);
    if (head !== undefined) section = /^\.text\.(\S+)$/.exec(head)?.[1];
    const target = relocationIn(line);
    if (section === undefined || target === undefined || !undefinedSymbols.has(target)) continue;
    const set = needs.get(section) ?? new Set<string>();
    set.add(target);
    needs.set(section, set);
  }
  return needs;
}

function withoutRoot({ root: _, ...sandbox }: Sandbox): Sandbox {
  return sandbox;
}

/**
 * Give each error to the helper it happened in. gcc names the functions ("In function 'x', inlined from 'y' at …"), which is the only
 * trace that errors found after inlining leave: an impossible asm constraint, a call of a function with the error attribute.
 */
function attribute(stderr: string, file: string, source: HelperSource, result: TrialResult): void {
  let context: string[] = [];
  let fresh = true;
  for (const line of stderr.split("\n")) {
    const named = [...line.matchAll(/(?:In function|inlined from) [‘'`]([\w.]+)['’]/g)].map((m) =>
      (m[1] as string).replace(/\..*$/, ""),
    );
    if (named.length > 0) {
      context = fresh ? named : [...context, ...named];
      fresh = false;
      continue;
    }
    if (!/\berror:/.test(line)) continue;
    fresh = true;
    const message = line.replace(/^.*?\berror:\s*/, "");
    const at = new RegExp(`^${file.replaceAll(/[.+]/g, "\\$&")}:(\\d+):`).exec(line)?.[1];
    const byLine =
      at === undefined
        ? undefined
        : [...source.lines].find(([, l]) => l.first <= Number(at) && Number(at) <= l.last)?.[0];
    const helper = byLine ?? context.findLast((c) => source.lines.has(c));
    if (helper === undefined) result.errors.push(line);
    else if (!result.refused.has(helper)) result.refused.set(helper, message);
  }
}
