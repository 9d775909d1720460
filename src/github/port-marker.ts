/**
 * kport's part of a pull request's text, between two HTML comments that GitHub does not show; what people write around it stays. The module's own
 * text cannot end it early: the second comment names a commit that did not exist when the port was made.
 */

export interface PortMarker {
  /** `pending`: labels and reviewers are still to be set. `closed`: kport closed the pull request itself. */
  state: "pending" | "ready" | "closed";
  /** kport's last commit on the branch. */
  head: string;
  /** Tells reports that say the same from others: 16 hexadecimal digits. */
  facts: string;
}

const BEGIN = /^<!-- kport-port (pending|ready|closed) head=([0-9a-f]{40}) facts=([0-9a-f]{16}) -->\r?$/m;

/** Bytes that both comments take, with their line ends. */
export const MARKER_BYTES = 200;

export function readMarker(body: string): PortMarker | undefined {
  const m = BEGIN.exec(body);
  return m ? { state: m[1] as PortMarker["state"], head: m[2]!, facts: m[3]! } : undefined;
}

/** What people wrote before and after kport's part; all of it where there is none. */
export function peoplesPart(body: string): { before: string; after: string } {
  const m = BEGIN.exec(body);
  if (m === null) return { before: "", after: body.trim() };
  const rest = body.slice(m.index);
  const end = rest.indexOf(endOf(m[2]!));
  return { before: body.slice(0, m.index).trim(), after: end < 0 ? "" : rest.slice(end + endOf(m[2]!).length).trim() };
}

/** The whole text of the pull request. */
export function withMarker(
  marker: PortMarker,
  text: string,
  people: { before: string; after: string } = { before: "", after: "" },
): string {
  const own = `<!-- kport-port ${marker.state} head=${marker.head} facts=${marker.facts} -->\n${text.trimEnd()}\n${endOf(marker.head)}`;
  return [people.before, own, people.after].filter((part) => part !== "").join("\n\n");
}

function endOf(head: string): string {
  return `<!-- /kport-port head=${head} -->`;
}
