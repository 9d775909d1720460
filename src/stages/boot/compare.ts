/** Two runs side by side: what the Rust module did otherwise than the C one, as findings. */
import type { BootRun, Finding } from "../../report/schema.ts";
import { type Chance, isReordered } from "./chance.ts";
import { type Compared, compareLines, withoutNumbers } from "./hunks.ts";
import { concernsMachine, KNOWN_DIFFERENCES, normalise } from "./normalise.ts";
import { foldSplats, isSameReport, type LogLine, SplatNames } from "./splat.ts";
import { EXPECTED_TAINT, taintLetters, taintMeanings } from "./taint.ts";

/** Lines shown of one difference. */
const SHOWN = 12;

/**
 * Compare the C module's run with the Rust module's: ending, init, taint, what the kernel was asked for, kernel log, exercise.
 * Errors are differences in behaviour, warnings such as may be chance, notes those that are known (see normalise.ts).
 * @param chance how the C module's runs differ among themselves, where that was looked for: what it explains is a warning, and nothing
 * else may be chance any more
 */
export function compareRuns(c: BootRun, rust: BootRun, chance?: Chance): Finding[] {
  const broken = [...(c.status === "harness-error" ? [`C: ${c.message}`] : []), ...(rust.status === "harness-error" ? [`Rust: ${rust.message}`] : [])];
  if (broken.length > 0) return [{ check: "boot-harness", severity: "error", message: `the boot check itself failed, so nothing is known of the module: ${broken.join("; ")}` }];
  const findings = [...endings(c, rust, chance), ...initRan(c, rust), ...splats(c, rust, chance), ...taints(c, rust, chance), ...leftBehind(c, rust, chance), ...requests(c, rust, chance)];
  for (const text of textsOf(c, rust)) findings.push(...lines(text, c, chance));
  findings.push(...exerciseStatus(c, rust));
  return findings;
}

/** Two texts of two runs that are held against each other line by line. */
interface Texts {
  check: string;
  what: string;
  c: LogLine[];
  rust: LogLine[];
  /** Whether lines alike but for their numbers or their order are in doubt rather than an error. */
  mayVary: boolean;
}

/** After different endings they differ for that reason alone: there are none. */
export function textsOf(c: BootRun, rust: BootRun): Texts[] {
  if (c.status !== rust.status) return [];
  const names = new SplatNames();
  const ofModule = (dmesg: readonly string[]): LogLine[] => foldSplats(dmesg, names).filter((l) => !concernsMachine(l.text));
  const texts: Texts[] = [{ check: "boot-dmesg", what: "the kernel log", c: ofModule(c.dmesg), rust: ofModule(rust.dmesg), mayVary: true }];
  if (c.exercise === undefined || rust.exercise === undefined) return texts;
  const plain = (output: readonly string[]): LogLine[] => output.map((text) => ({ text }));
  // The default exercise prints whatever the module shows, counters among it.
  const byDefault = c.exercise.default === true;
  return [...texts, { check: "exercise", what: byDefault ? "what the module shows to user space" : "the exercise's output", c: plain(c.exercise.output), rust: plain(rust.exercise.output), mayVary: byDefault }];
}

/** What is wrong with one run by itself, for a module that is booted without a reference. */
export function runFindings(run: BootRun): Finding[] {
  const findings: Finding[] = [];
  if (run.status !== "ok") findings.push({ check: "boot", severity: "error", message: `${run.status}: ${run.message ?? ""}` });
  if (run.initRan === false && run.loaded) findings.push({ check: "init-ran", severity: "warning", message: "the module has no init function, or lost it: it was loaded, and nothing of it ran" });
  for (const { splat, times } of byName(run).values()) {
    if (splat.kind !== "oops" && splat.kind !== "panic") findings.push({ check: "boot-splat", severity: "error", message: `${splat.kind}${times === 1 ? "" : ` (${times} times)`}: ${splat.title}` });
  }
  if (run.exercise !== undefined && run.exercise.exitCode !== 0 && run.exercise.exitCode !== null) findings.push({ check: "exercise", severity: "error", message: `the exercise ended with status ${run.exercise.exitCode}` });
  if (run.leftBehind !== undefined) findings.push({ check: "left-behind", severity: "error", message: `after it was unloaded there was still: ${run.leftBehind.slice(0, SHOWN).join(", ")}` });
  const unexpected = run.taint.after & ~run.taint.before & ~EXPECTED_TAINT;
  if (unexpected !== 0) findings.push({ check: "boot-taint", severity: "warning", message: `the kernel was tainted: ${taintMeanings(unexpected)}` });
  return findings;
}

