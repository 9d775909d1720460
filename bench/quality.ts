/**
 * `npm run quality [-- [--verbose] [--reasons] FOLDER...]`: how a port reads beside its C, a line a module and their medians; why what is not printed is not, by how often. A folder is one that `kport check`
 * left its results in (`--out`), or a module's own, which is checked first, without a boot; without any, the example.
 */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parser } from "@lezer/rust";
import type { SyntaxNode } from "@lezer/common";
import { markdownTable } from "markdown-table";
import { checkFolder } from "../src/check/checked.ts";
import { check } from "../src/check/pipeline.ts";
import { scratchFolder } from "../src/machine/cache.ts";
import { projectRoot } from "../src/machine/project-root.ts";
import { readReport } from "../src/report/read.ts";
import type { Report } from "../src/report/schema.ts";
import { type CommentCount, countComments, ownFiles } from "./quality/comments.ts";
import { type Reason, reasonsOf, reasonTable } from "./quality/reasons.ts";

interface Quality {
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

const folders = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const verbose = process.argv.includes("--verbose");
await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-quality-"));
const found: Quality[] = [];
for (const folder of folders.length > 0 ? folders : [path.join(projectRoot(), "examples", "ringdev", "driver")]) {
  for (const { report, dir } of await resultsOf(path.resolve(folder))) found.push(await measure(report, dir));
}
process.stdout.write(`${table(found)}\n`);
if (process.argv.includes("--reasons")) process.stdout.write(`\n${reasonTable(found.flatMap((q) => q.reasons))}\n`);
if (verbose)
  for (const q of found) for (const lost of q.comments.lost) process.stdout.write(`${q.module}: not kept: ${lost}\n`);

/** What lies in a folder of results, or what a check of a module's folder gives. */
async function resultsOf(folder: string): Promise<{ report: Report; dir: string }[]> {
  if (existsSync(path.join(folder, "report.json")))
    return [{ report: await readReport(path.join(folder, "report.json")), dir: folder }];
  const below = existsSync(folder)
    ? (await readdir(folder)).map((n) => path.join(folder, n)).filter((d) => existsSync(path.join(d, "report.json")))
    : [];
  if (below.length > 0)
    return Promise.all(below.map(async (dir) => ({ report: await readReport(path.join(dir, "report.json")), dir })));
  return checkFolder(check, {
    dir: folder,
    out: path.join(scratch.dir, String(found.length)),
    boot: false,
    headers: "helpers",
  });
}

async function measure(report: Report, dir: string): Promise<Quality> {
  const units = report.units.map((u) => path.resolve(report.module.dir, u.file));
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

function table(all: readonly Quality[]): string {
  const per = (a: number, b: number): string => (b === 0 ? "–" : (a / b).toFixed(2));
  const of = (a: number, b: number): string => `${a} of ${b}`;
  const rows = all.map((q) => [
    q.module,
    q.verdict,
    String(q.c.units),
    `${q.rust.units} (${per(q.rust.units, q.c.units)})`,
    `${q.rust.all} (${per(q.rust.all, q.c.all)})`,
    // Of results from elsewhere the C may not be there.
    q.comments.all === 0 ? "–" : of(q.comments.kept, q.comments.all),
    `${q.casts} (${per(100 * q.casts, q.c.units)})`,
    `${of(q.unsafe.functions, q.unsafe.all)} (${q.unsafe.needless})`,
    String(q.unsafe.blocks),
    String(q.staticMut),
    of(q.printed.functions, q.printed.all),
    q.passed === undefined ? "–" : `${q.passed.sameMachineCode}, ${q.passed.sameCode}, ${q.passed.proved}`,
    q.items === undefined ? "–" : of(q.items.printed, q.items.all),
    of(q.macros.named, q.macros.all),
  ]);
  // Of all functions together: most modules have all of theirs.
  const share = (qs: readonly Quality[]): string => {
    const [some, whole] = [qs.reduce((n, q) => n + q.printed.functions, 0), qs.reduce((n, q) => n + q.printed.all, 0)];
    return `${some} of ${whole} (${((100 * some) / Math.max(1, whole)).toFixed(1)} %)`;
  };
  const median = (of: (q: Quality) => number): string => {
    const sorted = all
      .map(of)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    return (sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(2);
  };
  if (all.length > 1)
    rows.push([
      "median, sum of functions",
      "",
      "",
      median((q) => q.rust.units / q.c.units),
      median((q) => q.rust.all / q.c.all),
      median((q) => q.comments.kept / q.comments.all),
      median((q) => (100 * q.casts) / q.c.units),
      median((q) => q.unsafe.functions / q.unsafe.all),
      "",
      "",
      share(all),
      "",
      "",
      median((q) => q.macros.named / q.macros.all),
    ]);
  return markdownTable(
    [
      [
        "module",
        "verdict",
        "C lines, units",
        "Rust lines, units (per C line)",
        "Rust lines, crate (per line of C and its headers)",
        "comments kept",
        "casts (per 100 C lines)",
        "unsafe functions (without a block)",
        "unsafe blocks",
        "static mut",
        "functions printed",
        "by same machine code as c2rust's, same code as the C, proof",
        "items printed",
        "macros by name",
      ],
      ...rows,
    ],
    { alignDelimiters: false },
  );
}
