/** Cells, results and reports of matrices for the tests. */
import { cellId } from "../../src/matrix/cells.ts";
import { reproduceCommand } from "../../src/regression/reproduce.ts";
import type { Cell, JudgedCell, MatrixReport, Result, State } from "../../src/report/matrix/schema.ts";

export interface Asked {
  folder?: string;
  kernel?: string;
  c2rust?: string;
  rustc?: string;
  source?: string;
}

export function aCell(asked: Asked = {}, more: Partial<Cell> = {}): Cell {
  const { folder = "ring", kernel = "6.1", c2rust = "0.22.1", rustc = "1.96.0", source = "s1" } = asked;
  const value = (text: string) => ({ asked: text, resolved: text });
  return {
    id: cellId([folder, kernel, c2rust, rustc]),
    module: { folder },
    kernel: value(kernel),
    c2rust: value(c2rust),
    rustc: value(rustc),
    allowFailure: false,
    boot: false,
    headers: "helpers",
    source,
    key: [folder, kernel, c2rust, rustc, source].join(),
    ...more,
  };
}

export function aResult(cell: Cell, sequence: number, outcome: Result["outcome"], more: Partial<Result> = {}): Result {
  return {
    run: { id: String(sequence), sequence, at: new Date(Date.UTC(2026, 0, 1) + sequence * 86_400_000).toISOString() },
    outcome,
    values: {
      kernel: cell.kernel.resolved,
      c2rust: cell.c2rust.resolved,
      rustc: cell.rustc.resolved,
      source: cell.source,
    },
    key: cell.key,
    seconds: 60,
    ...(outcome === "fail" || outcome === "flaky"
      ? { fingerprint: "f00d", stage: "build", message: "the port does not build" }
      : {}),
    ...more,
  };
}

export function judged(cell: Cell, state: State, more: Partial<JudgedCell> = {}, sequence = 7): JudgedCell {
  const outcome =
    state === "flaky"
      ? "flaky"
      : state === "unknown"
        ? "unknown"
        : state === "new-failure" || state === "still-failing"
          ? "fail"
          : "pass";
  return {
    cell,
    state,
    result: aResult(cell, sequence, outcome),
    origin: state === "left-out" ? "none" : "run",
    past: [],
    reproduce: reproduceCommand(cell, {
      kernel: cell.kernel.resolved,
      c2rust: cell.c2rust.resolved,
      rustc: cell.rustc.resolved,
    }),
    ...(state === "unknown" ? { note: "no kernel 6.1 here" } : {}),
    ...more,
  };
}

export function aMatrix(cells: JudgedCell[], sequence = 7): MatrixReport {
  const failing = cells.some((c) => c.state === "new-failure" || c.state === "still-failing");
  return {
    schemaVersion: 1,
    run: {
      id: String(sequence),
      sequence,
      at: "2026-01-08T00:00:00.000Z",
      url: `https://github.com/acme/drivers/actions/runs/${sequence}`,
    },
    kport: "0.1.0",
    verdict: failing ? "fail" : "pass",
    cells,
    broken: [],
    notes: [],
  };
}
