/**
 * `npm run proofs -- FOLDER… [--reasons]`: what is proved of the functions of modules, a line each and all together, from the report.json files
 * below folders: those of `kport check --out`, of `npm run corpus` or of `npm run quality:corpus`. `--reasons`: each function without a proof, and
 * each that is proved against the lowered C alone, with the reason.
 */
import path from "node:path";
import { markdownTable } from "markdown-table";
import { glob } from "tinyglobby";
import { readReport } from "../src/report/read.ts";
import { proofFigures, sumOfFigures } from "../test/corpus/proof-figures.ts";

const folders = process.argv.slice(2).filter((a) => !a.startsWith("--"));
if (folders.length === 0)
  throw new Error("npm run proofs -- FOLDER…: name the folders that checks left their results in");
const files = (
  await Promise.all(
    folders.map((cwd) =>
      glob("**/report.json", { cwd: path.resolve(cwd), absolute: true, deep: 6, expandDirectories: false }),
    ),
  )
).flat();
const reports = await Promise.all(files.sort().map((f) => readReport(f)));
const rows = reports.map((report) => ({ report, figures: proofFigures(report) }));
process.stdout.write(
  `${markdownTable(
    [
      [
        "module",
        "kernel",
        "functions",
        "proved",
        "against the C",
        "neither proved nor observed",
        "proofs / C build, seconds",
      ],
      ...rows.map(({ report, figures: f }) => [
        report.module.name,
        report.kernel.release,
        ...(f === undefined
          ? ["", report.proofs?.leftOut ?? "no proofs", "", "", ""]
          : [
              String(f.functions),
              String(f.proved),
              String(f.againstC),
              f.unseen === undefined ? "" : String(f.unseen),
              f.seconds === undefined ? "kept" : `${f.seconds.proofs.toFixed(1)} / ${f.seconds.c.toFixed(1)}`,
            ]),
      ]),
    ],
    { alignDelimiters: false },
  )}\n\n${sumOfFigures(rows.map((r) => r.figures))}.\n`,
);
if (process.argv.includes("--reasons"))
  for (const { report } of rows)
    for (const f of report.proofs?.functions ?? []) {
      const why = f.reason ?? f.loweredOnly;
      if (why !== undefined)
        process.stdout.write(
          `${report.module.name}: ${f.name}${f.tier === "none" ? "" : " (not the C)"}: ${why.slice(0, 300)}\n`,
        );
    }
