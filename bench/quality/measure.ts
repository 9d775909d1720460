/** Counts how one module's port reads beside its C. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parser } from "@lezer/rust";
import type { SyntaxNode } from "@lezer/common";
import type { Report } from "../../src/report/schema.ts";
import { type CommentCount, countComments, ownFiles } from "./comments.ts";
import { type Reason, reasonsOf } from "./reasons.ts";

export interface Quality {
  module: string;
  verdict: string;
  /** Lines of the units' C, and of the headers beside them. */
  c: { units: number; all: number };
  /** Lines of the units' Rust, and of the whole crate. */
  rust: { units: number; all: number };
  comments: CommentCount;
  casts: number;
  /** `needless`: unsafe functions without an unsafe block. */
  unsafe: { functions: number; all: number; needless: number; blocks: number };
  staticMut: number;
  printed: { functions: number; all: number };
  items: { printed: number; all: number } | undefined;
  /** Of the functions and variables that are not printed. */
  reasons: Reason[];
  /** By what the printed functions passed. */
  passed: NonNullable<Report["printed"]>["passed"];
  macros: { named: number; all: number };
}

/**
 * @param dir the check's results
 * @param source where the C lies; as the report has it where that is not said
 */
export async function measure(report: Report, dir: string, source = report.module.dir): Promise<Quality> {
  const units = report.units.map((u) => path.resolve(source, u.file));
  const own = await ownFiles(units);
  const src = path.join(dir, "port", "src");
  const names = existsSync(src)
    ? (await readdir(src)).filter((n) => n.endsWith(".rs") && n !== "compiler_builtins.rs")
    : [];
  const texts = new Map(
    await Promise.all(names.map(async (n) => [n, await readFile(path.join(src, n), "utf8")] as const)),
  );
  const lines = (all: Iterable<string>): number => [...all].reduce((n, t) => n + t.trimEnd().split("\n").length, 0);
  const counts = [...texts.values()].map(countRust);
  const sum = (of: (c: ReturnType<typeof countRust>) => number): number => counts.reduce((n, c) => n + of(c), 0);
  const cUnits = report.units.reduce((n, u) => n + u.cLines, 0);
  const p = report.printed;
  return {
    module: report.module.name,
    verdict: report.verdict,
    c: { units: cUnits, all: Math.max(cUnits, lines(own.values())) },
    rust: { units: report.units.reduce((n, u) => n + u.rustLines, 0), all: lines(texts.values()) },
    comments: countComments(own.values(), texts.values()),
    casts: sum((c) => c.casts),
    unsafe: {
      functions: sum((c) => c.unsafeFunctions),
      all: sum((c) => c.functions),
      needless: sum((c) => c.needless),
      blocks: sum((c) => c.blocks),
    },
    staticMut: sum((c) => c.staticMut),
    printed: { functions: p?.functions ?? 0, all: (p?.functions ?? 0) + (p?.kept.length ?? 0) },
    items: itemsOf(p),
    reasons: reasonsOf(report),
    passed: p?.passed,
    macros: { named: p?.macros.named ?? 0, all: (p?.macros.named ?? 0) + (p?.macros.expanded ?? 0) },
  };
}

function itemsOf(printed: Report["printed"]): Quality["items"] {
  const items = printed?.items;
  return items && { printed: items.printed, all: items.printed + items.kept.length };
}

/** `as`, functions with a body, unsafe blocks, and variables that may be written, in one file. */
function countRust(text: string): {
  casts: number;
  functions: number;
  unsafeFunctions: number;
  needless: number;
  blocks: number;
  staticMut: number;
} {
  const counts = { casts: 0, functions: 0, unsafeFunctions: 0, needless: 0, blocks: 0, staticMut: 0 };
  const asksForBlocks = !text.includes("unsafe_op_in_unsafe_fn");
  // The parser does not look into macros: what is invoked there counts by its tokens.
  parser.parse(text).iterate({
    enter(n) {
      if (n.name === "TypeCastExpression") counts.casts++;
      else if (n.name === "as" && n.node.parent?.name === "TokenTree") counts.casts++;
      else if (n.name === "FunctionItem" && n.node.getChild("Block")) {
        counts.functions++;
        if (/\bunsafe\b/.test(text.slice(n.from, n.node.getChild("fn")?.from ?? n.from))) {
          counts.unsafeFunctions++;
          if (asksForBlocks && !hasBlock(n.node)) counts.needless++;
        }
      } else if (n.name === "UnsafeBlock") counts.blocks++;
      else if (n.name === "StaticItem" && n.node.getChild("mut") && n.node.parent?.parent?.name !== "ForeignModItem")
        counts.staticMut++;
    },
  });
  return counts;
}

function hasBlock(f: SyntaxNode): boolean {
  let found = false;
  f.cursor().iterate((n) => {
    if (n.name === "UnsafeBlock") found = true;
  });
  return found;
}
