/**
 * The record of what was generated last, kept in the port's folder: each file's name in git. It travels with the files through every way of merging a
 * pull request, so that the next port can tell what people changed since from what is generated anew.
 */
import { z } from "zod";
import { pathRefusal } from "./files.ts";
import type { Entry, Listing } from "./git-objects.ts";

export const MANIFEST = "kport-generated.json";

const manifest = z.object({
  schemaVersion: z.literal(1),
  files: z.record(z.string(), z.string().regex(/^(100644|100755|120000) [0-9a-f]{40}$/)),
});

export function writeManifest(generated: Listing): Buffer {
  const files = Object.fromEntries(
    [...generated].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, { mode, sha }]) => [path, `${mode} ${sha}`]),
  );
  return Buffer.from(
    `${JSON.stringify({ schemaVersion: 1, about: "What kport generated last: with it the next port keeps what people changed. Leave it as it is.", files }, null, 2)}\n`,
  );
}

/** What was generated last; undefined where the record is none. */
export function readManifest(content: Buffer): Map<string, Entry> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content.toString());
  } catch {
    return undefined;
  }
  const parsed = manifest.safeParse(value);
  if (!parsed.success || Object.keys(parsed.data.files).some((path) => pathRefusal(path) !== undefined))
    return undefined;
  return new Map(
    Object.entries(parsed.data.files).map(([path, text]) => [
      path,
      { mode: text.slice(0, 6) as Entry["mode"], sha: text.slice(7) },
    ]),
  );
}
