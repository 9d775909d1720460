/** What clang says of a text besides its tree, found by the nodes of that tree and by places in the text. */
import type { FieldAnswer, Query, RecordAnswer } from "./answers-schema.ts";
import type { AstNode } from "./ast.ts";

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

  /** The value of the `sizeof`, `_Alignof`, `offsetof`, object size or comparison of types that begins at `offset`, where clang knows it. */
  valueAt(offset: number): string | undefined {
    return this.queries.get(offset)?.value;
  }
}
