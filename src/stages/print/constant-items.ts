/** The items that a port's constants are: each as its macro's body says it, where what that names are constants as well. */
import { groupOf } from "./constant-groups.ts";
import { isOfBits, type Named, namesIn, saidIn } from "./constant-text.ts";
import { wrapped } from "./convert.ts";
import type { Printer } from "./printer.ts";
import { rustName } from "./rust-text.ts";
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
  /** Macros with arguments make it of bits (`GENMASK(6, 4)`). */
  ofBits?: true;
  /** It has several values. */
  unclear?: true;
}

/** A constant with what the C around its macro says of it. */
export function entryOf(p: Printer, name: string, first: Constant): Constant {
  const group = groupOf(p, name);
  const macros = new Map(p.unit.facts.macros.map((m) => [m.name, m]));
  const isOfBitsBelow = (body: string, met: Set<string>): boolean =>
    namesIn(body).some((n) => {
      const m = met.has(n) ? undefined : macros.get(n);
      met.add(n);
      return m?.parameters !== undefined && (isOfBits(m.body) || isOfBitsBelow(m.body, met));
    });
  const ofBits = isOfBitsBelow(first.body, new Set());
  return { ...first, ...(group === undefined ? {} : { group }), ...(ofBits ? { ofBits: true } : {}) };
}

/** Bodies of the module's own macros that other bodies name: no text has to. */
export class OwnBodies {
  private readonly known = new Map<string, string>();
  get(name: string): string | undefined {
    return this.known.get(name);
  }

  /** Take along what a body of the module's names, and what that does. */
  follow(p: Printer, body: string): void {
    const bodies = [body];
    for (let next = bodies.pop(); next !== undefined; next = bodies.pop())
      for (const name of namesIn(next)) {
        const found = this.known.has(name) ? undefined : bodyOf(p, name);
        if (found === undefined) continue;
        this.known.set(name, found);
        bodies.push(found);
      }
  }
}

/** The body of an object-like macro of the module's whose name nothing else of the crate has. */
function bodyOf(p: Printer, name: string): string | undefined {
  const macro = p.unit.facts.macros.find((m) => m.name === name);
  const file = macro?.place === undefined ? undefined : p.unit.facts.files[macro.place.f];
  if (macro === undefined || macro.parameters !== undefined || file?.own !== true) return undefined;
  const isTaken = p.env.constant(name) ?? p.env.function(name) ?? p.env.static(name) ?? p.env.hasType(name);
  return isTaken !== undefined && isTaken !== false ? undefined : macro.body;
}

/** So many macros may name one another in a row. */
const DEEPEST = 32;

/** @param named those that a text names */
export function constantItems(
  constants: ReadonlyMap<string, Constant>,
  named: ReadonlySet<string>,
  bodies: OwnBodies,
): string[] {
  const items = new Map<string, { type: RustType; value: bigint; text: string }>();
  // Those whose bodies are being read: C's macros may name each other in a circle.
  const open = new Set<string>();
  const unsaid = new Set<string>();
  const find = (name: string, type: RustType): Named | undefined => {
    const known = items.get(name);
    if (known) return known;
    const c = constants.get(name);
    if (c && named.has(name)) return c.unclear ? undefined : { type: c.type, value: wrapped(c.value, c.type) };
    const body = c?.unclear ? undefined : bodies.get(name);
    // Asked once more, what cannot be said would be as often as the row is long, and each time twice.
    const key = `${name} ${rustName(type)}`;
    if (body === undefined || open.has(name) || open.size > DEEPEST || unsaid.has(key)) return undefined;
    open.add(name);
    const made = saidIn(body, type, (n) => find(n, type));
    open.delete(name);
    if (made === undefined) unsaid.add(key);
    if (made) items.set(name, { type, ...made });
    return made && { type, value: made.value };
  };
  for (const [name, c] of constants) {
    if (c.unclear || !named.has(name)) continue;
    const value = wrapped(c.value, c.type);
    const made = saidIn(c.body, c.type, (n) => (n === name ? undefined : find(n, c.type)));
    const text = made?.value === value ? made.text : numberText(c.value, c.type, c.ofBits ?? isOfBits(c.body));
    items.set(name, { type: c.type, value, text });
  }
  return [...items].map(
    ([name, { type, text }]) => `pub(crate) const ${name}: ${type.k === "int" ? type.name : ""} = ${text};`,
  );
}
