/**
 * What of the modules' code runs in a guest. QEMU's emulation translates each block of instructions when it comes to it, and writes down
 * those at the addresses that modules have (`-d in_asm`, `-dfilter`): it costs nothing where no module runs, and next to nothing where one
 * does, since a block is translated once. The modules themselves are not changed, and KVM, which translates nothing, cannot do it.
 */
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** Where in the module's sections instructions ran, by section; ascending. */
export type Executed = Record<string, number[]>;

/** From MODULES_VADDR without the layout's randomisation to MODULES_END (arch/x86/include/asm/pgtable_64_types.h). */
const ADDRESSES = "0xffffffffa0000000..0xfffffffffeffffff";
/** Where the guest's `calls` executes a place of each call's own before it makes it (guest/calls.c): log and calls in one order. */
const MARKS = { from: 0x200000000n, bytes: 16n, count: 16384n };
/** Of a log: a module that writes its own code has it translated without end. */
const MOST_BYTES = 64 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

/** What the calls of the guest's `calls` were the first in their guest to reach. */
export interface ReachedByCalls {
  /** By the number of the call, places as `SECTION+OFFSET`. */
  places: ReadonlyMap<number, readonly string[]>;
  /** The number of the call that was being made when the machine ended; 0 where there was none. */
  unfinished: number;
}

/** Where one load put the module's sections. */
type Layout = { name: string; address: bigint }[];

export class ExecutionTrace implements AsyncDisposable {
  /** QEMU inherits it; it has no name. */
  readonly file: FileHandle;
  readonly #executed = new Map<string, Set<number>>();
  /** Read, and not yet known where it belongs. */
  readonly #pending = new Map<bigint, number>();
  readonly #places = new Map<number, string[]>();
  #call = 0;
  #layout: Layout = [];
  #read = 0;
  #rest = "";

  private constructor(file: FileHandle) {
    this.file = file;
  }

  static async open(): Promise<ExecutionTrace> {
    const dir = await mkdtemp(path.join(os.tmpdir(), "kport-executed-"));
    try {
      return new ExecutionTrace(await open(path.join(dir, "log"), "w+"));
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }

  /** QEMU's arguments. @param file the log, as QEMU can open it */
  static arguments(file: string): string[] {
    return [
      "-d",
      "in_asm",
      "-dfilter",
      `${ADDRESSES},0x${MARKS.from.toString(16)}+0x${(MARKS.bytes * MARKS.count).toString(16)}`,
      "-D",
      file,
    ];
  }

  /** Whether more was written than is read; QEMU is to be told to stop. */
  async isFull(): Promise<boolean> {
    return (await this.file.stat()).size > MOST_BYTES;
  }

  /** The module lies there; what has run since the last `settle` did so there as well. @param sections `NAME ADDRESS` */
  lies(sections: readonly string[]): void {
    this.#layout = sections.flatMap((line) => {
      const [name = "", address = ""] = line.split(" ");
      return /^0x[0-9a-f]{1,16}$/.test(address) ? [{ name, address: BigInt(address) }] : [];
    });
    this.#layout.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }

  /** The module is gone, or the guest: what has run until now is of the place where it was. */
  async settle(): Promise<void> {
    await this.#take();
    // Both in their order: the guest says how many sections there are, and how many places ran.
    let at = -1;
    for (const address of BigUint64Array.from(this.#pending.keys()).sort()) {
      while ((this.#layout[at + 1]?.address ?? address + 1n) <= address) at++;
      const section = this.#layout[at];
      if (section === undefined) continue;
      const offsets = this.#executed.get(section.name) ?? new Set();
      const offset = Number(address - section.address);
      const call = this.#pending.get(address) ?? 0;
      if (call > 0 && !offsets.has(offset)) {
        const places = this.#places.get(call) ?? [];
        // A module can have a million blocks, and one call reach them all.
        places.push(`${section.name}+${offset}`);
        this.#places.set(call, places);
      }
      this.#executed.set(section.name, offsets.add(offset));
    }
    this.#pending.clear();
    this.#layout = [];
  }

  get executed(): Executed {
    return Object.fromEntries([...this.#executed].map(([name, offsets]) => [name, [...offsets].sort((a, b) => a - b)]));
  }

  get byCalls(): ReachedByCalls {
    return { places: this.#places, unfinished: this.#call };
  }

  #see(address: bigint): void {
    const mark = (address - MARKS.from) / MARKS.bytes;
    if (address >= MARKS.from && mark < MARKS.count) this.#call = Number(mark);
    else if (!this.#pending.has(address)) this.#pending.set(address, this.#call);
  }

  async #take(): Promise<void> {
    const buffer = Buffer.alloc(READ_BYTES);
    while (this.#read < MOST_BYTES) {
      const { bytesRead } = await this.file.read(buffer, 0, buffer.length, this.#read);
      if (bytesRead === 0) return;
      this.#read += bytesRead;
      const lines = (this.#rest + buffer.toString("latin1", 0, bytesRead)).split("\n");
      this.#rest = lines.pop() ?? "";
      // `0xffffffffc0201000:  f3 0f 1e fa  endbr64`
      for (const line of lines) {
        const address = /^(0x[0-9a-f]{8,16}):/.exec(line)?.[1];
        if (address !== undefined) this.#see(BigInt(address));
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close();
  }
}
