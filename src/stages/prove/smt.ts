/** Terms in the language of solvers (SMT-LIB 2: bit vectors, and memory as an array of bytes). What is not known to it is any value. */
import type { Obligation, Task } from "./obligations.ts";
import type { Node, Term, Terms } from "./terms.ts";

const MOST_APART = 20_000;

/** The first and the last page of the address space hold no stack: IS_ERR() and null checks rely on it. */
const EDGE = 4096n;

const MEMORY = /^(?:memory|store|fill|copy) /;

const BINARY: Record<string, string> = {
  mul: "bvmul",
  udiv: "bvudiv",
  sdiv: "bvsdiv",
  urem: "bvurem",
  srem: "bvsrem",
  shl: "bvshl",
  lshr: "bvlshr",
  ashr: "bvashr",
  or: "bvor",
  xor: "bvxor",
};
const EXTREMES: Record<string, string> = { umin: "bvult", umax: "bvugt", smin: "bvslt", smax: "bvsgt" };

/**
 * The questions of a task, one `check-sat` an obligation: `unsat` to all of them is a proof. Behind each answer comes how many steps all have taken.
 * @param steps that a question may take
 * @param valuesOf terms whose values are asked for where an answer is `sat`
 */
export function smtOf(task: Task, steps: number, valuesOf?: (o: Obligation) => readonly Term[]): string {
  const w = new Writer(task.terms);
  const questions = task.obligations.map((o) => {
    const { path, a, b } = o;
    const holds = path.map(([t, isTrue]) => `(= ${w.use(t)} ${isTrue ? "#b1" : "#b0"})`);
    // Memory is another where one byte is, at some address.
    const differ = w.isMemory(a)
      ? `(distinct (select ${w.use(a)} anywhere) (select ${w.use(b)} anywhere))`
      : `(distinct ${w.use(a)} ${w.use(b)})`;
    const values = (valuesOf?.(o) ?? []).map((t) => w.use(t));
    const asked = values.length === 0 ? "" : `(get-value (${values.join(" ")}))\n`;
    return `(push 1)\n(assert (and true ${[...holds, differ].join(" ")}))\n(check-sat)\n(get-info :rlimit)\n${asked}(pop 1)\n`;
  });
  const apart = variablesApart(task, w);
  return `(set-option :rlimit ${steps})\n(set-logic QF_ABV)\n(declare-const anywhere (_ BitVec 64))\n${w.text}${apart}${questions.join("")}`;
}

/** A function's own variables do not overlap, nor does an access that leads elsewhere; an access that goes round the end of memory meets none. */
function variablesApart({ terms, variables, foreign }: Task, w: Writer): string {
  const places = new Map(terms.nodes.map((n, i) => [n.op, i] as const).toReversed());
  const known = [...variables].flatMap(([name, size]) => {
    const used = places.get(name);
    // One of no bytes (a structure without members) may lie anywhere, and has no byte that is below its end.
    return used !== undefined && w.isUsed(used) && Number.isFinite(size) && size > 0
      ? [{ t: w.use(used), size: hex(64, BigInt(size)) }]
      : [];
  });
  // Each beside each other, and beside each access.
  if (known.length * (known.length + foreign.length) > MOST_APART) throw new RangeError("too many variables");
  const apart = known.flatMap((a, i) =>
    known
      .slice(i + 1)
      .map((b) => `(assert (or (bvule (bvadd ${a.t} ${a.size}) ${b.t}) (bvule (bvadd ${b.t} ${b.size}) ${a.t})))\n`),
  );
  const elsewhere =
    known.length === 0
      ? []
      : foreign.flatMap(({ path, address, bytes }) =>
          known.map((v) => {
            const holds = path.map(([t, isTrue]) => `(= ${w.use(t)} ${isTrue ? "#b1" : "#b0"})`);
            const apart = `(or (bvule (bvadd ${w.use(address)} ${hex(64, BigInt(bytes))}) ${v.t}) (bvule (bvadd ${v.t} ${v.size}) ${w.use(address)}))`;
            return `(assert (=> (and true ${holds.join(" ")}) ${apart}))\n`;
          }),
        );
  // Of an address that is an error's number nothing is said, whether or not the C comes to read there: no variable lies where it may be.
  const onStack = known.map(
    (a) =>
      `(assert (and (bvule ${hex(64, EDGE)} ${a.t}) (bvult ${a.t} (bvadd ${a.t} ${a.size})) (bvult (bvadd ${a.t} ${a.size}) ${hex(64, -EDGE)})))\n`,
  );
  return [...elsewhere, ...onStack, ...apart].join("");
}

function hex(width: number, value: bigint): string {
  return `(_ bv${BigInt.asUintN(width, value)} ${width})`;
}

class Writer {
  text = "";
  private readonly terms: Terms;
  private readonly written = new Set<Term>();
  constructor(terms: Terms) {
    this.terms = terms;
  }

  isUsed(t: Term): boolean {
    return this.written.has(t);
  }

  isMemory(t: Term): boolean {
    return MEMORY.test(this.terms.node(t).op);
  }

  /** The name of a term, which is defined first. */
  use(t: Term): string {
    if (!this.written.has(t)) {
      this.written.add(t);
      const n = this.terms.node(t);
      const sort = MEMORY.test(n.op) ? "(Array (_ BitVec 64) (_ BitVec 8))" : `(_ BitVec ${n.width})`;
      const meaning = this.meaning(n);
      this.text +=
        meaning === undefined ? `(declare-const t${t} ${sort})\n` : `(define-fun t${t} () ${sort} ${meaning})\n`;
    }
    return `t${t}`;
  }

