/**
 * Objects of a port's helpers that an earlier run has compiled. They are laid where make looks for them, with the commands that kbuild
 * notes beside them: make compiles anew what has another command, or a source that is younger. What make does not look at, that a helper's
 * text and the headers of the port are the same as then, and all that lies outside of the port, is in the key.
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { contentKey } from "../../machine/cache.ts";
import { keepResult, keptResult } from "../../machine/result-store.ts";
import { filesOfUntrusted, LARGEST_OBJECT, readUntrusted } from "../../machine/untrusted-folder.ts";
import { takesOther } from "../capture/takes-other.ts";

const [KIND, FORMAT] = ["helper-object", "helper-object 1"];

interface HelperObject {
  object: Uint8Array;
  command: Uint8Array;
}

export class KeptHelpers {
  private readonly dir: string;
  private readonly workDir: string;
  /** By the helper's name. */
  private readonly keys: ReadonlyMap<string, string>;
  private readonly there = new Set<string>();
  private constructor(dir: string, workDir: string, keys: ReadonlyMap<string, string>) {
    this.dir = dir;
    this.workDir = workDir;
    this.keys = keys;
  }

  /**
   * @param dir the port, before it is built
   * @param workDir the folder of this run above it, which objects name
   * @param parts what determines an object besides the port
   */
  static async of(dir: string, workDir: string, parts: readonly string[]): Promise<KeptHelpers> {
    const names = (await filesOfUntrusted(path.join(dir, "helpers"))).map((f) => path.relative(dir, f)).sort();
    const texts = new Map(await Promise.all(names.map(async (n) => [n, await readFile(path.join(dir, n))] as const)));
    const helpers = names.filter((n) => /^helpers\/[^/]+\.c$/.test(n));
    const headers = names.filter((n) => !helpers.includes(n));
    const shared = contentKey([
      FORMAT,
      path.relative(workDir, dir),
      ...parts,
      ...headers.flatMap((n) => [n, texts.get(n) as Buffer]),
    ]);
    const takes = headers.some((n) => takesOther(String(texts.get(n))));
    return new KeptHelpers(
      dir,
      workDir,
      new Map(
        helpers.flatMap((n) =>
          takes || takesOther(String(texts.get(n)))
            ? []
            : [[path.basename(n, ".c"), contentKey([shared, n, texts.get(n) as Buffer])] as const],
        ),
      ),
    );
  }

  async putBack(): Promise<void> {
    for (const [name, key] of this.keys) {
      const kept = await keptResult<HelperObject>(KIND, key, this.workDir);
      if (kept === undefined) continue;
      await writeFile(path.join(this.dir, objectOf(name)), kept.value.object);
      await writeFile(path.join(this.dir, commandOf(name)), kept.value.command);
      this.there.add(name);
    }
  }

  /** After a build that had nothing to say of them: what is not compiled is not warned of. */
  async keep(): Promise<void> {
    for (const [name, key] of this.keys) {
      if (this.there.has(name)) continue;
      const read = (file: string): Promise<Buffer | undefined> =>
        readUntrusted(this.dir, file, LARGEST_OBJECT).catch(() => undefined);
      const [object, command] = [await read(objectOf(name)), await read(commandOf(name))];
      if (object !== undefined && command !== undefined)
        await keepResult(KIND, key, this.workDir, { object, command } satisfies HelperObject);
    }
  }
}

function objectOf(name: string): string {
  return `helpers/${name}.o`;
}

/** What kbuild notes of how an object was made. */
function commandOf(name: string): string {
  return `helpers/.${name}.o.cmd`;
}
