/** The print stage of one module: what can be printed is, and what the gate lets through stays. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { log } from "../machine/log.ts";
import { readFacts } from "../facts/read.ts";
import type { Port } from "../stages/assemble/index.ts";
import type { CapturedModule } from "../stages/captured-modules.ts";
import type { LoweredUnit } from "../stages/lower/index.ts";
import { keyOf, PortPrinter, type Span, type UnitToPrint } from "../stages/print/index.ts";

/** What the gate says of each candidate, by `unit name`. */
export type Settled = ReadonlyMap<string, { form: number } | { reason: string }>;

export interface PrintRequest {
  module: CapturedModule;
  units: readonly LoweredUnit[];
  names: readonly string[];
  port: Port;
  rustfmt: string | undefined;
  /** Finds the forms that are the same machine code as what they stand for. */
  settle: (printer: PortPrinter) => Promise<Settled>;
}

export interface PrintedModule {
  printed: number;
  /** Functions that keep c2rust's text, with the reason of each. */
  kept: { unit: string; name: string; reason: string }[];
  comments: { kept: number; all: number };
}

/** Print into the port. A unit without facts stays as it is. */
export async function printModule(rq: PrintRequest): Promise<PrintedModule> {
  const { port } = rq;
  const printer = await PortPrinter.of(port.dir, await unitsToPrint(rq), rq.rustfmt);
  const settled = await rq.settle(printer);
  const chosen = new Map([...settled].flatMap(([key, s]) => ("form" in s ? [[key, s.form] as const] : [])));
  const spans = await printer.write(port.dir, chosen);
  await takeOver(port, rq.names, spans);
  const reasons = new Map([...printer.reasons, ...[...settled].flatMap(([key, s]) => ("reason" in s ? [[key, s.reason] as const] : []))]);
  const comments = { kept: 0, all: 0 };
  for (const [key, c] of printer.comments) {
    if (chosen.has(key)) comments.kept += c.kept;
    comments.all += c.all;
  }
  const kept = [...reasons].map(([key, reason]) => ({ unit: key.split(" ")[0] as string, name: key.split(" ")[1] as string, reason }));
  for (const k of kept) log.debug(`${k.unit}: ${k.name} as c2rust has it: ${k.reason}`);
  return { printed: chosen.size, kept, comments };
}

async function unitsToPrint({ module, units, names }: PrintRequest): Promise<UnitToPrint[]> {
  const factsOf = new Map(module.objects.flatMap((o) => (o.kind === "c" && o.facts !== undefined ? [[o.command.file, o.facts] as const] : [])));
  const out: UnitToPrint[] = [];
  for (const [i, u] of units.entries()) {
    const file = factsOf.get(u.command.file);
    if (file === undefined) continue;
    out.push({ name: names[i] as string, facts: await readFacts(file, u.command.file), moved: u.moved, renamed: u.renamed });
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
    const lines = text.split("\n");
    for (const f of port.functions) {
      const span = spans.get(keyOf(file, f.name));
      if (span) f.rust = lines.slice(span.first - 1, span.last).join("\n");
    }
  }
}

/** `38 of 41 functions as they read in C; 3 as c2rust has them: assembly (2), …`. */
export function printWords({ printed, kept }: PrintedModule): string {
  const by = [...Map.groupBy(kept, (k) => k.reason)].sort(([, a], [, b]) => b.length - a.length).slice(0, 3).map(([reason, all]) => (all.length > 1 ? `${reason} (${all.length})` : reason));
  return `${printed} of ${printed + kept.length} functions as they read in C${kept.length === 0 ? "" : `; ${kept.length} as c2rust has them: ${by.join(", ")}`}`;
}
