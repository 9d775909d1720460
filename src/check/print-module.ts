/** The print stage of one module: what can be printed is, and what the gate lets through stays. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Report } from "../report/schema.ts";
import { log } from "../machine/log.ts";
import { readFacts } from "../facts/read.ts";
import type { Port } from "../stages/assemble/index.ts";
import { narrowAllowances } from "../stages/assemble/lints.ts";
import type { CapturedModule } from "../stages/capture/captured-modules.ts";
import type { LoweredUnit } from "../stages/lower/index.ts";
import type { Passed } from "../stages/gate/candidate.ts";
import { CrateCompiler } from "../stages/gate/compiled-crate.ts";
import { refine, type Rewrite } from "../stages/gate/refine.ts";
import { settle } from "../stages/gate/settle.ts";
import { candidateProver, type CandidateInput } from "../stages/prove/candidates.ts";
import type { Kernel } from "../toolchain/kernel.ts";
import { findRustfmt } from "../toolchain/rustfmt.ts";
import type { RustCompiler } from "../toolchain/tools.ts";
import { HEEDED, lintRewrites } from "../stages/print/items/rustc-says.ts";
import { fileMacros, rewrites } from "../stages/print/items/rewrites.ts";
import { type CandidateKind, keyOf, PortPrinter, type Span, type UnitToPrint } from "../stages/print/index.ts";

export interface PrintRequest {
  module: CapturedModule;
  units: readonly LoweredUnit[];
  names: readonly string[];
  port: Port;
  kernel: Kernel;
  rustc: RustCompiler;
  /** A folder for scratch copies. */
  scratch: string;
  /** What proofs take; absent where this machine has not the tools. */
  proofs?: Pick<CandidateInput, "opt" | "z3" | "clang" | "ir" | "limit" | "workDir">;
}

export type PrintedModule = NonNullable<Report["printed"]>;

/** Print into the port. A unit without facts stays as it is. */
export async function printModule(rq: PrintRequest): Promise<PrintedModule> {
  const { port, proofs } = rq;
  const crate = { module: rq.module.name, kernel: rq.kernel, rustc: rq.rustc, scratch: rq.scratch };
  const printer = await PortPrinter.of(port.dir, await unitsToPrint(rq), (await findRustfmt(rq.rustc))?.path, [
    rq.module.root,
    rq.kernel.buildDir,
    ...rq.kernel.readable,
    "/usr",
  ]);
  const { settled, crate: compiled } = await settle({
    macro: (name) => printer.book.macroText(name),
    ...crate,
    base: port.dir,
    candidates: printer.candidates,
    write: (dir, chosen) => printer.write(dir, chosen),
    ...(proofs ? { prover: candidateProver({ ...crate, ...proofs, units: rq.units, names: rq.names }) } : {}),
  });
  const chosen = new Map([...settled].flatMap(([key, s]) => ("form" in s ? [[key, s.form] as const] : [])));
  await printer.write(port.dir, chosen);
  await printer.format(port.dir);
  const all = rewrites(printer.unitsOfC(), printer.helpers(), printer.bounds());
  const compiler = await CrateCompiler.for({ ...crate, lints: HEEDED });
  const refining = { ...crate, compiler, dir: port.dir, before: compiled };
  const refused = await refine({ ...refining, rewrites: all });
  // What macros at file scope hold is the text of functions until then: their blocks come first.
  const asLinted = async (): Promise<Rewrite[]> => lintRewrites(await compiler.warnings(port.dir));
  let last = 0;
  // What the macros say now, nothing imports for itself any more.
  for (const next of [async () => [...(await asLinted()), fileMacros(printer.unitsOfC())], asLinted]) {
    const these = await next();
    last += these.length;
    for (const [name, why] of await refine({ ...refining, rewrites: these })) refused.set(name, why);
  }
  for (const [name, why] of refused) log.debug(`${rq.module.name}: not so that ${name}: ${why}`);
  const reasons = new Map([
    ...printer.reasons,
    ...[...settled].flatMap(([key, s]) => ("reason" in s ? [[key, s.reason] as const] : [])),
  ]);
  if (refused.size === 0) await narrowAllowances(port.dir, withTextOfC2rust(rq, printer, [...reasons.keys()]));
  const spans = await printer.finish(port.dir, chosen);
  await takeOver(port, rq.names, spans);
  const comments = { kept: 0, all: 0 };
  for (const [key, c] of printer.comments) {
    if (!chosen.has(key)) continue;
    comments.kept += c.kept;
    comments.all += c.all;
  }
  const left = Map.groupBy(
    [...reasons].map(([key, reason]) => ({
      key,
      file: key.split(" ")[0] as string,
      name: key.split(" ")[1] as string,
      reason,
    })),
    ({ key }) => printer.kindOf(key),
  );
  for (const k of [...left.values()].flat()) log.debug(`${k.file}: ${k.name} as c2rust has it: ${k.reason}`);
  const kept = (kind: CandidateKind): PrintedModule["kept"] => left.get(kind)?.map(({ key: _, ...k }) => k) ?? [];
  const printed = (kind: CandidateKind): number =>
    [...chosen.keys()].filter((key) => printer.kindOf(key) === kind).length;
  return {
    functions: printed("function"),
    passed: passedBy(
      [...settled].flatMap(([key, s]) => ("form" in s && printer.kindOf(key) === "function" ? [s.by] : [])),
    ),
    kept: kept("function"),
    comments,
    macros: printer.macros(chosen),
    items: { printed: printed("variable"), kept: kept("variable") },
    headers: { printed: printed("header function"), kept: kept("header function") },
    rewrites: {
      taken: all.length + last - refused.size,
      refused: [...refused].map(([name, reason]) => ({ name, reason })),
    },
  };
}

