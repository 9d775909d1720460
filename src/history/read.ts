/** A history as text. One that cannot be read is kept aside by whoever stores it, named, and started anew. */
import { UserError } from "../machine/errors.ts";
import { emptyHistory, history, type History } from "./schema.ts";

export type ReadHistory = { history: History; corrupt?: undefined } | { history: History; corrupt: string };

/**
 * @param name stands for it in messages
 * @returns an empty history and what is wrong, where the text is none
 * @throws UserError for one of a newer kport: starting anew would lose what that one knows
 */
export function readHistory(text: string | undefined, name: string): ReadHistory {
  if (text === undefined) return { history: emptyHistory() };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (e) {
    return { history: emptyHistory(), corrupt: `${name} is not JSON (${(e as Error).message})` };
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === "number" && version > 1)
    throw new UserError(
      `${name} was written by a newer kport (schema ${version}): use that one, or another place for this one's history`,
    );
  const parsed = history.safeParse(value);
  if (parsed.success) return { history: parsed.data };
  const issue = parsed.error.issues[0]!;
  return {
    history: emptyHistory(),
    corrupt: `${name} is no history: ${issue.path.join(".") || "the whole"}: ${issue.message}`,
  };
}

/** One result a line, so that a branch's diff shows what a run added. */
export function writeHistory(of: History): string {
  const cells = Object.entries(of.cells).map(([id, c]) => {
    const results = c.results.map((r) => `    ${JSON.stringify(r)}`).join(",\n");
    return `  ${JSON.stringify(id)}: {"folder":${JSON.stringify(c.folder)},"results":[\n${results}\n  ]${c.lastGood ? `,"lastGood":${JSON.stringify(c.lastGood)}` : ""}}`;
  });
  return `{"schemaVersion":1,"cells":{\n${cells.join(",\n")}\n},"issues":${JSON.stringify(of.issues)}}\n`;
}
