/** Bit-fields without a name. */
import { type AstNode, extent, walk } from "../../c/ast.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import { type InitialisedMember, nameInitialised } from "./aligned-members.ts";
import { colonOf, widthOf } from "./bitfields.ts";

/**
 * Unnamed bit-fields get names, and initialisers of their structures say which member each value is for. c2rust counts an unnamed
 * bit-field as a member to initialise, so that every value behind one goes to the member before its own.
 * @param apart initialiser lists whose values other rules have taken out of them
 */
export function nameUnnamedBitfields(tree: readonly AstNode[], source: string, apart: ReadonlySet<AstNode>, fills: ReadonlyMap<AstNode, number>, text: Rewriter): void {
  const members = new Map<string, InitialisedMember[]>();
  let serial = 0;
  for (const n of tree) {
    walk(n, (record) => {
      const fields = (record.inner ?? []).filter((f) => f.kind === "FieldDecl");
      if (record.kind !== "RecordDecl" || record.completeDefinition !== true || record.name === undefined) return;
      const unnamed = fields.filter((f) => f.isBitfield === true && f.name === undefined && (widthOf(f) !== 0 || fills.has(f)));
      if (unnamed.length === 0) return;
      const added = new Map<AstNode, string>();
      for (const f of unnamed) {
        const [colon, at, bytes] = [colonOf(f, source), extent(f), fills.get(f)];
        const name = `kport$unnamed_${serial++}`;
        if (bytes !== undefined && at) text.replace(at.start, at.end, `unsigned char ${name}[${bytes}]`);
        else if (colon !== undefined) text.replace(colon, colon, ` ${name} `);
        added.set(f, `.${name} = ${bytes === undefined ? "0" : "{}"}, `);
      }
      // An unnamed bit-field has no value in clang's list, an unnamed structure or union has.
      const valued = fields.flatMap((f, i) => (f.isBitfield === true && f.name === undefined ? [] : [{ name: f.name ?? "", behind: addedBefore(fields, i, added) }]));
      members.set(`${record.tagUsed} ${record.name}`, valued);
    });
  }
  if (members.size === 0) return;
  nameInitialised(tree, source, members, apart, text);
}

/** What initialises the unnamed bit-fields right before a member: the last of them is enough. */
function addedBefore(fields: readonly AstNode[], at: number, added: ReadonlyMap<AstNode, string>): string {
  for (let i = at - 1; i >= 0; i--) {
    const f = fields[i] as AstNode;
    if (f.name !== undefined || f.isBitfield !== true) return "";
    const text = added.get(f);
    if (text !== undefined) return text;
  }
  return "";
}