const described = (r: BootRun): string => (r.message === undefined ? r.status : `${r.status}: ${r.message}`);

function endings(c: BootRun, rust: BootRun, chance: Chance | undefined): Finding[] {
  const sides = { c: described(c), rust: described(rust) };
  if (endsAlike(c, rust) && c.status === "ok") return [];
  if (!endsAlike(c, rust)) {
    if (chance?.ending((again) => endsAlike(again, rust)) === true) return [{ check: "boot-status", severity: "warning", message: `the Rust module's run ended as another run of the C module did: ${described(rust)}`, ...sides }];
    // Where a hang is found is the time's doing, if the C module is found elsewhere too.
    if (hangsIn(c) !== undefined && hangsIn(c) === hangsIn(rust) && chance?.ending((again) => hangsIn(again) === hangsIn(c) && !endsAlike(again, c)) === true) return [{ check: "boot-status", severity: "warning", message: "both modules hang in the same phase in this guest, at places that change from run to run of the C module", ...sides }];
    if (c.status !== rust.status) return [{ check: "boot-status", severity: "error", message: `the C module's run ended in ${c.status}, the Rust module's in ${described(rust)}`, ...sides }];
    return [{ check: "boot-status", severity: "error", message: `both runs ended in ${c.status}, but not in the same way`, ...sides }];
  }
  return [{ check: "boot-status", severity: "warning", message: `both modules end in the same way in this guest, so only the part up to there was compared: ${described(c)}`, c: described(c), rust: described(rust) }];
}

/** The same status in the same words; of a crash the same report, whatever function of the module's inlining has put it in. */
function endsAlike(c: BootRun, rust: BootRun): boolean {
  if (c.status !== rust.status) return false;
  const words = (r: BootRun): string => normalise(r.message ?? "").text;
  if (c.status === "ok" || words(c) === words(rust)) return true;
  const [inC, inRust] = [c.splats?.at(-1), rust.splats?.at(-1)];
  const place = / at \S+ \[[\w-]+\]/g;
  return (c.status === "oops" || c.status === "panic") && inC !== undefined && inRust !== undefined && isSameReport(inC, inRust) && words(c).replace(place, "") === words(rust).replace(place, "");
}

/** The phase of a hang. */
function hangsIn(run: BootRun): string | undefined {
  return run.status === "hang" ? /^([^:]*):/.exec(run.message ?? "")?.[1] : undefined;
}

function initRan(c: BootRun, rust: BootRun): Finding[] {
  if (c.initRan === true && rust.initRan === false && rust.loaded) return [{ check: "init-ran", severity: "error", message: "the kernel never entered the Rust module's init function (the C module's it did): init_module is missing from the object", c: "init ran", rust: "no init" }];
  if (c.initRan === false && rust.initRan === true) return [{ check: "init-ran", severity: "error", message: "the Rust module has an init function that the C module does not have", c: "no init", rust: "init ran" }];
  return [];
}

