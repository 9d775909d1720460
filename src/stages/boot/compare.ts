/** Two runs side by side: what the Rust module did otherwise than the C one, as findings. */
import { diffArrays } from "diff";
import type { BootRun, Finding } from "../../report/schema.ts";
import { concernsMachine, KNOWN_DIFFERENCES, normalise } from "./normalise.ts";
import { foldSplats } from "./splat.ts";
import { EXPECTED_TAINT, taintLetters, taintMeanings } from "./taint.ts";

/** Lines shown of one difference. */
const SHOWN = 12;

/**
 * Compare the C module's run with the Rust module's: ending, init, taint, what the kernel was asked for, kernel log, exercise.
 * Errors are differences in behaviour, warnings such as may be chance, notes those that are known (see normalise.ts).
 */
export function compareRuns(c: BootRun, rust: BootRun): Finding[] {
  const broken = [...(c.status === "harness-error" ? [`C: ${c.message}`] : []), ...(rust.status === "harness-error" ? [`Rust: ${rust.message}`] : [])];
  if (broken.length > 0) return [{ check: "boot-harness", severity: "error", message: `the boot check itself failed, so nothing is known of the module: ${broken.join("; ")}` }];
  const findings = [...endings(c, rust), ...initRan(c, rust), ...splats(c, rust), ...taints(c, rust), ...leftBehind(c, rust), ...requests(c, rust)];
  // After different endings the logs differ for that reason alone.
  if (c.status === rust.status) findings.push(...lines("boot-dmesg", "the kernel log", ofModule(c.dmesg), ofModule(rust.dmesg), true), ...exercise(c, rust));
  return findings;
}

/** What is wrong with one run by itself, for a module that is booted without a reference. */
export function runFindings(run: BootRun): Finding[] {
  const findings: Finding[] = [];
  if (run.status !== "ok") findings.push({ check: "boot", severity: "error", message: `${run.status}: ${run.message ?? ""}` });
  if (run.initRan === false && run.loaded) findings.push({ check: "init-ran", severity: "warning", message: "the module has no init function, or lost it: it was loaded, and nothing of it ran" });
  for (const { splat, times } of byFingerprint(run).values()) {
    if (splat.kind !== "oops" && splat.kind !== "panic") findings.push({ check: "boot-splat", severity: "error", message: `${splat.kind}${times === 1 ? "" : ` (${times} times)`}: ${splat.title}` });
  }
  if (run.exercise !== undefined && run.exercise.exitCode !== 0 && run.exercise.exitCode !== null) findings.push({ check: "exercise", severity: "error", message: `the exercise ended with status ${run.exercise.exitCode}` });
  if (run.leftBehind !== undefined) findings.push({ check: "left-behind", severity: "error", message: `after it was unloaded there was still: ${run.leftBehind.slice(0, SHOWN).join(", ")}` });
  const unexpected = run.taint.after & ~run.taint.before & ~EXPECTED_TAINT;
  if (unexpected !== 0) findings.push({ check: "boot-taint", severity: "warning", message: `the kernel was tainted: ${taintMeanings(unexpected)}` });
  return findings;
}

const described = (r: BootRun): string => (r.message === undefined ? r.status : `${r.status}: ${r.message}`);

function endings(c: BootRun, rust: BootRun): Finding[] {
  if (c.status !== rust.status) return [{ check: "boot-status", severity: "error", message: `the C module's run ended in ${c.status}, the Rust module's in ${described(rust)}`, c: described(c), rust: described(rust) }];
  if (c.status === "ok") return [];
  const same = normalise(c.message ?? "").text === normalise(rust.message ?? "").text;
  if (!same) return [{ check: "boot-status", severity: "error", message: `both runs ended in ${c.status}, but not in the same way`, c: described(c), rust: described(rust) }];
  return [{ check: "boot-status", severity: "warning", message: `both modules end in the same way in this guest, so only the part up to there was compared: ${described(c)}`, c: described(c), rust: described(rust) }];
}

