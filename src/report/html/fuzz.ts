/** What generated calls were made of. */
import { fuzzWords } from "../fuzz.ts";
import type { Report } from "../schema.ts";
import { html } from "./template.ts";
import type { Html } from "./template.ts";

export function fuzz({ fuzz }: Report): Html | "" {
  if (fuzz === undefined) return "";
  return html`<p>${fuzzWords(fuzz)}</p>${
    fuzz.targets.length === 0
      ? ""
      : html`<ul>${fuzz.targets.map((target) => html`<li><code>${target}</code></li>`)}</ul>`
  }`;
}
