/** Two runs side by side: what the Rust module did otherwise than the C one, as findings. */
import type { BootRun, Finding } from "../../report/schema.ts";
import type { Chance } from "./chance.ts";
import { endings, initRan } from "./compare-endings.ts";
import { splats } from "./compare-splats.ts";
import { textFindings, textsOf } from "./compare-texts.ts";
import { normalise } from "./normalise.ts";
import { SHOWN } from "./shown.ts";
import { taintLetters, taintMeanings } from "./taint.ts";

/**
 * Compare the C module's run with the Rust module's: ending, init, taint, what the kernel was asked for, kernel log, exercise.
 * Errors are differences in behaviour, warnings such as may be chance, notes those that are known (see normalise.ts).
 * @param chance how the C module's runs differ among themselves, where that was looked for: what it explains is a warning, and nothing
 * else may be chance any more
 */
export function compareRuns(c: BootRun, rust: BootRun, chance?: Chance): Finding[] {
  const broken = [
    ...(c.status === "harness-error" ? [`C: ${c.message}`] : []),
    ...(rust.status === "harness-error" ? [`Rust: ${rust.message}`] : []),
  ];
  if (broken.length > 0)
    return [
      {
        check: "boot-harness",
        severity: "error",
        message: `the boot check itself failed, so nothing is known of the module: ${broken.join("; ")}`,
      },
    ];
  const findings = [
    ...endings(c, rust, chance),
    ...initRan(c, rust),
    ...splats(c, rust, chance),
    ...taints(c, rust, chance),
    ...leftBehind(c, rust, chance),
    ...requests(c, rust, chance),
  ];
  for (const text of textsOf(c, rust)) findings.push(...textFindings(text, c, chance));
  findings.push(...exerciseStatus(c, rust));
  return findings;
}

function taints(c: BootRun, rust: BootRun, chance: Chance | undefined): Finding[] {
  const [inC, inRust] = [c.taint.after & ~c.taint.before, rust.taint.after & ~rust.taint.before];
  if (inC === inRust) return [];
  const more = inRust & ~inC;
  return [
    {
      check: "boot-taint",
      severity: more === 0 || chance?.taint(more) === true ? "warning" : "error",
      message:
        more === 0
          ? `the Rust module taints the kernel less than the C module: not ${taintMeanings(inC & ~inRust)}`
          : `only the Rust module taints the kernel: ${taintMeanings(more)}`,
      c: taintLetters(inC),
      rust: taintLetters(inRust),
    },
  ];
}

function leftBehind(c: BootRun, rust: BootRun, chance: Chance | undefined): Finding[] {
  const [inC, inRust] = [c.leftBehind ?? [], rust.leftBehind ?? []].map((l) => l.map((e) => normalise(e).text)) as [
    string[],
    string[],
  ];
  const findings: Finding[] = [];
  const [more, less, both] = [
    inRust.filter((e) => !inC.includes(e)),
    inC.filter((e) => !inRust.includes(e)),
    inRust.filter((e) => inC.includes(e)),
  ];
  if (more.length > 0)
    findings.push({
      check: "left-behind",
      severity: more.every((e) => chance?.leftBehind(e) === true) ? "warning" : "error",
      message: `only the Rust module leaves behind: ${more.slice(0, SHOWN).join(", ")}`,
      rust: more.slice(0, SHOWN).join("\n"),
    });
  if (less.length > 0)
    findings.push({
      check: "left-behind",
      severity: "warning",
      message: `only the C module leaves behind: ${less.slice(0, SHOWN).join(", ")}`,
      c: less.slice(0, SHOWN).join("\n"),
    });
  if (both.length > 0)
    findings.push({
      check: "left-behind",
      severity: "note",
      message: `both modules leave behind: ${both.slice(0, SHOWN).join(", ")}`,
    });
  return findings;
}

function requests(c: BootRun, rust: BootRun, chance: Chance | undefined): Finding[] {
  const [inC, inRust] = [c, rust].map((run) => (run.requests ?? []).map((r) => r.name).sort()) as [string[], string[]];
  const [more, less] = [inRust.filter((n) => !inC.includes(n)), inC.filter((n) => !inRust.includes(n))];
  if (more.length === 0 && less.length === 0) return [];
  const words = [
    ...(more.length > 0 ? [`only with the Rust module the kernel asks for ${more.slice(0, SHOWN).join(", ")}`] : []),
    ...(less.length > 0 ? [`only with the C module it asks for ${less.slice(0, SHOWN).join(", ")}`] : []),
  ];
  return [
    {
      check: "boot-requests",
      severity: [...more, ...less].every((n) => chance?.request(n) === true) ? "warning" : "error",
      message: `${words.join("; ")} (request_module)`,
      c: inC.join("\n"),
      rust: inRust.join("\n"),
    },
  ];
}

function exerciseStatus(c: BootRun, rust: BootRun): Finding[] {
  if (c.status !== rust.status || c.exercise === undefined || rust.exercise === undefined) return [];
  if (c.exercise.exitCode !== rust.exercise.exitCode)
    return [
      {
        check: "exercise",
        severity: "error",
        message: `the exercise ends with status ${rust.exercise.exitCode} on the Rust module, ${c.exercise.exitCode} on the C one`,
        c: String(c.exercise.exitCode),
        rust: String(rust.exercise.exitCode),
      },
    ];
  return c.exercise.exitCode === 0
    ? []
    : [
        {
          check: "exercise",
          severity: "warning",
          message: `the exercise ends with status ${c.exercise.exitCode} on both modules`,
        },
      ];
}
