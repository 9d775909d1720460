/** What bringing the tools onto a machine costs, step by step: said at its end, since it is what a first run waits for. */
import prettyMilliseconds from "pretty-ms";

/** Milliseconds; what took less was there already. */
const WORTH_SAYING = 1000;

export class SetUpSteps {
  readonly #clock: () => number;
  readonly #started: number;
  readonly #taken: { name: string; ms: number }[] = [];

  /** @param clock milliseconds since any moment */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#started = clock();
  }

  /** Do a part of it; steps may lie beside one another. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = this.#clock();
    try {
      return await work();
    } finally {
      this.#taken.push({ name, ms: this.#clock() - started });
    }
  }

  /** One line for people, in the order in which the steps ended; undefined where all was there. */
  summary(): string | undefined {
    const taken = this.#taken.filter((step) => step.ms >= WORTH_SAYING);
    if (taken.length === 0) return undefined;
    return `set up in ${shown(this.#clock() - this.#started)}: ${taken.map((step) => `${step.name} ${shown(step.ms)}`).join(", ")}`;
  }
}

function shown(ms: number): string {
  return prettyMilliseconds(ms, { secondsDecimalDigits: 0 });
}
