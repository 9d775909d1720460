/** Members and their addresses, constants and what lies at theirs. */
import { widthOf } from "../evaluate.ts";
import { contentsOf, fieldOffset, sizeOf } from "../ir/layout.ts";
import type { Instruction, Operand, Type, Value } from "../ir/model.ts";
import type { IrModule } from "../ir/read-module.ts";
import type { Datum } from "./machine.ts";
import { GivenUp } from "./memory.ts";
import type { Symbols } from "./world.ts";

/** @param values of the operands of a getelementptr */
export function address({ source, operands }: Instruction, [base, ...indices]: readonly Datum[]): bigint | undefined {
  let at = base;
  let type = source as Type;
  for (const [n, index] of indices.entries()) {
    if (typeof at !== "bigint" || typeof index !== "bigint") return undefined;
    const signed = BigInt.asIntN(widthOf((operands[n + 1] as Operand).type), index);
    if (n > 0 && type.kind === "struct") {
      at += BigInt(fieldOffset(type, Number(signed)));
      type = type.fields[Number(signed)] as Type;
      continue;
    }
    if (n > 0 && type.kind !== "array") throw new GivenUp("an index into what has no parts");
    if (n > 0) type = (type as Type & { kind: "array" }).of;
    at += signed * BigInt(sizeOf(type));
  }
  return typeof at === "bigint" ? BigInt.asUintN(64, at) : undefined;
}

/** What the constants hold that a module has. */
export function constantsOf(module: IrModule, symbols: Symbols): Map<string, Uint8Array> {
  const out = new Map<string, Uint8Array>();
  for (const g of module.globals.values()) {
    if (g.value === undefined || !g.constant) continue;
    const { bytes, addresses } = contentsOf({ type: g.type, value: g.value });
    for (const { at, symbol, offset } of addresses) bytes.writeBigUInt64LE(symbols.addressOf(symbol) + offset, at);
    out.set(g.name, bytes);
  }
  return out;
}

/** Constants, named by what they hold, that the functions of one side name and those of the other do not. */
export function constantsOfOne(module: IrModule, tags: readonly [string, string]): Set<string> {
  const named = tags.map(
    (tag) =>
      new Set(
        module.defined
          .filter((f) => f.startsWith(`${tag} `))
          .flatMap((f) => (module.function(f)?.blocks ?? []).flatMap((b) => b.instructions))
          .flatMap((i) => i.operands.flatMap((o) => [...constantsIn(o)])),
      ),
  ) as [Set<string>, Set<string>];
  const [c, rust] = named;
  return new Set([...c, ...rust].filter((name) => !c.has(name) || !rust.has(name)));
}

function* constantsIn({ value }: Operand): Iterable<string> {
  if (value.kind === "global" && value.name.startsWith("constant ")) yield value.name;
  if (value.kind === "expression") for (const o of value.operands) yield* constantsIn(o);
  if (value.kind === "aggregate") for (const o of value.elements) yield* constantsIn(o);
}

/** A structure with another member. */
export function inserted(into: Datum, value: Datum, [first = 0, ...rest]: readonly number[], type: Type): Datum {
  if (type.kind !== "struct") throw new GivenUp("a member of what is no structure");
  const parts = type.fields.map((_, n) => (Array.isArray(into) ? (into[n] as Datum) : undefined));
  parts[first] = rest.length === 0 ? value : inserted(parts[first], value, rest, type.fields[first] as Type);
  return parts;
}

/** A value that stands in the text, and is no address. */
export function constant(value: Value, type: Type): Datum {
  switch (value.kind) {
    case "int":
      return BigInt.asUintN(widthOf(type), value.value);
    case "null":
      return 0n;
    case "zero":
      return type.kind === "struct" ? type.fields.map(() => 0n) : widthOf(type) > 0 ? 0n : undefined;
    case "undef":
    case "poison":
      return undefined;
    default:
      throw new GivenUp(`a value that is ${value.kind}`);
  }
}
