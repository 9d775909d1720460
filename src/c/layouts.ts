/** How every structure and union of a unit lies in memory, so that the Rust can assert it. */
import type { RecordAnswer } from "./answers-schema.ts";
import type { Answers } from "./answers.ts";
import type { AstNode } from "./ast.ts";
import { type Tag, typedefsOf } from "./unnamed-records.ts";

export interface RecordLayout {
  /** The tag, or the typedef's name for an unnamed structure, or the name that it was given. */
  name: string;
  /** Bytes. */
  size: number;
  align: number;
  /**
   * Members that are no bit-fields, with their offsets in bytes: `member`, `member.inner` where the type of `member` has no name. Members
   * of unnamed members are the structure's own, as in C.
   */
  fields: { name: string; offset: number }[];
  /** Named bit-fields, with their first bit from the start of the structure and their width. */
  bits: { name: string; first: number; width: number }[];
}

/**
 * Layouts of the structures and unions that are complete in a unit, those of its functions among them, as clang has them. Those of which it
 * has two by the same name (two functions' own) are left out.
 * @param tree typedefs give unnamed ones their names
 * @param tags the names of others
 */
export function recordLayouts(
  answers: Answers,
  tree: readonly AstNode[],
  tags: ReadonlyMap<string, Tag> = new Map(),
): RecordLayout[] {
  const typedefs = new Map([...typedefsOf(tree)].reverse().map(([d, id]) => [id, d.name]));
  const found = new Map<string, RecordLayout | undefined>();
  for (const r of answers.records) {
    const name = r.name ?? tags.get(r.id)?.name ?? typedefs.get(r.id);
    if (name === undefined) continue;
    const layout = layoutOf(name, r, answers);
    found.set(name, !found.has(name) || sameLayout(found.get(name), layout) ? layout : undefined);
  }
  return [...found.values()].filter((l) => l !== undefined);
}

function sameLayout(a: RecordLayout | undefined, b: RecordLayout): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function layoutOf(name: string, record: RecordAnswer, answers: Answers): RecordLayout {
  const layout: RecordLayout = { name, size: record.size, align: record.align, fields: [], bits: [] };
  const within = (r: RecordAnswer, base: number, path: string): void => {
    for (const f of r.fields) {
      const first = base + f.first;
      if (f.name !== undefined && f.width === undefined) layout.fields.push({ name: path + f.name, offset: first / 8 });
      else if (f.name !== undefined) layout.bits.push({ name: path + f.name, first, width: f.width as number });
      const inner = f.record === undefined ? undefined : answers.record({ id: f.record });
      // One that has a name is asserted for itself.
      if (inner !== undefined && inner.name === undefined)
        within(inner, first, f.name === undefined ? path : `${path}${f.name}.`);
    }
  };
  within(record, 0, "");
  return layout;
}
