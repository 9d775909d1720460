/** Bytes of constants that nobody writes and whose definition stands in the module itself. */
import { contentsOf } from "./layout.ts";
import { type Global, Unsupported } from "./model.ts";

/** A definition that no other one can be taken in place of. */
const OWN = new Set([undefined, "private", "internal"]);

const ADDRESS = 8;

export class Constants {
  private readonly globals: ReadonlyMap<string, Global>;
  private readonly known = new Map<string, (number | undefined)[]>();
  constructor(globals: ReadonlyMap<string, Global>) {
    this.globals = globals;
  }

  /** @returns undefined for what is no number, or is not known here */
  byte(name: string, offset: bigint): number | undefined {
    const known = this.known.get(name);
    if (known !== undefined) return known[Number(offset)];
    const read = this.read(this.globals.get(name));
    this.known.set(name, read);
    return read[Number(offset)];
  }

  private read(global: Global | undefined): (number | undefined)[] {
    if (global?.value === undefined || !global.constant || !OWN.has(global.linkage)) return [];
    try {
      const { bytes, addresses } = contentsOf({ type: global.type, value: global.value });
      const out: (number | undefined)[] = [...bytes];
      for (const { at } of addresses) out.fill(undefined, at, at + ADDRESS);
      return out;
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      return [];
    }
  }
}
