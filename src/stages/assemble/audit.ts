/** Looks in a finished port for everything that the C said and c2rust drops, so that nothing is lost between two rules. */
import { splitItems, type RustItem } from "../../rust/items.ts";
import type { StaticAssertion } from "../lower/static-assertions.ts";
import type { WrittenConstruct } from "../lower/written.ts";

export interface AuditedConstruct {
  kind: WrittenConstruct["kind"] | "static assertion";
  name: string;
  detail?: string;
  /** `ring.c:12`. */
  place: string;
  /** Where it is said now; an assertion may be evaluated by clang alone. */
  lies: "in Rust" | "in C" | "with clang" | "nowhere";
}

interface AuditedUnit {
  written: readonly WrittenConstruct[];
  assertions: readonly StaticAssertion[];
  /** Names of C that are others in the Rust. */
  renamed: ReadonlyMap<string, string>;
}

/**
 * @param rust the units' Rust
 * @param helpers all C of the port
 */
export function auditConstructs(
  units: readonly AuditedUnit[],
  rust: readonly string[],
  helpers: string,
  relative: (file: string) => string,
): AuditedConstruct[] {
  const items = Map.groupBy(
    rust.flatMap(splitItems).filter((i) => i.kind === "fn" || i.kind === "static"),
    (i) => i.name,
  );
  const c = flat(helpers);
  const assembly = rust.join("\n");
  const place = (x: { file: string; line: number }): string => `${relative(x.file)}:${x.line}`;
  return units.flatMap((u) => [
    ...u.written.map((w) => ({
      kind: w.kind,
      name: flat(w.name),
      ...(w.detail === undefined ? {} : { detail: w.detail }),
      place: place(w),
      lies: whereIs(w, items.get(u.renamed.get(w.name) ?? w.name) ?? [], c, assembly),
    })),
    ...u.assertions.map((a) => ({
      kind: "static assertion" as const,
      name: flat(a.text),
      place: place(a),
      lies:
        a.name === undefined
          ? ("with clang" as const)
          : asserts(assembly, a.text)
            ? ("in Rust" as const)
            : ("nowhere" as const),
    })),
  ]);
}

function whereIs(
  w: WrittenConstruct,
  items: readonly RustItem[],
  helpers: string,
  rust: string,
): AuditedConstruct["lies"] {
  const inC =
    w.kind === "file-scope assembly"
      ? helpers.includes(flat(w.name))
      : new RegExp(`\\b${w.name}\\b`).test(helpers) || (w.source !== undefined && helpers.includes(flat(w.source)));
  if (w.kind === "file-scope assembly") return inC ? "in C" : "nowhere";
  if (w.kind === "alias" && (items.some((i) => i.kind === "fn") || new RegExp(`\\.set ${w.name}\\b`).test(rust)))
    return "in Rust";
  // Whatever the Rust does not define, the helpers do; the comparison of the objects says whether they do it rightly.
  if (items.length === 0) return inC ? "in C" : "nowhere";
  const attribute = w.kind === "weak" ? '#[linkage = "weak"]' : `#[unsafe(link_section = ${JSON.stringify(w.detail)})]`;
  return items.some((i) => i.attributes.includes(attribute)) ? "in Rust" : "nowhere";
}

/** src/rust/static-assertions.ts gives each assertion C's text as its message. */
function asserts(rust: string, text: string): boolean {
  return rust.includes(`!= 0, ${JSON.stringify(text).replace(/[{}]/g, "$&$&")});`);
}

function flat(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
