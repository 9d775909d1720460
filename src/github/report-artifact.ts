/**
 * The one thing that goes from the half that builds to the half that writes: an artifact with the file `report.json`, which holds the reports of all
 * modules, and for port pull requests `ports.json`, which holds the ports' files. Whoever wrote the module may have written every byte of both.
 */
import { text } from "node:stream/consumers";
import type { Entry, ZipFile } from "yauzl";
import { fromBuffer } from "yauzl";
import { z } from "zod";
import { UserError } from "../machine/errors.ts";
import type { PortFiles } from "../port/files.ts";
import { portBundle, unpackPort } from "../port/files.ts";
import { parseBounded } from "../report/bounds.ts";
import { report } from "../report/schema.ts";
import { statusOf } from "./api-error.ts";
import type { GitHub } from "./client.ts";

/** A report is some 100 kB; what is larger than these is not a report. Bytes. */
const LARGEST_ZIP = 20 * 1024 * 1024;
const LARGEST_JSON = 64 * 1024 * 1024;
export const FILE = "report.json";
export const PORTS_FILE = "ports.json";

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
export async function downloadBundle(
  github: Artifacts,
  runId: number,
  name: string,
): Promise<ReportBundle | undefined> {
  return download(github, runId, name, async (zip) => parse(reportBundle, FILE, await readEntry(zip, FILE)));
}

export interface Ported {
  bundle: ReportBundle;
  /** By module. */
  ports: Map<string, PortFiles>;
}

/** As `downloadBundle`, with the ports of a run in `mode: port`. */
export async function downloadPorts(github: Artifacts, runId: number, name: string): Promise<Ported | undefined> {
  return download(github, runId, name, async (zip) => {
    const bundle = parse(reportBundle, FILE, await readEntry(zip, FILE));
    const ports = new Map<string, PortFiles>();
    for (const port of parse(portBundle, PORTS_FILE, await readEntry(zip, PORTS_FILE)).ports) {
      if (ports.has(port.module)) throw new Error(`its ${PORTS_FILE} holds ${port.module} twice`);
      try {
        ports.set(port.module, unpackPort(port));
      } catch (error) {
        throw new Error(
          `the port of ${port.module} will not do: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    return { bundle, ports };
  });
}

/** One JSON file of an artifact of this run; undefined where there is no such artifact. @throws UserError that says why it is refused. */
export async function downloadJson<T extends z.ZodType>(
  github: Artifacts,
  runId: number,
  name: string,
  file: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  return download(github, runId, name, async (zip) => parse(schema, file, await readEntry(zip, file)));
}

type Artifacts = Pick<GitHub, "runArtifacts" | "artifactZip">;

async function download<T>(
  github: Artifacts,
  runId: number,
  name: string,
  read: (zip: Buffer) => Promise<T>,
): Promise<T | undefined> {
  const candidates = (await github.runArtifacts(runId)).filter((a) => a.name === name && !a.expired);
  // A re-run of the job uploads the same name again; ids grow.
  const artifact = candidates.sort((a, b) => b.id - a.id)[0];
  if (artifact === undefined) return undefined;
  try {
    if (artifact.bytes > LARGEST_ZIP)
      throw new Error(`it has ${artifact.bytes} bytes, and a report has at most ${LARGEST_ZIP}`);
    return await read(await github.artifactZip(artifact.id));
  } catch (error) {
    if (statusOf(error) !== undefined) throw error;
    throw new UserError(`artifact ${name} is refused: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws Error with the first places where `json` is not what `schema` says. */
function parse<T extends z.ZodType>(schema: T, file: string, json: string): z.infer<T> {
  let value: unknown;
  try {
    value = parseBounded(json);
  } catch (error) {
    throw new Error(`its ${file} is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues
    .slice(0, 3)
    .map((i) => `${i.path.join(".").slice(0, 100) || file}: ${i.message.slice(0, 200)}`);
  throw new Error(`its ${file} is not of this version (${where.join("; ")})`);
}

/** The text of one file; nothing is ever unpacked to disk, and yauzl ends a stream that grows over the size the entry declares. */
async function readEntry(zip: Buffer, name: string): Promise<string> {
  const opened = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true, validateEntrySizes: true }, (error, file) =>
      file ? resolve(file) : reject(error),
    );
  });
  return new Promise<string>((resolve, reject) => {
    opened.on("error", reject);
    opened.on("end", () => reject(new Error(`it holds no ${name}`)));
    opened.on("entry", (entry: Entry) => {
      if (entry.fileName !== name) return opened.readEntry();
      if (entry.uncompressedSize > LARGEST_JSON)
        return reject(
          new Error(`its ${name} has ${entry.uncompressedSize} bytes, and it may have at most ${LARGEST_JSON}`),
        );
      opened.openReadStream(entry, (error, stream) => (stream ? text(stream).then(resolve, reject) : reject(error)));
    });
    opened.readEntry();
  });
}
