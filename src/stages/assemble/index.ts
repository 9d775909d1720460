/** Puts a port together: a folder that anyone can build with `make` against a kernel tree. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { readSource } from "../../c/source.ts";
import type { Report } from "../../report/schema.ts";
import { BITFIELD_MODULE } from "../../rust/bitfields.ts";
import { asEdition } from "../../rust/edition.ts";
import { indented, printItem, type RustItem } from "../../rust/items.ts";
import { RUSTFMT_TOML } from "./rustfmt-style.ts";
import { layoutAsserts } from "../../rust/layout-asserts.ts";
import { mendUnit } from "../../rust/mend.ts";
import { plainChar } from "../../rust/plain-char.ts";
import { settleWeakSymbols } from "../../rust/weak-symbols.ts";
import type { CapturedModule } from "../capture/captured-modules.ts";
import type { TranspiledUnit } from "../transpile/index.ts";
import { type AuditedConstruct, auditConstructs } from "./audit.ts";
import { cParts } from "./c-parts.ts";
import { SCRIPT, SCRIPT_TEXT, TRACED, tracedFunctions } from "./codegen.ts";
import {
  ADDRESS_MODULE,
  COMPILER_BUILTINS,
  crateRoot,
  layoutModule,
  notice,
  VOLATILE_MODULE,
  MACROS_MODULE,
  HEADERS_MODULE,
  KERNEL_MODULE,
} from "./crate.ts";
import { cargoToml, kbuildFile, makefile, TARGET } from "./kbuild-files.ts";
import { callLibc, libcModule } from "./libc.ts";
import { withAlikeNames } from "./alike-names.ts";
import { shareItems } from "./share.ts";

export interface Port {
  dir: string;
  /** Rust sources, relative to `dir`. */
  sources: string[];
  /** What the C says that c2rust drops, and where the port says it. */
  constructs: AuditedConstruct[];
  /** Each unit's Rust as it stands in the port, and its number of lines. */
  texts: string[];
  lines: number[];
  /** C and Rust of each function, side by side. */
  functions: NonNullable<Report["functions"]>;
}

export interface Provenance {
  module: string;
  kernel: { release: string; arch: string; compiler: string };
  tools: Record<string, string>;
  headers: "helpers" | "translate";
  units: { file: string; flags: string[]; keptInC: { name: string; reason: string }[] }[];
}

/**
 * Write the port of one module into `dir`, which must be empty.
 * @param names the Rust module of each unit
 */
