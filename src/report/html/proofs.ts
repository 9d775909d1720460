/** What is known of each function. */
import type { Report } from "../schema.ts";
import { phraseOf } from "../phrase.ts";
import { knownFunctions, knownPhrase, shareWords } from "../known.ts";
import { html, phrase } from "./template.ts";
import type { Html } from "./template.ts";

const WORDS = {
  "same-code": "✅ same code",
  proved: "✅ proved",
  observed: "👁 observed, review by hand",
  none: "✋ review by hand",
} as const;
const ORDER = ["none", "observed", "proved", "same-code"] as const;

export function proofs(report: Report): Html | "" {
  const known = knownPhrase(report);
  if (known === undefined) return "";
  const functions = knownFunctions(report);
  const rows = functions.toSorted((a, b) => ORDER.indexOf(a.known) - ORDER.indexOf(b.known));
  const left = functions.some((f) => f.known === "none" || f.known === "observed");
  return html`<p>${phrase(known)}</p>${
    functions.length === 0
      ? ""
      : html`<details class="block"${left ? html` open` : ""}><summary data-item tabindex="0">${functions.length} functions</summary><div class="inside scroll"><table><thead><tr><th>function</th><th>unit</th><th>what is known</th><th>ran in both boots</th><th>why it is not proved</th></tr></thead><tbody>${rows.map(
          (f) =>
            html`<tr data-search="${`${f.name} ${f.known}`}"><td><code>${f.name}</code></td><td><code>${f.file}</code></td><td>${WORDS[f.known]}</td><td>${f.share === undefined ? "" : shareWords(f.share)}</td><td>${f.reason === undefined ? "" : phrase(phraseOf(f.reason))}</td></tr>`,
        )}</tbody></table></div></details>`
  }`;
}
