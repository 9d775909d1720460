/** Makes docs/fidelity.md out of the list of checks and the list of their negative controls: `npm run docs`. A test keeps them together. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { projectRoot } from "../src/machine/project-root.ts";
import { CHECKS } from "../src/stages/compare/index.ts";
import { CONTROLS } from "../test/stages/compare/controls.ts";

/** What other stages prove: where it is done, and what shows that it can fail. */
const ELSEWHERE: [string, string, string][] = [
  [
    "layouts",
    "Every structure of the Rust has the size, alignment and member offsets that clang gives it in C, members of unnamed members included, and each bit-field's setter writes the bits that clang gives it and no others. The port asserts this: a wrong layout does not compile. (Not bit-fields of volatile structures, whose accessors cannot be evaluated; nor members that were cut out of a structure.)",
    "[test/rust/fixes.test.ts](../test/rust/fixes.test.ts) compiles a wrong one",
  ],
  [
    "null checks",
    "A check for a null pointer behind an access to it outlives rustc, as it does in the kernel's C (`-fno-delete-null-pointer-checks`). The port shows this in itself: its `make` looks at what rustc made of a function that tells, in the same crate with the same flags, and stops where the check is gone.",
    "[test/stages/assemble/codegen.test.ts](../test/stages/assemble/codegen.test.ts) compiles without the flag",
  ],
  [
    "units",
    "Every C unit has become one Rust file, and c2rust complained of none; what cannot be translated (a constructor, say) stops the run with its place.",
    "[test/pipeline/controls.test.ts](../test/pipeline/controls.test.ts)",
  ],
  [
    "boot",
    "Both modules, in fresh machines: the same ending, kernel log, exercise, splats and taint; init was entered; nothing is left behind.",
    "[src/stages/boot/controls](../src/stages/boot/controls), run by `./kport boot --self-test`",
  ],
];

/** The text of docs/fidelity.md. */
export function fidelityPage(): string {
  const checks = CHECKS.map((c) => {
    const controls = (CONTROLS[c.name] ?? []).map((x) => `- a module ${x.fault}`);
    return [
      `## ${c.name}`,
      `${c.proves}. (${c.severity === "error" ? "A difference fails the run." : `A difference is a ${c.severity}.`})`,
      ...(c.allows === "" ? [] : [`May differ: ${c.allows}.`]),
      "Seen to find:",
      controls.join("\n"),
    ].join("\n\n");
  });
  return `${[
    "<!-- Made by `npm run docs` from src/stages/compare and test/stages/compare/controls.ts: change those. -->",
    "# What is compared, and how each check is known to work",
    "The C and the Rust `.ko` lie side by side: sections, symbols, relocations, instructions. Each check below is a file in [src/stages/compare](../src/stages/compare); for each, [a test](../test/stages/compare/controls.test.ts) puts faults into a module that it has to find, and fails when there is a check without one.",
    ...checks,
    "## Elsewhere",
    ELSEWHERE.map(([name, what, control]) => `- **${name}**: ${what} Negative control: ${control}.`).join("\n"),
  ].join("\n\n")}\n`;
}

if (import.meta.main) await writeFile(path.join(projectRoot(), "docs", "fidelity.md"), fidelityPage());
