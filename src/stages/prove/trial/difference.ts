/** What two runs of one function on the same inputs did otherwise. */
import type { Event, Run } from "./machine.ts";
import { differentByte } from "./memory.ts";
import type { World } from "./world.ts";

/** What both programs are called. */
export type Words = readonly [string, string];

/** What two runs did otherwise; undefined where they did the same, or it cannot be told. */
export function differenceOf(c: Run, rust: Run, world: World, words: Words): string | undefined {
  const [inC, inRust] = words;
  const both = Math.min(c.events.length, rust.events.length);
  for (let n = 0; n < both; n++) {
    const [a, b] = [c.events[n] as Event, rust.events[n] as Event];
    const said = differentEvents(a, b, words) ?? differentMemory(a, b, world, words);
    if (said !== undefined) return said;
  }
  const [more, missing] = [c.events[both], rust.events[both]];
  if (more !== undefined) return `${inC} comes to ${more.what}, ${inRust} does not`;
  if (missing !== undefined) return `${inRust} comes to ${missing.what}, ${inC} does not`;
  if (c.returned !== rust.returned)
    return `${inC} returns ${c.returned ?? "never"}, ${inRust} ${rust.returned ?? "never"}`;
  const byte = differentByte(c.memory.written, rust.memory.written, (at) => world.byte(at));
  return byte && `at the end ${world.describe(byte.address)} holds ${byte.c} in ${inC}, ${byte.rust} in ${inRust}`;
}

function differentEvents(c: Event, rust: Event, [inC, inRust]: Words): string | undefined {
  if (c.what !== rust.what) return `${inC} comes to ${c.what}, ${inRust} to ${rust.what}`;
  if (c.args.length !== rust.args.length) return undefined;
  for (const [n, a] of c.args.entries()) {
    const b = rust.args[n];
    if (a !== undefined && b !== undefined && a !== b)
      return `argument ${n + 1} of ${c.what} is ${a} in ${inC}, ${b} in ${inRust}`;
  }
  return undefined;
}

function differentMemory(c: Event, rust: Event, world: World, [inC, inRust]: Words): string | undefined {
  const byte =
    differentByte(c.memory, rust.memory, (at) => world.byte(at)) ??
    differentByte(c.variables, rust.variables, () => undefined);
  return (
    byte &&
    `when ${c.what} is called, ${world.describe(byte.address)} holds ${byte.c} in ${inC}, ${byte.rust} in ${inRust}`
  );
}
