/** Holds the Rust `.ko` against the C one: every difference becomes a finding, known ones with their explanation. */
import type { Finding } from "../../report/schema.ts";
import { alignments } from "./alignments.ts";
import { buildWarnings } from "./build-warnings.ts";
import type { Check, Pair } from "./check.ts";
import { constants } from "./constants.ts";
import { constructs } from "./constructs.ts";
import { contents } from "./contents.ts";
import { entryPoints } from "./entry-points.ts";
import { exportsCheck } from "./exports.ts";
import { imports } from "./imports.ts";
import { kept } from "./kept.ts";
import { mitigations } from "./mitigations.ts";
import { modinfo } from "./modinfo.ts";
import { panics } from "./panics.ts";
import { parameters } from "./parameters.ts";
import { placement } from "./placement.ts";
import { sections } from "./sections.ts";
import { size } from "./size.ts";
import { stackProtector } from "./stack-protector.ts";
import { symbols } from "./symbols.ts";
import { tables } from "./tables.ts";
import { tracing } from "./tracing.ts";
import { unwinding } from "./unwinding.ts";

/** All of them; docs/fidelity.md is made of this list. */
export const CHECKS: readonly Check[] = [
  entryPoints,
  modinfo,
  parameters,
  exportsCheck,
  imports,
  symbols,
  constructs,
  sections,
  placement,
  constants,
  alignments,
  contents,
  kept,
  tables,
  unwinding,
  mitigations,
  stackProtector,
  tracing,
  panics,
  buildWarnings,
  size,
];

export function compareObjects(pair: Pair): Finding[] {
  return CHECKS.flatMap((c) => c.run(pair));
}

export type { Pair } from "./check.ts";
