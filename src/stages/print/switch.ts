/** `switch` as `match`. */
import { itemsOf, leaves } from "./flow.ts";
import type { Printer } from "./printer.ts";
import { type Ending, printItems } from "./statements.ts";
import { groupsOf } from "./switch-groups.ts";
import { cutAtLabels, type Group, nameOfLabel } from "./switch-labels.ts";
import { Patterns } from "./switch-patterns.ts";
import type { Kind } from "./unit-facts.ts";

/** What rustfmt leaves in one line, in a `match` of a function's: of a longer statement it makes a block, in which it has no semicolon. */
const FITS = 104;

/** As many nodes may be written twice where one case runs on into the next. */
const SHORT = 60;

/** @param ending what becomes of the last statement of an arm, where control leaves the function in each */
export function printSwitch(p: Printer, n: Kind<"switch">, ending: Ending): string[] {
  const groups = cutAtLabels(p.unit, groupsOf(p.unit, n.body));
  const of = new Patterns(
    p,
    n.of,
    groups.flatMap((g) => (g.isDefault ? [] : g.labels)),
  );
  const { subject } = of;
  const frame = p.flow.enter("switch", undefined);
  const behind = groups.flatMap((g, at) =>
    g.entered !== undefined || (at > 0 && isLong(p, groups, at) && runsOn(p, groups, at - 1)) ? [at] : [],
  );
  const patterns = (g: Group): string => (g.isDefault ? "_" : of.patterns(g.labels));
  const above = (g: Group): string[] => [
    ...(p.template ? [] : p.comments.above(g.place)),
    ...(g.isDefault ? [] : of.saidAbove(g.labels)),
  ];
  if (behind.length > 0) {
    frame.used = true;
    const lines = withLongCases(p, groups, behind, `match ${subject} {`, { patterns, above }, frame.label);
    p.flow.leave(frame);
    return [`'${frame.label}: {`, ...lines, "}"];
  }
  const arms: string[] = [];
  let otherwise = arm("_", [], false);
  for (const [at, g] of groups.entries()) {
    const said = above(g);
    const made = [...said, ...arm(patterns(g), armLines(p, groups, at, ending), isValue(p, g.body))];
    if (g.isDefault) otherwise = made;
    else arms.push(...made);
  }
  p.flow.leave(frame);
  arms.push(...otherwise);
  return [`${frame.used ? `'${frame.label}: {` : ""}match ${subject} {`, ...arms, frame.used ? "}}" : "}"];
}

/**
 * A `switch` some of whose cases run on into long ones, or jump into others: those stand behind the `match`, each behind a block of its own
 * that the cases before it leave.
 * @param behind which of the groups
 */
function withLongCases(
  p: Printer,
  groups: readonly Group[],
  behind: readonly number[],
  head: string,
  { patterns, above }: { patterns: (g: Group) => string; above: (g: Group) => string[] },
  label: string,
): string[] {
  const frames = behind.toReversed().map((at) => {
    const g = groups[at] as Group;
    const frame = p.flow.enter("block", nameOfLabel(p.unit, g) ?? caseLabel(patterns(g), at));
    for (const l of g.entered ?? []) p.flow.jumps.forward.set(l, frame.label);
    return { at, frame };
  });
  const labelOf = (at: number): string => frames.find((f) => f.at === at)?.frame.label as string;
  const lines = (at: number): string[] => {
    const [body, on] = bodyFrom(p, groups, at, behind);
    const printed = [...printItems(p, itemsOf(p.unit, body, p.flow.jumps), "nothing"), ...atEnd(p, body.at(-1))];
    if (leaves(p.unit, body.at(-1))) return printed;
    return [...printed, `break '${on === undefined ? label : labelOf(on)};`];
  };
  const otherwise = groups.findIndex((g) => g.isDefault);
  const armOf = (at: number): string[] => {
    const g = groups[at] as Group;
    return [
      ...above(g),
      ...(behind.includes(at)
        ? arm(patterns(g), [`break '${labelOf(at)};`], false)
        : arm(patterns(g), lines(at), isValue(p, g.body))),
    ];
  };
  let made = [
    head,
    ...groups.flatMap((g, at) => (g.isDefault || g.entered !== undefined ? [] : armOf(at))),
    ...(otherwise < 0 ? arm("_", [`break '${label};`], false) : armOf(otherwise)),
    "}",
  ];
  for (const [k, { at, frame }] of [...frames.entries()].toReversed()) {
    p.flow.leave(frame);
    for (const l of groups[at]?.entered ?? []) p.flow.jumps.forward.delete(l);
    const own = lines(at);
    // What ends the block around it needs no word.
    const ends = own.at(-1) === `break '${frames[k - 1]?.frame.label ?? label};`;
    made = [`'${frame.label}: {`, ...made, "}", ...(ends ? own.slice(0, -1) : own)];
  }
  return made;
}

/** A name for the block before a case: by its value where that has a name. */
function caseLabel(pattern: string, at: number): string {
  return pattern === "_" ? "default" : /^\w+$/.test(pattern) ? `case_${pattern.toLowerCase()}` : `case_${at}`;
}

/** @param isValue what stands there has a value, which no other arm has to have: it is a statement, and takes a block */
function arm(patterns: string, lines: readonly string[], isValue: boolean): string[] {
  const [only] = lines;
  if (
    lines.length === 1 &&
    only !== undefined &&
    /^[^\n/{}]*;$/.test(only) &&
    !/^(?:let|static) /.test(only) &&
    !isValue &&
    patterns.length + only.length <= FITS
  )
    return [`${patterns} => ${only.slice(0, -1)},`];
  // A word about nothing that is done.
  if (lines.length === 1 && only !== undefined && /^\/\*[^\n]*\*\/$/.test(only)) return [`${patterns} => { ${only} }`];
  // A value, where the function ends.
  if (lines.length === 1 && only !== undefined && /^[^\n/{};]*$/.test(only)) return [`${patterns} => ${only},`];
  return [`${patterns} => {`, ...lines, "}"];
}

/** Whether the one statement of a body is an expression that has a value in Rust as well. */
function isValue(p: Printer, body: readonly number[]): boolean {
  const [only] = body.filter((i) => p.unit.node(i).k !== "break");
  let n = only === undefined ? undefined : p.unit.node(only);
  while (n?.k === "evaluate" || (n?.k === "cast" && n.kind === "ToVoid")) n = p.unit.node(n.of);
  if (n === undefined || !("t" in n) || n.k === "assignment") return false;
  const isStep = n.k === "unary" && /^(?:_(?:\+\+|--)|(?:\+\+|--)_)$/.test(n.op);
  return !isStep && p.types.of(n.t).k !== "void";
}

/** Whether a group runs on into the next. */
function runsOn(p: Printer, groups: readonly Group[], at: number): boolean {
  return at < groups.length - 1 && !leaves(p.unit, groups[at]?.body.at(-1));
}

function isLong(p: Printer, groups: readonly Group[], at: number): boolean {
  let size = 0;
  for (const s of groups[at]?.body ?? []) p.unit.walk(s, () => void size++);
  return size > (p.form.once ? 0 : SHORT);
}

/** A group's statements, with those of the short ones that it runs on into; and the one of `behind` that it ends before. */
function bodyFrom(
  p: Printer,
  groups: readonly Group[],
  at: number,
  behind: readonly number[],
): [body: number[], on: number | undefined] {
  const body: number[] = [];
  for (let k = at; ; k++) {
    body.push(...(groups[k]?.body ?? []));
    if (!runsOn(p, groups, k)) return [body, undefined];
    if (behind.includes(k + 1)) return [body, k + 1];
  }
}

function armLines(p: Printer, groups: readonly Group[], at: number, ending: Ending): string[] {
  const [body] = bodyFrom(p, groups, at, []);
  const last = body.at(-1);
  const ends = last !== undefined && p.unit.node(last).k === "break";
  const lines = printItems(p, itemsOf(p.unit, ends ? body.slice(0, -1) : body, p.flow.jumps), ending);
  return [...lines, ...(ends ? atEnd(p, last) : [])];
}

/** The comments before and beside the `break` that a case ends with, which Rust does without. */
function atEnd(p: Printer, last: number | undefined): string[] {
  const n = last === undefined ? undefined : p.unit.node(last);
  return n?.k === "break" && !p.template ? p.comments.beside(n) : [];
}
