/** Bit-fields without a name. */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import type { AddedMembers } from "./aligned-members.ts";
import { colonOf, startOf, widthOf } from "./bitfields.ts";
import type { RecordTypes } from "./record-types.ts";

/**
 * Unnamed bit-fields get names, and initialisers of their structures say which member each value is for. c2rust counts an unnamed
 * bit-field as a member to initialise, so that every value behind one goes to the member before its own.
 * @param fills those of no width that become so many bytes
 * @param parts those that become so many of a byte each, of these widths
 * @returns what was added, for `nameInitialised`
 */
export function nameUnnamedBitfields(
  tree: readonly AstNode[],
  source: string,
  types: RecordTypes,
  fills: ReadonlyMap<AstNode, number>,
  parts: ReadonlyMap<AstNode, readonly number[]>,
  text: Rewriter,
): AddedMembers {
  const all: AddedMembers = new Map();
  let serial = 0;
  for (const n of tree) {
    walk(n, (record) => {
      const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
      const type = record.kind === "RecordDecl" && record.completeDefinition === true ? types.of(record) : undefined;
      if (type === undefined) return;
      const unnamed = fields.filter(
        (f) => f.isBitfield === true && f.name === undefined && (widthOf(f) !== 0 || fills.has(f)),
      );
      if (unnamed.length === 0) return;
      const added = new Map<AstNode, string>();
      for (const f of unnamed) {
        const [colon, at, bytes] = [colonOf(f, source), extent(f), fills.get(f)];
        const name = `kport$unnamed_${serial++}`;
        const widths = parts.get(f);
        if (widths !== undefined && at) {
          const names = widths.map((_, i) => `${name}_${i}`);
          const members = names.map((part, i) => `${part} : ${widths[i]}`);
          text.replace(at.start, at.end, `unsigned char ${members.join(", ")}`);
          added.set(f, names.map((part) => `.${part} = 0, `).join(""));
          continue;
        }
        const isListed = fields.some((x) => x !== f && startOf(x) === startOf(f));
        if (bytes !== undefined && at && isListed && colon !== undefined) {
          text.replace(source.lastIndexOf(",", colon), at.end, "");
          const behind = source.indexOf(";", at.end) + 1;
          text.replace(behind, behind, ` unsigned char ${name}[${bytes}];`);
        } else if (bytes !== undefined && at) text.replace(at.start, at.end, `unsigned char ${name}[${bytes}]`);
        else if (colon !== undefined) text.replace(colon, colon, ` ${name} `);
        added.set(f, `.${name} = ${bytes === undefined ? "0" : "{}"}, `);
      }
      all.set(type, { fields, added });
    });
  }
  return all;
}
