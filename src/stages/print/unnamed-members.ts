/**
 * Structures without a name that variables at file scope (`DEFINE_KFIFO(fifo, int, 32)`) or members of others are (`struct { … } head[2];`), by
 * the crate's: a pointer to one has that type.
 */
import type { DeclarationOf } from "../../facts/tree.ts";
import type { CrateTypes } from "./crate-types.ts";
import type { Environment } from "./environment.ts";
import { findMember } from "./members.ts";
import type { RustType } from "./rust-type.ts";
import type { UnitFacts } from "./unit-facts.ts";

/** Names what is found: C's declarations and the crate's are gone through side by side. */
export function nameByMembers(unit: UnitFacts, env: Environment, types: CrateTypes): void {
  const seen = new Set<DeclarationOf<"record">>();
  const beside = (c: number, rust: RustType): void => {
    const [type, there] = [unit.plain(c), types.resolve(rust)];
    if (type.k === "array" && there.k === "array") return beside(type.of, there.of);
    if (type.k === "pointer" && there.k === "pointer") return beside(type.to, there.to);
    if (type.k !== "record" || there.k !== "record") return;
    const record = unit.declaration(type.decl);
    if (record.k !== "record") return;
    if (record.name === undefined && record.typedef === undefined) types.nameRecordOfFile(type.decl, there.name);
    members(record, there.name);
  };
  /** @param name of the crate's structure that the members lie in, those of unnamed ones as well */
  const members = (record: DeclarationOf<"record">, name: string): void => {
    if (seen.has(record)) return;
    seen.add(record);
    for (const field of record.fields ?? []) {
      const type = unit.plain(field.type);
      const below = type.k === "record" ? unit.declaration(type.decl) : undefined;
      if (field.name === undefined && below?.k === "record") members(below, name);
      else if (field.name !== undefined) {
        const found = findMember({ env, types }, { k: "record", name }, field.name);
        if (found && found.accessor === undefined) beside(field.type, found.type);
      }
    }
  };
  for (const d of unit.facts.declarations) {
    if (d.k === "variable" && d.scope === "file") {
      const there = env.static(d.name);
      if (there) beside(d.type, there.type);
    }
    const name = d.k === "record" ? [d.name, d.typedef].find((n) => n !== undefined && env.record(n)) : undefined;
    if (d.k === "record" && name !== undefined) members(d, name);
  }
}