function passedBy(all: readonly Passed[]): NonNullable<PrintedModule["passed"]> {
  const count = (by: Passed): number => all.filter((p) => p === by).length;
  return { sameMachineCode: count("same-machine-code"), sameCode: count("same-code"), proved: count("proved") };
}

/** Files that hold text of c2rust's still: units without facts, and those of what was not printed. */
function withTextOfC2rust({ names }: PrintRequest, printer: PortPrinter, left: readonly string[]): Set<string> {
  const known = new Set(printer.unitsOfC().map((u) => u.file));
  const files = new Set(names.map((n) => `src/${n}.rs`).filter((f) => !known.has(f)));
  for (const key of left) {
    files.add(key.split(" ")[0] as string);
    if (printer.kindOf(key) === "header function") files.add("src/kernel.rs");
  }
  return files;
}

async function unitsToPrint({ module, units, names }: PrintRequest): Promise<UnitToPrint[]> {
  const factsOf = new Map(
    module.objects.flatMap((o) =>
      o.kind === "c" && o.facts !== undefined ? [[o.command.file, o.facts] as const] : [],
    ),
  );
  const out: UnitToPrint[] = [];
  for (const [i, u] of units.entries()) {
    const file = factsOf.get(u.command.file);
    if (file === undefined) continue;
    out.push({
      name: names[i] as string,
      file: u.command.file,
      facts: await readFacts(file, u.command.file),
      moved: u.moved,
      renamed: u.renamed,
    });
  }
  return out;
}

/** The port's account of its own text. */
async function takeOver(port: Port, names: readonly string[], spans: ReadonlyMap<string, Span>): Promise<void> {
  for (const [i, name] of names.entries()) {
    const file = `src/${name}.rs`;
    const text = await readFile(path.join(port.dir, file), "utf8");
    port.texts[i] = text;
    port.lines[i] = text.trimEnd().split("\n").length;
    const headers = await readFile(path.join(port.dir, "src/headers.rs"), "utf8");
    for (const f of port.functions) {
      const span = spans.get(keyOf(file, f.name));
      if (span)
        f.rust = (span.file === file ? text : headers)
          .split("\n")
          .slice(span.first - 1, span.last)
          .join("\n");
    }
  }
}

/** `38 of 41 functions (6 shown against the lowered C) and 12 of 12 variables as they read in C; 3 as c2rust has them: assembly (2), …`. */
export function printWords({ functions, kept, passed, items = { printed: 0, kept: [] } }: PrintedModule): string {
  const left = [...kept, ...items.kept];
  const by = [...Map.groupBy(left, (k) => k.reason)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, 3)
    .map(([reason, all]) => (all.length > 1 ? `${reason} (${all.length})` : reason));
  const variables = items.printed + items.kept.length;
  const shown = passed === undefined ? 0 : passed.sameCode + passed.proved;
  return `${functions} of ${functions + kept.length} functions${shown === 0 ? "" : ` (${shown} shown against the lowered C)`}${variables === 0 ? "" : ` and ${items.printed} of ${variables} variables`} as they read in C${left.length === 0 ? "" : `; ${left.length} as c2rust has them: ${by.join(", ")}`}`;
}
