/** What there is to say of helpers, once the kernel's compiler has seen them. */
import type { AstNode } from "../../c/ast.ts";
import type { CodeOf } from "../inspect/code.ts";
import type { StaysWhole } from "./file-scope.ts";
import type { InlineWrapper } from "./helper-source.ts";
import type { MovedExpression } from "./moved.ts";
import type { ObjectInC } from "./objects-in-c.ts";
import type { PreprocessedUnit } from "./preprocess.ts";
import { type TailCall, tailCall } from "./tail-calls.ts";

/**
 * The helpers that the compiler makes a jump of, to what a module can call.
 * @param code of each helper, by its symbol
 */
export function directCalls(
  wrappers: readonly InlineWrapper[],
  moved: readonly MovedExpression[],
  code: ReadonlyMap<string, CodeOf>,
  isCallable: (symbol: string) => boolean,
): Map<string, TailCall> {
  const direct = new Map<string, TailCall>();
  const helpers = [
    ...wrappers.map((w) => ({ name: w.symbol, parameters: w.params.length, constants: false })),
    ...moved.flatMap((m) => (m.optional ? [{ name: m.name, parameters: m.params.length, constants: true }] : [])),
  ];
  for (const { name, parameters, constants } of helpers) {
    const f = code.get(name);
    const jump = f && tailCall(f, parameters);
    if (jump && isCallable(jump.symbol) && (constants || jump.constants.length === 0)) direct.set(name, jump);
  }
  return direct;
}

/** Helpers that ask for a symbol nobody has: the mark of a branch that only a compile-time constant removes (`__bad_udelay`). */
export function unlinkable(
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  isKnown: (symbol: string) => boolean,
): Map<string, string> {
  const out = new Map<string, string>();
  for (const [helper, symbols] of needs) {
    const missing = [...symbols].find(
      (s) => !isKnown(s) && !needs.has(s) && !COMPILER_CALLS.test(s) && s !== "__this_module",
    );
    if (missing !== undefined) out.set(helper, `it needs ${missing}, which no kernel symbol is`);
  }
  return out;
}

// gcc makes calls of these out of plain C.
const COMPILER_CALLS = /^(?:mem(?:cpy|move|set|cmp)|__stack_chk_\w+|__fentry__|__x86_\w+|__cfi_\w+|__sanitizer_\w+)$/;

/** Whether one of the kernel's macros made a function (TRACE_EVENT): it is no more the module's than the headers' inline functions. */
export function isKernelMade(fn: AstNode, unit: PreprocessedUnit): boolean {
  const d = unit.declarations.find((x) => x.own && x.kind === "function" && x.names[0] === fn.name);
  const v = d && unit.invocations.find((x) => x.start <= d.start && d.end <= x.end);
  return v !== undefined && !unit.directives.some((x) => new RegExp(`^#\\s*define\\s+${v.name}\\b`).test(x.text));
}

/** A helper lies in the section of the functions that call it, where that is one; one that is reached from anywhere is reached. */
export function placeInSections(moved: readonly MovedExpression[], sections: ReadonlyMap<string, string>): void {
  for (const shared of Map.groupBy(moved, (m) => m.name).values()) {
    const section = sections.get(shared[0]?.func ?? "");
    const inSection = section !== undefined && shared.every((m) => sections.get(m.func) === section);
    const reached = shared.some((m) => !m.unreached);
    for (const m of shared) {
      if (inSection) m.section = section;
      if (reached) delete m.unreached;
    }
  }
}

/** What a report says of them. */
export function keptInC({
  wrappers,
  moved,
  whole,
  objects,
}: {
  wrappers: readonly InlineWrapper[];
  moved: readonly MovedExpression[];
  whole: readonly StaysWhole[];
  objects: ReadonlyMap<string, ObjectInC>;
}): { name: string; reason: string }[] {
  return [
    ...wrappers.map((w) => ({ name: w.name, reason: "inline function of the kernel's headers" })),
    ...[...objects.values()].map((o) => ({
      name: o.name,
      reason: `its initialiser holds ${o.reason} (line ${o.line})`,
    })),
    ...whole.map((w) => ({
      name: (w.declarations.length === 1 && w.declarations[0]?.kind === "function" ? w.name : w.text)
        .replace(/\s+/g, " ")
        .slice(0, 120),
      reason: `${w.reason} (line ${w.line})`,
    })),
    ...moved.map((m) => ({
      name: (m.label ?? m.expanded).replace(/\s+/g, " ").slice(0, 120),
      reason: `${m.reason} (${m.func}, line ${m.line})`,
    })),
  ];
}
