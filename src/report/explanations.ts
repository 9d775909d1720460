/** Why a check matters, for readers who see its name for the first time. Keyed by `finding.check`. */
const EXPLANATIONS: ReadonlyMap<string, string> = new Map([
  [
    "capture",
    "Everything starts from the C module as clang builds it for this kernel: it is what the Rust is compared with.",
  ],
  [
    "untrusted-file",
    "What a module's makefile leaves behind is a stranger's. A link in it could lead to any file of this machine, which would then be in the report.",
  ],
  [
    "names",
    "Names of modules and objects go into a Kbuild and through a shell, where a blank, a `$` or a `..` means something else.",
  ],
  [
    "flags",
    "A compiler flag can load code, start a program, or write a file. Only those that say how the C is meant are used again.",
  ],
  [
    "preprocess",
    "Everything starts from the C module as clang builds it for this kernel: it is what the Rust is compared with.",
  ],
  [
    "lower",
    "c2rust does not know all of the C that the kernel's headers use. Lowering rewrites it in C, and what it writes must compile.",
  ],
  [
    "helper",
    "What cannot be said in Rust (inline assembly, macros that need a constant) stays C in a helper, which is compiled by the kernel's own compiler.",
  ],
  [
    "transpile",
    "c2rust only warns when it leaves something out, and exits with 0. So its warnings are read, and every unit is counted.",
  ],
  [
    "missing-unit",
    "c2rust only warns when it cannot translate a file, and exits with 0. A unit without its Rust file would be missing from the module without a word.",
  ],
  [
    "build",
    "The port is a folder that anyone can build with make against a kernel tree; this is what that build said.",
  ],
  [
    "modinfo",
    "The kernel reads the licence, the version magic and the parameters from .modinfo before it runs any of the module. A lost licence taints the kernel and hides all GPL symbols.",
  ],
  [
    "imports",
    "A symbol that only one of the two modules takes from the kernel shows where they do different things, or where a helper stands in for an inline function.",
  ],
  ["exports", "Other modules link against exported symbols by name; one that is gone breaks them."],
  [
    "entry-points",
    "The kernel calls init and exit through `struct module`. A module that lost them loads and unloads cleanly, doing nothing.",
  ],
  ["parameters", "What can be set at load and in sysfs, with which type and which permissions."],
  [
    "symbols",
    "c2rust drops weak, aliases and file-scope assembly without a word. The symbol table shows what became of each.",
  ],
  [
    "sections",
    "The kernel finds tables, notes and data of a module by the names of sections; one that is gone took something with it.",
  ],
  [
    "placement",
    "A section is a promise: init code is freed after loading, read-only data is protected, per-CPU data has a copy for each processor.",
  ],
  [
    "tables",
    "The kernel patches and mends code by tables: static branches, faults with a fix-up, warnings. An entry that is lost is a branch that does not flip or a fault that kills.",
  ],
  ["unwinding", "Without unwind data the kernel's stack traces, and live patching, stop at a function."],
  [
    "mitigations",
    "The kernel is compiled against speculation and corrupted control flow; a module that is not is the gap in the fence.",
  ],
  ["panics", "Rust panics where C goes on, and the code that words a panic is larger than most modules."],
  ["build-warnings", "objtool and modpost see what no compiler does. The C module's build sets what is normal."],
  [
    "init-ran",
    "A module whose init function was lost in translation still loads and unloads cleanly, doing nothing. So there must be proof that init was entered.",
  ],
  ["boot", "The module was loaded into a fresh virtual machine, exercised and unloaded."],
  ["boot-status", "Both modules ran in fresh virtual machines with the same kernel, and did not come to the same end."],
  [
    "boot-splat",
    "A splat is what the kernel prints when something went wrong that it survived: a warning, a lockup, a bad unlock. The C module sets what is normal.",
  ],
  [
    "boot-taint",
    "The kernel marks itself tainted when it can no longer be trusted, and keeps the reason. Both modules taint it as out-of-tree ones; anything more is a difference.",
  ],
  [
    "boot-requests",
    "The kernel loads modules on demand by name: a cipher, a file system, a protocol. What a module asks for is a part of what it does.",
  ],
  [
    "boot-harness",
    "The virtual machine or its script failed, not the module. Running the check again is the first thing to try.",
  ],
  [
    "proof",
    "For each function kport tries to show that the Rust does what the C does (docs/proof.md). A function that is not proved is not a wrong one: somebody has to read it.",
  ],
  [
    "observed",
    "QEMU says which code of the modules ran. A function that ran in one boot only may lie in its caller in the other, where it is not seen.",
  ],
  [
    "fuzz",
    "Calls of what the module offers were generated and made on both modules (docs/fuzz.md). This one was made again, and runs of the C module alone do not differ in it.",
  ],
  [
    "lowered",
    "The lowered C is C once more: clang builds it as a third module, beside the C and the Rust one, so that a difference names the stage that made it.",
  ],
  [
    "exercise",
    "The same program used both modules in the same way; what it printed and how it ended must be the same.",
  ],
]);

export function explanationOf(check: string): string | undefined {
  return EXPLANATIONS.get(check);
}
