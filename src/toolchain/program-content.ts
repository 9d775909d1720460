/** What a program is, whatever it is called and wherever it lies: for keys of results that another machine can use as well. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, realpath, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { cached, contentKey } from "../machine/cache.ts";
import { run } from "../machine/process.ts";
import { resultsFolder } from "../machine/result-store.ts";

/** A digest of a program's file and of every library that it is linked with. */
export function contentOfProgram(file: string): Promise<string> {
  const known =
    asked.get(file) ??
    (async () => contentKey(await Promise.all([file, ...(await librariesOf(file))].map(contentOfFile))))();
  asked.set(file, known);
  return known;
}
const asked = new Map<string, Promise<string>>();

/** A digest of what is in a file, which is read once as long as it is the same one: some are hundreds of megabytes. */
export async function contentOfFile(file: string): Promise<string> {
  const real = await realpath(file);
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(real, { bigint: true });
  // No program can set the time of the last change. All of that holds for this machine alone.
  const { dir } = await cached(
    "contents",
    contentKey([real, ...[dev, ino, size, mtimeNs, ctimeNs].map(String)]),
    async (into) => {
      const hash = createHash("sha256");
      for await (const chunk of createReadStream(real)) hash.update(chunk as Buffer);
      await writeFile(path.join(into, "sha256"), hash.digest("hex"));
    },
    resultsFolder(),
  );
  return readFile(path.join(dir, "sha256"), "utf8");
}

/** None for a script, and for what is linked with nothing. */
async function librariesOf(file: string): Promise<string[]> {
  const r = await run("ldd", [file], { allowFailure: true, timeout: 20_000 });
  return r.exitCode === 0
    ? [...r.stdout.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map((m) => m[1] as string).sort()
    : [];
}
