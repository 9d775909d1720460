/** The macros that are one string, as constants once a port: a driver's name, the level of a message. */
import { KEYWORDS } from "./local-names.ts";
import type { Printer } from "./printer.ts";
import { escaped, stringPointer } from "./rules/literals.ts";
import type { Rust } from "./rust-text.ts";
import type { Kind } from "./unit-facts.ts";

export class StringConstants {
  /** Their bytes, in hex; undefined for one that is not the same everywhere. */
  private readonly known = new Map<string, string | undefined>();
  private readonly changed: () => void;
  /** @param changed told when what was printed may be printed otherwise now */
  constructor(changed: () => void) {
    this.changed = changed;
  }

  /**
   * A string that is all of a macro, by its name, as a pointer to its characters.
   * @returns undefined where a constant of Rust's cannot be called so, or the macro says different things
   */
  named(p: Printer, name: string, { unit, bytes: hex, t }: Kind<"string">): Rust | undefined {
    const array = p.unit.plain(t);
    if (unit !== 1 || array.k !== "array") return undefined;
    const bytes = Buffer.from(hex, "hex");
    // A zero within is no part of a C string in Rust.
    if (KEYWORDS.has(name) || bytes.includes(0)) return undefined;
    if (p.env.function(name) || p.env.static(name) || p.env.constant(name) || p.env.hasType(name)) return undefined;
    const known = this.known.get(name);
    if (!this.known.has(name)) this.known.set(name, hex);
    else if (known === undefined) return undefined;
    else if (known !== hex) {
      this.known.set(name, undefined);
      this.changed();
      return undefined;
    }
    return stringPointer(bytes, p.types.of(array.of), name);
  }

  /** Whether there is one of a name. */
  has(name: string): boolean {
    return this.known.get(name) !== undefined;
  }

  /** Those that a text names, as items. */
  items(used: ReadonlySet<string>): string[] {
    return [...this.known].flatMap(([name, hex]) =>
      hex !== undefined && used.has(name)
        ? [`pub(crate) const ${name}: &::core::ffi::CStr = c"${escaped(Buffer.from(hex, "hex"))}";`]
        : [],
    );
  }
}
