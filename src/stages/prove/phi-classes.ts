/**
 * Which values that come together at the head of a block are taken for equal: first those that are by the way they are written, then those that
 * are left over on both sides, which a solver has to confirm for every way in.
 */
import { type Evaluator, shapeOf, widthOf } from "./evaluate.ts";
import { type Instruction, Unsupported } from "./ir/model.ts";
import type { Pair, Pairing } from "./pairing.ts";
import { possibleBits } from "./possible-bits.ts";
import type { Term } from "./terms.ts";

interface Phi {
  pair: Pair;
  side: 0 | 1;
  i: Instruction;
}

/** How one of the C and one of the Rust are taken to hang together: the wider one is the narrower one widened (with its sign), or that is its low bits. */
interface Match {
  c: Phi;
  rust: Phi;
  as: "equal" | "widened" | "signed" | "low bits";
  /** What the Rust's is more than the C's, of those of one width: one goes from object to object of a list, the other from link to link. */
  more: bigint;
}

const CASTS = { equal: "zext", widened: "zext", signed: "sext", "low bits": "trunc" } as const;

export class PhiClasses {
  private readonly pairing: Pairing;
  private readonly phis: Phi[];
  private classes = new Map<Instruction, string>();
  private readonly matches = new Map<Instruction, Match>();
  /** Those that only one of the functions has, and that are the same value whichever way leads to them. */
  private readonly same = new Map<Instruction, Term>();
  /** The pairs at whose heads values come together, by the names of their terms. */
  private readonly pairs = new Map<string, number>();
  constructor(pairing: Pairing) {
    this.pairing = pairing;
    this.phis = pairing.pairs.flatMap((pair) =>
      ([0, 1] as const).flatMap((side) =>
        pair.blocks[side].instructions.filter((i) => i.op === "phi").map((i) => ({ pair, side, i })),
      ),
    );
    for (const { pair, i } of this.phis) this.classes.set(i, `${pair.index} ${shapeOf(i.type)}`);
  }

  term(i: Instruction, side: 0 | 1): Term {
    const { terms } = this.pairing;
    const same = this.same.get(i);
    if (same !== undefined) return same;
    const match = this.matches.get(i);
    if (match === undefined) {
      const known = this.classes.get(i);
      return known === undefined
        ? terms.make(`phi ${side} ${i.result}`, [], widthOf(i.type))
        : this.named(`phi ${known}`, Number(known.split(" ")[0]), widthOf(i.type));
    }
    const [c, rust] = [widthOf(match.c.i.type), widthOf(match.rust.i.type)];
    const own = side === 0 ? c : rust;
    const leaf = this.named(
      `phi matched ${match.c.pair.index} ${match.c.i.result}`,
      match.c.pair.index,
      match.as === "low bits" ? Math.max(c, rust) : Math.min(c, rust),
    );
    const value = terms.cast(CASTS[match.as], terms.node(leaf).width, own, leaf);
    return side === 1 && match.more !== 0n ? terms.sum(own, [[value, 1n]], match.more) : value;
  }

  private named(name: string, pair: number, width: number): Term {
    this.pairs.set(name, pair);
    return this.pairing.terms.make(name, [], width);
  }

  /** The pair at whose head values come together that a term of a name stands for. */
  pairOf(name: string): number | undefined {
    return this.pairs.get(name);
  }

  /** @param renew makes evaluators that know the classes as they are then */
  settle(renew: () => [Evaluator, Evaluator]): void {
    for (let count = new Set(this.classes.values()).size; ; ) {
      const evaluators = renew();
      const numbers = new Map<string, number>();
      const next = new Map<Instruction, string>();
      for (const phi of this.phis) {
        const key = [this.classes.get(phi.i), ...this.comingIn(phi, evaluators)].join(" ");
        if (!numbers.has(key)) numbers.set(key, numbers.size);
        next.set(phi.i, `${phi.pair.index} ${shapeOf(phi.i.type)} ${numbers.get(key)}`);
      }
      this.classes = next;
      if (numbers.size === count) break;
      count = numbers.size;
    }
    // One match may make another one plain.
    while (this.matchOne(renew())) {
      // Goes on until nothing is left over on both sides.
    }
  }

  private comingIn({ pair, side, i }: Phi, evaluators: readonly [Evaluator, Evaluator]): Term[] {
    return pair.from.map(({ names }) => {
      const operand = i.operands[i.labels?.indexOf(names[side]) ?? -1];
      if (operand === undefined) throw new Unsupported(`%${i.result} from ${names[side]}`);
      return evaluators[side].operand(operand);
    });
  }

