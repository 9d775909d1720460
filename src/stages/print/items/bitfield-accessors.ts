/** The accessors of bit-fields, a line a field: c2rust's port has ten for each. */
import { codeOf, follows, type RustToken } from "../../../rust/lexer.ts";
import { type CrateFiles, type CrateItem, itemsOf } from "./crate.ts";

interface Field {
  name: string;
  type: string;
  bytes: string;
  low: string;
  width: string;
}

export function withAccessorTables(files: CrateFiles): Map<string, string> {
  if (!files.get("src/bitfield.rs")?.includes("macro_rules! accessors")) return new Map(files);
  return new Map([...files].map(([file, text]) => [file, file === "src/bitfield.rs" ? text : shortened(file, text)]));
}

function shortened(file: string, text: string): string {
  let out = text;
  for (const item of itemsOf(file, text).toReversed()) {
    const fields = item.kind === "impl" && !item.foreign ? fieldsOf(item) : undefined;
    if (fields) out = `${out.slice(0, item.start)}${table(item.name, fields)}${out.slice(item.end)}`;
  }
  return out;
}

/** The fields of an `impl` that has the accessors of plain bit-fields and nothing else. */
function fieldsOf(item: CrateItem): Field[] | undefined {
  const fields: Field[] = [];
  const tokens = codeOf(item.text);
  const at = tokens.flatMap((t, i) => (t.text === "fn" ? [i] : []));
  // Whole values only: what reads more than its bytes, or as volatile, says so with other words.
  if (tokens.some((t) => t.text === "unsafe" || t.text === "let")) return undefined;
  for (const [k, i] of at.entries()) {
    const name = tokens[i + 1] as RustToken;
    const body = tokens.slice(i, at[k + 1] ?? tokens.length);
    const call = body.findIndex((_, x) =>
      follows(body, x, "bitfield", ":", ":", k % 2 === 0 ? "get" : "set", ":", ":", "<"),
    );
    const [low, width] = [body[call + 7]?.text, body[call + 9]?.text];
    const self = body.findIndex((t, x) => x > call && t.text === "self" && body[x + 1]?.text === ".");
    const bytes = body[self + 2]?.text;
    if (call < 0 || self < 0 || low === undefined || width === undefined || bytes === undefined) return undefined;
    if (k % 2 === 0) {
      const [arrow, brace] = [
        body.findIndex((t, x) => t.text === "-" && body[x + 1]?.text === ">"),
        body.findIndex((t) => t.text === "{"),
      ];
      const [first, last] = [body[arrow + 2], body[brace - 1]];
      if (arrow < 0 || !first || !last) return undefined;
      fields.push({ name: name.text, type: item.text.slice(first.start, last.end), bytes, low, width });
    } else {
      const field = fields.at(-1);
      if (name.text !== `set_${field?.name}` || bytes !== field?.bytes || low !== field.low || width !== field.width)
        return undefined;
    }
  }
  return at.length > 0 && at.length % 2 === 0 ? fields : undefined;
}

function table(record: string, fields: readonly Field[]): string {
  const groups = [...Map.groupBy(fields, (f) => f.bytes)].map(
    ([bytes, of]) =>
      `    ${record}.${bytes} {\n${of.map((f) => `        ${f.name} set_${f.name}: ${f.type} = ${f.low}, ${f.width};\n`).join("")}    }\n`,
  );
  return `crate::bitfield::accessors! {\n${groups.join("")}}`;
}
