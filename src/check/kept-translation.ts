/** A module that was translated and built before: of the very same C build, by the same tools, for the same kernel. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { contentKey } from "../machine/cache.ts";
import { keepResult, type Kept, keptResult } from "../machine/result-store.ts";
import { filesOfUntrusted, LARGEST_OBJECT, readUntrusted } from "../machine/untrusted-folder.ts";
import type { Finding, StageResult } from "../report/schema.ts";
import type { Captured } from "../stages/capture/index.ts";
import type { Account, Translation } from "./port-of-units.ts";
import type { Work } from "./work.ts";

/** All that the stages from `lower` to `inspect` leave. */
export interface KeptTranslation {
  translation: Translation;
  /** What a check keeps of them besides. */
  account: Account;
  stages: StageResult[];
  findings: Finding[];
  /** The port's files, and the module. By their whole names, in this run's folder. */
  files: { name: string; bytes: Uint8Array }[];
}

const FORMAT = "translated 2";

/** @returns undefined where a translation cannot be kept: its C build was not, or mistakes are made on purpose */
export function translationKey(work: Work, captured: Captured, module: string): string | undefined {
  const { around, kernel, provers, request, tools, versions } = work;
  if (around === undefined || captured.id === undefined || work.doctor !== undefined) return undefined;
  // They come in the order in which they were found.
  const paths = Object.values(tools)
    .map((t) => `${t.path} ${t.version}`)
    .sort();
  return contentKey([
    FORMAT,
    captured.id,
    around,
    module,
    request.headers,
    kernel.release,
    kernel.buildDir,
    JSON.stringify(work.kbuild),
    JSON.stringify(versions),
    JSON.stringify(provers),
    ...paths,
  ]);
}

export async function keepTranslation(
  key: string,
  workDir: string,
  made: Omit<KeptTranslation, "files">,
): Promise<void> {
  const { port, built } = made.translation;
  const names = await filesOfUntrusted(port.dir);
  const files = await Promise.all(
    names.map(async (name) => ({ name, bytes: (await readUntrusted(port.dir, name)) as Uint8Array })),
  );
  files.push({
    name: built.ko,
    bytes: await readUntrusted(path.dirname(built.ko), path.basename(built.ko), LARGEST_OBJECT),
  });
  await keepResult("translated", key, workDir, { ...made, files } satisfies KeptTranslation);
}

/** The files are there again when this returns. */
export async function keptTranslation(key: string, workDir: string): Promise<Kept<KeptTranslation> | undefined> {
  const kept = await keptResult<KeptTranslation>("translated", key, workDir);
  for (const { name, bytes } of kept?.value.files ?? []) {
    await mkdir(path.dirname(name), { recursive: true });
    await writeFile(name, bytes);
  }
  return kept;
}
