/** Inline functions of the kernel's headers, which c2rust has in every unit that calls them: once a port, in `src/kernel.rs`. */
import { replaceTokens } from "../../../rust/lexer.ts";
import { symbolPath } from "../../gate/symbol-path.ts";
import { ffiOfMacros } from "../headers/macro-types.ts";
import { type CrateFiles, type CrateItem, itemsOf, without } from "./crate.ts";

const KERNEL = "src/kernel.rs";

/**
 * @param own functions that the module defines, by unit
 * @param symbols of the crate as it is: a function that is one by itself stays where it is, since its name says where that is
 */
export function withKernelFunctions(files: CrateFiles, own: ReadonlyMap<string, ReadonlySet<string>>, symbols: Iterable<string>): Map<string, string> {
  const emitted = new Set([...symbols].flatMap((s) => symbolPath(s)?.slice(0, 2).join(" ") ?? []));
  const chosen = new Map<string, string>();
  const out = new Map(files);
  for (const file of own.keys()) {
    const text = files.get(file);
    if (text === undefined) continue;
    const found = itemsOf(file, text).filter((i) => isKernels(i, own.get(file)) && !emitted.has(`${moduleOf(file)} ${i.name}`));
    const same = found.filter((i) => {
      const published = textOf(i);
      const known = chosen.get(i.name);
      if (known === undefined) chosen.set(i.name, published);
      return known === undefined || known === published;
    });
    out.set(file, using(without(text, same)));
  }
  if (chosen.size === 0) return new Map(files);
  const functions = [...chosen.values()].join("\n\n");
  const ffi = ffiOfMacros(functions, files.get("src/macros.rs") ?? "");
  out.set(KERNEL, `${HEAD}${ffi.length === 0 ? "" : `use core::ffi::{${ffi.join(", ")}};\n`}\n${functions}\n`);
  return out;
}

function isKernels(i: CrateItem, own: ReadonlySet<string> | undefined): boolean {
  return i.kind === "fn" && !i.foreign && !own?.has(i.name) && i.attributes.every((a) => /^#\[inline/.test(a)) && i.attributes.length > 0;
}

/** With the numbers of c2rust's own variables counted anew: they go on through a unit. */
function textOf(i: CrateItem): string {
  const numbers = new Map<string, number>();
  const text = replaceTokens(i.text, (t) => {
    if (t.kind !== "identifier" || !/^fresh\d+$/.test(t.text)) return undefined;
    if (!numbers.has(t.text)) numbers.set(t.text, numbers.size);
    return `fresh${numbers.get(t.text)}`;
  });
  return [...i.attributes, `pub ${text.replace(/^pub /, "")}`].join("\n");
}

function moduleOf(file: string): string {
  return file.replace(/^src\/|\.rs$/g, "");
}

function using(text: string): string {
  return text.replace(/^use crate::bindings::[^;]*;\n/m, (use) => `${use}use crate::kernel::*;\n`);
}

const HEAD = `// SPDX-License-Identifier: GPL-2.0
//! Inline functions of the kernel's headers that the module calls.
use crate::bindings::*;
use crate::macros::*;
`;
