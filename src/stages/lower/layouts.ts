/** Asks clang for the layout of every structure that becomes Rust, so that the Rust can assert it. */
import { type AstNode, extent } from "../../c/ast.ts";
import type { UnitCompiler } from "../../c/compile-command.ts";
import { Rewriter } from "../../c/rewriter.ts";
import { StageError } from "../../errors.ts";
import { usefulLines } from "../../process.ts";

export interface RecordLayout {
  /** The tag, or the typedef's name for an unnamed structure. */
  name: string;
  /** Bytes. */
  size: number;
  align: number;
  /** Named members that are no bit-fields, with their offsets in bytes. */
  fields: { name: string; offset: number }[];
}

/**
 * Layouts of the named structures and unions that are complete in `text`. clang evaluates `sizeof` and `offsetof` into an array
 * that is read back from its assembly.
 */
export async function recordLayouts(compiler: UnitCompiler, text: string, tree: readonly AstNode[]): Promise<RecordLayout[]> {
  const records = namedRecords(tree);
  if (records.length === 0) return [];
  const values = records.flatMap(({ spelled, fields }) => [`sizeof(${spelled})`, `_Alignof(${spelled})`, ...fields.map((f) => `__builtin_offsetof(${spelled}, ${f})`)]);
  const probe = `${withoutBodies(text, tree)}\n__attribute__((used)) const unsigned long kport_layouts[] = { ${values.join(", ")} };\n`;
  const r = await compiler.runOnPreprocessed(probe, ["-S", "-O0", "-o", "-"]);
  if (r.exitCode !== 0) throw new StageError("lower", `clang does not tell the layouts\n${usefulLines(r.stderr)}`, { file: compiler.command.file });
  const body = /^kport_layouts:\n((?:\s+\.(?:quad|zero|asciz)\s.*\n)*)/m.exec(r.stdout)?.[1] ?? "";
  const numbers = body.split("\n").flatMap((l) => {
    const m = /\.(quad|zero)\s+(\d+)/.exec(l);
    return m === null ? [] : m[1] === "zero" ? Array<number>(Number(m[2]) / 8).fill(0) : [Number(m[2])];
  });
  if (numbers.length !== values.length) throw new StageError("lower", `clang told ${numbers.length} of ${values.length} layout figures`, { file: compiler.command.file });
  let at = 0;
  return records.map(({ name, fields }) => {
    const [size, align] = [numbers[at], numbers[at + 1]] as [number, number];
    const offsets = fields.map((f, i) => ({ name: f, offset: numbers[at + 2 + i] as number }));
    at += 2 + fields.length;
    return { name, size, align, fields: offsets };
  });
}

/** The unit without its functions' bodies, and so without aliases of them: they need not compile to assembly here (static keys do not, unoptimised). */
function withoutBodies(text: string, tree: readonly AstNode[]): string {
  const declarations = new Rewriter(text);
  for (const n of tree) {
    const body = n.kind === "FunctionDecl" ? n.inner?.find((c) => c.kind === "CompoundStmt") : undefined;
    const at = body && extent(body);
    if (at) declarations.replace(at.start, at.end, ";");
  }
  return declarations.render().replace(/\b(?:__alias__|alias)\s*\(\s*"[^"]*"\s*\)/g, "unused");
}

function namedRecords(tree: readonly AstNode[]): { name: string; spelled: string; fields: string[] }[] {
  const found = new Map<string, { name: string; spelled: string; fields: string[] }>();
  const unnamed = new Map<string, AstNode>();
  for (const n of tree) {
    if (n.kind === "RecordDecl" && n.completeDefinition === true) {
      if (n.name === undefined) unnamed.set(n.id, n);
      else found.set(n.name, { name: n.name, spelled: `${n.tagUsed} ${n.name}`, fields: plainFields(n) });
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
  while (n && n.kind === "ElaboratedType") n = n.inner?.[0] ?? (n.ownedTagDecl as AstNode | undefined);
  return n?.kind === "RecordType" ? n.decl?.id : undefined;
}
