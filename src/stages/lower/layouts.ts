/** Asks clang for the layout of every structure that becomes Rust, so that the Rust can assert it. */
import { type AstNode, walk } from "../../c/ast.ts";
import type { UnitCompiler } from "../../c/compile-command.ts";
import { evaluate } from "../../c/constants.ts";

export interface RecordLayout {
  /** The tag, or the typedef's name for an unnamed structure. */
  name: string;
  /** Bytes. */
  size: number;
  align: number;
  /** Named members that are no bit-fields, with their offsets in bytes. */
  fields: { name: string; offset: number }[];
}

/** Layouts of the named structures and unions that are complete in `text`. */
export async function recordLayouts(compiler: UnitCompiler, text: string, tree: readonly AstNode[]): Promise<RecordLayout[]> {
  const records = namedRecords(tree);
  const expressions = records.flatMap(({ spelled, fields }) => [`sizeof(${spelled})`, `_Alignof(${spelled})`, ...fields.map((f) => `__builtin_offsetof(${spelled}, ${f})`)]);
  const numbers = await evaluate(compiler, text, tree, expressions);
  let at = 0;
  return records.map(({ name, fields }) => {
    const [size, align] = [numbers[at], numbers[at + 1]] as [number, number];
    const offsets = fields.map((f, i) => ({ name: f, offset: numbers[at + 2 + i] as number }));
    at += 2 + fields.length;
    return { name, size, align, fields: offsets };
  });
}

function namedRecords(tree: readonly AstNode[]): { name: string; spelled: string; fields: string[] }[] {
  const found = new Map<string, { name: string; spelled: string; fields: string[] }>();
  const unnamed = new Map<string, AstNode>();
  for (const n of tree) {
    // C knows a structure that is defined within another by its tag like any other.
    if (n.kind === "RecordDecl") {
      walk(n, (r) => {
        if (r.kind !== "RecordDecl" || r.completeDefinition !== true) return;
        if (r.name === undefined) unnamed.set(r.id, r);
        else found.set(r.name, { name: r.name, spelled: `${r.tagUsed} ${r.name}`, fields: plainFields(r) });
      });
    } else if (n.kind === "TypedefDecl" && n.name !== undefined) {
      const record = recordOf(n);
      const of = record === undefined ? undefined : unnamed.get(record);
      if (of && !found.has(n.name)) found.set(n.name, { name: n.name, spelled: n.name, fields: plainFields(of) });
    }
  }
  return [...found.values()];
}

function plainFields(record: AstNode): string[] {
  return (record.inner ?? []).flatMap((f) => (f.kind === "FieldDecl" && f.name !== undefined && f.isBitfield !== true ? [f.name] : []));
}

/** The unnamed record a typedef names directly. */
function recordOf(typedef: AstNode): string | undefined {
  let n: AstNode | undefined = typedef.inner?.[0];
  while (n && n.kind === "ElaboratedType") n = n.inner?.[0] ?? n.ownedTagDecl;
  return n?.kind === "RecordType" ? n.decl?.id : undefined;
}
