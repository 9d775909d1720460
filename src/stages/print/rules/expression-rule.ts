import type { Node } from "../../../facts/schema.ts";
import type { Printer } from "../printer.ts";
import type { Rust } from "../rust-text.ts";
import type { RustType } from "../rust-type.ts";

/** One kind of expression in Rust. */
export interface ExpressionRule {
  /** In `rules/`. */
  file: string;
  name: string;
  because: string;
  /** A module of test/modules that shows it. */
  fixture: string;
  kinds: readonly Node["k"][];
  print: (p: Printer, n: Node, i: number, want?: RustType) => Rust;
}
