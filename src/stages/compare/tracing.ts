/** Where the kernel's tracers, kprobes and live patching hook in: a call of `__fentry__` at a function's entry, and the list of all such calls. */
import type { Finding } from "../../report/schema.ts";
import type { ElfSection, ElfSymbol } from "../inspect/elf.ts";
import { sectionsNamed } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { below } from "../inspect/places.ts";
import { type Check, commonSymbols, finding, named, type Pair } from "./check.ts";

export const tracing: Check = {
  name: "tracing",
  proves:
    "A function of both modules begins with a hook for the kernel's tracers (`call __fentry__`) in Rust where it does in C, and with none where C's `notrace`, `inline` and `__exit` say so; where the kernel patches hooks at load (DYNAMIC_FTRACE), `__mcount_loc` lists each one of the Rust module",
  allows:
    "Functions that only one of them has, as the other inlines them. C's list, which clang does not make for a kernel built by gcc (`-mrecord-mcount`)",
  severity: "error",
  run: (pair: Pair) => [...atEntry(pair), ...inList(pair)],
};

function atEntry(pair: Pair): Finding[] {
  const [inC, inRust] = [hooksOf(pair.c), hooksOf(pair.rust)];
  const functions = commonSymbols(pair).filter((s) => s.c.type === "Function" && s.c.size > 0 && s.rust.size > 0);
  const lost = functions.filter((s) => inC.has(place(s.c)) && !inRust.has(place(s.rust))).map((s) => s.name);
  const made = functions.filter((s) => !inC.has(place(s.c)) && inRust.has(place(s.rust))).map((s) => s.name);
  return [
    ...(lost.length === 0
      ? []
      : [
          finding(
            "tracing",
            "error",
            `${named(lost)} ${lost.length === 1 ? "has" : "have"} no hook for the kernel's tracers, as in C`,
            { c: "call __fentry__", rust: lost.join("\n") },
          ),
        ]),
    ...(made.length === 0
      ? []
      : [
          finding("tracing", "error", `${named(made)} can be traced, which C forbids (notrace)`, {
            c: "none",
            rust: made.join("\n"),
          }),
        ]),
  ];
}

function inList({ config, rust, lowered }: Pair): Finding[] {
  if (config.get("CONFIG_DYNAMIC_FTRACE") !== "y" || lowered) return [];
  const listed = listedIn(rust);
  const hooks = callsOf(rust);
  const missing = hooks.filter((h) => !listed.has(h.place)).map((h) => h.name);
  return missing.length === 0
    ? []
    : [
        finding(
          "tracing",
          "error",
          `\`__mcount_loc\` lists ${hooks.length - missing.length} of ${hooks.length} hooks: ${named(missing)} cannot be traced`,
          { c: "all", rust: missing.join("\n") },
        ),
      ];
}

const place = (s: { section?: ElfSection; value: number }): string => `${s.section?.index}:${s.value}`;

/** Functions with a hook, by their place: those that call, and those whose call objtool has made a nop and listed. */
function hooksOf(o: InspectedObject): Set<string> {
  return new Set([...callsOf(o).map((h) => h.place), ...listedIn(o)]);
}

/** Functions whose first instruction, but for `endbr64`, calls `__fentry__`. */
function callsOf({ code, elf }: InspectedObject): { place: string; name: string }[] {
  const symbols = new Map(
    elf.symbols.flatMap((s) => (s.section === undefined ? [] : [[`${s.section.name} ${s.name}`, s]])),
  );
  return code.flatMap((f) => {
    const first = f.instructions.find((i) => i.op !== "endbr64");
    const symbol = symbols.get(`${f.section} ${f.symbol}`);
    return first?.target === "__fentry__" && first.op.startsWith("call") && symbol !== undefined
      ? [{ place: place(symbol), name: f.name }]
      : [];
  });
}

/** Functions that `__mcount_loc` has a place in. */
function listedIn({ elf }: InspectedObject): Set<string> {
  const listed = new Map<ElfSection, number[]>();
  for (const r of sectionsNamed(elf, "__mcount_loc").flatMap((table) => table.relocations)) {
    const to = elf.symbols[r.symbol];
    if (to?.section === undefined) continue;
    const places = listed.get(to.section) ?? [];
    listed.set(to.section, places);
    places.push(to.value + r.addend);
  }
  for (const places of listed.values()) places.sort((a, b) => a - b);
  const holdsOne = (f: ElfSymbol): boolean => {
    const places = f.section === undefined ? undefined : listed.get(f.section);
    return places !== undefined && below(places, f.value) < below(places, f.value + f.size);
  };
  return new Set(elf.symbols.filter((s) => s.type === "Function" && holdsOne(s)).map(place));
}
