/** What ran of each of a module's functions, in the C boot and in the Rust boot. */
import type { Finding, Report } from "../report/schema.ts";
import type { InspectedObject } from "../stages/inspect/index.ts";
import type { LoweredUnit } from "../stages/lower/index.ts";
import { Observed, type Sought } from "../stages/observed/index.ts";
import type { ExecutedInBoth } from "./module-boots.ts";

export interface ObserveInput {
  lowered: readonly LoweredUnit[];
  /** The name of each unit, which is that of its Rust module. */
  names: readonly string[];
  c: InspectedObject;
  rust: InspectedObject;
  executed: ExecutedInBoth;
  /** Functions besides those that people wrote: `init_module`, which macros make. Files relative. */
  besides: readonly { name: string; file: string }[];
  relative: (file: string) => string;
}

type Observations = NonNullable<Report["observed"]>["functions"];

export function observeModule({ lowered, names, c, rust, executed, besides, relative }: ObserveInput): Observations {
  const inC = new Observed(c, executed.c);
  const inRust = new Observed(rust, executed.rust);
  return lowered.flatMap((u, i) => {
    const symbols = new Map(
      u.definitions.flatMap((d) => (d.symbol === undefined ? [] : [[d.name, d.symbol] as const])),
    );
    const file = relative(u.command.file);
    const own = u.functions.map((f) => f.name);
    const more = besides.filter((f) => f.file === file && !own.includes(f.name)).map((f) => f.name);
    return [...u.functions.filter((f) => f.inC !== true).map((f) => f.name), ...more].map((name) => {
      const renamed = u.renamed.get(name) ?? name;
      const sought: Sought = {
        names: [name, renamed, symbols.get(renamed) ?? renamed],
        file: u.command.file,
        unit: names[i] as string,
      };
      const [ranInC, ranInRust] = [inC.of(sought, "c"), inRust.of(sought, "rust")];
      return { name, file, ...(ranInC ? { c: ranInC } : {}), ...(ranInRust ? { rust: ranInRust } : {}) };
    });
  });
}

/** Names shown of functions that ran on one side alone. */
const SHOWN = 12;

/**
 * Functions that both modules have, of which one boot ran the one and the other did not. A note: a copy that a compiler has put into a
 * caller runs unseen.
 */
export function ranOnOneSide(functions: Observations): Finding[] {
  const only = (here: "c" | "rust", there: "c" | "rust"): string[] =>
    functions.filter((f) => (f[here]?.ran ?? 0) > 0 && f[there]?.ran === 0).map((f) => f.name);
  const [onlyC, onlyRust] = [only("c", "rust"), only("rust", "c")];
  if (onlyC.length + onlyRust.length === 0) return [];
  const shown = (names: readonly string[]): string =>
    names.length === 0
      ? ""
      : names.slice(0, SHOWN).join("\n") + (names.length > SHOWN ? `\nand ${names.length - SHOWN} more` : "");
  const parts = [
    ...(onlyC.length > 0 ? [`${onlyC.length} in the C boot only`] : []),
    ...(onlyRust.length > 0 ? [`${onlyRust.length} in the Rust boot only`] : []),
  ];
  return [
    {
      check: "observed",
      severity: "note",
      message: `of the functions that both modules have, ${parts.join(", ")} ran as functions of their own (a copy within a caller is not seen)`,
      c: shown(onlyC),
      rust: shown(onlyRust),
    },
  ];
}
