/** The kernel's macros by their names: what they are once a port, and how each use is written. */
import { fits } from "./convert.ts";
import type { Printer } from "./printer.ts";
import { atom, type Rust } from "./rust-text.ts";
import { type RustType, same } from "./rust-type.ts";

interface Constant {
  value: bigint;
  type: RustType;
  /** What the places ask for that it stands in. */
  wanted: RustType[];
  /** It has several values. */
  unclear?: true;
}

export class MacroBook {
  private readonly constants = new Map<string, Constant>();
  /** Whether all uses are known. */
  private settled = false;

  invocation(p: Printer, i: number, want: RustType | undefined): Rust | undefined {
    const n = p.unit.expression(i);
    for (const x of p.invocations.at(i)) {
      const macro = p.unit.facts.macros[p.unit.facts.expansions[x]?.macro ?? -1];
      if (!macro) continue;
      if (macro.parameters === undefined && n.v !== undefined) {
        const type = p.types.of(n.t);
        if (type.k === "int" && !/^(?:true|false)$/.test(macro.name)) {
          const made = this.constant(p, macro.name, BigInt(n.v), type, want);
          if (made) return made;
        }
      }
    }
    return undefined;
  }

  statement(_p: Printer, _i: number): string[] | undefined {
    return undefined;
  }

  /** A constant by its name. */
  constant(p: Printer, name: string, value: bigint, type: RustType, want: RustType | undefined): Rust | undefined {
    const known = p.env.constant(name);
    if (known) return { ...atom(name, p.types.resolve(known)), known: value };
    if (p.env.function(name) || p.env.static(name) || p.env.hasType(name)) return undefined;
    const c = this.constants.get(name) ?? { value, type, wanted: [] };
    this.constants.set(name, c);
    if (c.value !== value) c.unclear = true;
    const here = want?.k === "int" && fits(value, want) ? want : type;
    if (!this.settled) {
      c.wanted.push(here);
      return { ...atom(name, here), known: value };
    }
    return c.unclear ? undefined : { ...atom(name, c.type), known: value };
  }

  /** All functions were printed once: what is said once is known now. */
  settle(): void {
    for (const c of this.constants.values()) {
      const [first] = c.wanted;
      if (first && c.wanted.every((w) => same(w, first))) c.type = first;
    }
    this.settled = true;
  }

  /** `src/macros.rs`, without what no text names. */
  text(used: ReadonlySet<string>): string {
    const constants = [...this.constants].filter(([name, c]) => !c.unclear && used.has(name)).map(([name, c]) => `pub const ${name}: ${c.type.k === "int" ? c.type.name : ""} = ${c.value};`);
    return constants.sort().join("\n");
  }
}
