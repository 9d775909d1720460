/** The forms that a function is printed in. */

/** How boldly a function is written: what reads best may not be the same machine code. */
export interface Form {
  /** The last expression instead of `return`. */
  tail: boolean;
  /** A variable declared where it gets its value. */
  merge: boolean;
  /** `for i in 0..n` of a loop that counts; else it is a `while`, which promises LLVM nothing of the number behind the last. */
  counts: boolean;
  /** `low..=high` in a match; else the value is compared with the ranges' ends one after the other. */
  ranges: boolean;
  /** A match of the negative of what C switches over, where the cases are errors by their names. */
  negates: boolean;
  /** `continue` as in C; else what follows an `if` that ends in one is its `else`. */
  continues: boolean;
  /** `.cast()` between pointers, else `as`. */
  methods: boolean;
  /** Function-like macros by their names; else they are written out. */
  macros: boolean;
  /** What moved to a helper with all that C says of it, as a macro; else the helper's call. */
  tells: boolean;
  /** What only its own unit calls, and by its name alone, is a function of Rust's: no C calls it. */
  own: boolean;
  /** An initialiser as one literal; else what is zero is assigned to. */
  literals: boolean;
  /** A structure is cleared as a whole before its members are given: what lies between them as well. */
  clears: boolean;
  /** What a case runs on into stands once, behind the `match`, however short: written twice it is not the code that C has there once. */
  once?: true;
  /** Pointers go on by `wrapping_add`: while it compiles, rustc moves them by `add` only within an object. */
  wrapping?: true;
  /** Narrow numbers are compared and taken bits of as C's `int`, where it changes nothing as well: LLVM joins conditions by their width. */
  promotes?: true;
}

export const BOLD: Form = {
  tail: true,
  merge: true,
  counts: true,
  ranges: true,
  negates: true,
  continues: true,
  methods: true,
  macros: true,
  own: true,
  literals: true,
  clears: false,
  tells: true,
};
export const PLAIN: Form = {
  tail: false,
  merge: false,
  counts: false,
  ranges: false,
  negates: false,
  continues: false,
  methods: false,
  macros: false,
  own: false,
  literals: false,
  clears: false,
  tells: false,
};

/** How a function or a variable may be written, what reads best first. */
const STRAIGHT: Form = { ...BOLD, counts: false };
const CAREFUL: Form = { ...STRAIGHT, ranges: false, negates: false, continues: false };
const STEADY: Form = { ...CAREFUL, own: false, tail: false, merge: false };
export const FORMS: readonly Form[] = [
  BOLD,
  STRAIGHT,
  { ...STRAIGHT, tells: false },
  { ...STRAIGHT, once: true },
  CAREFUL,
  { ...CAREFUL, literals: false },
  STEADY,
  { ...PLAIN, macros: true, literals: true },
  { ...STEADY, literals: false, clears: true },
  PLAIN,
  { ...CAREFUL, promotes: true },
  { ...PLAIN, promotes: true },
  { ...STRAIGHT, wrapping: true },
  { ...PLAIN, wrapping: true },
];
