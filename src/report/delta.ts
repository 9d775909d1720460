/** What changed in the numbers between two reports on the same module: `report.delta`. */
import type { Delta, Finding, Report } from "./schema.ts";
import { totalsOf } from "./facts.ts";
import { knownFunctions } from "./known.ts";

type Unit = Delta["metrics"][number]["unit"];

function metricsOf(report: Report): Map<string, { unit: Unit; value: number | undefined }> {
  const totals = report.units.length === 0 ? undefined : totalsOf(report);
  const { rust } = report.objects;
  const { proofs } = report;
  const known = proofs === undefined || proofs.leftOut !== undefined ? undefined : knownFunctions(report);
  const knownAs = (...tiers: string[]): number | undefined => known?.filter((f) => tiers.includes(f.known)).length;
  return new Map([
    ["text", { unit: "bytes", value: rust?.text }],
    ["data", { unit: "bytes", value: rust === undefined ? undefined : rust.data + rust.bss }],
    ["ko", { unit: "bytes", value: rust?.bytes }],
    ["imports", { unit: "count", value: rust?.imports.length }],
    ["lines", { unit: "count", value: totals?.rustLines }],
    ["casts", { unit: "count", value: totals?.casts }],
    ["unsafe-blocks", { unit: "count", value: totals?.unsafe.blocks }],
    ["unsafe-functions", { unit: "count", value: totals?.unsafe.functions }],
    ["raw-pointer-derefs", { unit: "count", value: totals?.unsafe.rawPointerDerefs }],
    ["static-mut", { unit: "count", value: totals?.unsafe.staticMut }],
    ["asm", { unit: "count", value: totals?.unsafe.asm }],
    ["kept-in-c", { unit: "count", value: totals?.keptInC }],
    ["proved", { unit: "count", value: knownAs("same-code", "proved") }],
    ["review", { unit: "count", value: knownAs("observed", "none") }],
    ["findings", { unit: "count", value: report.findings.length }],
    ["boot", { unit: "seconds", value: report.boot?.rust?.status === "ok" ? report.boot.rust.seconds : undefined }],
  ]);
}

/** Two findings are the same where only the line moved: an edit above it is no new finding. */
function identityOf(finding: Finding): string {
  return JSON.stringify([finding.check, finding.severity, finding.file ?? "", finding.message]);
}

/** What of `one` is not in `other`, each as often as it occurs more often. */
function without<T>(one: readonly T[], other: readonly T[], identity: (item: T) => string): T[] {
  const left = new Map<string, number>();
  for (const item of other) left.set(identity(item), (left.get(identity(item)) ?? 0) + 1);
  return one.filter((item) => {
    const count = left.get(identity(item)) ?? 0;
    if (count > 0) left.set(identity(item), count - 1);
    return count === 0;
  });
}

function nameChanges(
  base: readonly string[] | undefined,
  head: readonly string[] | undefined,
): { added: string[]; removed: string[] } {
  if (base === undefined || head === undefined) return { added: [], removed: [] };
  const same = (name: string) => name;
  return { added: without(head, base, same).sort(), removed: without(base, head, same).sort() };
}

/** Of functions that both have: one that is new has lost nothing. */
function proofChanges(base: Report, head: Report): Delta["proofs"] {
  const proofsOf = ({ proofs }: Report): Map<string, { name: string; isProved: boolean }> | undefined =>
    proofs === undefined || proofs.leftOut !== undefined
      ? undefined
      : new Map(
          proofs.functions.map((f) => [
            JSON.stringify([f.file, f.name]),
            { name: f.name, isProved: f.tier !== "none" },
          ]),
        );
  const [before, now] = [proofsOf(base), proofsOf(head)];
  if (before === undefined || now === undefined) return undefined;
  const became = (isProved: boolean): string[] =>
    [...now].flatMap(([key, f]) => {
      const earlier = before.get(key);
      return earlier !== undefined && earlier.isProved !== isProved && f.isProved === isProved ? [f.name] : [];
    });
  return { lost: became(false), gained: became(true) };
}

/**
 * The changes from `base` to `head`; `baseName` says to people what the base was. A metric that only one side has is left
 * out: a stage that was not reached is no change in size.
 */
export function deltaOf(base: Report, head: Report, baseName: string): Delta {
  const headMetrics = metricsOf(head);
  const metrics: Delta["metrics"] = [];
  for (const [name, { unit, value }] of metricsOf(base)) {
    const now = headMetrics.get(name)?.value;
    if (value !== undefined && now !== undefined) metrics.push({ name, unit, base: value, head: now });
  }
  const proofs = proofChanges(base, head);
  return {
    base: baseName,
    verdict: { base: base.verdict, head: head.verdict },
    metrics,
    imports: nameChanges(base.objects.rust?.imports, head.objects.rust?.imports),
    exports: nameChanges(base.objects.rust?.exports, head.objects.rust?.exports),
    findings: {
      added: without(head.findings, base.findings, identityOf),
      fixed: without(base.findings, head.findings, identityOf),
    },
    ...(proofs === undefined ? {} : { proofs }),
  };
}
