/** How much a program that works on a stranger's text may use. SECURITY.md lists these. */
import os from "node:os";

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;

/** What all processes of one sandbox may use together, unless it says otherwise. */
export interface Bounds {
  /** Bytes of memory that is not a file's. */
  memory: number;
  processes: number;
  /** Bytes on disk in the writable folders. */
  disk: number;
  /** Entries in the writable folders. */
  entries: number;
  /** Folders in one another; removing what is nested deeper takes a path in pieces. */
  depth: number;
  /** Bytes of one file, sparse ones too. */
  file: number;
  /** Bytes in /tmp, which is memory. */
  temporary: number;
}

/** rustc takes 1 GiB for core, clang as much for the largest units; a kernel's debug information is written in files of 100 MiB. */
export const BOUNDS: Bounds = {
  memory: Math.min(8 * GiB, Math.floor((os.totalmem() * 3) / 4)),
  processes: 4096,
  disk: 8 * GiB,
  entries: 500_000,
  depth: 256,
  file: 2 * GiB,
  temporary: GiB,
};

/** Bytes that a program may print on both of its outputs together; V8 holds no string of more than 512 MiB. */
export const OUTPUT = 64 * MiB;

/** What a compiler says of a unit, or a reader of an object: a syntax tree has 282 bytes a byte of C. Bytes. */
export const TOOL_OUTPUT = 448 * MiB;

/** Milliseconds that all programs share which work on one module behind its capture; each has a time of its own besides. */
export const MODULE_TIME = 3_600_000;

/** Open files of one process. */
export const OPEN_FILES = 4096;

/** A bound as an error names it: `bound: memory 8 GiB`. */
export function nameBound(name: string, amount: number, unit: "bytes" | "count" | "ms"): string {
  if (unit === "ms") return `bound: ${name} ${amount % 60_000 === 0 ? `${amount / 60_000} min` : `${amount / 1000} s`}`;
  if (unit === "count") return `bound: ${amount} ${name}`;
  const [size, word] = amount >= GiB ? [GiB, "GiB"] : [MiB, "MiB"];
  return `bound: ${name} ${Number((amount / size).toFixed(1))} ${word}`;
}
