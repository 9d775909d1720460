/**
 * What the clang plugin (src/facts/plugin/answers.cpp) says of a text that lowering has clang parse. It comes out of a run over a stranger's
 * text: nothing believes it before it is checked.
 */
import { z } from "zod";
import { identifier, index as count, whole } from "../facts/schema-parts.ts";

/** Of a node, as clang's dump of the tree has it. */
const id = z.string().regex(/^0x[0-9a-f]{1,16}$/);
const named = identifier.min(1);

const tagged = z.strictObject({ tag: z.enum(["struct", "union"]), name: named });

const field = z.strictObject({
  id,
  name: named.optional(),
  /** Its first bit, from the record's start. */
  first: count,
  /** Bits, of a bit-field; it has none of what follows. */
  width: count.optional(),
  /** Bytes; absent of an array without a length. */
  size: count.optional(),
  /** Bytes that its type is aligned to, by that type's name or without the outermost one. */
  align: count.optional(),
  bare: count.optional(),
  /** The record that it is. */
  record: id.optional(),
});

const record = z.strictObject({
  id,
  name: named.optional(),
  /** Bytes. */
  size: count,
  align: count,
  fields: z.array(field),
});

/** `at` is where it begins, in bytes. */
const query = z.strictObject({
  at: count,
  /** Of a `typeof`, without names for it; absent where no C can spell it. */
  type: z.string().min(1).optional(),
  /** Of what asks for a number; absent where clang knows none. */
  value: whole.optional(),
});

export const answers = z.strictObject({
  version: z.literal(1),
  errors: z.strictObject({
    count,
    /** Those without a body, of errors that ask for one. */
    incomplete: z.array(tagged),
    /** All that errors name. */
    named: z.array(tagged),
  }),
  records: z.array(record).optional(),
  queries: z.array(query).optional(),
});

export type RecordAnswer = z.infer<typeof record>;
export type FieldAnswer = z.infer<typeof field>;
export type Query = z.infer<typeof query>;
export type ErrorsAbout = z.infer<typeof answers>["errors"];
