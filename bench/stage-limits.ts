/** What keeps each stage from being faster, in words: docs/speed.md gives those of the largest. */
export const LIMITS: Readonly<Record<string, string>> = {
  capture:
    "the module's own make under clang, which is a part of L, with the facts' plugin; what kbuild asks clang before it compiles anything is known from a build of an empty module. Objects that no change reaches are kept.",
  lower:
    "two preprocessor runs, two compilations of the reduced text, one for what is incomplete and one for its tree with all that is asked of it, one of the lowered text, and one of the helpers by the kernel's own compiler, whose headers are those of the unit: as long as what clang reads is headers, each costs what the headers cost. Units that no change reaches are kept.",
  transpile:
    "one run of c2rust a unit, which parses the lowered text once more. Kept by the text without its comments.",
  assemble: "text only, one thread.",
  print:
    "every function in nine forms, what several have in common once, in one thread, and the crate compiled four or five times, one after another: the search needs the last answer before it asks again. A crate is compiled by one processor. What is compiled is kept by the Rust without its comments.",
  build:
    "the port's own make, which is a part of L: helpers by the kernel's compiler, the crate by rustc, modpost. Helpers that no change reaches are kept; the crate is compiled as a whole.",
  inspect: "readers of objects, once a module.",
  compare: "text only.",
  prove:
    "three compilations to IR a unit, which are begun while the Rust is printed and are kept, one of the crate, and then opt and z3 for each function, where one proof may take five seconds. Proofs are kept by the text of both functions.",
};
