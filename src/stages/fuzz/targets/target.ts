/** Something that can be called: a device, a file, a kind of socket. */
import type { Sequence } from "../calls.ts";
import type { Values } from "../values.ts";

export interface Target {
  /** For people. */
  name: string;
  /** Whether it is one of the files, of which a block device alone has some eighty and most are the kernel's own. */
  isFile?: true;
  /** What a process does in each guest before all others: files that they use. */
  prepare?: Sequence;
  /** What is tried first, the same in each run. */
  first(values: Values): Sequence[];
  /** What one process may do with it. */
  generate(values: Values): Sequence;
}
