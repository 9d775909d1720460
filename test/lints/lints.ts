/** Reads what rustc and clippy say as JSON, and the lints that a crate's root allows. */
import { parser } from "@lezer/rust";
import { z } from "zod";

export interface LintCount {
  lint: string;
  count: number;
  /** The first place of it: `src/ring.rs:12`. */
  first: string;
}

const diagnostic = z.object({
  code: z.object({ code: z.string() }).nullish(),
  spans: z.array(z.object({ file_name: z.string(), line_start: z.number(), is_primary: z.boolean() })),
});

/** @param output one JSON object a line */
export function countLints(output: string): LintCount[] {
  const counts = new Map<string, LintCount>();
  for (const line of output.split("\n")) {
    const read = line.startsWith("{") ? diagnostic.safeParse(JSON.parse(line)) : undefined;
    const lint = read?.data?.code?.code;
    if (lint === undefined) continue;
    const place = read?.data?.spans.find((s) => s.is_primary);
    const known = counts.get(lint);
    counts.set(lint, {
      lint,
      count: (known?.count ?? 0) + 1,
      first: known?.first ?? (place ? `${place.file_name.replace(/^.*\/(?=src\/)/, "")}:${place.line_start}` : ""),
    });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

export function describeLints(counts: readonly LintCount[]): string {
  return counts.length === 0
    ? "  nothing"
    : counts.map((c) => `  ${String(c.count).padStart(5)} ${c.lint} (first: ${c.first})`).join("\n");
}

/** A crate's root without the attributes by which it allows anything. */
export function withoutAllowed(root: string): string {
  let out = "";
  let at = 0;
  parser.parse(root).iterate({
    enter(n) {
      if (n.name !== "InnerAttribute" || !/^#!\[\s*allow\b/.test(root.slice(n.from, n.to))) return;
      out += root.slice(at, n.from);
      at = n.to;
    },
  });
  return out + root.slice(at);
}
