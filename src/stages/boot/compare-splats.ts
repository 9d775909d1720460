/** What the kernel has reported in two runs: warnings, oopses, what sanitizers found. */
import type { BootRun, Finding } from "../../report/schema.ts";
import type { Chance } from "./chance.ts";
import { SplatNames } from "./same-report.ts";
import { SHOWN } from "./shown.ts";

export function splats(c: BootRun, rust: BootRun, chance: Chance | undefined): Finding[] {
  const names = new SplatNames();
  const [inC, inRust] = [byName(c, names), byName(rust, names)];
  const only = (severity: "error" | "warning", splat: Splat): "error" | "warning" =>
    chance?.splat(splat) === true ? "warning" : severity;
  const finding = (
    severity: Finding["severity"],
    who: string,
    side: "c" | "rust",
    s: Splat,
    times: number,
  ): Finding => ({
    check: "boot-splat",
    severity,
    message: `${who} the kernel report${times === 1 ? "" : ` (${times} times)`}: ${s.title}`,
    [side]: [s.title, ...s.trace.slice(0, SHOWN)].join("\n"),
  });
  return [
    ...[...inRust]
      .filter(([f]) => !inC.has(f))
      .map(([, { splat, times }]) =>
        finding(
          only("error", splat),
          chance?.splat(splat) === true ? "in this run only the Rust module makes" : "only the Rust module makes",
          "rust",
          splat,
          times,
        ),
      ),
    ...[...inC]
      .filter(([f]) => !inRust.has(f))
      .map(([, { splat, times }]) => finding("warning", "only the C module makes", "c", splat, times)),
    ...[...inRust]
      .filter(([f]) => inC.has(f))
      .map(([, { splat, times }]) => finding("note", "both modules make", "rust", splat, times)),
  ];
}

type Splat = NonNullable<BootRun["splats"]>[number];

/** Each report once, and how often it was made. */
export function byName(run: BootRun, names = new SplatNames()): Map<string, { splat: Splat; times: number }> {
  const out = new Map<string, { splat: Splat; times: number }>();
  for (const splat of run.splats ?? []) {
    const name = names.of(splat);
    out.set(name, { splat, times: (out.get(name)?.times ?? 0) + 1 });
  }
  return out;
}
