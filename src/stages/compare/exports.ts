/** Other modules link to exported symbols by name, licence, namespace and CRC. */
import { targetAt, targetString } from "../inspect/elf.ts";
import type { InspectedObject } from "../inspect/index.ts";
import { type Check, finding, named, type Pair, without } from "./check.ts";

export const exportsCheck: Check = {
  name: "exports",
  proves:
    "The same symbols are exported, to the same modules (all, or GPL ones only), in the same namespaces and, where the kernel versions symbols (CONFIG_MODVERSIONS), with the same CRCs, so that a module built against the C one still loads",
  allows: "",
  severity: "error",
  run: ({ c, rust }: Pair) => {
    const [was, is] = [exportsOf(c), exportsOf(rust)];
    const missing = without(was.keys(), is.keys()).map((s) =>
      finding("exports", "error", `\`${s}\` is no longer exported`, { c: s, rust: "" }),
    );
    const added = without(is.keys(), was.keys()).map((s) =>
      finding("exports", "error", `\`${s}\` is exported by the Rust module only`, { c: "", rust: s }),
    );
    const changed = [...was].flatMap(([s, how]) => {
      const other = is.get(s);
      return other === undefined || other === how
        ? []
        : [
            finding("exports", "error", `${named([s])} is exported otherwise: ${other} in Rust, ${how} in C`, {
              c: how,
              rust: other,
            }),
          ];
    });
    return [...missing, ...added, ...changed];
  },
};

/** Each exported symbol, and how: `__ksymtab_gpl, namespace "N", CRC 0x12345678`. */
function exportsOf(o: InspectedObject): Map<string, string> {
  const symbols = new Map(o.elf.symbols.filter((s) => !s.undefined).map((s) => [s.name, s]));
  return new Map(
    o.exports.map((name) => {
      const entry = symbols.get(`__ksymtab_${name}`);
      const namespace = symbols.get(`__kstrtabns_${name}`);
      const crc = symbols.get(`__crc_${name}`);
      const space = namespace === undefined ? "" : (targetString({ symbol: namespace, addend: 0 }) ?? "");
      // Up to 6.x a CRC is the value in __kcrctab; some kernels make it the symbol's own, absolute.
      const value =
        crc?.section === undefined
          ? crc?.value
          : crc.section.bytes.length >= crc.value + 4 && targetAt(o.elf, crc.section, crc.value) === undefined
            ? crc.section.bytes.readUInt32LE(crc.value)
            : undefined;
      return [
        name,
        `${entry?.section?.name ?? ""}${space === "" ? "" : `, namespace ${JSON.stringify(space)}`}${value === undefined ? "" : `, CRC 0x${value.toString(16).padStart(8, "0")}`}`,
      ];
    }),
  );
}
