/**
 * The one thing that goes from the half that builds to the half that writes: an artifact with one file, `report.json`, which holds the
 * reports of all modules. Whoever wrote the pull request may have written every byte of it.
 */
import { text } from "node:stream/consumers";
import type { Entry, ZipFile } from "yauzl";
import { fromBuffer } from "yauzl";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { report } from "../report/schema.ts";
import type { GitHub } from "./client.ts";
import { statusOf } from "./client.ts";

/** A report is some 100 kB; what is larger than these is not a report. Bytes. */
const LARGEST_ZIP = 20 * 1024 * 1024;
const LARGEST_JSON = 64 * 1024 * 1024;
export const FILE = "report.json";

export const reportBundle = z.object({
  schemaVersion: z.literal(1),
  reports: z.array(report).max(256),
  /** Modules that the base has and the pull request removes. */
  removed: z.array(z.string().max(200)).max(256),
});
export type ReportBundle = z.infer<typeof reportBundle>;

/**
 * The bundle of a workflow run, undefined where it uploaded none (cancelled, or stopped before it had a report).
 * @throws UserError that says why the artifact is refused.
 */
export async function downloadBundle(github: Pick<GitHub, "runArtifacts" | "artifactZip">, runId: number, name: string): Promise<ReportBundle | undefined> {
  const candidates = (await github.runArtifacts(runId)).filter((a) => a.name === name && !a.expired);
  // A re-run of the job uploads the same name again; ids grow.
  const artifact = candidates.sort((a, b) => b.id - a.id)[0];
  if (artifact === undefined) return undefined;
  try {
    if (artifact.bytes > LARGEST_ZIP) throw new Error(`it has ${artifact.bytes} bytes, and a report has at most ${LARGEST_ZIP}`);
    return parseBundle(await readEntry(await github.artifactZip(artifact.id)));
  } catch (error) {
    if (statusOf(error) !== undefined) throw error;
    throw new UserError(`artifact ${name} is refused: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws Error with the first places where `json` is not a bundle. */
function parseBundle(json: string): ReportBundle {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error(`its ${FILE} is not JSON`);
  }
  const parsed = reportBundle.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.slice(0, 3).map((i) => `${i.path.join(".").slice(0, 100) || FILE}: ${i.message.slice(0, 200)}`);
  throw new Error(`its ${FILE} is not a report of this version (${where.join("; ")})`);
}

/** The text of `report.json`; nothing is ever unpacked to disk, and yauzl ends a stream that grows over the size the entry declares. */
async function readEntry(zip: Buffer): Promise<string> {
  const opened = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true, validateEntrySizes: true }, (error, file) => (file ? resolve(file) : reject(error)));
  });
  return new Promise<string>((resolve, reject) => {
    opened.on("error", reject);
    opened.on("end", () => reject(new Error(`it holds no ${FILE}`)));
    opened.on("entry", (entry: Entry) => {
      if (entry.fileName !== FILE) return opened.readEntry();
      if (entry.uncompressedSize > LARGEST_JSON) return reject(new Error(`its ${FILE} has ${entry.uncompressedSize} bytes, and a report has at most ${LARGEST_JSON}`));
      opened.openReadStream(entry, (error, stream) => (stream ? text(stream).then(resolve, reject) : reject(error)));
    });
    opened.readEntry();
  });
}
