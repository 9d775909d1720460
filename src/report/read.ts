/** Reads a report.json that may be a stranger's: bounded, and nothing that the schema does not know gets through. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { UserError } from "../machine/errors.ts";
import { parseBounded } from "./bounds.ts";
import type { Report } from "./schema.ts";
import { report } from "./schema.ts";
import { oneLine } from "./escape.ts";

/** Bytes. A module of 200 units with both sides of each function is a tenth of this. */
export const REPORT_LIMIT = 64 * 1024 * 1024;

/** Parses the text of a report.json; `name` stands for it in messages. */
export function parseReport(text: string, name: string): Report {
  let value: unknown;
  try {
    value = parseBounded(text);
  } catch (error) {
    throw new UserError(`${name}: not JSON: ${oneLine((error as Error).message)}`);
  }
  const result = report.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const field = issue.path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${String(key)}`))
    .join("");
  throw new UserError(
    `${name}: not a report of kport's: ${field === "" ? "the whole" : oneLine(field)}: ${oneLine(issue.message)}`,
  );
}

/**
 * Reads and checks one report.json.
 * @throws UserError, one line with the field that is wrong, where the file is missing, too large, no JSON or no report.
 */
export async function readReport(file: string): Promise<Report> {
  let text: string;
  try {
    // Without waiting: a pipe put in the file's place would wait for its writer for ever.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) throw new UserError(`${file}: not a file; name the report.json itself`);
    if (stat.size > REPORT_LIMIT)
      throw new UserError(`${file}: ${stat.size} bytes; a report has at most ${REPORT_LIMIT}`);
    text = await handle.readFile("utf8");
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file}: cannot be read: ${(error as NodeJS.ErrnoException).code ?? oneLine(String(error))}`);
  }
  return parseReport(text, file);
}
