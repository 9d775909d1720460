/** Inline functions of headers, which c2rust has in every unit that calls them: once a port, the kernel's in `src/kernel.rs`, the module's in `src/headers.rs`. */
import { replaceTokens } from "../../../rust/lexer.ts";
import { symbolPath } from "../../gate/symbol-path.ts";
import { importing, importsOf } from "../headers/imports.ts";
import { type CrateFiles, type CrateItem, itemsOf, without } from "./crate.ts";

const [KERNEL, HEADERS] = ["src/kernel.rs", "src/headers.rs"];

/** A unit's text as items; those that `stays` does not have are to be shared. */
interface Unit {
  file: string;
  text: string;
  items: readonly CrateItem[];
  stays: Set<CrateItem>;
}

/**
 * @param own functions that the module defines, by unit
 * @param symbols what the crate compiles to, as it is and where this was tried: a function that is one by itself stays where it is, since
 * its name says where that is, and one that would become one by being shared stays as well
 */
export function withKernelFunctions(
  files: CrateFiles,
  own: ReadonlyMap<string, ReadonlySet<string>>,
  symbols: Iterable<string>,
): Map<string, string> {
  return withShared(files, [...own.keys()], KERNEL, HEAD, (i, file) => isKernels(i, own.get(file)), symbols);
}

/** @param inline those of the module's own headers, by unit */
export function withHeaderFunctions(
  files: CrateFiles,
  inline: ReadonlyMap<string, ReadonlySet<string>>,
  symbols: Iterable<string>,
): Map<string, string> {
  return withShared(
    files,
    [...inline.keys()],
    HEADERS,
    HEADERS_HEAD,
    (i, file) => i.kind === "fn" && !i.foreign && inline.get(file)?.has(i.name) === true,
    symbols,
  );
}

/** @param is whether an item of a file is one of those that stand in `target` */
function withShared(
  files: CrateFiles,
  names: readonly string[],
  target: string,
  head: string,
  is: (i: CrateItem, file: string) => boolean,
  symbols: Iterable<string>,
): Map<string, string> {
  const emitted = new Set([...symbols].flatMap((s) => symbolPath(s)?.slice(0, 2).join(" ") ?? []));
  const units = names.flatMap((file): Unit[] => {
    const text = files.get(file);
    if (text === undefined) return [];
    const items = itemsOf(file, text);
    return [
      {
        file,
        text,
        items,
        stays: new Set(
          items.filter(
            (i) =>
              !is(i, file) ||
              emitted.has(`${moduleOf(file)} ${i.name}`) ||
              emitted.has(`${moduleOf(target)} ${i.name}`),
          ),
        ),
      },
    ];
  });
  keepDifferent(units);
  keepWithLocals(units);
  const chosen = new Map(units.flatMap((u) => shared(u).map((i) => [i.name, textOf(i)] as const)));
  if (chosen.size === 0) return new Map(files);
  const out = new Map(files);
  for (const u of units) out.set(u.file, using(without(u.text, shared(u)), moduleOf(target)));
  const functions = [...chosen.values()].join("\n\n");
  out.set(
    target,
    `${head}${importing(functions, files.get("src/macros.rs") ?? "", new Map(units.flatMap((u) => [...importsOf(u.text)])))}\n${functions}\n`,
  );
  return out;
}

function shared(u: Unit): CrateItem[] {
  return u.items.filter((i) => !u.stays.has(i));
}

/** A function that reads otherwise than in the first unit that has it stays where it is. */
function keepDifferent(units: readonly Unit[]): void {
  const first = new Map<string, string>();
  for (const u of units) {
    for (const i of shared(u)) {
      const text = textOf(i);
      const known = first.get(i.name);
      if (known === undefined) first.set(i.name, text);
      else if (known !== text) u.stays.add(i);
    }
  }
}

/** So does one that names what its unit has for itself. */
function keepWithLocals(units: readonly Unit[]): void {
  for (const u of units) {
    for (let grew = true; grew; ) {
      const local = new Set([...u.stays].flatMap((i) => (i.kind === "use" ? [] : [i.name])));
      const held = shared(u).filter((i) => [...i.names].some((n) => n !== i.name && local.has(n)));
      for (const i of held) u.stays.add(i);
      grew = held.length > 0;
    }
  }
}

function isKernels(i: CrateItem, own: ReadonlySet<string> | undefined): boolean {
  return (
    i.kind === "fn" &&
    !i.foreign &&
    !own?.has(i.name) &&
    i.attributes.every((a) => /^#\[inline/.test(a)) &&
    i.attributes.length > 0
  );
}

/** With the numbers of c2rust's own variables counted anew: they go on through a unit. */
function textOf(i: CrateItem): string {
  const numbers = new Map<string, number>();
  const text = replaceTokens(i.text, (t) => {
    if (t.kind !== "identifier" || !/^fresh\d+$/.test(t.text)) return undefined;
    if (!numbers.has(t.text)) numbers.set(t.text, numbers.size);
    return `fresh${numbers.get(t.text)}`;
  });
  return [...i.attributes, `pub(crate) ${text.replace(/^pub\(crate\) /, "")}`].join("\n");
}

function moduleOf(file: string): string {
  return file.replace(/^src\/|\.rs$/g, "");
}

function using(text: string, module: string): string {
  return text.replace(/^use crate::bindings::[^;]*;\n/m, (use) => `${use}use crate::${module}::*;\n`);
}

const HEAD = `// SPDX-License-Identifier: GPL-2.0
//! Inline functions of the kernel's headers that the module calls.
use crate::bindings::*;
use crate::macros::*;
`;

const HEADERS_HEAD = `// SPDX-License-Identifier: GPL-2.0
//! What the module's own headers declare.
use crate::bindings::*;
use crate::kernel::*;
use crate::macros::*;
`;
