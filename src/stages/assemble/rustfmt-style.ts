/** How a port's Rust is laid out. */
import { EDITION } from "../../rust/edition.ts";

/** Columns. */
export const RUSTFMT_WIDTH = 120;

/** rustfmt's own style, in lines that hold what a line of kernel C does once `->` is `(*…).`. */
const STYLE: Readonly<Record<string, string | number>> = {
  edition: EDITION,
  max_width: RUSTFMT_WIDTH,
  use_small_heuristics: "Max",
  fn_params_layout: "Compressed",
  // Tables of 64-bit numbers, several on a line.
  short_array_element_width_threshold: 24,
};

/** `rustfmt.toml`, which makes `rustfmt --check` of the port say nothing. */
export const RUSTFMT_TOML = Object.entries(STYLE)
  .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
  .join("");

/** The same for `--config`. */
export const RUSTFMT_CONFIG = Object.entries(STYLE)
  .map(([key, value]) => `${key}=${value}`)
  .join(",");