function initRan(c: BootRun, rust: BootRun): Finding[] {
  if (c.initRan === true && rust.initRan === false && rust.loaded) return [{ check: "init-ran", severity: "error", message: "the kernel never entered the Rust module's init function (the C module's it did): init_module is missing from the object", c: "init ran", rust: "no init" }];
  if (c.initRan === false && rust.initRan === true) return [{ check: "init-ran", severity: "error", message: "the Rust module has an init function that the C module does not have", c: "no init", rust: "init ran" }];
  return [];
}

function splats(c: BootRun, rust: BootRun): Finding[] {
  const [inC, inRust] = [byFingerprint(c), byFingerprint(rust)];
  const finding = (severity: Finding["severity"], who: string, side: "c" | "rust", s: Splat, times: number): Finding => ({
    check: "boot-splat",
    severity,
    message: `${who} the kernel report${times === 1 ? "" : ` (${times} times)`}: ${s.title}`,
    [side]: [s.title, ...s.trace.slice(0, SHOWN)].join("\n"),
  });
  return [
    ...[...inRust].filter(([f]) => !inC.has(f)).map(([, { splat, times }]) => finding("error", "only the Rust module makes", "rust", splat, times)),
    ...[...inC].filter(([f]) => !inRust.has(f)).map(([, { splat, times }]) => finding("warning", "only the C module makes", "c", splat, times)),
    ...[...inRust].filter(([f]) => inC.has(f)).map(([, { splat, times }]) => finding("note", "both modules make", "rust", splat, times)),
  ];
}

type Splat = NonNullable<BootRun["splats"]>[number];

function byFingerprint(run: BootRun): Map<string, { splat: Splat; times: number }> {
  const out = new Map<string, { splat: Splat; times: number }>();
  for (const splat of run.splats ?? []) out.set(splat.fingerprint, { splat, times: (out.get(splat.fingerprint)?.times ?? 0) + 1 });
  return out;
}

function taints(c: BootRun, rust: BootRun): Finding[] {
  const [inC, inRust] = [c.taint.after & ~c.taint.before, rust.taint.after & ~rust.taint.before];
  if (inC === inRust) return [];
  const more = inRust & ~inC;
  return [{ check: "boot-taint", severity: more === 0 ? "warning" : "error", message: more === 0 ? `the Rust module taints the kernel less than the C module: not ${taintMeanings(inC & ~inRust)}` : `only the Rust module taints the kernel: ${taintMeanings(more)}`, c: taintLetters(inC), rust: taintLetters(inRust) }];
}

function leftBehind(c: BootRun, rust: BootRun): Finding[] {
  const [inC, inRust] = [c.leftBehind ?? [], rust.leftBehind ?? []].map((l) => l.map((e) => normalise(e).text)) as [string[], string[]];
  const findings: Finding[] = [];
  const [more, less, both] = [inRust.filter((e) => !inC.includes(e)), inC.filter((e) => !inRust.includes(e)), inRust.filter((e) => inC.includes(e))];
  if (more.length > 0) findings.push({ check: "left-behind", severity: "error", message: `only the Rust module leaves behind: ${more.slice(0, SHOWN).join(", ")}`, rust: more.slice(0, SHOWN).join("\n") });
  if (less.length > 0) findings.push({ check: "left-behind", severity: "warning", message: `only the C module leaves behind: ${less.slice(0, SHOWN).join(", ")}`, c: less.slice(0, SHOWN).join("\n") });
  if (both.length > 0) findings.push({ check: "left-behind", severity: "note", message: `both modules leave behind: ${both.slice(0, SHOWN).join(", ")}` });
  return findings;
}

function requests(c: BootRun, rust: BootRun): Finding[] {
  const [inC, inRust] = [c, rust].map((run) => (run.requests ?? []).map((r) => r.name).sort()) as [string[], string[]];
  const [more, less] = [inRust.filter((n) => !inC.includes(n)), inC.filter((n) => !inRust.includes(n))];
  if (more.length === 0 && less.length === 0) return [];
  const words = [...(more.length > 0 ? [`only with the Rust module the kernel asks for ${more.slice(0, SHOWN).join(", ")}`] : []), ...(less.length > 0 ? [`only with the C module it asks for ${less.slice(0, SHOWN).join(", ")}`] : [])];
  return [{ check: "boot-requests", severity: "error", message: `${words.join("; ")} (request_module)`, c: inC.join("\n"), rust: inRust.join("\n") }];
}

