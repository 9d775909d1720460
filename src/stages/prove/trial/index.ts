/**
 * Runs a function of both programs on the same inputs and says where they do not do the same. What a solver has found comes first, then inputs
 * made of the numbers that stand in the functions. A difference that is seen is one: it needs neither the solver nor the proof to be right.
 */
import { shapeOf } from "../evaluate.ts";
import type { IrFunction } from "../ir/model.ts";
import { Unsupported } from "../ir/model.ts";
import { IrModule } from "../ir/read-module.ts";
import type { Model } from "../model.ts";
import { Preparation } from "../prepare.ts";
import { preparedName } from "../prepared-names.ts";
import type { Side } from "../sides.ts";
import { differingVariables, fixedVariables } from "../variables.ts";
import { constantsOf, constantsOfOne } from "./addresses.ts";
import { differenceOf, type Words } from "./difference.ts";
import { Machine, type Run } from "./machine.ts";
import { type Constants, GivenUp } from "./memory.ts";
import { Symbols, World } from "./world.ts";

/** Inputs made up for a function. */
const TRIALS = 60;

/** Instructions that all trials of a function may take together: a count and no time, so that the same C shows the same anywhere. */
const MOST_STEPS = 200_000;

/** Of what is read. */
const SHOWN = 6;

const WORDS: Record<Side["tag"], string> = { c: "C", rust: "Rust", written: "C", lowered: "the lowered C" };

/** A case in which the two do something else. */
export interface Counterexample {
  /** `for argument 1 = 5, argument 2 + 4 holds 0x10`. */
  inputs: string;
  /** `C calls kfree, Rust returns 0`. */
  difference: string;
}

/** What a trial is given besides the function. */
export interface TrialInput {
  sides: readonly [Side, Side];
  /** Functions that both have. */
  keys: readonly string[];
  models: readonly Model[];
  /** Taken in place of the Rust's function: for the negative controls. */
  changed?: IrFunction;
}

export interface Tried {
  found?: Counterexample;
  /** How many inputs both came to an end with, and why others were given up, by how often. */
  compared: number;
  givenUp: Record<string, number>;
}

/**
 * A difference has to show twice: where other functions of the module are calls, so that it is this function's, and where they are a part of it,
 * so that it is none of who calls whom.
 * @throws Unsupported
 */
export function tryFunction(key: string, { sides, keys, models, changed }: TrialInput): Tried {
  const trials = (own: readonly string[]): Trials => {
    const [c, rust] = sides;
    const preparation = new Preparation(
      new Set(own),
      differingVariables(c, rust),
      c.parts[0]?.module.dataLayout ?? "",
      { fixed: fixedVariables(c, rust), keepsPromises: true },
    );
    preparation.add(c, key);
    preparation.add(rust, key, changed && { name: preparedName(rust.tag, key), function: changed });
    return new Trials(preparation, key, sides);
  };
  const alone = trials(keys);
  const found = alone.run(models);
  const isEverybodys = found !== undefined && trials([key]).run(models) === undefined;
  const { compared, givenUp } = alone;
  return { compared, givenUp, ...(found === undefined || isEverybodys ? {} : { found }) };
}

/** Both functions, with what is inlined into them, and the numbers that stand in them. */
class Trials {
  private readonly module: IrModule;
  private readonly functions: readonly [IrFunction, IrFunction];
  private readonly numbers: readonly bigint[];
  private readonly symbols = new Symbols();
  private readonly constants: Constants;
  private readonly apart: ReadonlySet<string>;
  private readonly words: Words;
  compared = 0;
  private steps = 0;
  readonly givenUp: Record<string, number> = {};
  /** @param preparation holds both functions, with C's promises */
  constructor(preparation: Preparation, key: string, [c, rust]: readonly [Side, Side]) {
    this.module = new IrModule(preparation.text());
    this.functions = [
      this.module.function(preparedName(c.tag, key)) as IrFunction,
      this.module.function(preparedName(rust.tag, key)) as IrFunction,
    ];
    // A structure passed as a value, of which C takes the bytes that are its own and rustc whole words (registers.ts).
    const [inC, inRust] = this.functions.map((f) => f.parameters.map((x) => shapeOf(x.type)).join());
    if (inC !== inRust) throw new Unsupported("a structure passed as a value");
    this.numbers = this.functions.flatMap(numbersIn);
    this.constants = constantsOf(this.module, this.symbols);
    this.words = [WORDS[c.tag], WORDS[rust.tag]];
    this.apart = constantsOfOne(this.module, [c.tag, rust.tag]);
  }

  run(models: readonly Model[]): Counterexample | undefined {
    const results = models.flatMap((m) => m.results);
    const numbers = [...this.numbers, ...results].slice(0, 500);
    for (let n = 0; n < TRIALS + models.length && this.steps < MOST_STEPS; n++) {
      const found = this.one(new World(n, numbers, this.symbols, models[n]));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private one(world: World): Counterexample | undefined {
    try {
      const [c, rust] = this.functions.map((f, n) => this.runOf(f, world, n === 0)) as [Run, Run];
      this.compared++;
      const difference = differenceOf(c, rust, world, this.words);
      return difference === undefined ? undefined : { inputs: this.inputs(world, c, rust), difference };
    } catch (error) {
      // Of what cannot be run nothing is said.
      if (!(error instanceof GivenUp || error instanceof Unsupported || error instanceof RangeError)) throw error;
      this.givenUp[error.message] = (this.givenUp[error.message] ?? 0) + 1;
      return undefined;
    }
  }

  private runOf(f: IrFunction, world: World, isC: boolean): Run {
    const machine = new Machine(this.module, world, isC, this.constants, this.apart);
    try {
      return machine.run(f);
    } finally {
      this.steps += machine.steps;
    }
  }

  private inputs(world: World, ...runs: readonly Run[]): string {
    const args = this.functions[0].parameters.flatMap((p, n) => {
      const value = p.type.kind === "int" || p.type.kind === "ptr" ? world.argument(n, 64, p.type.kind === "ptr") : 0n;
      if (p.type.kind === "int") return [`argument ${n + 1} = ${BigInt.asIntN(p.type.bits, value)}`];
      return value === 0n ? [`argument ${n + 1} = null`] : [];
    });
    const read = new Map(runs.flatMap((r) => [...r.memory.read]));
    const words: string[] = [];
    for (const address of [...read.keys()].toSorted((a, b) => (a < b ? -1 : 1))) {
      if (read.has(address - 1n)) continue;
      const bytes: number[] = [];
      for (let at = address; read.has(at) && bytes.length < 16; at++) bytes.push(read.get(at) as number);
      words.push(`${world.describe(address)} holds ${bytes.map((b) => b.toString(16).padStart(2, "0")).join(" ")}`);
    }
    const all = [...args, ...words];
    return all.length === 0
      ? "whatever it is given"
      : `for ${all.slice(0, SHOWN).join(", ")}${all.length > SHOWN ? ", …" : ""}`;
  }
}

/** Numbers that a function computes with. */
function numbersIn(f: IrFunction): bigint[] {
  const found = f.blocks.flatMap((b) =>
    b.instructions
      .filter((i) => i.op !== "getelementptr" && i.op !== "alloca")
      .flatMap((i) => i.operands.flatMap((o) => (o.value.kind === "int" ? [o.value.value] : []))),
  );
  return [...new Set(found.flatMap((n) => [n, n + 1n, n - 1n]))];
}
