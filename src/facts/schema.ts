/**
 * What the clang plugin says of one translation unit, as it stands in the file: checked before anything believes it, because it comes
 * out of a stranger's build. Everything that is referred to stands in a table, and a reference is an index into it.
 * Field names are short where a node repeats them a thousand times.
 */
import { z } from "zod";

const index = z.int().nonnegative();
/** A byte range in a file: `[file, begin, end)`, offsets in bytes, and the line (from 1) that it begins in. Of a macro's text: where the outermost invocation stands. */
const place = z.strictObject({ f: index, b: index, e: index, l: z.int().positive() });
/** A whole number of any width, in decimal. */
const whole = z.string().regex(/^-?\d{1,40}$/);

/**
 * A name of C's: letters of any language, digits, `_` and GNU's `$`; empty where a parameter has none. Names become Rust, keys and parts of
 * patterns, so that one is nothing else.
 */
const identifier = z.string().max(64 * 1024).regex(/^(?:(?!\d)(?:[\w$]|(?![\p{C}\p{Z}])[^\0-\x7f])+)?$/u);

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
  z.strictObject({ k: z.literal("int"), name: z.string(), bits: z.int().positive(), signed: z.boolean(), char: z.literal(true).optional(), ...qualifiers }),
  z.strictObject({ k: z.literal("float"), bits: z.int().positive(), ...qualifiers }),
  z.strictObject({ k: z.literal("pointer"), to: index, ...qualifiers }),
  z.strictObject({ k: z.literal("array"), of: index, length: index.optional(), vla: z.literal(true).optional(), ...qualifiers }),
  z.strictObject({ k: z.literal("function"), result: index, parameters: z.array(index), variadic: z.literal(true).optional(), unprototyped: z.literal(true).optional(), ...qualifiers }),
  z.strictObject({ k: z.literal("record"), decl: index, ...qualifiers }),
  z.strictObject({ k: z.literal("enum"), decl: index, ...qualifiers }),
  z.strictObject({ k: z.literal("typedef"), decl: index, of: index, ...qualifiers }),
  /** `_Atomic(of)`. */
  z.strictObject({ k: z.literal("atomic"), of: index, ...qualifiers }),
  /** What has no rule yet; `name` is clang's class of it. */
  z.strictObject({ k: z.literal("other"), name: z.string(), ...qualifiers }),
]);

const attribute = z.strictObject({ name: z.string(), arguments: z.array(z.string()).optional() });

const field = z.strictObject({
  /** Absent: an unnamed bit-field, or the member through which an anonymous structure's members are reached. */
  name: identifier.optional(),
  type: index,
  /** Bits from the start of the record. */
  offset: index,
  /** Bits; of a bit-field only. */
  width: index.optional(),
  place,
});

/** `p`: the path of its tokens, as a node has it. */
const stands = { place: place.optional(), p: index.optional() };
const named = { name: identifier, ...stands };
const declaration = z.discriminatedUnion("k", [
  z.strictObject({
    k: z.literal("function"), ...named, type: index, storage: z.enum(["none", "static", "extern"]), inline: z.literal(true).optional(),
    /** Its symbol, where an asm label gives it another than its name. */
    symbol: z.string().optional(), attributes: z.array(attribute).optional(), section: z.string().optional(), alias: z.string().optional(),
    /** Where the unit has its body: a header's inline function has one too. */
    defined: z.literal(true).optional(),
    /** Of the module's own functions, and of those of headers that they reach, directly or through one another; not of a header's function that holds assembly, which stays in C. */
    parameters: z.array(index).optional(), body: index.optional(),
  }),
  z.strictObject({
    k: z.literal("variable"), ...named, type: index, scope: z.enum(["file", "block", "parameter"]), storage: z.enum(["none", "static", "extern", "register"]), tls: z.literal(true).optional(),
    symbol: z.string().optional(), attributes: z.array(attribute).optional(), section: z.string().optional(), alias: z.string().optional(),
    /** Bytes, where an attribute asks for more than its type does. */
    aligned: index.optional(),
    defined: z.literal(true).optional(),
    /** An expression; of the module's own variables only. */
    initialiser: index.optional(),
  }),
  z.strictObject({
    k: z.literal("record"), tag: z.enum(["struct", "union"]), name: identifier.optional(), ...stands,
    /** The typedef that names it where it has no tag. */
    typedef: identifier.optional(),
    /** Bytes; absent: incomplete. `fields` are there where the module looks into it, or holds one by value; without them it is known by pointers only. */
    size: index.optional(), align: index.optional(), packed: z.literal(true).optional(), fields: z.array(field).optional(), attributes: z.array(attribute).optional(),
  }),
  z.strictObject({ k: z.literal("enum"), name: identifier.optional(), typedef: identifier.optional(), ...stands, type: index.optional(), enumerators: z.array(index) }),
  z.strictObject({ k: z.literal("enumerator"), ...named, value: whole, enum: index }),
  z.strictObject({ k: z.literal("typedef"), ...named, type: index }),
  z.strictObject({ k: z.literal("label"), ...named }),
]);

