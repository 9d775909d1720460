/** What the modules take from the kernel. */
import type { Finding } from "../../report/schema.ts";
import { sectionsNamed } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { type Check, finding, type Pair, without } from "./check.ts";

/** Imports that come and go with the compiler, not with the module's code. */
const COMPILER_IMPORTS: [RegExp, string][] = [
  [/^__fentry__$/, "the hook for the kernel's tracers (see tracing)"],
  [/^__(?:ref_)?stack_chk_(?:fail|guard)$/, "the stack protector (see stack-protector)"],
  [/^__x86_/, "speculation thunks, as each compiler needs them"],
  [/^(?:mem(?:cpy|move|set|cmp)|bcmp|strlen)$/, "calls that a compiler makes or inlines as it sees fit"],
  [/^__(?:ubsan|asan|kasan|kcsan|sanitizer)_/, "calls of the C compiler's sanitizers"],
];

/**
 * What only run-time checks of FORTIFY_SOURCE and of hardened usercopy call. A helper in C knows how large the locals are that it
 * is given (lower/sized-arguments.ts), and not what the compiler has followed a pointer to within the function: then the check is left out.
 */
const CHECKS = /^(?:fortify_panic|__fortify_panic|__fortify_report|__check_object_size|usercopy_abort)$/;

export const imports: Check = {
  name: "imports",
  proves:
    "A symbol that both modules import has the same version (CRC) and the same binding: one that C imports weakly, so that the module loads without it, is weak in the Rust too. Symbols that only one of them imports are listed; where they are those that run-time checks of FORTIFY_SOURCE call, and only C has them, it is a warning",
  allows:
    "Symbols that a compiler calls or inlines on its own account (memcpy, thunks, the ftrace hook), and the out-of-line forms of what C inlines",
  severity: "error",
  run: ({ c, rust }: Pair) => [...bindings(c, rust), ...versions(c, rust), ...onlyOne(c, rust)],
};

function bindings(c: InspectedObject, rust: InspectedObject): Finding[] {
  const weak = (o: InspectedObject): Set<string> =>
    new Set(o.elf.symbols.filter((s) => s.undefined && s.binding === "Weak").map((s) => s.name));
  const [inC, inRust] = [weak(c), weak(rust)];
  const strong = [...inC].filter((s) => rust.imports.includes(s) && !inRust.has(s));
  return strong.map((s) =>
    finding("imports", "error", `\`${s}\` is imported weakly by the C module and must exist for the Rust one to load`, {
      c: "weak",
      rust: "strong",
    }),
  );
}

/** Bytes of a `struct modversion_info`: an unsigned long, and the name. */
const VERSION_BYTES = 64;

function versions(c: InspectedObject, rust: InspectedObject): Finding[] {
  const [was, is] = [versionsOf(c), versionsOf(rust)];
  return [...was].flatMap(([name, crc]) => {
    const other = is.get(name);
    return other === undefined || other === crc
      ? []
      : [finding("imports", "error", `\`${name}\` is imported in another version`, { c: crc, rust: other })];
  });
}

function versionsOf(o: InspectedObject): Map<string, string> {
  const found = new Map<string, string>();
  for (const { bytes } of sectionsNamed(o.elf, "__versions")) {
    for (let at = 0; at + VERSION_BYTES <= bytes.length; at += VERSION_BYTES) {
      const name = bytes.subarray(at + 8, at + VERSION_BYTES);
      found.set(
        name.subarray(0, Math.max(0, name.indexOf(0))).toString("latin1"),
        `0x${bytes.readUInt32LE(at).toString(16)}`,
      );
    }
  }
  return found;
}

function onlyOne(c: InspectedObject, rust: InspectedObject): Finding[] {
  const findings: Finding[] = [];
  const sides: [string[], "c" | "rust"][] = [
    [without(c.imports, rust.imports), "c"],
    [without(rust.imports, c.imports), "rust"],
  ];
  for (const [symbols, side] of sides) {
    const lost = side === "c" ? symbols.filter((s) => CHECKS.test(s)) : [];
    if (lost.length > 0)
      findings.push(
        finding(
          "imports",
          "warning",
          `nothing in the Rust module calls ${lost.map((n) => `\`${n}\``).join(", ")}, as the C one does where an array is too small: the check is lost, unless the kernel's compiler saw in a helper that it never fails`,
          { c: lost.join("\n"), rust: "" },
        ),
      );
    const others = symbols.filter((s) => !lost.includes(s));
    const groups = Map.groupBy(others, (s) => COMPILER_IMPORTS.find(([p]) => p.test(s))?.[1] ?? "");
    for (const [why, names] of groups) {
      const who = side === "c" ? "Only the C module imports" : "Only the Rust module imports";
      const reason =
        why !== ""
          ? why
          : side === "c"
            ? "inlined or reached otherwise in Rust"
            : "the out-of-line form of what C inlines by constants, or the panic path";
      findings.push(
        finding("imports", "note", `${who} ${names.map((n) => `\`${n}\``).join(", ")}: ${reason}`, {
          c: side === "c" ? names.join("\n") : "",
          rust: side === "rust" ? names.join("\n") : "",
        }),
      );
    }
  }
  return findings;
}
