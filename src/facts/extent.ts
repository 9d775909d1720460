/**
 * How much a facts file spells out. What clang writes is a tree, but its tables could say more with less: thirty nodes that each stand twice
 * in the next are a billion to whoever walks along them.
 */
import { childrenOf } from "./children.ts";
import type { Declaration, Facts } from "./schema.ts";

/** Times that a node may stand in others, on the average: clang itself has few that stand in two. */
const SHARED = 20;
/** Of a small file that average says nothing. */
const FEW = 100_000;
/** Types within a type, each as often as it is spelled out. */
const MOST_PARTS = 20_000;
/** Steps of all paths together: macros in macros, some ten deep. */
const MOST_STEPS = 20_000_000;
/** Bytes of the text that all arguments of macros stand in. */
const MOST_ARGUMENTS = 512 * 1024 * 1024;

/** @returns what is too much; every index is known to lead to what stands before */
export function tooMuch(f: Facts): string | undefined {
  const sizes = nodeSizes(f);
  const of = (i: number | undefined): number => (i === undefined ? 0 : (sizes[i] ?? 0));
  const whole = f.declarations.flatMap(rootsOf).reduce<number>((n, i) => n + of(i), 0);
  if (whole > SHARED * f.nodes.length + FEW) return "its nodes stand in one another too often";
  const type = typeSizes(f).findIndex((n) => n > MOST_PARTS);
  if (type >= 0) return `types.${type} has more than ${MOST_PARTS} parts`;
  if (stepsOf(f) > MOST_STEPS) return "macros are in one another too deep";
  const texts = f.expansions.reduce((n, x) => n + (x.arguments ?? []).reduce((m, a) => m + a.e - a.b, 0), 0);
  return texts > MOST_ARGUMENTS ? "the arguments of its macros are too long" : undefined;
}

/** The expressions and statements of a declaration. */
function rootsOf(d: Declaration): readonly (number | undefined)[] {
  switch (d.k) {
    case "function":
      return [d.body];
    case "variable":
      return [d.initialiser, ...(d.bounds ?? [])];
    case "record":
      return (d.fields ?? []).flatMap((x) => x.bounds ?? []);
    default:
      return [];
  }
}

function nodeSizes(f: Facts): Float64Array {
  const sizes = new Float64Array(f.nodes.length);
  for (const [i, n] of f.nodes.entries()) {
    const initialisers =
      n.k !== "declare"
        ? []
        : n.decls.flatMap((d) => {
            const v = f.declarations[d];
            return v?.k === "variable" && v.initialiser !== undefined ? [v.initialiser] : [];
          });
    sizes[i] = [...childrenOf(n), ...initialisers].reduce((sum, c) => sum + (sizes[c] as number), 1);
  }
  return sizes;
}

function typeSizes(f: Facts): Float64Array {
  const sizes = new Float64Array(f.types.length);
  for (const [i, t] of f.types.entries()) {
    const made = "to" in t ? [t.to] : "of" in t ? [t.of] : t.k === "function" ? [t.result, ...t.parameters] : [];
    sizes[i] = made.reduce((sum, m) => sum + (sizes[m] as number), 1);
  }
  return sizes;
}

function stepsOf(f: Facts): number {
  const depths = new Float64Array(f.paths.length + 1);
  let sum = 0;
  // Entry i is path i + 1.
  for (const [i, s] of f.paths.entries()) sum += depths[i + 1] = 1 + (depths[s.up] as number);
  return sum;
}
