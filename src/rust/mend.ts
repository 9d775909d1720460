/** All that is mended in what c2rust wrote of a unit, in the order that the rules build on each other. Each rule changes tokens, never text: strings, longer names and suffixes stay. */
import { nameInnerMembers } from "./aligned-structures.ts";
import { alignBitfields } from "./bitfield-alignment.ts";
import { expandBitfields } from "./bitfields.ts";
import { numberBlocks } from "./block-numbers.ts";
import { restoreConstants } from "./constant-statics.ts";
import { restoreDefinitions } from "./definitions.ts";
import { callThroughPointers } from "./function-pointers.ts";
import { type RustItem, splitItems } from "./items.ts";
import { linkElsewhere } from "./link-names.ts";
import { assertStatically } from "./static-assertions.ts";
import { addressPackedBitfields } from "./packed-bitfields.ts";
import { packRecords } from "./packed-records.ts";
import { restoreStaticInitialisers } from "./static-initialisers.ts";
import { nameUnnamedTypes, takeTags } from "./unnamed-types.ts";
import { restoreUnreachable } from "./unreachable.ts";
import { currentVaList } from "./va-list.ts";
import { addressVolatilePlaces } from "./volatile-places.ts";
import type { TranspiledUnit } from "../stages/transpile/index.ts";

/** One unit's Rust with every rule applied.
 * @param volatileBitfields the structures of the port whose bit-fields are volatile
 */
export function mendUnit(u: Pick<TranspiledUnit, "rust" | "unit">, volatileBitfields: ReadonlySet<string>): RustItem[] {
  let items = takeTags(splitItems(u.rust));
  items = restoreStaticInitialisers(items);
  items = packRecords(items);
  items = assertStatically(
    items,
    new Map(u.unit.assertions.flatMap((a) => (a.name === undefined ? [] : [[a.name, a.text]]))),
  );
  items = callThroughPointers(items);
  items = restoreUnreachable(items);
  items = nameInnerMembers(items);
  items = linkElsewhere(items, u.unit.elsewhere);
  items = currentVaList(items);
  items = nameUnnamedTypes(items);
  items = addressVolatilePlaces(items);
  items = addressPackedBitfields(items);
  items = restoreConstants(items, u.unit.definitions);
  items = restoreDefinitions(items, u.unit.definitions);
  items = alignBitfields(items, u.unit.layouts);
  return items.flatMap((i) => expandBitfields(i, volatileBitfields)).map(numberBlocks);
}
