/** The boots: what happened in each, and both kernel logs aligned. */
import type { BootRun, Report } from "../schema.ts";
import { BOOT_WORDS } from "../verdict.ts";
import { runsOf, secondsOf } from "../facts.ts";
import { phraseOf } from "../phrase.ts";
import { alignLogs } from "../log-alignment.ts";
import { html, phrase } from "./template.ts";
import type { Html } from "./template.ts";

/** Lines of a log beyond which only its end is shown: what went wrong stands there. */
const LOG_LINES = 3000;

function yes(value: boolean | undefined): string {
  return value === undefined ? "–" : value ? "yes" : "no";
}

const ROWS: readonly (readonly [string, (run: BootRun) => string | Html])[] = [
  ["result", (run) => html`<span class="tag ${run.status === "ok" ? "ok" : "error"}">${BOOT_WORDS[run.status]}</span>`],
  ["message", (run) => (run.message === undefined ? "–" : phrase(phraseOf(run.message)))],
  ["loaded", (run) => yes(run.loaded)],
  ["init ran", (run) => yes(run.initRan)],
  [
    "exercise",
    (run) =>
      run.exercise === undefined
        ? "–"
        : run.exercise.exitCode === null
          ? "killed"
          : `exit status ${run.exercise.exitCode}`,
  ],
  ["unloaded", (run) => yes(run.unloaded)],
  ["taint", (run) => `${run.taint.before} → ${run.taint.after}`],
  ["devices", (run) => (run.devices === undefined ? "–" : run.devices.join(", "))],
  [
    "asked for",
    (run) =>
      run.requests === undefined
        ? "–"
        : run.requests
            .map((r) => `${r.name} (${r.loaded.length === 0 ? "not there" : r.loaded.join(", ")})`)
            .join("; "),
  ],
  ["time", (run) => secondsOf(run.seconds)],
  ["fingerprint", (run) => (run.fingerprint === undefined ? "–" : html`<code>${run.fingerprint}</code>`)],
];

function aligned(
  title: string,
  c: readonly string[],
  rust: readonly string[],
  open: boolean,
  other = "Rust",
): Html | "" {
  if (c.length === 0 && rust.length === 0) return "";
  const rows = alignLogs(c.slice(-LOG_LINES), rust.slice(-LOG_LINES));
  const different = rows.filter((row) => row.kind !== "same").length;
  const cut = Math.max(c.length, rust.length) > LOG_LINES ? `, the last ${LOG_LINES}` : "";
  const cell = (text: string | undefined, here: boolean) =>
    html`<td class="${here && text !== undefined ? "mono here" : "mono"}">${text ?? ""}</td>`;
  return html`<details class="block"${open ? html` open` : ""}><summary data-item tabindex="0">${title}: ${c.length} and ${rust.length} lines${cut}, ${different === 0 ? "no difference" : `${different} ${different === 1 ? "row differs" : "rows differ"}`}</summary>
<div class="scroll"><table class="log"><thead><tr><th>C</th><th>${other}</th></tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr class="${row.kind === "same" ? "same" : "only"}">${cell(row.c, row.kind !== "same")}${cell(row.rust, row.kind !== "same")}</tr>`,
  )}</tbody></table></div></details>`;
}

export function boots(report: Report): Html | "" {
  const { boot } = report;
  if (boot === undefined) return "";
  const { c, rust, lowered } = boot;
  const sides = runsOf(boot);
  const runs = sides.map(([, run]) => run);
  const rows = ROWS.filter(([, cell]) => runs.some((run) => run !== undefined && cell(run) !== "–"));
  return html`<p class="small dim">In QEMU, ${boot.accelerator === "kvm" ? "with KVM" : "emulated (TCG)"}.</p>
<div class="scroll"><table><thead><tr><th></th>${sides.map(([side]) => html`<th>${side}</th>`)}</tr></thead><tbody>${rows.map(
    ([label, cell]) =>
      html`<tr><th>${label}</th>${runs.map((run) => html`<td>${run === undefined ? "–" : cell(run)}</td>`)}</tr>`,
  )}</tbody></table></div>
${aligned("Kernel log", c?.dmesg ?? [], rust?.dmesg ?? [], true)}
${aligned("Output of the exercise", c?.exercise?.output ?? [], rust?.exercise?.output ?? [], false)}
${lowered === undefined ? "" : html`${aligned("Kernel log with the lowered C", c?.dmesg ?? [], lowered.dmesg, false, "lowered C")}${aligned("Output of the exercise with the lowered C", c?.exercise?.output ?? [], lowered.exercise?.output ?? [], false, "lowered C")}`}`;
}
