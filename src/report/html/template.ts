/** Hono's auto-escaping template, with every unseen character in a stranger's text written out first. */
import { html as template, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { visible } from "../escape.ts";
import type { Phrase } from "../phrase.ts";

export type Html = HtmlEscapedString;
export { raw };

function seen(value: unknown): unknown {
  // What is escaped already is a String object, never a primitive.
  if (typeof value === "string") return visible(value);
  return Array.isArray(value) ? value.map(seen) : value;
}

export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  // A promise comes back only where one was passed in, and nothing here does.
  return template(strings, ...values.map(seen)) as Html;
}

export function phrase(parts: Phrase): Html {
  return html`${parts.map((part) => (typeof part === "string" ? part : html`<code>${part.code}</code>`))}`;
}
