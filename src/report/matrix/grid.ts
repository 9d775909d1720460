/** The matrix as a table: a row for each module with its tools, a column for each kernel. */
import type { JudgedCell } from "./schema.ts";
import { moduleWords, valueWords } from "./words.ts";

export interface Grid {
  kernels: string[];
  rows: {
    module: string;
    c2rust: string;
    rustc: string /** In the kernels' order; undefined where kport.yml leaves the combination out. */;
    cells: (JudgedCell | undefined)[];
  }[];
}

export function gridOf(cells: readonly JudgedCell[]): Grid {
  const kernels = [...new Map(cells.map((c) => [c.cell.kernel.asked, valueWords(c.cell.kernel)]))];
  const rows = Map.groupBy(cells, ({ cell }) => [moduleWords(cell), cell.c2rust.asked, cell.rustc.asked].join("\0"));
  return {
    kernels: kernels.map(([, words]) => words),
    rows: [...rows.values()].map((of) => {
      const { cell } = of[0]!;
      return {
        module: moduleWords(cell),
        c2rust: valueWords(cell.c2rust),
        rustc: valueWords(cell.rustc),
        cells: kernels.map(([asked]) => of.find((c) => c.cell.kernel.asked === asked)),
      };
    }),
  };
}
