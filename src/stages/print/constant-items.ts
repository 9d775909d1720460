/** The items that a port's constants are: each as its macro's body says it, where what that names are constants as well. */
import { type Named, namesIn, saidIn } from "./constant-text.ts";
import { wrapped } from "./convert.ts";
import type { Printer } from "./printer.ts";
import type { RustType } from "./rust-type.ts";
import { numberText } from "./spelling.ts";

/** A macro that is a number. */
export interface Constant {
  value: bigint;
  /** The macro's. */
  body: string;
  type: RustType;
  /** What the places ask for that it stands in. */
  wanted: RustType[];
  /** The module's own text names it. */
  isOwn: boolean;
  /** Those that the C defines together with it (constant-groups.ts). */
  group?: string;
  /** It has several values. */
  unclear?: true;
}

/** Bodies of the module's own macros that other bodies name: no text has to. */
export class OwnBodies {
  private readonly known = new Map<string, string>();
  get(name: string): string | undefined {
    return this.known.get(name);
  }

  /** Take along what a body of the module's names, and what that does. */
  follow(p: Printer, body: string): void {
    for (const name of namesIn(body)) {
      const macro = p.unit.facts.macros.find((m) => m.name === name);
      const file = macro?.place === undefined ? undefined : p.unit.facts.files[macro.place.f];
      if (macro === undefined || macro.parameters !== undefined || file?.own !== true || this.known.has(name)) continue;
      const isTaken = p.env.constant(name) ?? p.env.function(name) ?? p.env.static(name) ?? p.env.hasType(name);
      if (isTaken !== undefined && isTaken !== false) continue;
      this.known.set(name, macro.body);
      this.follow(p, macro.body);
    }
  }
}

/** @param named those that a text names */
export function constantItems(
  constants: ReadonlyMap<string, Constant>,
  named: ReadonlySet<string>,
  bodies: OwnBodies,
): string[] {
  const items = new Map<string, { type: RustType; value: bigint; text: string }>();
  // Those whose bodies are being read: C's macros may name each other in a circle.
  const open = new Set<string>();
  const find = (name: string, type: RustType): Named | undefined => {
    const known = items.get(name);
    if (known) return known;
    const c = constants.get(name);
    if (c && named.has(name)) return c.unclear ? undefined : { type: c.type, value: wrapped(c.value, c.type) };
    const body = c?.unclear ? undefined : bodies.get(name);
    if (body === undefined || open.has(name)) return undefined;
    open.add(name);
    const made = saidIn(body, type, (n) => find(n, type));
    open.delete(name);
    if (made) items.set(name, { type, ...made });
    return made && { type, value: made.value };
  };
  for (const [name, c] of constants) {
    if (c.unclear || !named.has(name)) continue;
    const value = wrapped(c.value, c.type);
    const made = saidIn(c.body, c.type, (n) => (n === name ? undefined : find(n, c.type)));
    const text = made?.value === value ? made.text : numberText(c.value, c.type, c.body);
    items.set(name, { type: c.type, value, text });
  }
  return [...items].map(
    ([name, { type, text }]) => `pub(crate) const ${name}: ${type.k === "int" ? type.name : ""} = ${text};`,
  );
}
