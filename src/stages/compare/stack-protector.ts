/** The stack protector: a value beside a function's locals, which is looked at before it returns. */
import type { Finding } from "../../report/schema.ts";
import { type CodeOf, plainName } from "../inspect/code.ts";
import { type Check, finding, named, type Pair } from "./check.ts";

export const stackProtector: Check = {
  name: "stack-protector",
  proves:
    "Where the kernel is built with the stack protector, a function that C guards is guarded in the Rust (`__stack_chk_fail`) if it keeps a local whose address it takes, and the value is the kernel's own: at `%gs:40`, or the per-CPU variable of newer kernels",
  allows:
    "Functions whose locals are in helpers, and so are guarded there; more guards than in C. With the weaker form (STACKPROTECTOR without STRONG), which guards by the kinds of arrays, single functions",
  severity: "error",
  run: (pair: Pair) =>
    pair.config.get("CONFIG_STACKPROTECTOR") === "y" ? [...unguarded(pair), ...elsewhere(pair)] : [],
};

const isGuarded = (f: CodeOf): boolean => f.instructions.some((i) => i.target === "__stack_chk_fail");

/**
 * Whether it reckons the address of something on its stack, which is what the strong form guards. Where no frame is kept, `%rbp` is a register
 * like any other.
 */
const takesAddressOfLocal = (f: CodeOf): boolean => {
  const keepsFrame = f.instructions.some((i) => i.op.startsWith("mov") && /^%rsp,\s*%rbp$/.test(i.operands));
  const local = keepsFrame ? /\(%r[sb]p\b[^)]*\)/ : /\(%rsp\b[^)]*\)/;
  return f.instructions.some(
    (i) => i.op.startsWith("lea") && local.test(i.operands) && !/,\s*%r[sb]p$/.test(i.operands),
  );
};

function unguarded({ c, rust, config }: Pair): Finding[] {
  const inC = new Set(c.code.filter(isGuarded).map((f) => plainName(f.symbol)));
  // A cold part of a function may hold the call.
  const inRust = new Set(rust.code.filter(isGuarded).map((f) => f.name));
  if (config.get("CONFIG_STACKPROTECTOR_STRONG") !== "y" && inRust.size > 0) return [];
  const bad = rust.code
    .filter((f) => inC.has(f.name) && !inRust.has(f.name) && takesAddressOfLocal(f))
    .map((f) => f.name);
  return bad.length === 0
    ? []
    : [
        finding(
          "stack-protector",
          "error",
          `${named(bad)} ${bad.length === 1 ? "has" : "have"} locals on a stack that nothing guards`,
          { c: "__stack_chk_fail", rust: bad.join("\n") },
        ),
      ];
}

/** Guarded functions that read another value than all of C's do: it would never change, or not be there. */
function elsewhere({ c, rust }: Pair): Finding[] {
  const read = (f: CodeOf): Set<string> =>
    new Set(
      f.instructions.flatMap((i) => /%gs:[^,\s]*/.exec(i.operands)?.[0].replace(/\(%rip\)$/, i.target ?? "") ?? []),
    );
  const ofC = c.code
    .filter(isGuarded)
    .filter((f) => f.instructions.length > 1)
    .map(read)
    .filter((r) => r.size > 0);
  const value = ofC.reduce<Set<string> | undefined>(
    (all, r) => (all === undefined ? r : new Set([...all].filter((v) => r.has(v)))),
    undefined,
  );
  if (value === undefined || value.size === 0) return [];
  const bad = rust.code
    .filter((f) => isGuarded(f) && !/\.cold\b/.test(f.symbol) && ![...read(f)].some((v) => value.has(v)))
    .map((f) => f.name);
  return bad.length === 0
    ? []
    : [
        finding(
          "stack-protector",
          "error",
          `${named(bad)} ${bad.length === 1 ? "guards its stack" : "guard their stacks"} with another value than the kernel's`,
          { c: [...value].join("\n"), rust: bad.join("\n") },
        ),
      ];
}
