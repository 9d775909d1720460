/** The working copy once the C is built, looked at once for all modules of a run: nobody can change it any more. */
import { type SeenFile, contentsOf } from "../machine/seen-files.ts";
import type { Captured } from "../stages/capture/index.ts";
import { builtSymbols } from "../stages/capture/siblings.ts";

const files = new WeakMap<Captured, Promise<SeenFile[]>>();
const symbols = new WeakMap<Captured, Promise<string[]>>();

/** All that lies in it. @throws NoPlainFolder as `contentsOf` */
export function filesOfCopy(captured: Captured): Promise<SeenFile[]> {
  return once(files, captured, () => contentsOf(captured.copy.root));
}

/** What its modules export. @throws StageError as `builtSymbols` */
export function symbolsOfCopy(captured: Captured): Promise<string[]> {
  return once(symbols, captured, () => builtSymbols(captured.copy.dir));
}

function once<T>(made: WeakMap<Captured, Promise<T>>, captured: Captured, make: () => Promise<T>): Promise<T> {
  const known = made.get(captured) ?? make();
  made.set(captured, known);
  return known;
}
