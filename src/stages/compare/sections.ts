/** A section that is gone took something with it: file-scope assembly, a table, a note. */
import type { Finding } from "../../report/schema.ts";
import { type Check, finding, type Pair } from "./check.ts";
import { losses } from "./losses.ts";

/** Sections that come and go with the compiler, and why. */
const COMPILER_SECTIONS: [RegExp, string][] = [
  [/^\.rodata\.(?:cst|str)|^\.rodata$|^\.data$|^\.bss$|^\.text/, "what the compiler has no use for, it does not make"],
  [/^__mcount_loc$|^__patchable_function_entries$/, "looked at by `tracing`"],
  [
    /^\.(?:return|retpoline|call|cfi)_sites$|^\.ibt_endbr_seal$|^\.orc_|^\.altinstr|^\.smp_locks$|^\.static_call_sites$|^__ex_table$|^__bug_table$|^__jump_table$|^\.parainstructions$/,
    "looked at by `tables`, `unwinding` and `mitigations`",
  ],
  [/^\.(?:init|exit)\.(?:rodata|text|data)|^\.data\.rel/, "looked at by `placement`"],
  [/^\.note\.gnu\.property$/, "what the linker was told of the processor"],
  [/^\.eh_frame$|^\.llvm_addrsig$/, "for unwinders and linkers that the kernel does not have"],
];

/** Run at load by none: kernels without CONFIG_CONSTRUCTORS do not read them, so an initialiser in one would never be applied. */
const CONSTRUCTORS = /^\.(?:init_array|fini_array|preinit_array|ctors|dtors)(?:\.|$)/;

export const sections: Check = {
  name: "sections",
  proves:
    "Every section that the kernel loads of the C module is in the Rust one too, whatever made it: attributes, macros, file-scope assembly. There are no constructors: kernels do not run `.init_array` of modules, so a static variable set there would stay zero",
  allows:
    "Sections that a compiler makes for itself, and those that other checks look into. What a WARN that the kernel's own compiler does without would have had (see tables)",
  severity: "error",
  run: (pair: Pair) => {
    const { c, rust } = pair;
    const findings: Finding[] = [];
    for (const [name, { size }] of Object.entries(rust.sections)) {
      if (CONSTRUCTORS.test(name) && size > 0 && c.sections[name] === undefined)
        findings.push(
          finding(
            "sections",
            "error",
            `\`${name}\` is not empty: kernels do not run it, so an initialiser would never be applied`,
            { c: "none", rust: `${size} bytes` },
          ),
        );
    }
    for (const [name, { size }] of Object.entries(c.sections)) {
      if (size === 0 || rust.sections[name] !== undefined || COMPILER_SECTIONS.some(([p]) => p.test(name))) continue;
      // Each WARN_ONCE has a byte there (include/asm-generic/bug.h), and goes with it.
      if (name === ".data..once" && size <= losses(pair).reduce((n, l) => n + (l.doneWithout ? l.count : 0), 0))
        continue;
      findings.push(
        finding("sections", "error", `section \`${name}\` is missing from the Rust module`, {
          c: `${size} bytes`,
          rust: "none",
        }),
      );
    }
    return findings;
  },
};
