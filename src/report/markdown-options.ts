/** What a rendering as Markdown is for, and how long it may be. */
import type { SourceLink } from "./markdown-sections.ts";

export interface MarkdownLinks {
  /** The report's artifact: where all that had to be left out can be read. */
  readonly artifact?: string | undefined;
  /** The workflow run. */
  readonly run?: string | undefined;
  /** The page of a line of the module's source. */
  readonly source?: SourceLink | undefined;
}

export interface MarkdownOptions {
  /** A pull request's body leaves out the Rust diff, which the pull request itself shows. */
  readonly kind: "comment" | "summary" | "pr-body" | "file";
  /** In bytes of UTF-8; the default is the kind's own limit, `MARKDOWN_LIMITS`. */
  readonly limitBytes?: number | undefined;
  readonly links?: MarkdownLinks | undefined;
}

/**
 * Bytes, each below what GitHub takes, to leave room for a marker: a comment and a pull request's body 65,536 characters,
 * a step's summary 1 MiB (over it GitHub drops the whole summary).
 */
export const MARKDOWN_LIMITS: Record<MarkdownOptions["kind"], number> = {
  comment: 65_000,
  "pr-body": 65_000,
  summary: 1_000_000,
  file: Number.POSITIVE_INFINITY,
};
