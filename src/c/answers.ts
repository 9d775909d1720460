/** What clang says of a text besides its tree, found by the nodes of that tree and by places in the text. */
import type { FieldAnswer, Query, RecordAnswer } from "./answers-schema.ts";
import { type AstNode, extent } from "./ast.ts";

export class Answers {
  readonly records: readonly RecordAnswer[];
  private readonly byId: ReadonlyMap<string, RecordAnswer>;
  private readonly fields: ReadonlyMap<string, FieldAnswer>;
  private readonly queries: ReadonlyMap<number, Query>;
  /** @param units where in the text a byte is */
  constructor(records: readonly RecordAnswer[], queries: readonly Query[], units: (byte: number) => number) {
    this.records = records;
    this.byId = new Map(records.map((r) => [r.id, r]));
    this.fields = new Map(records.flatMap((r) => r.fields.map((f) => [f.id, f])));
    this.queries = new Map(queries.map((q) => [units(q.at), q]));
  }

  /** How a complete structure or union lies in memory. */
  record(node: Pick<AstNode, "id">): RecordAnswer | undefined {
    return this.byId.get(node.id);
  }

  field(node: Pick<AstNode, "id">): FieldAnswer | undefined {
    return this.fields.get(node.id);
  }

  /** The type of the `typeof` that begins at `offset`, without names for it; undefined where no C can spell it. */
  typeAt(offset: number): string | undefined {
    return this.queries.get(offset)?.type;
  }

  /** Of a `__builtin_choose_expr`, what is left out of the program. */
  leftOut(choice: AstNode): AstNode | undefined {
    const at = choice.kind === "ChooseExpr" ? extent(choice)?.start : undefined;
    const taken = at === undefined ? undefined : this.valueAt(at);
    return taken === undefined ? undefined : choice.inner?.[taken === "0" ? 1 : 2];
  }

  /** The value of the `sizeof`, `_Alignof`, `offsetof`, object size, comparison of types or condition of a choice that begins at `offset`, where clang knows it. */
  valueAt(offset: number): string | undefined {
    return this.queries.get(offset)?.value;
  }
}

/** Members that all structures may have together, each as often as it is spelled out: a kernel's largest units have some 100,000. */
const MOST_MEMBERS = 2_000_000;

/** What leads nowhere, or round in a circle, or is too much when it is spelled out; undefined where nothing does. */
export function misled(records: readonly RecordAnswer[]): string | undefined {
  const byId = new Map(records.map((r) => [r.id, r]));
  if (byId.size !== records.length) return "two structures are one";
  const members = new Map<RecordAnswer, number>();
  const count = (r: RecordAnswer, depth: number): number => {
    const known = members.get(r);
    if (known !== undefined) return known;
    // clang itself ends at 256 brackets in one another; a circle has no end.
    if (depth > 1000) return Infinity;
    const within = r.fields.map((f) => (f.record === undefined ? undefined : byId.get(f.record)));
    const all = within.reduce((n, inner) => n + 1 + (inner ? count(inner, depth + 1) : 0), 0);
    members.set(r, all);
    return all;
  };
  const lost = records.some((r) => r.fields.some((f) => f.record !== undefined && !byId.has(f.record)));
  if (lost) return "a member is a structure that is not there";
  const all = records.reduce((n, r) => n + count(r, 0), 0);
  return all > MOST_MEMBERS ? "structures stand in one another without end" : undefined;
}