function splats(c: BootRun, rust: BootRun, chance: Chance | undefined): Finding[] {
  const names = new SplatNames();
  const [inC, inRust] = [byName(c, names), byName(rust, names)];
  const only = (severity: "error" | "warning", splat: Splat): "error" | "warning" => (chance?.splat(splat) === true ? "warning" : severity);
  const finding = (severity: Finding["severity"], who: string, side: "c" | "rust", s: Splat, times: number): Finding => ({
    check: "boot-splat",
    severity,
    message: `${who} the kernel report${times === 1 ? "" : ` (${times} times)`}: ${s.title}`,
    [side]: [s.title, ...s.trace.slice(0, SHOWN)].join("\n"),
  });
  return [
    ...[...inRust].filter(([f]) => !inC.has(f)).map(([, { splat, times }]) => finding(only("error", splat), chance?.splat(splat) === true ? "in this run only the Rust module makes" : "only the Rust module makes", "rust", splat, times)),
    ...[...inC].filter(([f]) => !inRust.has(f)).map(([, { splat, times }]) => finding("warning", "only the C module makes", "c", splat, times)),
    ...[...inRust].filter(([f]) => inC.has(f)).map(([, { splat, times }]) => finding("note", "both modules make", "rust", splat, times)),
  ];
}

type Splat = NonNullable<BootRun["splats"]>[number];

function byName(run: BootRun, names = new SplatNames()): Map<string, { splat: Splat; times: number }> {
  const out = new Map<string, { splat: Splat; times: number }>();
  for (const splat of run.splats ?? []) out.set(names.of(splat), { splat, times: (out.get(names.of(splat))?.times ?? 0) + 1 });
  return out;
}

function taints(c: BootRun, rust: BootRun, chance: Chance | undefined): Finding[] {
  const [inC, inRust] = [c.taint.after & ~c.taint.before, rust.taint.after & ~rust.taint.before];
  if (inC === inRust) return [];
  const more = inRust & ~inC;
  return [{ check: "boot-taint", severity: more === 0 || chance?.taint(more) === true ? "warning" : "error", message: more === 0 ? `the Rust module taints the kernel less than the C module: not ${taintMeanings(inC & ~inRust)}` : `only the Rust module taints the kernel: ${taintMeanings(more)}`, c: taintLetters(inC), rust: taintLetters(inRust) }];
}

function leftBehind(c: BootRun, rust: BootRun, chance: Chance | undefined): Finding[] {
  const [inC, inRust] = [c.leftBehind ?? [], rust.leftBehind ?? []].map((l) => l.map((e) => normalise(e).text)) as [string[], string[]];
  const findings: Finding[] = [];
  const [more, less, both] = [inRust.filter((e) => !inC.includes(e)), inC.filter((e) => !inRust.includes(e)), inRust.filter((e) => inC.includes(e))];
  if (more.length > 0) findings.push({ check: "left-behind", severity: more.every((e) => chance?.leftBehind(e) === true) ? "warning" : "error", message: `only the Rust module leaves behind: ${more.slice(0, SHOWN).join(", ")}`, rust: more.slice(0, SHOWN).join("\n") });
  if (less.length > 0) findings.push({ check: "left-behind", severity: "warning", message: `only the C module leaves behind: ${less.slice(0, SHOWN).join(", ")}`, c: less.slice(0, SHOWN).join("\n") });
  if (both.length > 0) findings.push({ check: "left-behind", severity: "note", message: `both modules leave behind: ${both.slice(0, SHOWN).join(", ")}` });
  return findings;
}

function requests(c: BootRun, rust: BootRun, chance: Chance | undefined): Finding[] {
  const [inC, inRust] = [c, rust].map((run) => (run.requests ?? []).map((r) => r.name).sort()) as [string[], string[]];
  const [more, less] = [inRust.filter((n) => !inC.includes(n)), inC.filter((n) => !inRust.includes(n))];
  if (more.length === 0 && less.length === 0) return [];
  const words = [...(more.length > 0 ? [`only with the Rust module the kernel asks for ${more.slice(0, SHOWN).join(", ")}`] : []), ...(less.length > 0 ? [`only with the C module it asks for ${less.slice(0, SHOWN).join(", ")}`] : [])];
  return [{ check: "boot-requests", severity: [...more, ...less].every((n) => chance?.request(n) === true) ? "warning" : "error", message: `${words.join("; ")} (request_module)`, c: inC.join("\n"), rust: inRust.join("\n") }];
}

