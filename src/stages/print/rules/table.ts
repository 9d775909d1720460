/** All rules of the printer, for people: those for expressions, and what is done with statements, macros and comments. */
import { allExpressionRules } from "./index.ts";

export interface RuleDescription {
  name: string;
  because: string;
  /** A module of test/modules that shows it. */
  fixture: string;
}

/** Rules that are no expression's; each names the file that holds it. */
const OTHERS: readonly (RuleDescription & { file: string })[] = [
  {
    file: "flow.ts",
    name: "jumps",
    because:
      "a `goto` to further down leaves a labelled block that ends at the label, one to further up begins a loop anew; the branch of an `if` that is jumped into follows it, and who does not take it leaves a block; into a loop there is none",
    fixture: "jump-into-branch",
  },
  {
    file: "switch.ts",
    name: "switch",
    because:
      "`switch` is a `match`; a short case that runs on into the next is written twice; where that is other code it stands behind the `match`, as a long one and a label that another case jumps to do; ranges of cases are patterns, or compared one after the other where patterns make other code; cases that are all errors (`case -EPIPE:`) are the names, of the negative; what else C computes is the number, with C's words above it",
    fixture: "switch-ranges",
  },
  {
    file: "statements.ts",
    name: "loops",
    because: "`for` is a `while` with C's own comparison; `continue` leaves a block that the loop's step follows",
    fixture: "list-hlist",
  },
  {
    file: "counted-loops.ts",
    name: "loops that count",
    because:
      "`for (i = 0; i < n; i++)` is `for i in 0..n` where nothing else gives `i` a value or asks for it, and `n` is the same in each round; Rust's ranges promise LLVM more than C does, so where that is other code it is a `while`",
    fixture: "array-lengths",
  },
  {
    file: "loops.ts",
    name: "loops of one round",
    because:
      "a loop whose step jumps to a `break` in its body (`scoped_guard()` since 6.12) is an `if`; what leaves or continues it leaves a block",
    fixture: "guards",
  },
  {
    file: "declarations.ts",
    name: "declarations",
    because:
      "a variable is declared where it gets its value, and is `mut` only where something changes it; one whose address is taken stays where C has it, since its place on the stack shows in the code",
    fixture: "padding",
  },
  {
    file: "uses.ts",
    name: "scopes",
    because:
      "a variable that bodies further in alone use, cases of a `switch` among them, and each gives its value first, is declared in each",
    fixture: "guards",
  },
  {
    file: "declarations.ts",
    name: "clean-ups",
    because:
      "what C calls at the end of a variable's scope, a guard calls when it is dropped: behind each way out, in C's order",
    fixture: "cleanup-guard",
  },
  {
    file: "list-literal.ts",
    name: "initialisers",
    because:
      "a list is a literal of the array or structure where each member has a place of its own; else what is zero is assigned to",
    fixture: "asm-goto",
  },
  {
    file: "prelude.ts",
    name: "objects without a name",
    because:
      "C's compound literals live to the end of the block: one whose address is taken is a variable before the statement",
    fixture: "guards",
  },
  {
    file: "safety.ts",
    name: "safe functions",
    because: "what does nothing that Rust calls unsafe is no unsafe function; rustc has the last word",
    fixture: "function-attributes",
  },
  {
    file: "items/unsafe-blocks.ts",
    name: "unsafe blocks",
    because:
      "around what rustc calls unsafe, as small as reads well: one or two statements have a block within their line each, more have one together",
    fixture: "list-hlist",
  },
  {
    file: "unit.ts",
    name: "own functions",
    because: "a function that only its own unit calls, and by its name alone, needs no calling convention of C's",
    fixture: "function-attributes",
  },
  {
    file: "comments.ts",
    name: "comments and blank lines",
    because:
      "they are the author's; comments nest in Rust, and some document: those are written as lines; those within a function that keeps c2rust's text stand above it",
    fixture: "non-ascii",
  },
  {
    file: "macro-book.ts",
    name: "constants",
    because:
      "a macro that is a number is a constant of the type that its uses ask for (of several, as those beside it), once a port; what it says of others (`A | B`, `BIT(3)`) it says in Rust, and a number that is made of bits is in hexadecimal",
    fixture: "sizes",
  },
  {
    file: "string-constants.ts",
    name: "strings that have a name",
    because: "a macro that is one string is a constant, whose characters are pointed to where C points to the string's",
    fixture: "printk-forms",
  },
  {
    file: "macro-rule.ts",
    name: "macros",
    because:
      'a function-like macro is re-rolled from its own expansions: what its uses have in common is its body, its arguments are parameters; a format is joined by `concat!`, a string that each use gives is given as one (`dev_err!(dev, "…")`), a loop\'s head takes the body last; a word that C pastes into a name has an arm of its own, and so has a type of the value that makes another body (`ALIGN!(size, align, as u32)`); one without parameters is the same where what it stands for is worked out where it stands (`current!()`, `THIS_MODULE!()`); what one declares, its caller names (`LIST_HEAD!(done)`)',
    fixture: "printk-forms",
  },
  {
    file: "compile-time-assertions.ts",
    name: "assertions at compile time",
    because:
      "`BUILD_BUG_ON` asserts where C does, in a `const` block; one that asks about variables stands before its function",
    fixture: "static-assert",
  },
  {
    file: "items/constant.ts",
    name: "variables",
    because:
      "an initialiser is a literal with the members that C names, and zero for the rest; attributes, section and symbol are c2rust's",
    fixture: "static-initialisers",
  },
  {
    file: "items/file-literal.ts",
    name: "objects without a name at file scope",
    because:
      "C's compound literals live as long as the module there: a constant one is what a reference is made of, one that C may write a variable beside the pointer to it; an array that a macro's last arguments are is as long as each use says",
    fixture: "string-compound-literals",
  },
  {
    file: "pasted.ts",
    name: "initialisers that macros write",
    because:
      "`LIST_HEAD_INIT` and its kind are macros as others are; one that gives some members (`USB_DEVICE`) makes the rest of the literal (`..`); a name that one pastes together is a parameter",
    fixture: "kthread-completion",
  },
  {
    file: "items/file-macros.ts",
    name: "macros at file scope",
    because: "`module_param` and its kind are written by their names: what they make is named by nobody else",
    fixture: "module-params",
  },
  {
    file: "items/own-types.ts",
    name: "the module's types",
    because: "they stand where the C has them, a header's in `src/headers.rs`, with the comments of their members",
    fixture: "export-symbol",
  },
  {
    file: "items/order-of-c.ts",
    name: "order",
    because: "a unit reads from top to bottom as its C does",
    fixture: "own-header-inline",
  },
  {
    file: "items/unused.ts",
    name: "what nothing names",
    because: "types, constants and functions that only c2rust's text asked for are left out",
    fixture: "enum-forward",
  },
  { file: "items/opaque.ts", name: "opaque types", because: "what is only pointed to is a name", fixture: "notifier" },
  {
    file: "items/plain-names.ts",
    name: "names of integers",
    because: "`__u32`, `u32_0` and `c_uint` are one type: `u32`",
    fixture: "integer-conversions",
  },
  {
    file: "items/bitfield-accessors.ts",
    name: "accessors of bit-fields",
    because: "a line a field says where it lies",
    fixture: "bitfields",
  },
  {
    file: "items/kernel-functions.ts",
    name: "inline functions of headers",
    because:
      "they are the same in every unit: once a port, the kernel's in `src/kernel.rs`, the module's in `src/headers.rs`",
    fixture: "list-hlist",
  },
  {
    file: "moved-calls.ts",
    name: "helpers",
    because: "what stays C behind a helper is called where the C has it",
    fixture: "user-access",
  },
  {
    file: "helper-macros.ts",
    name: "what helpers stand for",
    because:
      'a helper is told the locals, and has constants and formats in it: a macro with an arm for these words alone says all that C says (`dev_dbg!(dev, "size %d\\n", size)`), passes the locals, and asserts the constants; the closer of two arms stands first, those of a macro that is Rust elsewhere last; where another helper has the same words, it says its function as well (`WARN_ON!(is_full, in f)`)',
    fixture: "user-access",
  },
  {
    file: "bounds.ts",
    name: "lengths of arrays",
    because:
      "an array is as long as its declaration says, by the names of constants (`[u8; ETH_ALEN]`), in structures, variables and statics; what only a macro with arguments comes to is the number",
    fixture: "array-lengths",
  },
  {
    file: "items/helper-names.ts",
    name: "names of helpers",
    because:
      "after the function and the macro that they stand for, where nothing else is called so: their symbols say the unit too",
    fixture: "user-access",
  },
];

export const RULES: readonly (RuleDescription & { file: string })[] = [
  ...allExpressionRules.map((r) => ({ name: r.name, because: r.because, fixture: r.fixture, file: `rules/${r.file}` })),
  ...OTHERS,
];
