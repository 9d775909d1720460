/** The kernel reads licence, version magic, parameters, imported namespaces and aliases from `.modinfo` before it runs any of the module. */
import { byName } from "../../machine/by-name.ts";
import type { Finding } from "../../report/schema.ts";
import { sectionsNamed } from "../inspect/elf.ts";
import { type Check, finding, type Pair } from "./check.ts";

/** Keys that may differ, and why. */
const MAY_DIFFER: Record<string, string> = byName({
  srcversion: "kbuild computes it from the names and text of the source files",
});

export const modinfo: Check = {
  name: "modinfo",
  proves:
    "Every line of `.modinfo` is the same: licence, aliases, dependencies, imported namespaces, version magic, parameters' types and descriptions. There is one such section, and it is read-only, so that kbuild's lines are in it",
  allows:
    "`srcversion`, which kbuild computes from the source files; the order of lines with the same key, and of the modules in `depends`",
  severity: "error",
  run: ({ c, rust }: Pair) => {
    const findings: Finding[] = [];
    const sections = sectionsNamed(rust.elf, ".modinfo");
    if (sections.some((s) => s.writable))
      findings.push(finding("modinfo", "error", ".modinfo is writable: it does not merge with kbuild's"));
    if (sections.length > 1)
      findings.push(finding("modinfo", "error", "there are two .modinfo sections: the kernel reads the first only"));
    for (const key of new Set([...Object.keys(c.modinfo), ...Object.keys(rust.modinfo)])) {
      const [was, is] = [c.modinfo[key], rust.modinfo[key]];
      // modpost writes the modules in the order in which their symbols come up.
      const sorted = (v: string | undefined): string | undefined =>
        v
          ?.split(key === "depends" ? "," : "\n")
          .sort()
          .join();
      if (sorted(was) === sorted(is)) continue;
      const known = MAY_DIFFER[key];
      const what =
        is === undefined
          ? "is missing from the Rust module"
          : was === undefined
            ? "is only in the Rust module"
            : "differs";
      findings.push(
        finding(
          "modinfo",
          known === undefined ? "error" : "note",
          `modinfo \`${key}\` ${what}${known === undefined ? "" : `: ${known}`}`,
          { c: was ?? "", rust: is ?? "" },
        ),
      );
    }
    return findings;
  },
};
