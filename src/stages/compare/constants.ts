/** Constants that `placement` cannot tell by their names: those that several units have, and those of functions. */
import type { Finding } from "../../report/schema.ts";
import { plainName } from "../inspect/code.ts";
import { type Check, definedSymbols, finding, named, type OwnConstant, type Pair } from "./check.ts";
import { kindOf } from "./placement.ts";

type Defined = ReturnType<typeof definedSymbols>[number];

export const constants: Check = {
  name: "constants",
  proves:
    "Every constant that lies in read-only memory in C does so in the Rust module: those of functions, and of each unit where several have one of a name. (Those that one unit alone has: `placement`)",
  allows:
    "Variables that the source does not declare constant and clang finds to be; what one of the two has no use for; one constant in the Rust for equal ones of several units",
  severity: "error",
  run: (pair: Pair) => {
    const c = definedSymbols(pair.c).filter((s) => s.type === "Object");
    const rust = definedSymbols(pair.rust).filter((s) => s.type === "Object");
    const writable = [
      ...[...pair.constants].filter((name) => {
        const was = c.filter((s) => plainName(s.name) === name);
        const is = rust.filter((s) => !isOfFunction(s) && plainName(s.name) === name);
        return was.length + is.length > 2 && isWritable(was, is);
      }),
      ...(pair.ownConstants ?? []).flatMap((own) => {
        const was = c.filter((s) => s.name.replace(/\.\d+$/, "") === `${own.within}.${own.name}`);
        return isWritable(was, asRust(own, c, rust)) ? [`${own.within}.${own.name}`] : [];
      }),
    ];
    const findings: Finding[] = [];
    if (writable.length > 0)
      findings.push(
        finding(
          "constants",
          "error",
          `${named(writable)} ${writable.length === 1 ? "lies" : "lie"} in .data in the Rust module, in .rodata in C`,
          { c: ".rodata", rust: ".data" },
        ),
      );
    return findings;
  },
};

/** Where C has it read-only, and nowhere else, and Rust somewhere has it writable. */
function isWritable(was: readonly Defined[], is: readonly Defined[]): boolean {
  return (
    was.length > 0 &&
    was.every((s) => kindOf(s.section) === ".rodata") &&
    is.some((s) => kindOf(s.section) === ".data" || kindOf(s.section) === "a writable .rodata")
  );
}

/** A function's own in Rust: within it, or at file scope where it alone has that name. */
function asRust({ within, as }: OwnConstant, c: readonly Defined[], rust: readonly Defined[]): Defined[] {
  const inside = rust.filter((s) => s.name === `${within}.${as}` || isWithin(s.name, within, as));
  if (inside.length > 0 || c.some((s) => plainName(s.name) === as)) return inside;
  return rust.filter((s) => !isOfFunction(s) && plainName(s.name) === as);
}

/** Whether a mangled path names something of a value's, which a function is: `Nv` is one in the namespace of values. */
function isOfFunction(s: Pick<Defined, "name">): boolean {
  return s.name.startsWith("_RNvNv");
}

/** Whether a mangled path ends with both names. Before the last, where the function has two of its name, stands which it is (`s_`). */
function isWithin(symbol: string, within: string, as: string): boolean {
  const path = symbol.replace(/\..*$/s, "");
  const last = identifier(as);
  if (!isOfFunction({ name: path }) || !path.endsWith(last)) return false;
  const outer = path.slice(0, -last.length);
  return outer.endsWith(identifier(within)) || outer.replace(/s[0-9A-Za-z]*_$/, "").endsWith(identifier(within));
}

/** An identifier as Rust mangles it: its length, a `_` where it begins with a digit or one, then itself. */
function identifier(name: string): string {
  return `${name.length}${/^[\d_]/.test(name) ? "_" : ""}${name}`;
}