  private matchOne(evaluators: readonly [Evaluator, Evaluator]): boolean {
    const sides = (key: string): Set<number> =>
      new Set(this.phis.filter((p) => this.classes.get(p.i) === key).map((p) => p.side));
    const left = this.phis.filter(
      (p) =>
        widthOf(p.i.type) > 0 &&
        !this.matches.has(p.i) &&
        !this.same.has(p.i) &&
        sides(this.classes.get(p.i) as string).size === 1,
    );
    let best: (Match & { score: number }) | undefined;
    for (const c of left.filter((p) => p.side === 0)) {
      const inC = this.comingIn(c, evaluators);
      for (const rust of left.filter((p) => p.side === 1 && p.pair === c.pair)) {
        this.pairing.terms.step(inC.length);
        const inRust = this.comingIn(rust, evaluators);
        const [wide, narrow] = [widthOf(c.i.type), widthOf(rust.i.type)];
        const isWidened = (wide > narrow ? inC : inRust).every(
          (t) => possibleBits(this.pairing.terms, t) >> BigInt(Math.min(wide, narrow)) === 0n,
        );
        for (const as of wide === narrow
          ? (["equal"] as const)
          : isWidened
            ? (["widened", "low bits"] as const)
            : this.isSigned(wide > narrow ? rust : c)
              ? (["signed", "low bits"] as const)
              : (["low bits"] as const)) {
          const agreeing = inC.filter((t, n) => this.agree(t, inRust[n] as Term, as)).length;
          const score = agreeing * 2 + (as === "equal" ? 1 : 0);
          if (best === undefined || score > best.score) best = { c, rust, as, score, more: 0n };
        }
        for (const { more, ways } of wide === narrow ? this.distances(inC, inRust) : [])
          if (best === undefined || ways * 2 > best.score) best = { c, rust, as: "equal", score: ways * 2, more };
      }
    }
    if (best === undefined) {
      // Only now: what has one on the other side is that one.
      for (const p of left) {
        const value = this.sameOnAllWays(p, evaluators);
        if (value === undefined) continue;
        this.same.set(p.i, value);
        return true;
      }
      return false;
    }
    const { score: _score, ...match } = best;
    this.matches.set(match.c.i, match);
    this.matches.set(match.rust.i, match);
    return true;
  }

  /**
   * What comes together where it is one value on all ways, none of which leads back: what it is made of was there before all of them, and is what
   * it was.
   */
  private sameOnAllWays(phi: Phi, evaluators: readonly [Evaluator, Evaluator]): Term | undefined {
    if (phi.pair.from.some(({ pair }) => pair.place >= phi.pair.place)) return undefined;
    const [value, ...others] = this.comingIn(phi, evaluators);
    return others.every((t) => t === value) ? value : undefined;
  }

  /** The constants by which what comes in on one side is more than on the other, and on how many ways. */
  private distances(inC: readonly Term[], inRust: readonly Term[]): { more: bigint; ways: number }[] {
    const { terms } = this.pairing;
    const constants = inC.flatMap((t, n) => {
      const { width } = terms.node(t);
      const distance = terms.sum(width, [
        [inRust[n] as Term, 1n],
        [t, -1n],
      ]);
      // The distance of two constants says nothing: a null is one on either side.
      const areConstants = [t, inRust[n] as Term].every((x) => terms.value(x) !== undefined);
      return areConstants ? [] : (terms.value(distance) ?? []);
    });
    return [...new Set(constants)]
      .filter((more) => more !== 0n)
      .map((more) => ({ more, ways: constants.filter((c) => c === more).length }));
  }

  private agree(a: Term, b: Term, as: Match["as"]): boolean {
    const [wider, narrower] = this.pairing.terms.node(a).width >= this.pairing.terms.node(b).width ? [a, b] : [b, a];
    const { terms } = this.pairing;
    const [wide, narrow] = [terms.node(wider).width, terms.node(narrower).width];
    if (as === "equal") return a === b;
    return as === "low bits"
      ? terms.cast("trunc", wide, narrow, wider) === narrower
      : terms.cast(CASTS[as], narrow, wide, narrower) === wider;
  }

  /** Whether a function widens a value with its sign somewhere. */
  private isSigned({ i, side }: Phi): boolean {
    return this.pairing.functions[side].blocks.some((b) =>
      b.instructions.some(
        (x) => x.op === "sext" && x.operands.some((o) => o.value.kind === "local" && o.value.name === i.result),
      ),
    );
  }

  /** What is to be shown of the matches: for every way in, from the pair that it comes from. */
  incoming(evaluators: readonly [Evaluator, Evaluator]): { pair: Pair; from: Pair; a: Term; b: Term }[] {
    const { terms } = this.pairing;
    return [...new Set(this.matches.values())].flatMap(({ c, rust, as, more }) => {
      const [inC, inRust] = [this.comingIn(c, evaluators), this.comingIn(rust, evaluators)];
      return c.pair.from.map(({ pair: from }, n) => {
        const [a, b] = [inC[n] as Term, inRust[n] as Term];
        const [wa, wb] = [terms.node(a).width, terms.node(b).width];
        const to = as === "low bits" ? Math.min(wa, wb) : Math.max(wa, wb);
        const fit = (t: Term, w: number): Term => (w === to ? t : terms.cast(CASTS[as], w, to, t));
        const fitted = fit(a, wa);
        return { pair: c.pair, from, a: more === 0n ? fitted : terms.sum(to, [[fitted, 1n]], more), b: fit(b, wb) };
      });
    });
  }
}
