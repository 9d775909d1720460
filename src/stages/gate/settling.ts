/** Searches for the readable forms of a crate's functions that it can have all at once. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { log } from "../../machine/log.ts";
import { filesOfUntrusted } from "../../machine/untrusted-folder.ts";
import { blamed, whyRefused } from "./blame.ts";
import { type Candidate, type CandidateKey, candidateKey, type PrintedLines, type Settled } from "./candidate.ts";
import { type CompiledCrate, copyCrate, CrateCompiler } from "./compiled-crate.ts";
import { differences } from "./differences.ts";
import { culprits, joined, onlyOnes, together } from "./culprits.ts";
import type { CompileError } from "./diagnostics.ts";
import { Proved } from "./proved.ts";
import { Suspects } from "./suspects.ts";
import { isWhole } from "./whole-text.ts";
import type { Verdict } from "./verdicts.ts";
import type { SettleInput } from "./settle.ts";

/** One crate with some functions printed. */
interface Attempt {
  crate: CompiledCrate;
  places: ReadonlyMap<CandidateKey, PrintedLines>;
}

/** A second chance is for a few: each is a compilation or two. */
const MOST_AGAIN = 12;

/**
 * How often a crate is compiled in search of what makes a difference, by its lines: a large one takes rustc ten seconds and more each
 * time. A count and no time, so that the same C gives the same Rust on any machine.
 */
const LINES_COMPILED = 400_000;
const LEAST_COMPILATIONS = 12;
/** Behind that the search is for a crate that compiles, and it gives up soon. */
const LAST_COMPILATIONS = 6;
const SPENT = "the crate is too large to find out which function differs";

/** From the best form of everything to what stands, one search. */
export class Settling {
  private readonly in: SettleInput;
  private readonly compiler: CrateCompiler;
  private readonly dir: string;
  private readonly base: Promise<CompiledCrate>;
  /** c2rust's crate with what is proved in it: all else is to be compiled to the same. */
  crate!: CompiledCrate;
  private readonly known: ReadonlyMap<CandidateKey, Verdict>;
  private readonly candidates: ReadonlyMap<CandidateKey, Candidate>;
  private readonly chosen = new Map<CandidateKey, number>();
  private readonly reasons = new Map<CandidateKey, string>();
  /** Those that were refused with others: what is a part of others makes these differ too, and it may be that alone. */
  private readonly together = new Set<CandidateKey>();
  private readonly proved: Proved;
  private readonly suspects: Suspects;
  private attempts = 0;
  private most = LEAST_COMPILATIONS;
  /** The search did not go to its end: another crate's might. */
  private cutShort = false;
  private contradicted = false;
  /** @param known verdicts that are not asked about again */
  constructor(
    input: SettleInput,
    compiler: CrateCompiler,
    dir: string,
    base: Promise<CompiledCrate>,
    known: ReadonlyMap<CandidateKey, Verdict>,
  ) {
    this.in = input;
    this.compiler = compiler;
    this.dir = dir;
    this.base = base;
    this.known = known;
    this.proved = new Proved(input.prover);
    this.candidates = new Map(input.candidates.map((c) => [candidateKey(c), c]));
    this.suspects = new Suspects(this.candidates, [input.base, dir]);
    for (const [key, c] of this.candidates) {
      const before = known.get(key);
      if (before !== undefined) this.reasons.set(key, before.reason);
      if (c.texts.length > 0) this.choose(key, before === undefined ? 0 : (before.form ?? Infinity));
    }
  }

  /** @returns whether the known verdicts were borne out, and the search did not end before its time */
  async run(): Promise<boolean> {
    this.most =
      this.in.attempts ?? Math.max(LEAST_COMPILATIONS, Math.ceil(LINES_COMPILED / (await linesOf(this.in.base))));
    let next = this.chosen.size > 0 ? this.attempt(this.chosen) : undefined;
    // The first one runs beside the base: what becomes of it matters once that is there.
    next?.catch(() => undefined);
    let base = await this.base;
    this.crate = base;
    while (next !== undefined) {
      const attempt: Attempt = await next;
      // The build says what is wrong, in the words and at the place of the C.
      if (base.errors.length > 0) break;
      if (attempt.crate.errors.length > 0) await this.rejectErrors(attempt);
      else {
        if (differences(base, attempt.crate).length === 0) break;
        const shown = await this.prove(base, attempt.crate);
        const causes = shown === undefined ? await this.causes(base, attempt.crate) : [];
        for (const key of causes) this.reject(key, this.suspects.difference(key, base, attempt.crate));
        if (causes.length > 1) for (const key of causes) this.together.add(key);
        base = shown ?? base;
      }
      if (this.known.size > 0 && (this.contradicted || this.isSpent)) return false;
      if (this.attempts >= this.most + LAST_COMPILATIONS) for (const key of this.open) this.reject(key, SPENT);
      next = this.chosen.size > 0 ? this.attempt(this.chosen) : undefined;
    }
    if (base.errors.length > 0) {
      this.chosen.clear();
      this.reasons.clear();
      for (const key of this.candidates.keys()) this.reasons.set(key, "the crate does not compile as c2rust has it");
      this.cutShort = true;
      return true;
    }
    this.crate = base;
    await this.secondChance(base);
    return this.known.size === 0 || !(this.isSpent || this.cutShort);
  }

