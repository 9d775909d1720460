/** Structures without a name in C, by those that the crate has for them: a function's variables that are one, are arrays of some or point to one tell. */
import type { CrateTypes } from "./crate-types.ts";
import type { FunctionItem } from "./environment.ts";
import { isNamedAfter } from "./local-names.ts";
import type { RustType } from "./rust-type.ts";
import type { UnitFacts, Variable } from "./unit-facts.ts";

/**
 * @param locals the function's declarations by their names, in order
 * @param inCrate its variables of types that c2rust had to find a name for, in order: several blocks may have one of the same name
 */
export function nameByLocals(
  unit: UnitFacts,
  locals: ReadonlyMap<string, readonly number[]>,
  inCrate: FunctionItem["unnamed"],
  types: CrateTypes,
): void {
  for (const [variable, decls] of locals) {
    const records = decls
      .flatMap((decl) => unnamedOf(unit, unit.declaration(decl) as Variable) ?? [])
      .filter((record) => !types.isOfFile(record));
    const found = inCrate.filter((u) => isNamedAfter(u.name, variable));
    for (const [nth, record] of records.entries()) {
      const name = nameOf(types, found[nth]?.type);
      if (name !== undefined) types.nameRecord(record, name);
    }
  }
}

/** The declaration of the structure without a name. */
function unnamedOf(unit: UnitFacts, variable: Variable): number | undefined {
  let t = unit.plain(variable.type);
  while (t.k === "array" || t.k === "pointer") t = unit.plain(t.k === "array" ? t.of : t.to);
  const record = t.k === "record" ? unit.declaration(t.decl) : undefined;
  const isUnnamed = record?.k === "record" && record.name === undefined && record.typedef === undefined;
  return t.k === "record" && isUnnamed ? t.decl : undefined;
}

function nameOf(types: CrateTypes, type: RustType | undefined): string | undefined {
  const of = type && elementOf(types.resolve(type));
  return of?.k === "record" ? of.name : undefined;
}

function elementOf(type: RustType): RustType {
  if (type.k === "array") return elementOf(type.of);
  return type.k === "pointer" ? elementOf(type.to) : type;
}
