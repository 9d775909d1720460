/** Expressions and statements, as the clang plugin writes them. */
import { z } from "zod";
import { index, place, whole } from "./schema-parts.ts";

/**
 * Expressions and statements share one table. `t`: type; `p`: path (absent: 0); `lv`: an lvalue; `v`: its value where it is a constant whole number.
 * Parentheses, `_Generic`, `__builtin_choose_expr`, `__extension__` and constant wrappers are not there: the operand stands for them.
 */
const at = { place, p: index.optional() };
const expression = { ...at, t: index, lv: z.literal(true).optional(), v: whole.optional() };
export const node = z.discriminatedUnion("k", [
  z.strictObject({ k: z.literal("integer"), ...expression, spelling: z.string().optional() }),
  z.strictObject({ k: z.literal("character"), ...expression, spelling: z.string().optional() }),
  z.strictObject({ k: z.literal("floating"), ...expression, spelling: z.string() }),
  /** Without the terminating zero; `bytes` in hex, `unit` bytes a character. */
  z.strictObject({
    k: z.literal("string"),
    ...expression,
    bytes: z.string().regex(/^(?:[0-9a-f]{2})*$/),
    unit: z.int().positive(),
    /** It is what `__func__` or one of its kin stands for. */ predefined: z.string().optional(),
  }),
  z.strictObject({ k: z.literal("reference"), ...expression, decl: index }),
  /** `field` counts in the record's `fields`. */
  z.strictObject({
    k: z.literal("member"),
    ...expression,
    base: index,
    arrow: z.literal(true).optional(),
    record: index,
    field: index,
  }),
  z.strictObject({ k: z.literal("subscript"), ...expression, base: index, index }),
  z.strictObject({
    k: z.literal("unary"),
    ...expression,
    op: z.enum(["+", "-", "~", "!", "&", "*", "++_", "--_", "_++", "_--", "__real", "__imag"]),
    of: index,
  }),
  z.strictObject({
    k: z.literal("binary"),
    ...expression,
    op: z.enum(["*", "/", "%", "+", "-", "<<", ">>", "<", ">", "<=", ">=", "==", "!=", "&", "^", "|", "&&", "||", ","]),
    left: index,
    right: index,
  }),
  /** `computed`: the type that a compound assignment computes in. */
  z.strictObject({
    k: z.literal("assignment"),
    ...expression,
    op: z.enum(["=", "*=", "/=", "%=", "+=", "-=", "<<=", ">>=", "&=", "^=", "|="]),
    left: index,
    right: index,
    computed: index.optional(),
  }),
  /** `then` is absent in `a ?: b`. */
  z.strictObject({ k: z.literal("conditional"), ...expression, condition: index, then: index.optional(), else: index }),
  /** `kind` is clang's: `LValueToRValue`, `IntegralCast`, `ArrayToPointerDecay`, `BitCast`, `NullToPointer`, … */
  z.strictObject({
    k: z.literal("cast"),
    ...expression,
    kind: z.string(),
    of: index,
    explicit: z.literal(true).optional(),
  }),
  z.strictObject({
    k: z.literal("call"),
    ...expression,
    callee: index,
    arguments: z.array(index),
    /** Clang's name of the builtin that is called. */ builtin: z.string().optional(),
  }),
  /** `of`: the expression, where it is not a type; `type`: the type in either case. */
  z.strictObject({
    k: z.literal("sizeof"),
    ...expression,
    type: index,
    of: index.optional(),
    what: z.enum(["size", "align"]),
  }),
  z.strictObject({
    k: z.literal("offsetof"),
    ...expression,
    type: index,
    steps: z.array(z.union([z.strictObject({ record: index, field: index }), z.strictObject({ index })])),
  }),
  z.strictObject({ k: z.literal("compound-literal"), ...expression, initialiser: index }),
  /** Of a record: by `fields` (counts in its `fields`); of an array: in order, `rest` for what no initialiser names. */
  z.strictObject({
    k: z.literal("list"),
    ...expression,
    items: z.array(index),
    fields: z.array(index).optional(),
    rest: index.optional(),
  }),
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
  z.strictObject({
    k: z.literal("for"),
    ...at,
    init: index.optional(),
    condition: index.optional(),
    step: index.optional(),
    body: index,
  }),
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