  settled(): Map<CandidateKey, Settled> {
    return new Map(
      [...this.candidates.keys()].map((key) => {
        const form = this.chosen.get(key);
        return [
          key,
          form === undefined
            ? { reason: this.reasons.get(key) ?? "it has no form" }
            : { form, by: this.proved.passedBy(key) },
        ] as const;
      }),
    );
  }

  /** What was found of functions that were refused, and would be found again. */
  verdicts(): Map<CandidateKey, Verdict> {
    if (this.cutShort || this.isSpent) return new Map();
    return new Map(
      [...this.reasons].map(([key, reason]) => {
        const form = this.chosen.get(key);
        return [key, form === undefined ? { reason } : { form, reason }] as const;
      }),
    );
  }

  /** Printed functions that are not proved. */
  private get open(): CandidateKey[] {
    return [...this.chosen.keys()].filter((key) => !this.proved.has(key));
  }

  /** Some of the printed functions, and those that are proved, which stay. */
  private with(keys: readonly CandidateKey[]): Map<CandidateKey, number> {
    return new Map([...this.chosen].filter(([key]) => keys.includes(key) || this.proved.has(key)));
  }

  /**
   * Of the functions that a difference can come from, those that are proved stay.
   * @returns what the rest is compared with from now on: c2rust's crate with them; undefined where nothing more is proved
   */
  private async prove(base: CompiledCrate, other: CompiledCrate): Promise<CompiledCrate | undefined> {
    if (!this.proved.mayAsk) return undefined;
    const suspects = new Set([...(await this.suspects.all(base, other, this.open)).values()].flat());
    const found = await this.proved.ask(this.dir, new Map([...this.chosen].filter(([key]) => suspects.has(key))));
    if (found.length === 0) return undefined;
    const { crate } = await this.attempt(this.with([]));
    if (crate.errors.length === 0) return crate;
    // They only compile with others, which may yet go.
    this.proved.forget(found);
    return undefined;
  }

  /** Whatever was refused with others is tried in its best form once more, now that those are settled. */
  private async secondChance(base: CompiledCrate): Promise<void> {
    const again = [...this.together].filter((key) => this.chosen.get(key) !== 0 && !this.proved.has(key));
    if (again.length > MOST_AGAIN) this.cutShort = true;
    if (this.isSpent || again.length < 2 || again.length > MOST_AGAIN) return;
    const before = new Map(this.chosen);
    const tried = (keys: readonly CandidateKey[]): Promise<Attempt> =>
      this.attempt(new Map([...before, ...keys.map((key) => [key, 0] as const)]));
    const differs = async (keys: readonly CandidateKey[]): Promise<boolean> => {
      const { crate } = await tried(keys);
      return crate.errors.length > 0 || differences(base, crate).length > 0;
    };
    // All at once, since most are guilty, and what is compiled tells of which.
    const { crate } = await tried(again);
    const certain =
      crate.errors.length > 0 ? new Set() : new Set(onlyOnes((await this.suspects.all(base, crate, again)).values()));
    const open = again.filter((key) => !certain.has(key));
    const guilty = new Set(
      open.length > 0 && (certain.size === 0 || (await differs(open)))
        ? await together([culprits(open)], (questions) => Promise.all(questions.map(differs)))
        : [],
    );
    const innocent = open.filter((key) => !guilty.has(key));
    if (innocent.length === 0 || (await differs(innocent))) return;
    for (const key of innocent) this.chosen.set(key, 0);
  }

  private get isSpent(): boolean {
    return this.attempts >= this.most;
  }

  private async attempt(chosen: ReadonlyMap<CandidateKey, number>): Promise<Attempt> {
    this.attempts++;
    await copyCrate(this.in.base, this.dir);
    const places = await this.in.write(this.dir, chosen);
    return { places, crate: await this.compiler.compile(this.dir) };
  }

