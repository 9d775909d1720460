/**
 * Objects that an earlier build of a module's C has made, for one in which some of its units, and nothing else, are others. Which they are
 * the stand-in for clang says, by a digest of all that a compilation can read within the working copy (clang-stand-in.ts). What it can read
 * besides is in the key; a compilation that could read what the build makes elsewhere, in /tmp, is not kept.
 *
 * The digest is said within the sandbox, where a program of the module's could say another one, with an object of its own. So objects are
 * taken only of a build in which all files but C were the same before it began, and of which the makefiles run nothing of the module's. Nor
 * does an action's run take or keep any: on a machine that keeps its folders, whoever opens a pull request would have written some.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { contentKey } from "../../machine/cache.ts";
import { log } from "../../machine/log.ts";
import { keepResult, keptResult, LARGEST_RESULT } from "../../machine/result-store.ts";
import type { SeenFile } from "../../machine/seen-files.ts";
import { filesOfUntrusted, isWithin, LARGEST_OBJECT, readUntrusted } from "../../machine/untrusted-folder.ts";
import type { ObjectFolders } from "./clang-stand-in.ts";
import { isMadeByBuilds } from "./made-by-builds.ts";
import { isMakefile, isPlainMakefile } from "./plain-makefiles.ts";
import { takesOther } from "./takes-other.ts";

const [KIND, FORMAT] = ["c-objects", "c-objects 1"];

/** Whether units' objects are kept for later runs, and taken of earlier ones: not in an action, where strangers build. */
export function keepUnits(keep: boolean): void {
  areKept = keep;
}
let areKept = true;

/** What clang makes of a unit, and what it says. */
const PARTS = ["object", "facts", "depends", "said"] as const;
type KeptObject = Partial<Record<(typeof PARTS)[number], Uint8Array>>;

export interface KeptObjectsRequest {
  /** The working copy. */
  root: string;
  folders: ObjectFolders;
  /** Folders outside of it in which nothing changes while it is built. */
  fixed: readonly string[];
  /** What determines an object besides the working copy and its command. */
  parts: readonly string[];
}

export class KeptObjects {
  private readonly rq: KeptObjectsRequest;
  private readonly key: string;
  private readonly kept = new Map<string, KeptObject>();
  private constructor(rq: KeptObjectsRequest, key: string) {
    this.rq = rq;
    this.key = key;
  }

  /**
   * @param before what is in the working copy, in which nothing was built yet
   * @returns undefined where its makefiles may run what the module brings, and where none are kept
   */
  static async of(rq: KeptObjectsRequest, before: readonly SeenFile[]): Promise<KeptObjects | undefined> {
    if (!areKept) return undefined;
    const makefiles = before.filter((f) => isMakefile(f.name));
    if (makefiles.some((f) => f.kind !== "file")) return undefined;
    for (const { name } of makefiles)
      if (!isPlainMakefile(await readFile(path.join(rq.root, name), "utf8"))) return undefined;
    const files = before.flatMap((f) => [f.name, f.kind, String(f.mode), f.name.endsWith(".c") ? "" : f.content]);
    return new KeptObjects(rq, contentKey([FORMAT, path.relative(rq.folders.workDir, rq.root), ...rq.parts, ...files]));
  }

  /** Lay what there is where the stand-in looks for it. */
  async offer(): Promise<void> {
    const { folders } = this.rq;
    const before = await keptResult<[string, KeptObject][]>(KIND, this.key, folders.workDir);
    if (before === undefined || (await this.takesOther())) return;
    for (const [digest, object] of before.value) {
      this.kept.set(digest, object);
      const dir = path.join(folders.kept, digest);
      await mkdir(dir, { recursive: true });
      for (const part of PARTS) if (object[part] !== undefined) await writeFile(path.join(dir, part), object[part]);
    }
  }

  /** Keep what this build has made and taken, in place of what was kept before. */
  async keep(): Promise<void> {
    const { made, workDir } = this.rq.folders;
    if (!existsSync(made) || (await this.takesOther())) return;
    const objects: [string, KeptObject][] = [];
    let bytes = 0;
    for (const digest of (await readdir(made).catch(() => [])).sort()) {
      if (!/^[0-9a-f]{64}$/.test(digest)) continue;
      const object = this.kept.get(digest) ?? (await this.read(digest));
      if (object === undefined) continue;
      objects.push([digest, object]);
      bytes += PARTS.reduce((n, part) => n + (object[part]?.length ?? 0), 0);
      // A file of nothing but a hole takes no room on the disk, and much in here.
      if (bytes > LARGEST_RESULT) return;
    }
    log.debug(`${objects.length} objects are kept, ${objects.filter(([d]) => this.kept.has(d)).length} of them again`);
    if (objects.length > 0) await keepResult(KIND, this.key, workDir, objects);
  }

  /** The build may have written there what it likes. */
  private async read(digest: string): Promise<KeptObject | undefined> {
    // Seen from the folder that holds the one which the build may write in, so that this one is no link either.
    const made = path.join(path.basename(this.rq.folders.made), digest);
    const part = (name: string): Promise<Buffer | undefined> =>
      readUntrusted(path.dirname(this.rq.folders.made), path.join(made, name), LARGEST_OBJECT).catch(() => undefined);
    const [words, depends] = [await part("arguments"), await part("depends")];
    if (words === undefined || depends === undefined || !this.isFixed(words.toString(), depends.toString()))
      return undefined;
    const object: KeptObject = {};
    for (const name of PARTS) {
      const bytes = await part(name);
      if (bytes !== undefined) object[name] = bytes;
    }
    return object.object === undefined || object.facts === undefined ? undefined : object;
  }

  /** Whether a command and a list of what was read name only what cannot change but with the digest, or the key. */
  private isFixed(words: string, depends: string): boolean {
    const { root, fixed } = this.rq;
    const stays = (name: string): boolean =>
      path.isAbsolute(name)
        ? [root, ...fixed].some((d) => isWithin(path.normalize(name), d))
        : !path.normalize(name).startsWith("..");
    const folders = words.split("\n").flatMap((w, i, all) => {
      const [, joined] = /^-(?:I|iquote|idirafter|include|imacros)(.*)$/.exec(w) ?? [];
      const name = joined === "" ? (all[i + 1] ?? "") : joined;
      // What is included by a flag is a header too.
      return name === undefined ? [] : /^-i(?:nclude|macros)/.test(w) && !name.endsWith(".h") ? [".."] : [name];
    });
    // `object: source header \`, and the next line.
    const read = depends
      .replace(/^[^:]*:/, "")
      .replaceAll("\\\n", " ")
      .split(/\s+/)
      .filter((name) => name !== "");
    const own = words.split("\n").filter((w) => w.endsWith(".c"));
    return (
      folders.every((name) => name === "" || stays(name)) &&
      read.every((name) => stays(name) && (name.endsWith(".h") || own.includes(name)))
    );
  }

  private async takesOther(): Promise<boolean> {
    const { root } = this.rq;
    const names = (await filesOfUntrusted(root)).filter((f) => !isMadeByBuilds(f));
    for (const file of names) if (takesOther(await readFile(file, "latin1").catch(() => ".incbin"))) return true;
    return false;
  }
}
