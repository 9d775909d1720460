import type { InspectedObject } from "../inspect/index.ts";
import { type Check, finding, type Pair } from "./check.ts";

/** Text may grow; beyond this ratio it is worth a word. */
const TEXT_RATIO = 1.5;

export const size: Check = {
  name: "size",
  proves:
    "Code and read-only data of the Rust module, without the list of hooks for tracers, are at most one and a half times those of the C one",
  allows: "",
  severity: "warning",
  run: ({ c, rust }: Pair) => {
    const ratio = withoutHooks(rust) / Math.max(withoutHooks(c), 1);
    return ratio <= TEXT_RATIO
      ? []
      : [
          finding("size", "warning", `text grew ${ratio.toFixed(2)} times`, {
            c: `${c.text} bytes`,
            rust: `${rust.text} bytes`,
          }),
        ];
  },
};

/** The list of hooks for tracers counts on neither side: clang makes none for a kernel that gcc built. */
function withoutHooks(o: InspectedObject): number {
  return o.text - (o.sections.__mcount_loc?.size ?? 0);
}
