/** Types that are only pointed to: their names, and nothing of what is in them. */
import { codeOf, type RustToken } from "../../../rust/lexer.ts";
import { type CrateFiles, type CrateItem, itemsOf, without } from "./crate.ts";

const BINDINGS = "src/bindings.rs";

const MACRO = `/// Types that are only pointed to: what is in them is the kernel's.
macro_rules! opaque {
    ($($name:ident)*) => {
        $(#[repr(C)] pub(crate) struct $name { _opaque: [u8; 0] })*
    };
}
`;

export function withOpaque(files: CrateFiles): Map<string, string> {
  const text = files.get(BINDINGS);
  if (text === undefined) return new Map(files);
  const items = itemsOf(BINDINGS, text);
  const foreign = items.filter((i) => i.foreign && i.kind === "type");
  const records = items.filter((i) => (i.kind === "struct" || i.kind === "union") && !i.foreign);
  const looked = lookedInto(files);
  const pointedTo = onlyPointedTo(
    files,
    records.filter((r) => !fieldsOf(r).some((f) => looked.has(f))).map((r) => r.name),
  );
  const gone = [...foreign, ...items.filter((i) => !i.foreign && pointedTo.has(i.name))];
  // Of those that nothing names there is nothing to say.
  const named = namedBesides(files, gone);
  const names = [...new Set(gone.filter((i) => i.kind !== "impl").map((i) => i.name))]
    .filter((n) => named.has(n))
    .sort();
  if (gone.length === 0) return new Map(files);
  const out = new Map(files);
  const said = names.length === 0 ? "" : `\n${MACRO}opaque! {\n${wrapped(names)}\n}\n`;
  out.set(BINDINGS, `${without(text, gone).trimEnd()}\n${said}`);
  const layouts = files.get("src/layouts.rs");
  if (layouts !== undefined)
    out.set(
      "src/layouts.rs",
      without(
        layouts,
        itemsOf("src/layouts.rs", layouts).filter((i) => i.kind === "const" && aboutOne(i, pointedTo)),
      ),
    );
  return out;
}

/** Names in what is left without some of the bindings' items, and without what is said of their layouts. */
function namedBesides(files: CrateFiles, gone: readonly CrateItem[]): Set<string> {
  const left = [...files].flatMap(([file, text]) =>
    file === "src/layouts.rs" ? [] : [file === BINDINGS ? without(text, gone) : text],
  );
  return new Set(left.flatMap((text) => codeOf(text).flatMap((t) => (t.kind === "identifier" ? [t.text] : []))));
}

function aboutOne(i: CrateItem, names: ReadonlySet<string>): boolean {
  return names.has(/size_of::<(\w+)>/.exec(i.text)?.[1] ?? "");
}

/** Names behind a dot, wherever it is: those of members that somebody looks at. */
function lookedInto(files: CrateFiles): Set<string> {
  const found = new Set<string>();
  for (const [file, text] of files) {
    if (file === "src/layouts.rs") continue;
    const tokens = codeOf(text);
    for (const [i, t] of tokens.entries())
      if (t.kind === "identifier" && tokens[i - 1]?.text === ".") found.add(t.text);
  }
  return found;
}

function fieldsOf(i: CrateItem): string[] {
  const tokens = codeOf(i.text);
  return tokens.flatMap((t, k) =>
    t.kind === "identifier" && tokens[k - 1]?.text === "pub" && tokens[k + 1]?.text === ":" ? [t.text] : [],
  );
}

/** The records that are named behind `*mut` and `*const` only, wherever it is. */
function onlyPointedTo(files: CrateFiles, records: readonly string[]): Set<string> {
  const left = new Set(records);
  for (const [file, text] of files) {
    if (file === "src/layouts.rs") continue;
    const tokens = codeOf(text);
    for (const [i, t] of tokens.entries()) {
      if (t.kind !== "identifier" || !left.has(t.text)) continue;
      if (!isPointee(tokens, i) && !isDefinition(tokens, i) && tokens[i - 1]?.text !== ".") left.delete(t.text);
    }
  }
  return left;
}

function isPointee(tokens: readonly RustToken[], i: number): boolean {
  return (tokens[i - 1]?.text === "mut" || tokens[i - 1]?.text === "const") && tokens[i - 2]?.text === "*";
}

function isDefinition(tokens: readonly RustToken[], i: number): boolean {
  return tokens[i - 1]?.text === "struct" || tokens[i - 1]?.text === "union";
}

function wrapped(names: readonly string[]): string {
  const lines: string[] = [];
  for (const n of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + n.length < 95) lines[lines.length - 1] = `${last} ${n}`;
    else lines.push(`    ${n}`);
  }
  return lines.join("\n");
}