  /** @returns undefined for what stands for itself */
  private meaning(n: Node): string | undefined {
    const { width } = n;
    if (n.value !== undefined) return hex(width, n.value);
    const word = n.op.split(" ")[0] as string;
    const args = (): string[] => n.args.map((a) => this.use(a));
    const fits = n.args.every((a) => this.terms.node(a).width === width);
    const bit = (condition: string): string => `(ite ${condition} #b1 #b0)`;
    switch (word) {
      case "sum": {
        const [constant = "0", ...times] = n.op.split(" ").slice(1);
        return `(bvadd ${[hex(width, BigInt(constant)), ...args().map((a, i) => `(bvmul ${hex(width, BigInt(times[i] as string))} ${a})`)].join(" ")})`;
      }
      case "and":
        return `(bvand ${args().join(" ")})`;
      case "not":
        return `(bvnot ${args()[0]})`;
      case "eq":
      case "ult":
      case "slt": {
        const [a, b] = n.args.map((t) => this.terms.node(t).width);
        if (a !== b || a === 0) return undefined;
        const [x, y] = args();
        return bit(`(${word === "eq" ? "=" : `bv${word}`} ${x} ${y})`);
      }
      case "select": {
        if (width === 0) return undefined;
        const [c, x, y] = args();
        return `(ite (= ${c} #b1) ${x} ${y})`;
      }
      case "zext":
      case "sext":
      case "trunc":
        return this.cast(word, width, n.args[0] as Term);
      case "load":
        return width > 0 && width % 8 === 0 ? this.load(width / 8, n.args[0] as Term, n.args[1] as Term) : undefined;
      case "store":
      case "fill":
      case "copy":
        return this.stored(word, Number(n.op.split(" ")[1]), n.args);
    }
    const operation = BINARY[word];
    if (operation !== undefined && n.args.length === 2 && fits && width > 0)
      return `(${operation} ${args().join(" ")})`;
    const extreme = EXTREMES[/^llvm\.([us]m(?:in|ax))\./.exec(word)?.[1] ?? ""];
    if (extreme !== undefined && fits && width > 0) {
      const [x, y] = args();
      return `(ite (${extreme} ${x} ${y}) ${x} ${y})`;
    }
    return fits && width > 0 ? this.intrinsic(word, width, n.args) : undefined;
  }

  /** Of the intrinsics that only move bits about or count them, those that come up. */
  private intrinsic(word: string, width: number, args: readonly Term[]): string | undefined {
    const [x = "", y = "", by = ""] = args.map((a) => this.use(a));
    const name = /^llvm\.(bswap|ctpop|fshl|fshr)\./.exec(word)?.[1];
    switch (name) {
      case "bswap": {
        const bytes = Array.from({ length: width / 8 }, (_, i) => `((_ extract ${8 * i + 7} ${8 * i}) ${x})`);
        return `(concat ${bytes.join(" ")})`;
      }
      case "ctpop": {
        const bits = Array.from(
          { length: width },
          (_, i) => `((_ zero_extend ${width - 1}) ((_ extract ${i} ${i}) ${x}))`,
        );
        return bits.length === 1 ? x : `(bvadd ${bits.join(" ")})`;
      }
      case "fshl":
      case "fshr": {
        // Both as one number of twice the width, shifted by no more than a width.
        const wide = `((_ zero_extend ${width}) (bvurem ${by} ${hex(width, BigInt(width))}))`;
        const [op, from] = name === "fshl" ? ["bvshl", width] : ["bvlshr", 0];
        return `((_ extract ${from + width - 1} ${from}) (${op} (concat ${x} ${y}) ${wide}))`;
      }
    }
    return undefined;
  }

  private cast(op: string, width: number, t: Term): string | undefined {
    const from = this.terms.node(t).width;
    if (from === 0 || width === 0) return undefined;
    return op === "trunc"
      ? `((_ extract ${width - 1} 0) ${this.use(t)})`
      : `((_ ${op === "zext" ? "zero" : "sign"}_extend ${width - from}) ${this.use(t)})`;
  }

  private at(address: Term, offset: number): string {
    return offset === 0 ? this.use(address) : `(bvadd ${this.use(address)} ${hex(64, BigInt(offset))})`;
  }

  /** x86 has the low byte first. */
  private load(bytes: number, address: Term, memory: Term): string {
    const all = Array.from(
      { length: bytes },
      (_, i) => `(select ${this.use(memory)} ${this.at(address, i)})`,
    ).toReversed();
    return bytes === 1 ? (all[0] as string) : `(concat ${all.join(" ")})`;
  }

  private stored(op: string, bytes: number, [memory = 0, address = 0, value = 0]: readonly Term[]): string {
    let out = this.use(memory);
    for (let i = 0; i < bytes; i++) {
      const byte =
        op === "copy"
          ? `(select ${this.use(memory)} ${this.at(value, i)})`
          : op === "fill"
            ? this.use(value)
            : `((_ extract ${8 * i + 7} ${8 * i}) ${this.use(value)})`;
      out = `(store ${out} ${this.at(address, i)} ${byte})`;
    }
    return out;
  }
}
