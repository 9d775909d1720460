/**
 * What the clang plugin says of one translation unit, as it stands in the file: checked before anything believes it, because it comes
 * out of a stranger's build. Everything that is referred to stands in a table, and a reference is an index into it.
 * Field names are short where a node repeats them a thousand times.
 */
import { z } from "zod";
import { node } from "./node-schema.ts";
import { identifier, index, place, whole } from "./schema-parts.ts";

const file = z.strictObject({
  path: z.string().max(4096),
  /** Whether it belongs to the module: not the kernel's, not the compiler's. */
  own: z.boolean(),
});

/**
 * Types, with their qualifiers and their typedef names. `record`, `enum` and `typedef` refer to declarations.
 * An array without `length` is incomplete or flexible; `vla` has a length that is computed.
 */
const qualifiers = { const: z.literal(true).optional(), volatile: z.literal(true).optional() };
const type = z.discriminatedUnion("k", [
  z.strictObject({ k: z.literal("void"), ...qualifiers }),
  z.strictObject({ k: z.literal("bool"), ...qualifiers }),
  /** `name` is C's canonical one (`unsigned long`); `char` tells plain char from signed and unsigned char. */
  z.strictObject({
    k: z.literal("int"),
    name: z.string(),
    bits: z.int().positive(),
    signed: z.boolean(),
    char: z.literal(true).optional(),
    ...qualifiers,
  }),
  z.strictObject({ k: z.literal("float"), bits: z.int().positive(), ...qualifiers }),
  z.strictObject({ k: z.literal("pointer"), to: index, ...qualifiers }),
  z.strictObject({
    k: z.literal("array"),
    of: index,
    length: index.optional(),
    vla: z.literal(true).optional(),
    ...qualifiers,
  }),
  z.strictObject({
    k: z.literal("function"),
    result: index,
    parameters: z.array(index),
    variadic: z.literal(true).optional(),
    unprototyped: z.literal(true).optional(),
    ...qualifiers,
  }),
  z.strictObject({ k: z.literal("record"), decl: index, ...qualifiers }),
  z.strictObject({ k: z.literal("enum"), decl: index, ...qualifiers }),
  z.strictObject({ k: z.literal("typedef"), decl: index, of: index, ...qualifiers }),
  /** `_Atomic(of)`. */
  z.strictObject({ k: z.literal("atomic"), of: index, ...qualifiers }),
  /** What has no rule yet; `name` is clang's class of it. */
  z.strictObject({ k: z.literal("other"), name: z.string(), ...qualifiers }),
]);

const attribute = z.strictObject({ name: z.string(), arguments: z.array(z.string()).optional() });

/**
 * Expressions, dimension by dimension, outermost first: how long an array is where the module's own text declares it, where that is no bare
 * number. Dimensions that a typedef says are not there.
 */
const bounds = z.array(index).nonempty().optional();

const field = z.strictObject({
  /** Absent: an unnamed bit-field, or the member through which an anonymous structure's members are reached. */
  name: identifier.optional(),
  type: index,
  /** Bits from the start of the record. */
  offset: index,
  /** Bits; of a bit-field only. */
  width: index.optional(),
  bounds,
  place,
});

/** `p`: the path of its tokens, as a node has it. */
const stands = { place: place.optional(), p: index.optional() };
const named = { name: identifier, ...stands };
const declaration = z.discriminatedUnion("k", [
  z.strictObject({
    k: z.literal("function"),
    ...named,
    type: index,
    storage: z.enum(["none", "static", "extern"]),
    inline: z.literal(true).optional(),
    /** Its symbol, where an asm label gives it another than its name. */
    symbol: z.string().optional(),
    attributes: z.array(attribute).optional(),
    section: z.string().optional(),
    alias: z.string().optional(),
    /** Where the unit has its body: a header's inline function has one too. */
    defined: z.literal(true).optional(),
    /** Of the module's own functions, and of those of headers that they reach, directly or through one another; not of a header's function that holds assembly, which stays in C. */
    parameters: z.array(index).optional(),
    body: index.optional(),
  }),
  z.strictObject({
    k: z.literal("variable"),
    ...named,
    type: index,
    scope: z.enum(["file", "block", "parameter"]),
    storage: z.enum(["none", "static", "extern", "register"]),
    tls: z.literal(true).optional(),
    symbol: z.string().optional(),
    attributes: z.array(attribute).optional(),
    section: z.string().optional(),
    alias: z.string().optional(),
    /** Bytes, where an attribute asks for more than its type does. */
    aligned: index.optional(),
    defined: z.literal(true).optional(),
    /** An expression; of the module's own variables only. */
    initialiser: index.optional(),
    bounds,
  }),
  z.strictObject({
    k: z.literal("record"),
    tag: z.enum(["struct", "union"]),
    name: identifier.optional(),
    ...stands,
    /** The typedef that names it where it has no tag. */
    typedef: identifier.optional(),
    /** Bytes; absent: incomplete. `fields` are there where the module looks into it, or holds one by value; without them it is known by pointers only. */
    size: index.optional(),
    align: index.optional(),
    packed: z.literal(true).optional(),
    fields: z.array(field).optional(),
    attributes: z.array(attribute).optional(),
  }),
  z.strictObject({
    k: z.literal("enum"),
    name: identifier.optional(),
    typedef: identifier.optional(),
    ...stands,
    type: index.optional(),
    enumerators: z.array(index),
  }),
  z.strictObject({ k: z.literal("enumerator"), ...named, value: whole, enum: index }),
  z.strictObject({ k: z.literal("typedef"), ...named, type: index }),
  z.strictObject({ k: z.literal("label"), ...named }),
]);

const macro = z.strictObject({
  name: identifier,
  place: place.optional(),
  parameters: z.array(identifier).optional(),
  variadic: z.literal(true).optional(),
  /** As spelled, one space between tokens. */ body: z.string(),
});

/** One invocation. `arguments` are the ranges of an invocation that stands in a file; absent in another macro's text. */
const expansion = z.strictObject({ macro: index, place, path: index, arguments: z.array(place).optional() });

/**
 * Where a node's tokens come from, as steps from the file inwards: each enters an invocation (`a` absent) or, within one that was entered,
 * goes over to the text of its argument `a`. The path of a node is what the paths of its first and its last token have in common.
 * Path 0 is the file itself and has no entry; entry i is path i + 1. `up` is the path without the last step.
 */
const step = z.strictObject({ up: index, x: index, a: index.optional() });

/** `text` with its marks, as it stands in the file; `trailing`: code stands before it on its line. */
const comment = z.strictObject({ place, text: z.string(), trailing: z.literal(true).optional() });

export const facts = z.strictObject({
  version: z.literal(1),
  clang: z.string(),
  files: z.array(file),
  types: z.array(type),
  declarations: z.array(declaration),
  macros: z.array(macro),
  expansions: z.array(expansion),
  paths: z.array(step),
  nodes: z.array(node),
  /** What the module's own files declare at file scope, in order. */
  top: z.array(index),
  /** Of the module's own files. */
  comments: z.array(comment),
});

export type Facts = z.infer<typeof facts>;
export type CType = z.infer<typeof type>;
export type Declaration = z.infer<typeof declaration>;
export type Node = z.infer<typeof node>;
export type Place = z.infer<typeof place>;
