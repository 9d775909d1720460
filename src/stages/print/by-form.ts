/** What is printed alike in several forms is printed once: a text depends on no more of a form than was asked of it. */
import type { Form } from "./form.ts";

interface Made<T> {
  value: T;
  /** What was asked of the form, and what it said. */
  asked: ReadonlyMap<PropertyKey, unknown>;
  /** What else the text depends on, as it was. */
  state: unknown;
}

export class ByForm<T> {
  private readonly made: Made<T>[] = [];

  /**
   * @param state another one with each change of what else `make` reads, by whomever: what changes it itself is made anew each time
   */
  of(form: Form, state: () => unknown, make: (form: Form) => T): T {
    const now = state();
    const known = this.made.find(
      (m) => m.state === now && [...m.asked].every(([key, said]) => Reflect.get(form, key) === said),
    );
    if (known !== undefined) return known.value;
    const asked = new Map<PropertyKey, unknown>();
    const noting = new Proxy(form, {
      get(of, key) {
        const said: unknown = Reflect.get(of, key);
        asked.set(key, said);
        return said;
      },
    });
    const value = make(noting);
    if (state() === now) this.made.push({ value, asked, state: now });
    return value;
  }
}
