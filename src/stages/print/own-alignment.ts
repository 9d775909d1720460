/** How types are aligned that have no alignment by a name. */
import type { UnitFacts } from "./unit-facts.ts";

/** Bytes that C aligns a type to by itself, and Rust as well: layouts are asserted. */
export function ownAlignment(unit: UnitFacts, type: number): number | undefined {
  const t = unit.plain(type);
  switch (t.k) {
    case "array":
      return ownAlignment(unit, t.of);
    case "record": {
      const record = unit.declaration(t.decl);
      return record.k === "record" ? record.align : undefined;
    }
    case "enum": {
      const d = unit.declaration(t.decl);
      return d.k !== "enum" ? undefined : d.type === undefined ? 4 : ownAlignment(unit, d.type);
    }
    case "int":
    case "float":
      return t.bits / 8;
    case "bool":
      return 1;
    case "pointer":
      return 8;
    default:
      return undefined;
  }
}
