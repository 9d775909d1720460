/** Which bytes of memory cannot be the same ones, as far as their addresses say it. */
import type { IrFunction, Operand } from "./ir/model.ts";
import type { Node, Term, Terms } from "./terms.ts";

/** What says where on the stack a function is. */
export const STACK = /^llvm\.(?:frameaddress|returnaddress)\b/;

/** Bytes from an address on. */
export interface Extent {
  address: Term;
  bytes: number;
}

export class Places {
  private readonly terms: Terms;
  /** Sizes of a function's own variables, by their terms' names. */
  private readonly variables: ReadonlyMap<string, number>;
  /** Terms' names of the parameters that are addresses and nothing else. */
  private readonly addresses: ReadonlySet<string>;
  private readonly naming = new Map<Term, boolean>();
  private readonly isEarly: (leaf: Node) => boolean;
  private readonly early = new Map<Term, boolean>();
  /** @param isEarly whether what stands for itself was made without the address of any of the variables (revealed.ts) */
  constructor(
    terms: Terms,
    variables: ReadonlyMap<string, number>,
    functions: readonly IrFunction[],
    isEarly: (leaf: Node) => boolean,
  ) {
    this.terms = terms;
    this.isEarly = isEarly;
    this.variables = variables;
    const [first] = functions;
    this.addresses = new Set(
      (first?.parameters ?? []).flatMap((p, n) =>
        p.type.kind === "ptr" && !functions.some((f) => numbersMadeOf(f).has(f.parameters[n]?.name ?? ""))
          ? [`argument ${n}`]
          : [],
      ),
    );
  }

  /**
   * Whether two never overlap: they are so far from the same address, or one is in a variable of the function's own and the other is reached
   * by way of a parameter or a global, which in a defined program leads to none.
   */
  apart(a: Extent, b: Extent): boolean {
    const [pa, pb] = [this.parts(a.address), this.parts(b.address)];
    if (pa.base === pb.base) {
      const distance = BigInt.asUintN(64, pb.offset - pa.offset);
      return distance >= BigInt(a.bytes) && BigInt.asUintN(64, -distance) >= BigInt(b.bytes);
    }
    const [va, vb] = [this.variable(a, pa), this.variable(b, pb)];
    if (va !== undefined && vb !== undefined) return va !== vb;
    return (va !== undefined && this.isForeign(b.address)) || (vb !== undefined && this.isForeign(a.address));
  }

  /**
   * An address that is a parameter's or a global's, and what is added to it, or one that was made before anybody knew of a variable (revealed.ts).
   * A parameter that is a number, or that one is made of (what is handed to a callback as its data), may itself be what is added to an address of
   * unknown origin.
   */
  isForeign(address: Term): boolean {
    if (this.isOld(address)) return true;
    const n = this.terms.node(address);
    const times = n.op.startsWith("sum ") ? n.op.split(" ").slice(2) : ["1"];
    const parts = n.op.startsWith("sum ") ? n.args : [address];
    const named = parts.flatMap((p, i) => {
      const { op } = this.terms.node(p);
      return op.startsWith("@") || op.startsWith("argument ") ? [{ op, isOnce: times[i] === "1" }] : [];
    });
    return (
      named.some(({ op, isOnce }) => isOnce && (op.startsWith("@") || this.addresses.has(op))) &&
      named.filter(({ op }) => op.startsWith("@")).length <= 1 &&
      !this.namesVariable(address)
    );
  }

  /** Whether any of several conditions holds. */
  any(conditions: readonly Term[]): Term {
    return conditions.reduce((a, b) => this.terms.or(1, a, b));
  }

  /** All but the number that is added, as one word. */
  parts(address: Term): { base: string; offset: bigint; node: Node } {
    const node = this.terms.node(address);
    if (node.value !== undefined) return { base: "", offset: node.value, node };
    if (!node.op.startsWith("sum ")) return { base: `1 ${address}`, offset: 0n, node };
    const [constant = "0", ...times] = node.op.split(" ").slice(1);
    return { base: node.args.map((t, i) => `${times[i]} ${t}`).join(" "), offset: BigInt(constant), node };
  }

  /** The variable that an extent lies within. */
  variable({ address, bytes }: Extent, { offset } = this.parts(address)): string | undefined {
    const n = this.terms.node(address);
    const base = n.op.startsWith("sum ")
      ? n.args.length === 1 && n.op.split(" ")[2] === "1"
        ? this.terms.node(n.args[0] as Term)
        : undefined
      : n;
    const size = base === undefined ? undefined : this.variables.get(base.op);
    return base !== undefined && size !== undefined && offset + BigInt(bytes) <= BigInt(size) ? base.op : undefined;
  }

  /** Whether all that a term is made of was there before anybody knew of a variable. */
  private isOld(t: Term): boolean {
    const known = this.early.get(t);
    if (known !== undefined) return known;
    const n = this.terms.node(t);
    const isOld =
      n.value !== undefined ||
      (n.args.length === 0 ? this.isEarly(n) : !STACK.test(n.op) && n.args.every((a) => this.isOld(a)));
    this.early.set(t, isOld);
    return isOld;
  }

  /** Each term is looked at once: one that is multiplied by itself sixty times has more ways through it than can be gone. */
  private namesVariable(t: Term): boolean {
    const known = this.naming.get(t);
    if (known !== undefined) return known;
    const n = this.terms.node(t);
    const names = n.op.startsWith("variable ") || n.args.some((a) => this.namesVariable(a));
    this.naming.set(t, names);
    return names;
  }
}

/** Names of the values of which numbers are made, in whatever is added to them. */
function numbersMadeOf(f: IrFunction): Set<string> {
  const instructions = f.blocks.flatMap((b) => b.instructions);
  const definitions = new Map(instructions.map((i) => [i.result, i]));
  const root = ({ value }: Operand): string | undefined => {
    if (value.kind !== "local") return undefined;
    const i = definitions.get(value.name);
    return i !== undefined && ["getelementptr", "bitcast", "freeze"].includes(i.op)
      ? root(i.operands[0] as Operand)
      : value.name;
  };
  return new Set(
    instructions
      .filter((i) => i.op === "ptrtoint" || i.op === "ptrtoaddr")
      .flatMap((i) => root(i.operands[0] as Operand) ?? []),
  );
}
