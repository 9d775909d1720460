/** Bit-fields without a name. */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { nameInitialised } from "./aligned-members.ts";
import { colonOf, widthOf } from "./bitfields.ts";

/**
 * Unnamed bit-fields get names, and initialisers of their structures say which member each value is for. c2rust counts an unnamed
 * bit-field as a member to initialise, so that every value behind one goes to the member before its own.
 * @param apart initialiser lists whose values other rules have taken out of them
 */
export function nameUnnamedBitfields(tree: readonly AstNode[], source: string, apart: ReadonlySet<AstNode>, fills: ReadonlyMap<AstNode, number>, text: Rewriter): void {
  const members = new Map<string, string[]>();
  let serial = 0;
  for (const n of tree) {
    walk(n, (record) => {
      const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
      if (record.kind !== "RecordDecl" || record.completeDefinition !== true || record.name === undefined) return;
      const unnamed = fields.filter((f) => f.isBitfield === true && f.name === undefined && (widthOf(f) !== 0 || fills.has(f)));
      if (unnamed.length === 0) return;
      for (const f of unnamed) {
        const [colon, at, bytes] = [colonOf(f, source), extent(f), fills.get(f)];
        if (bytes !== undefined && at) text.replace(at.start, at.end, `unsigned char kport$unnamed_${serial++}[${bytes}]`);
        else if (colon !== undefined) text.replace(colon, colon, ` kport$unnamed_${serial++} `);
      }
      members.set(`${record.tagUsed} ${record.name}`, fields.flatMap((f) => f.name ?? []));
    });
  }
  if (members.size === 0) return;
  nameInitialised(tree, source, members, apart, text);
}