const macro = z.strictObject({ name: identifier, place: place.optional(), parameters: z.array(identifier).optional(), variadic: z.literal(true).optional(), /** As spelled, one space between tokens. */ body: z.string() });

/** One invocation. `arguments` are the ranges of an invocation that stands in a file; absent in another macro's text. */
const expansion = z.strictObject({ macro: index, place, path: index, arguments: z.array(place).optional() });

/**
 * Where a node's tokens come from, as steps from the file inwards: each enters an invocation (`a` absent) or, within one that was entered,
 * goes over to the text of its argument `a`. The path of a node is what the paths of its first and its last token have in common.
 * Path 0 is the file itself and has no entry; entry i is path i + 1. `up` is the path without the last step.
 */
const step = z.strictObject({ up: index, x: index, a: index.optional() });

/**
 * Expressions and statements share one table. `t`: type; `p`: path (absent: 0); `lv`: an lvalue; `v`: its value where it is a constant whole number.
 * Parentheses, `_Generic`, `__builtin_choose_expr`, `__extension__` and constant wrappers are not there: the operand stands for them.
 */
const at = { place, p: index.optional() };
const expression = { ...at, t: index, lv: z.literal(true).optional(), v: whole.optional() };
const node = z.discriminatedUnion("k", [
  z.strictObject({ k: z.literal("integer"), ...expression, spelling: z.string().optional() }),
  z.strictObject({ k: z.literal("character"), ...expression, spelling: z.string().optional() }),
  z.strictObject({ k: z.literal("floating"), ...expression, spelling: z.string() }),
  /** Without the terminating zero; `bytes` in hex, `unit` bytes a character. */
  z.strictObject({ k: z.literal("string"), ...expression, bytes: z.string().regex(/^(?:[0-9a-f]{2})*$/), unit: z.int().positive(), /** It is what `__func__` or one of its kin stands for. */ predefined: z.string().optional() }),
  z.strictObject({ k: z.literal("reference"), ...expression, decl: index }),
  /** `field` counts in the record's `fields`. */
  z.strictObject({ k: z.literal("member"), ...expression, base: index, arrow: z.literal(true).optional(), record: index, field: index }),
  z.strictObject({ k: z.literal("subscript"), ...expression, base: index, index }),
  z.strictObject({ k: z.literal("unary"), ...expression, op: z.enum(["+", "-", "~", "!", "&", "*", "++_", "--_", "_++", "_--", "__real", "__imag"]), of: index }),
  z.strictObject({ k: z.literal("binary"), ...expression, op: z.enum(["*", "/", "%", "+", "-", "<<", ">>", "<", ">", "<=", ">=", "==", "!=", "&", "^", "|", "&&", "||", ","]), left: index, right: index }),
  /** `computed`: the type that a compound assignment computes in. */
  z.strictObject({ k: z.literal("assignment"), ...expression, op: z.enum(["=", "*=", "/=", "%=", "+=", "-=", "<<=", ">>=", "&=", "^=", "|="]), left: index, right: index, computed: index.optional() }),
  /** `then` is absent in `a ?: b`. */
  z.strictObject({ k: z.literal("conditional"), ...expression, condition: index, then: index.optional(), else: index }),
  /** `kind` is clang's: `LValueToRValue`, `IntegralCast`, `ArrayToPointerDecay`, `BitCast`, `NullToPointer`, … */
  z.strictObject({ k: z.literal("cast"), ...expression, kind: z.string(), of: index, explicit: z.literal(true).optional() }),
  z.strictObject({ k: z.literal("call"), ...expression, callee: index, arguments: z.array(index), /** Clang's name of the builtin that is called. */ builtin: z.string().optional() }),
  /** `of`: the expression, where it is not a type; `type`: the type in either case. */
  z.strictObject({ k: z.literal("sizeof"), ...expression, type: index, of: index.optional(), what: z.enum(["size", "align"]) }),
  z.strictObject({ k: z.literal("offsetof"), ...expression, type: index, steps: z.array(z.union([z.strictObject({ record: index, field: index }), z.strictObject({ index })])) }),
  z.strictObject({ k: z.literal("compound-literal"), ...expression, initialiser: index }),
  /** Of a record: by `fields` (counts in its `fields`); of an array: in order, `rest` for what no initialiser names. */
  z.strictObject({ k: z.literal("list"), ...expression, items: z.array(index), fields: z.array(index).optional(), rest: index.optional() }),
  /** What an initialiser does not name: zero. */
  z.strictObject({ k: z.literal("zero"), ...expression }),
  z.strictObject({ k: z.literal("statement-expression"), ...expression, body: index }),
  z.strictObject({ k: z.literal("va_arg"), ...expression, of: index }),
  z.strictObject({ k: z.literal("atomic"), ...expression, op: z.string(), operands: z.array(index) }),
  z.strictObject({ k: z.literal("label-address"), ...expression, label: index }),
  z.strictObject({ k: z.literal("types-compatible"), ...expression, left: index, right: index }),
  /** An expression that has no rule yet; `class` is clang's. */
  z.strictObject({ k: z.literal("other-expression"), ...expression, class: z.string(), children: z.array(index) }),

  z.strictObject({ k: z.literal("block"), ...at, body: z.array(index) }),
  z.strictObject({ k: z.literal("declare"), ...at, decls: z.array(index) }),
  z.strictObject({ k: z.literal("evaluate"), ...at, of: index }),
  z.strictObject({ k: z.literal("if"), ...at, condition: index, then: index, else: index.optional() }),
  z.strictObject({ k: z.literal("while"), ...at, condition: index, body: index }),
  z.strictObject({ k: z.literal("do"), ...at, condition: index, body: index }),
  z.strictObject({ k: z.literal("for"), ...at, init: index.optional(), condition: index.optional(), step: index.optional(), body: index }),
  z.strictObject({ k: z.literal("switch"), ...at, of: index, body: index }),
  z.strictObject({ k: z.literal("case"), ...at, low: index, high: index.optional(), body: index }),
  z.strictObject({ k: z.literal("default"), ...at, body: index }),
  z.strictObject({ k: z.literal("break"), ...at }),
  z.strictObject({ k: z.literal("continue"), ...at }),
  z.strictObject({ k: z.literal("goto"), ...at, label: index }),
  /** `goto *of`. */
  z.strictObject({ k: z.literal("computed-goto"), ...at, of: index }),
  z.strictObject({ k: z.literal("label"), ...at, label: index, body: index }),
  z.strictObject({ k: z.literal("return"), ...at, of: index.optional() }),
  z.strictObject({ k: z.literal("empty"), ...at, fallthrough: z.literal(true).optional() }),
  /** `asm`; what it does is not read here. */
  z.strictObject({ k: z.literal("asm"), ...at, goto: z.literal(true).optional(), operands: z.array(index) }),
  z.strictObject({ k: z.literal("other-statement"), ...at, class: z.string(), children: z.array(index) }),
]);

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
