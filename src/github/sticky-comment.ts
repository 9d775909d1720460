/** One comment a module set on a pull request, kept up to date: never two of them, never an older result over a newer one. */
import type { Comment, GitHub } from "./client.ts";
import { statusOf } from "./client.ts";
import type { RunId } from "./run-context.ts";

export interface StickyComment {
  pull: number;
  /** Tells this comment from those of other module sets on the same pull request. */
  set: string;
  run: RunId;
  body: string;
}

export interface Outcome {
  did: "created" | "updated" | "unchanged" | "superseded";
  url?: string;
}

type Client = Pick<GitHub, "login" | "comments" | "createComment" | "updateComment" | "deleteComment">;

/** First line of the comment. An HTML comment, which GitHub does not show; `set` holds no `-->`. */
export function marker(set: string, run: Pick<RunId, "number" | "attempt">): string {
  return `<!-- kport set=${set} run=${run.number}.${run.attempt} -->\n`;
}

/** What is left of GitHub's limit of 65,536 for a body under its marker, in bytes: numbers are taken at their longest. */
export function bodyLimit(set: string): number {
  return 65_536 - Buffer.byteLength(marker(set, { number: Number.MAX_SAFE_INTEGER, attempt: 9999 }));
}

/**
 * Bring the comment about. Comments count as ours when they begin with our marker and were written by this token's account: anyone can
 * write a marker. Every write is followed by another look, which heals what two runs at once (or a retried request that had
 * succeeded) left double, and finds a comment that was deleted between two calls.
 */
export async function keepComment(github: Client, sticky: StickyComment): Promise<Outcome> {
  const me = await github.login();
  const wanted = marker(sticky.set, sticky.run) + sticky.body;
  let written: { did: "created" | "updated"; comment: Comment } | undefined;
  for (let round = 0; round < 4; round++) {
    const ours = (await github.comments(sticky.pull))
      .filter((c) => sameAccount(c.author, me))
      .flatMap((c) => ownRun(c, sticky.set) ?? []);
    const newer = ours.find((o) => later(o.run, sticky.run));
    if (newer) {
      // Only what this run itself created a moment ago is its to take away; the rest is the newer run's.
      if (written?.did === "created") await github.deleteComment(written.comment.id);
      return { did: "superseded", url: newer.comment.url };
    }
    // The latest run's stays, for an older run that is about to notice takes away its own.
    ours.sort((a, b) => (later(a.run, b.run) ? -1 : later(b.run, a.run) ? 1 : a.comment.id - b.comment.id));
    const [kept, ...doubles] = ours;
    for (const d of doubles) await github.deleteComment(d.comment.id);
    if (kept && visible(kept.comment.body) === visible(wanted))
      return { did: written?.did ?? "unchanged", url: kept.comment.url };
    // A list that does not show yet what was just created must not make us create it again.
    if (!kept && written?.did === "created") return { did: "created", url: written.comment.url };
    try {
      written = kept
        ? { did: "updated", comment: await github.updateComment(kept.comment.id, wanted) }
        : { did: "created", comment: await github.createComment(sticky.pull, wanted) };
    } catch (error) {
      // The comment was deleted since it was listed: the next round creates one.
      if (kept && statusOf(error) === 404) continue;
      throw error;
    }
  }
  return { did: written?.did ?? "unchanged", url: written?.comment.url };
}

/** GitHub names an App `name` in GraphQL and `name[bot]` in REST; no person can have a login with brackets, nor that of an App. */
function sameAccount(a: string, b: string): boolean {
  return a.replace(/\[bot\]$/, "") === b.replace(/\[bot\]$/, "");
}

/** The comment's run, if it is one of this set's; a marker that someone quotes is not at the beginning. */
function ownRun(
  comment: Comment,
  set: string,
): { comment: Comment; run: Pick<RunId, "number" | "attempt"> } | undefined {
  const m = /^<!-- kport set=([\w.-]+) run=(\d+)\.(\d+) -->/.exec(comment.body);
  return m && m[1] === set ? { comment, run: { number: Number(m[2]), attempt: Number(m[3]) } } : undefined;
}

function later(a: Pick<RunId, "number" | "attempt">, b: Pick<RunId, "number" | "attempt">): boolean {
  return a.number > b.number || (a.number === b.number && a.attempt > b.attempt);
}

/** What a reader sees of a body: without the marker, and with the line ends GitHub may have changed. */
function visible(body: string): string {
  return body
    .replace(/^<!-- kport [^\n]*\n?/, "")
    .replaceAll("\r\n", "\n")
    .trimEnd();
}