function exerciseStatus(c: BootRun, rust: BootRun): Finding[] {
  if (c.status !== rust.status || c.exercise === undefined || rust.exercise === undefined) return [];
  if (c.exercise.exitCode !== rust.exercise.exitCode) return [{ check: "exercise", severity: "error", message: `the exercise ends with status ${rust.exercise.exitCode} on the Rust module, ${c.exercise.exitCode} on the C one`, c: String(c.exercise.exitCode), rust: String(rust.exercise.exitCode) }];
  return c.exercise.exitCode === 0 ? [] : [{ check: "exercise", severity: "warning", message: `the exercise ends with status ${c.exercise.exitCode} on both modules` }];
}

const count = (n: number): string => `${n} line${n === 1 ? "" : "s"}`;

/** Differences of two texts after normalisation. */
function lines({ check, what, c, rust, mayVary }: Texts, run: BootRun, chance: Chance | undefined): Finding[] {
  const compared = compareLines(c, rust);
  const findings = [...known(check, what, c, rust, compared), ...moved(check, what, c, rust, compared)];
  const explained = compared.hunks.filter((h) => chance?.explains(check, h, run) === true);
  const hunks = compared.hunks.filter((h) => !explained.includes(h));
  const sides = (some: Compared["hunks"]): { c: string; rust: string } => ({ c: some.flatMap((h) => h.removed).slice(0, SHOWN).join("\n"), rust: some.flatMap((h) => h.added).slice(0, SHOWN).join("\n") });
  if (explained.length > 0) findings.push({ check, severity: "warning", message: `${what} differs in ${count(explained.reduce((n, h) => n + Math.max(h.removed.length, h.added.length), 0))} where two runs of the C module differ as well`, ...sides(explained) });
  if (hunks.length === 0) return findings;
  const [removed, added] = [hunks.flatMap((h) => h.removed), hunks.flatMap((h) => h.added)];
  const doubtful = (message: string, chanced: boolean): Finding[] => [...findings, { check, severity: chance === undefined || chanced ? "warning" : "error", message: chance === undefined || chanced ? message : `${message}, which the C module does not do from run to run`, ...sides(hunks) }];
  if (mayVary && isReordered(hunks)) return doubtful(`${what} differs in the order of ${count(removed.length)} only`, chance?.reorders(check) === true);
  if (mayVary && removed.map(withoutNumbers).join("\n") === added.map(withoutNumbers).join("\n")) return doubtful(`${what} differs in numbers only, in ${count(removed.length)}`, false);
  return [...findings, { check, severity: "error", message: `${what} differs: ${count(removed.length)} only with the C module, ${added.length} only with the Rust one`, ...sides(hunks) }];
}

/** A note for each rule without which lines now equal would have differed. */
function known(check: string, what: string, c: readonly LogLine[], rust: readonly LogLine[], { equal }: Compared): Finding[] {
  const counts = new Map<string, number>();
  for (const [i, j] of equal) {
    const [a, b] = [c[i]?.text ?? "", rust[j]?.text ?? ""];
    if (a.trimEnd() !== b.trimEnd()) for (const rule of normalise(a).rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return KNOWN_DIFFERENCES.filter((d) => counts.has(d.name)).map((d) => ({ check, severity: "note", message: `${what}: ${counts.get(d.name)} ${counts.get(d.name) === 1 ? "line differs" : "lines differ"} in ${d.name} only (${d.why})` }));
}

/** A note on traces that are the same but for the module's own functions in them. */
function moved(check: string, what: string, c: readonly LogLine[], rust: readonly LogLine[], { equal }: Compared): Finding[] {
  const frames = (lines: readonly LogLine[], at: number): string => (lines[at]?.frames ?? []).join("\n");
  const others = equal.filter(([i, j]) => frames(c, i) !== frames(rust, j));
  const [first] = others;
  if (first === undefined) return [];
  const traces = `${others.length} stack trace${others.length === 1 ? " differs" : "s differ"}`;
  return [{ check, severity: "note", message: `${what}: ${traces} in the module's own functions only (which of them are inlined each compiler decides)`, c: frames(c, first[0]), rust: frames(rust, first[1]) }];
}