function exercise(c: BootRun, rust: BootRun): Finding[] {
  if (c.exercise === undefined || rust.exercise === undefined) return [];
  // The default exercise prints whatever the module shows, counters among it.
  const findings = lines("exercise", c.exercise.default === true ? "what the module shows to user space" : "the exercise's output", c.exercise.output, rust.exercise.output, c.exercise.default === true);
  if (c.exercise.exitCode !== rust.exercise.exitCode) findings.unshift({ check: "exercise", severity: "error", message: `the exercise ends with status ${rust.exercise.exitCode} on the Rust module, ${c.exercise.exitCode} on the C one`, c: String(c.exercise.exitCode), rust: String(rust.exercise.exitCode) });
  else if (c.exercise.exitCode !== 0) findings.unshift({ check: "exercise", severity: "warning", message: `the exercise ends with status ${c.exercise.exitCode} on both modules` });
  return findings;
}

function ofModule(dmesg: readonly string[]): string[] {
  return foldSplats(dmesg).filter((l) => !concernsMachine(l));
}

/** Differences of two texts after normalisation; where they `mayVary`, lines alike but for their numbers or their order are a warning. */
function lines(check: string, what: string, c: readonly string[], rust: readonly string[], mayVary: boolean): Finding[] {
  const [left, right] = [c.map(normalise), rust.map(normalise)];
  const changes = diffArrays(left.map((l) => l.text), right.map((l) => l.text));
  const removed = changes.filter((x) => x.removed).flatMap((x) => x.value);
  const added = changes.filter((x) => x.added).flatMap((x) => x.value);
  const findings = known(check, what, c, rust, changes);
  if (removed.length === 0 && added.length === 0) return findings;
  const sides = { c: removed.slice(0, SHOWN).join("\n"), rust: added.slice(0, SHOWN).join("\n") };
  // A shorter number may have more blanks before it.
  const withoutNumbers = (l: string): string => l.replace(/\s*\d+/g, " N");
  if (mayVary && removed.toSorted().join("\n") === added.toSorted().join("\n")) {
    return [...findings, { check, severity: "warning", message: `${what} differs in the order of ${removed.length} line${removed.length === 1 ? "" : "s"} only`, ...sides }];
  }
  if (mayVary && removed.map(withoutNumbers).join("\n") === added.map(withoutNumbers).join("\n")) {
    return [...findings, { check, severity: "warning", message: `${what} differs in numbers only, in ${removed.length} line${removed.length === 1 ? "" : "s"}`, ...sides }];
  }
  return [...findings, { check, severity: "error", message: `${what} differs: ${removed.length} line${removed.length === 1 ? "" : "s"} only with the C module, ${added.length} only with the Rust one`, ...sides }];
}

/** A note for each rule without which lines now equal would have differed. */
function known(check: string, what: string, c: readonly string[], rust: readonly string[], changes: ReturnType<typeof diffArrays<string>>): Finding[] {
  const counts = new Map<string, number>();
  let [i, j] = [0, 0];
  for (const change of changes) {
    if (change.added) j += change.value.length;
    else if (change.removed) i += change.value.length;
    else {
      for (let k = 0; k < change.value.length; k++, i++, j++) {
        const [a, b] = [c[i] ?? "", rust[j] ?? ""];
        if (a.trimEnd() !== b.trimEnd()) for (const rule of normalise(a).rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
      }
    }
  }
  return KNOWN_DIFFERENCES.filter((d) => counts.has(d.name)).map((d) => ({ check, severity: "note", message: `${what}: ${counts.get(d.name)} ${counts.get(d.name) === 1 ? "line differs" : "lines differ"} in ${d.name} only (${d.why})` }));
}
