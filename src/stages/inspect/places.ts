/**
 * What lies where in an object. Its tables have as many entries, and it as many relocations and symbols, as whoever made it likes: nothing
 * is looked for by going through all of them for each.
 */
import type { Elf, ElfRelocation, ElfSection, ElfSymbol } from "./elf.ts";

/** Of ranges that may overlap, the first in their order that an offset is in. */
export class FirstAt<T> {
  /** Where a range begins or ends, in order, and who holds what lies from there to the next. */
  readonly #edges: number[];
  readonly #holders: (T | undefined)[];

  constructor(ranges: readonly { from: number; to: number; of: T }[]) {
    this.#edges = [...new Set(ranges.flatMap((r) => [r.from, r.to]))].sort((a, b) => a - b);
    this.#holders = this.#edges.map(() => undefined);
    const index = new Map(this.#edges.map((edge, i) => [edge, i]));
    // From each part on, where the next one is that nobody holds: what is held is not gone through again.
    const next = [...this.#edges.keys(), this.#edges.length];
    const free = (from: number): number => {
      let at = from;
      while (next[at] !== at) at = next[at] = next[next[at] as number] as number;
      return at;
    };
    for (const { from, to, of } of ranges)
      for (let at = free(index.get(from) ?? 0); at < (index.get(to) ?? 0); at = free(at)) {
        this.#holders[at] = of;
        next[at] = at + 1;
      }
  }

  at(offset: number): T | undefined {
    return this.#holders[below(this.#edges, offset + 1) - 1];
  }
}

/** How many of the numbers, which are in order, are smaller than `than`; only whole numbers are asked for. */
export function below(numbers: readonly number[], than: number): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((numbers[middle] as number) < than) from = middle + 1;
    else to = middle;
  }
  return from;
}

const relocations = new WeakMap<ElfSection, Map<number, ElfRelocation>>();

/** The section's first relocation at an offset. */
export function relocationAt(section: ElfSection, offset: number): ElfRelocation | undefined {
  let known = relocations.get(section);
  if (known === undefined) {
    known = new Map();
    for (const r of section.relocations) if (!known.has(r.offset)) known.set(r.offset, r);
    relocations.set(section, known);
  }
  return known.get(offset);
}

const inOrder = new WeakMap<ElfSection, { all: ElfRelocation[]; offsets: number[] }>();

/** The section's relocations from an offset up to another one, in their order. */
export function relocationsWithin(section: ElfSection, from: number, to: number): ElfRelocation[] {
  let known = inOrder.get(section);
  if (known === undefined) {
    const all = section.relocations.toSorted((a, b) => a.offset - b.offset);
    known = { all, offsets: all.map((r) => r.offset) };
    inOrder.set(section, known);
  }
  return known.all.slice(below(known.offsets, from), below(known.offsets, to));
}

const atPlaces = new WeakMap<Elf, Map<ElfSection | undefined, Map<number, ElfSymbol[]>>>();

/** All symbols that begin at a place, but for a section's own. */
export function symbolsAt(elf: Elf, section: ElfSection, offset: number): readonly ElfSymbol[] {
  let known = atPlaces.get(elf);
  if (known === undefined) {
    const all = elf.symbols.filter((s) => s.type !== "Section");
    known = new Map(
      [...Map.groupBy(all, (s) => s.section)].map(([of, some]) => [of, Map.groupBy(some, (s) => s.value)]),
    );
    atPlaces.set(elf, known);
  }
  return known.get(section)?.get(offset) ?? [];
}

type BySection = Map<ElfSection | undefined, FirstAt<ElfSymbol>>;
const named = new WeakMap<Elf, BySection>();
const functions = new WeakMap<Elf, BySection>();

/** The first symbol with a name, other than a section's own, that a place lies in; one without a size is one byte. */
export function symbolAt(elf: Elf, section: ElfSection | undefined, offset: number): ElfSymbol | undefined {
  return bySection(named, elf, (s) => (s.type !== "Section" && s.name !== "" ? Math.max(1, s.size) : 0))
    .get(section)
    ?.at(offset);
}

/** The first function that a place lies in. */
export function functionSymbolAt(elf: Elf, section: ElfSection | undefined, offset: number): ElfSymbol | undefined {
  return bySection(functions, elf, (s) => (s.type === "Function" ? s.size : 0))
    .get(section)
    ?.at(offset);
}

function bySection(kept: WeakMap<Elf, BySection>, elf: Elf, sizeOf: (s: ElfSymbol) => number): BySection {
  const known = kept.get(elf);
  if (known !== undefined) return known;
  const ranges = elf.symbols.map((of) => ({ from: of.value, to: of.value + sizeOf(of), of }));
  const made: BySection = new Map();
  for (const [section, some] of Map.groupBy(ranges, (r) => r.of.section)) made.set(section, new FirstAt(some));
  kept.set(elf, made);
  return made;
}
