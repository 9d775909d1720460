/**
 * How much of anything a report may hold. Whoever wrote the module may have written every byte of it, and what reads it holds a token: so
 * there is an end to each text and each list, far above what a module needs, and `fitted` cuts what a run has found down to it.
 */
import { z } from "zod";

/** Characters: a path, a symbol, a version. */
const NAME = 4096;
/** Characters: a record of the kernel's log has at most 8 KiB. */
const LINE = 64 * 1024;
/** Characters: a function, a patch of one file, what a tool said. */
const TEXT = 4 * 1024 * 1024;
/** Entries: a kernel exports some 25,000 symbols. */
const MOST = 100_000;

export const name = z.string().max(NAME);
export const line = z.string().max(LINE);
export const text = z.string().max(TEXT);

export function list<T extends z.ZodType>(of: T) {
  return z.array(of).max(MOST);
}

/** By name. */
export function table<T extends z.ZodType>(of: T) {
  return z.record(name, of).refine((t) => Object.keys(t).length <= MOST, { message: TOO_MANY });
}
const TOO_MANY = `more than ${MOST} entries`;

/** Values of a JSON text, and how many may stand in one another; a report of 200 units has some hundred thousand, in ten. */
const [MOST_VALUES, DEEPEST] = [4_000_000, 64];

/**
 * A JSON text's value. A text that fits the bound of bytes can still stand for gigabytes (`[[[…`, `{},{},…`): JSON.parse would take the
 * process's memory before any schema is asked, and nobody would say that the report was refused.
 * @throws SyntaxError for what is no JSON, and for one that has no end
 */
export function parseBounded(json: string): unknown {
  let [values, depth] = [0, 0];
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        for (at++; at < json.length && json.charCodeAt(at) !== QUOTE; at++) if (json.charCodeAt(at) === BACKSLASH) at++;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        values++;
        if (++depth > DEEPEST) throw new SyntaxError(`more than ${DEEPEST} values in one another`);
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
        break;
      case COMMA:
        if (++values > MOST_VALUES) throw new SyntaxError(`more than ${MOST_VALUES} values`);
    }
  }
  return JSON.parse(json);
}
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Cut every text and list of `value` down to what the schema takes; what else is wrong with it stays, and throws. */
export function fitted<T extends z.ZodType>(schema: T, value: z.input<T>): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const cut = structuredClone(value) as object;
  for (const issue of parsed.error.issues) {
    const last = issue.path.at(-1);
    if (last === undefined) continue;
    const holder = issue.path
      .slice(0, -1)
      .reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], cut) as Record<PropertyKey, unknown>;
    const held = holder[last];
    if (issue.code === "too_big" && typeof held === "string")
      holder[last] = `${held.slice(0, Number(issue.maximum) - 1).replace(/[\ud800-\udbff]$/, "")}…`;
    else if (issue.code === "too_big" && Array.isArray(held)) holder[last] = held.slice(0, Number(issue.maximum));
    else if (issue.code === "invalid_key") delete holder[last];
    else if (issue.message === TOO_MANY)
      holder[last] = Object.fromEntries(Object.entries(held as object).slice(0, MOST));
  }
  return schema.parse(cut);
}