  /** To its next form, or back. */
  private reject(key: CandidateKey, reason: string): void {
    if (this.known.has(key)) this.contradicted = true;
    if (!this.reasons.has(key)) this.reasons.set(key, reason);
    log.debug(`${key}: form ${this.chosen.get(key) ?? 0} is not taken: ${reason}`);
    this.choose(key, this.isSpent ? Infinity : (this.chosen.get(key) ?? 0) + 1);
  }

  /** The first form from `form` on that begins and ends nothing but itself: rustc would find the mistake of another in what follows. */
  private choose(key: CandidateKey, form: number): void {
    const texts = this.candidates.get(key)?.texts ?? [];
    const next = texts.findIndex((t, i) => i >= form && isWhole(t));
    if (next !== form && form < texts.length && !this.reasons.has(key))
      this.reasons.set(key, "does not compile: its brackets do not match");
    if (next < 0) this.chosen.delete(key);
    else this.chosen.set(key, next);
  }

  private async rejectErrors({ crate: { errors }, places: all }: Attempt): Promise<void> {
    const places = new Map([...all].filter(([key]) => !this.proved.has(key)));
    const found = blamed(errors, places, true);
    // What is wrong may show in a text that was there before: a declaration that another one contradicts.
    const guilty = found.size > 0 ? found : blamed(errors, places, false);
    const first = errors[0] as CompileError;
    const keys = guilty.size > 0 ? [...guilty.keys()] : this.isSpent ? this.open : await this.withErrors();
    for (const key of keys) this.reject(key, whyRefused(guilty.get(key) ?? first));
  }

  /** For errors that are in no printed function: those without which there is none. */
  private withErrors(): Promise<CandidateKey[]> {
    const refused = async (keys: readonly CandidateKey[]): Promise<boolean> =>
      this.isSpent || (await this.attempt(this.with(keys))).crate.errors.length > 0;
    return together([culprits(this.open)], (questions) => Promise.all(questions.map(refused)));
  }

  /** The printed functions that make a difference, none of which is there only because another one became a part of it. */
  private async causes(base: CompiledCrate, other: CompiledCrate): Promise<CandidateKey[]> {
    const suspects = await this.suspects.all(base, other, this.open);
    if (this.isSpent) return [...new Set([...suspects.values()].flat())];
    const certain = onlyOnes(suspects.values());
    if (certain.length > 0) return certain;
    // Where only one thing is a part of others, the first question settles it.
    const reach = await this.suspects.reach();
    const compiled = this.suspects.compiledIn(base, other, reach);
    const groups = joined([...suspects.values()]).map((g) => [
      ...g.filter((key) => compiled.has(key)),
      ...g.filter((key) => !compiled.has(key)),
    ]);
    const all = new Set(groups.flat());
    const { open } = this;
    const alone = open.filter((key) => !all.has(key) || compiled.has(key));
    if (alone.length > 0 && alone.length < open.length) {
      // The same question to all: of what is a function of its own, without what is a part of others, it mostly shows which it is.
      const { crate } = await this.attempt(this.with(alone));
      const found = crate.errors.length > 0 ? [] : onlyOnes((await this.suspects.all(base, crate, alone)).values());
      if (found.length > 0) return found;
    }
    return together(
      groups.map((g) => culprits(g, g.filter((key) => compiled.has(key)).length)),
      async (questions) => {
        if (this.isSpent) return questions.map(() => true);
        const asked = new Set(questions.flat());
        const { crate } = await this.attempt(
          new Map([...this.chosen].filter(([key]) => !all.has(key) || asked.has(key))),
        );
        const still = crate.errors.length > 0 ? undefined : differences(base, crate);
        return questions.map((q) => {
          // Texts that only compile together are no cause of each other's.
          if (still === undefined) return true;
          const group = groups.find((g) => q.every((key) => g.includes(key))) ?? [];
          return still.some((s) =>
            (suspects.get(s) ?? this.suspects.of(s, base, crate, still, reach, open)).some((key) =>
              group.includes(key),
            ),
          );
        });
      },
    );
  }
}

/** Of a crate's own Rust. */
async function linesOf(dir: string): Promise<number> {
  const texts = await Promise.all((await filesOfUntrusted(path.join(dir, "src"))).map((f) => readFile(f, "utf8")));
  return Math.max(
    1,
    texts.reduce((n, t) => n + t.split("\n").length, 0),
  );
}
