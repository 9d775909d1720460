/** What a plan of helpers ends with where a part of the unit must stay C, or cannot. */
import type { StaysWhole } from "./file-scope.ts";

/** Functions that were to be translated and cannot be: they stay C after all, and the unit is reduced anew. */
export class MustStayInC extends Error {
  override readonly name = "MustStayInC";
  /** With the reason of each. */
  readonly functions: ReadonlyMap<string, string>;
  constructor(functions: ReadonlyMap<string, string>) {
    super(`stays in C: ${[...functions.keys()].join(", ")}`);
    this.functions = functions;
  }
}

/** What was to stay C whole, and does not compile as it was written there. */
export class NotWhole extends Error {
  override readonly name = "NotWhole";
  readonly whole: StaysWhole;
  constructor(whole: StaysWhole, why: string) {
    super(`${whole.name} cannot become Rust (${whole.reason}), and does not compile among the helpers: ${why}`);
    this.whole = whole;
  }
}