export async function assemble(
  module: CapturedModule,
  units: readonly TranspiledUnit[],
  names: readonly string[],
  provenance: Provenance,
  relative: (file: string) => string,
  dir: string,
): Promise<Port> {
  await mkdir(path.join(dir, "src"), { recursive: true });
  await mkdir(path.join(dir, "helpers"), { recursive: true });
  const files = new Map<string, string>();
  const volatileBitfields = new Set(units.flatMap((u) => [...u.unit.volatileBitfields]));
  const fixed = withAlikeNames(
    settleWeakSymbols(
      units.map((u) => mendUnit(u, volatileBitfields)),
      units.map((u) => u.unit.weakReferences),
    ),
  );
  const shared = shareItems(fixed);
  const symbols = new Map(units.flatMap((u) => [...u.unit.symbols]));
  const aligned = fixed.some((items) =>
    items.some((i) => i.attributes.some((a) => a.startsWith("#[rustc_align_static"))),
  );
  const bitfields = fixed.some((items) => items.some((i) => i.kind === "impl" && i.text.includes("crate::bitfield::")));
  for (const [i, u] of units.entries()) {
    const rest = shared.rest[i] as (typeof shared.rest)[number];
    const head = notice(await readSource(u.unit.command.file));
    files.set(
      `src/${names[i]}.rs`,
      `${head === "" ? "" : `${head}\n`}//! ${relative(u.unit.command.file)}, ported by kport.\nuse crate::bindings::${rest.imports === undefined ? "*" : `{${rest.imports.join(", ")}}`};\n\n${externBlock(rest.externs, symbols)}${[...rest.items.map(printItem), ...layoutAsserts(rest.items, u.unit.layouts, shared.types)].join("\n\n")}\n`,
    );
  }
  files.set(
    "src/bindings.rs",
    `// SPDX-License-Identifier: GPL-2.0\n//! The kernel's and the module's types, functions and variables, as far as the module reaches them.\n\n${externBlock(shared.externs, symbols)}${shared.types.map(printItem).join("\n")}\n`,
  );
  const layouts = new Map(units.flatMap((u) => u.unit.layouts.map((l) => [l.name, l])));
  files.set("src/layouts.rs", layoutModule(layoutAsserts(shared.types, [...layouts.values()])));
  if (bitfields) files.set("src/bitfield.rs", `// SPDX-License-Identifier: GPL-2.0\n${BITFIELD_MODULE}`);
  const provided = PROVIDED.filter((p) => shared.externs.some((i) => p.is.test(i.name)));
  for (const p of provided) {
    files.set(`src/${p.module}.rs`, p.text);
    files.set("src/bindings.rs", `${files.get("src/bindings.rs")}\npub use crate::${p.module}::*;\n`);
  }
  files.set("src/macros.rs", MACROS_MODULE);
  files.set("src/headers.rs", HEADERS_MODULE);
  files.set("src/kernel.rs", KERNEL_MODULE);
  const extra = [
    "layouts",
    "macros",
    "headers",
    "kernel",
    ...provided.map((p) => p.module),
    ...(bitfields ? ["bitfield"] : []),
    ...withLibc(
      files,
      units.flatMap((u) => u.unit.command.arguments),
    ),
  ];
  files.set("src/lib.rs", crateRoot(module.name, [...extra, ...names], aligned ? ["static_align"] : []));
  files.set("src/compiler_builtins.rs", COMPILER_BUILTINS);
  const sources = [...files.keys()].filter((f) => f.startsWith("src/") && f !== "src/compiler_builtins.rs").sort();

  for (const [name, text] of files) if (name.endsWith(".rs")) files.set(name, asEdition(text));

  const inC = await cParts(
    module,
    units.map((u) => u.unit),
    names,
    relative,
    dir,
  );
  for (const [name, text] of inC.files) files.set(name, text);
  files.set("Kbuild", kbuildFile({ module: module.name, sources, objects: inC.objects, flags: inC.flags }));
  files.set(SCRIPT, SCRIPT_TEXT);
  files.set(
    TRACED,
    tracedFunctions(
      units,
      shared.rest.map((r) => r.items),
      names,
    ),
  );
  files.set("Makefile", makefile(module.name));
  files.set("Cargo.toml", cargoToml(module.name));
  files.set("rustfmt.toml", RUSTFMT_TOML);
  files.set("target.json", `${JSON.stringify(TARGET, null, 2)}\n`);
  files.set("provenance.json", `${JSON.stringify(provenance, null, 2)}\n`);
  files.set(
    ".gitignore",
    "*.o\n*.rustc.s\n*.kernel.s\n*.ko\n*.mod\n*.mod.c\n.*.cmd\nModule.symvers\nmodules.order\n.core/\n",
  );
  for (const [name, text] of files) await writeFile(path.join(dir, name), text.replaceAll(/[ \t]+$/gm, ""));
  const texts = names.map((n) => files.get(`src/${n}.rs`) ?? "");
  const functions = units.flatMap((u, i) =>
    u.unit.functions.flatMap((f) => {
      const item = fixed[i]?.find((x) => x.kind === "fn" && x.name === (u.unit.renamed.get(f.name) ?? f.name));
      return item === undefined
        ? []
        : [{ name: f.name, file: relative(f.file), line: f.line, c: f.c, rust: asEdition(printItem(item)) }];
    }),
  );
  const helpers = [...files].flatMap(([name, text]) => (name.startsWith("helpers/") ? [text] : [])).join("\n");
  return {
    dir,
    sources,
    constructs: auditConstructs(
      units.map((u) => u.unit),
      texts,
      helpers,
      relative,
    ),
    texts,
    lines: texts.map((t) => t.trimEnd().split("\n").length),
    functions,
  };
}

/**
 * c2rust turns the compiler's builtins into calls of the libc crate (`__builtin_memset` into `::libc::memset`). The kernel has these
 * functions itself: a module of the port's own declares those that are used.
 * @throws StageError("assemble") for one the kernel does not have
 */
function withLibc(files: Map<string, string>, flags: readonly string[]): string[] {
  const used = new Set<string>();
  for (const [name, text] of files) {
    if (!name.endsWith(".rs")) continue;
    const calls = callLibc(text);
    for (const n of calls.used) used.add(n);
    files.set(name, calls.text);
  }
  if (used.size === 0) return [];
  files.set("src/libc.rs", plainChar(libcModule(used), flags));
  return ["libc"];
}

/** Functions that lowered C only declares: the modules of the port that define them, where a unit calls one. */
const PROVIDED: readonly { module: string; text: string; is: RegExp }[] = [
  { module: "volatile", text: VOLATILE_MODULE, is: /^kport_read_volatile_\d$/ },
  { module: "address", text: ADDRESS_MODULE, is: /^kport_address$/ },
];

function isProvided(item: RustItem): boolean {
  return PROVIDED.some((p) => p.is.test(item.name));
}

/** An `extern "C"` block; inline functions of headers are called by their own names and link to their wrappers. */
function externBlock(all: readonly RustItem[], symbols: ReadonlyMap<string, string>): string {
  const items = all.filter((i) => !isProvided(i));
  if (items.length === 0) return "";
  const lines = items.flatMap((i) => {
    const symbol = i.kind === "fn" ? symbols.get(i.name) : undefined;
    return [...(symbol === undefined ? [] : [`#[link_name = "${symbol}"]`]), ...i.attributes, i.text];
  });
  return `extern "C" {\n${indented(lines.join("\n"), 4)}\n}\n\n`;
}
