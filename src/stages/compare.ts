/** Holds the Rust `.ko` against the C one: every difference becomes a finding, known ones with their explanation. */
import type { Finding } from "../report/schema.ts";
import type { InspectedObject } from "./inspect.ts";

/** Modinfo keys that may differ, and why. */
const MAY_DIFFER: Record<string, string> = { srcversion: "kbuild computes it from the names and text of the source files" };

/** Imports that come and go with the compiler, not with the module's code. */
const COMPILER_IMPORTS: [RegExp, string][] = [
  [/^__fentry__$/, "the C compiler's hook for ftrace; rustc makes none, so Rust functions are not traced by ftrace"],
  [/^__stack_chk_(?:fail|guard)$/, "the C compiler's stack protector"],
  [/^__x86_/, "speculation thunks, as each compiler needs them"],
  [/^(?:mem(?:cpy|move|set|cmp)|bcmp|strlen)$/, "calls that a compiler makes or inlines as it sees fit"],
  [/^__(?:ubsan|asan|kasan|kcsan|sanitizer)_/, "calls of the C compiler's sanitizers"],
];

/** Text may grow; beyond this ratio it is worth a word. */
const TEXT_RATIO = 1.5;

export function compareObjects(c: InspectedObject, rust: InspectedObject): Finding[] {
  return [...rust.defects.map((message): Finding => ({ check: "sections", severity: "error", message })), ...modinfo(c, rust), ...exportsOf(c, rust), ...importsOf(c, rust), ...tables(c, rust), ...sizes(c, rust)];
}

function modinfo(c: InspectedObject, rust: InspectedObject): Finding[] {
  const findings: Finding[] = [];
  const sorted = (v: string | undefined): string | undefined => v?.split("\n").sort().join("\n");
  for (const key of new Set([...Object.keys(c.modinfo), ...Object.keys(rust.modinfo)])) {
    const [was, is] = [c.modinfo[key], rust.modinfo[key]];
    if (sorted(was) === sorted(is)) continue;
    const known = MAY_DIFFER[key];
    const what = is === undefined ? "is missing from the Rust module" : was === undefined ? "is only in the Rust module" : "differs";
    findings.push({ check: "modinfo", severity: known === undefined ? "error" : "note", message: `modinfo \`${key}\` ${what}${known === undefined ? "" : `: ${known}`}`, c: was ?? "", rust: is ?? "" });
  }
  return findings;
}

function exportsOf(c: InspectedObject, rust: InspectedObject): Finding[] {
  const [missing, added] = [without(c.exports, rust.exports), without(rust.exports, c.exports)];
  return [
    ...missing.map((s): Finding => ({ check: "exports", severity: "error", message: `\`${s}\` is no longer exported`, c: s, rust: "" })),
    ...added.map((s): Finding => ({ check: "exports", severity: "error", message: `\`${s}\` is exported by the Rust module only`, c: "", rust: s })),
  ];
}

function importsOf(c: InspectedObject, rust: InspectedObject): Finding[] {
  const findings: Finding[] = [];
  const sides: [string[], "c" | "rust"][] = [[without(c.imports, rust.imports), "c"], [without(rust.imports, c.imports), "rust"]];
  for (const [symbols, side] of sides) {
    const groups = new Map<string, string[]>();
    for (const s of symbols) {
      const why = COMPILER_IMPORTS.find(([p]) => p.test(s))?.[1] ?? "";
      groups.set(why, [...(groups.get(why) ?? []), s]);
    }
    for (const [why, names] of groups) {
      const who = side === "c" ? "Only the C module imports" : "Only the Rust module imports";
      const reason = why !== "" ? why : side === "c" ? "inlined or reached otherwise in Rust" : "the out-of-line form of what C inlines by constants, or the panic path";
      findings.push({ check: "imports", severity: "note", message: `${who} ${names.map((n) => `\`${n}\``).join(", ")}: ${reason}`, c: side === "c" ? names.join("\n") : "", rust: side === "rust" ? names.join("\n") : "" });
    }
  }
  return findings;
}

/** Sections that kernel or modpost read as tables: one lost entry is a parameter, an alias or a device that is gone. */
function tables(c: InspectedObject, rust: InspectedObject): Finding[] {
  const findings: Finding[] = [];
  for (const [name, { size, entries }] of Object.entries(c.sections)) {
    if (!/^(?:__param|__ksymtab|__dyndbg|__tracepoints|__jump_table|\.static_call_sites|\.data\.\.percpu|__ex_table|__bug_table|\.init_array|\.fini_array|\.init\.text|\.exit\.text)/.test(name)) continue;
    const other = rust.sections[name];
    const count = (o: { size: number; entries?: number | undefined } | undefined): string => (o === undefined ? "none" : o.entries === undefined ? `${o.size} bytes` : `${o.entries} entries`);
    if (other === undefined && size > 0) findings.push({ check: "sections", severity: "error", message: `section \`${name}\` is missing from the Rust module`, c: count({ size, entries }), rust: "none" });
    else if (/^(?:__param|__ksymtab)/.test(name) && other?.size !== size) findings.push({ check: "sections", severity: "error", message: `section \`${name}\` does not hold as much`, c: count({ size, entries }), rust: count(other) });
  }
  return findings;
}

function sizes(c: InspectedObject, rust: InspectedObject): Finding[] {
  const ratio = rust.text / Math.max(c.text, 1);
  if (ratio <= TEXT_RATIO) return [];
  return [{ check: "size", severity: "warning", message: `text grew ${ratio.toFixed(2)} times`, c: `${c.text} bytes`, rust: `${rust.text} bytes` }];
}

function without(all: readonly string[], others: readonly string[]): string[] {
  const set = new Set(others);
  return all.filter((s) => !set.has(s));
}
