/** What is proved of each function. */
import type { Report } from "../schema.ts";
import { phraseOf } from "../phrase.ts";
import { proofWords } from "../proofs.ts";
import { html, phrase } from "./template.ts";
import type { Html } from "./template.ts";

const WORDS = { "same-code": "✅ same code", proved: "✅ proved", none: "✋ review by hand" } as const;
const ORDER = ["none", "proved", "same-code"] as const;

export function proofs(report: Report): Html | "" {
  if (report.proofs === undefined) return "";
  const { functions } = report.proofs;
  const rows = functions.toSorted((a, b) => ORDER.indexOf(a.tier) - ORDER.indexOf(b.tier));
  const left = functions.some((f) => f.tier === "none");
  return html`<p>${phrase(phraseOf(proofWords(report.proofs)))}</p>${
    functions.length === 0
      ? ""
      : html`<details class="block"${left ? html` open` : ""}><summary data-item tabindex="0">${functions.length} functions</summary><div class="inside scroll"><table><thead><tr><th>function</th><th>unit</th><th>what is known</th><th>why it is not proved</th></tr></thead><tbody>${rows.map(
          (f) => html`<tr data-search="${`${f.name} ${f.tier}`}"><td><code>${f.name}</code></td><td><code>${f.file}</code></td><td>${WORDS[f.tier]}</td><td>${f.reason === undefined ? "" : phrase(phraseOf(f.reason))}</td></tr>`,
        )}</tbody></table></div></details>`
  }`;
}
