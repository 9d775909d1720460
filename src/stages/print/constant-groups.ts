/** Constants that the C defines in one go, without a blank line between: registers, the bits of one. Of several types one of them may have, the others' is it. */
import type { Constant } from "./constant-items.ts";
import type { Printer } from "./printer.ts";
import { rustName } from "./rust-text.ts";
import type { UnitFacts } from "./unit-facts.ts";

/** By the macro's name, which group it is of. */
type Groups = ReadonlyMap<string, string>;

const known = new WeakMap<UnitFacts, Groups>();

/** The group that a macro of the module's is defined in. */
export function groupOf(p: Printer, name: string): string | undefined {
  const groups = known.get(p.unit) ?? groupsIn(p);
  known.set(p.unit, groups);
  return groups.get(name);
}

function groupsIn(p: Printer): Groups {
  const { macros, files } = p.unit.facts;
  const own = macros.flatMap((m) =>
    m.place !== undefined && files[m.place.f]?.own ? [{ name: m.name, at: m.place }] : [],
  );
  own.sort((a, b) => a.at.f - b.at.f || a.at.b - b.at.b);
  const out = new Map<string, string>();
  for (const [k, { name, at }] of own.entries()) {
    const before = own[k - 1];
    const between = before?.at.f === at.f ? p.sourceText({ ...at, b: before.at.e, e: at.b }) : undefined;
    const goesOn = before !== undefined && between !== undefined && !/\n[ \t\r]*\n/.test(between);
    out.set(name, (goesOn ? out.get(before.name) : undefined) ?? `${files[at.f]?.path} ${at.b}`);
  }
  return out;
}

/** Give each constant the type that most of its uses ask for, the fewest of which are converted then; where several do, what most of its group's uses ask for. */
export function settleTypes(constants: Iterable<Constant>): void {
  const all = [...constants];
  const votesIn = Map.groupBy(
    all.flatMap((c) => (c.group === undefined ? [] : c.wanted.map((type) => ({ group: c.group, type })))),
    (v) => `${v.group} ${rustName(v.type)}`,
  );
  for (const c of all) {
    const votes = [...Map.groupBy(c.wanted, rustName)].map(([name, types]) => ({
      types,
      others: votesIn.get(`${c.group} ${name}`)?.length ?? 0,
    }));
    votes.sort((a, b) => b.types.length - a.types.length || b.others - a.others);
    const [most, next] = votes;
    const isClear = most && (most.types.length > (next?.types.length ?? 0) || most.others > (next?.others ?? 0));
    if (isClear && most.types[0]) c.type = most.types[0];
  }
}
