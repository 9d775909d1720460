/** The command that shows a cell's result again. */
import { shellQuote } from "../machine/tool-failure.ts";
import type { Cell, Values } from "../report/matrix/schema.ts";

export function reproduceCommand(cell: Cell, values: Pick<Values, "kernel" | "c2rust" | "rustc">): string {
  const { folder, names = [], make } = cell.module;
  const words = [
    "kport",
    "check",
    folder,
    ...names.flatMap((n) => ["--module", n]),
    "--kernel",
    values.kernel,
    "--c2rust",
    values.c2rust,
    "--rustc",
    values.rustc,
  ];
  return shellQuote([
    ...words,
    ...(cell.boot ? [] : ["--no-boot"]),
    ...(cell.headers === "translate" ? ["--headers", "translate"] : []),
    ...(make === undefined ? [] : ["--make", make]),
  ]);
}
