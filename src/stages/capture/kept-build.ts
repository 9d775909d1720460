/**
 * A C build that was done before. All that a module's makefile can read is in the key: the whole working copy, and everything that its
 * sandbox shows. What the build left in the copy is put back into one, and then looked at as if it had just been left there.
 */
import { chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { contentKey } from "../../machine/cache.ts";
import { keepResult, keptResult, LARGEST_RESULT } from "../../machine/result-store.ts";
import { contentsOf, NoPlainFolder, type SeenFile } from "../../machine/seen-files.ts";

/** What a build did, as far as anybody asks later. */
export interface KeptBuild {
  /** bear's compile commands. */
  database: Uint8Array;
  /** What was printed. */
  said: string;
  changes: Change[];
}

/** What is in a folder, or is there no longer. */
type Change = { /** Within the copy. */ name: string } & (
  | { kind: "file"; bytes: Uint8Array; mode: number }
  | { kind: "link"; leads: string }
  | { kind: "folder" }
  | { kind: "gone" }
);

const FORMAT = "built 1";

export class BuildKeeper {
  private readonly key: string;
  private readonly root: string;
  private readonly workDir: string;
  private readonly before: ReadonlyMap<string, SeenFile>;
  private constructor(key: string, root: string, workDir: string, before: ReadonlyMap<string, SeenFile>) {
    this.key = key;
    this.root = root;
    this.workDir = workDir;
    this.before = before;
  }

  /**
   * @param root the working copy, before anything was built in it
   * @param workDir the folder of this run above it, which what is built names itself by
   * @param parts what determines the build besides
   */
  static async of(root: string, workDir: string, parts: readonly string[]): Promise<BuildKeeper> {
    const before = await contentsOf(root);
    const key = contentKey([
      FORMAT,
      path.relative(workDir, root),
      ...parts,
      ...before.flatMap((f) => [f.name, f.kind, f.content, String(f.mode)]),
    ]);
    return new BuildKeeper(key, root, workDir, new Map(before.map((f) => [f.name, f])));
  }

  /** What an earlier build left, put into the copy; undefined where there was none. */
  async putBack(): Promise<{ build: KeptBuild; id: string; at: Date } | undefined> {
    const kept = await keptResult<KeptBuild>("built", this.key, this.workDir);
    if (kept === undefined) return undefined;
    for (const change of kept.value.changes) await this.change(change);
    return { build: kept.value, id: kept.id, at: kept.at };
  }

  /** Keep what the build left. @returns the result's id; undefined where it is too large, or holds what is no file */
  async keep(database: string, said: string): Promise<string | undefined> {
    const after = await contentsOf(this.root, LARGEST_RESULT / 2).catch((error: unknown) => {
      if (!(error instanceof NoPlainFolder)) throw error;
    });
    if (after === undefined) return undefined;
    const there = new Set(after.map((f) => f.name));
    const gone = [...this.before.keys()]
      .filter((name) => !there.has(name))
      .map((name) => ({ name, kind: "gone" }) as const);
    const changed = await Promise.all(after.filter((f) => !same(f, this.before.get(f.name))).map((f) => this.read(f)));
    const build: KeptBuild = { database: await readFile(database), said, changes: [...gone, ...changed] };
    return keepResult("built", this.key, this.workDir, build);
  }

  private async read({ name, kind, content, mode }: SeenFile): Promise<Change> {
    if (kind === "folder") return { name, kind };
    if (kind === "link") return { name, kind, leads: content };
    return { name, kind, bytes: await readFile(path.join(this.root, name)), mode };
  }

  private async change(change: Change): Promise<void> {
    const to = path.join(this.root, change.name);
    if (change.kind === "folder" && this.before.get(change.name)?.kind === "folder") return;
    await rm(to, { recursive: true, force: true });
    if (change.kind === "folder") await mkdir(to);
    else if (change.kind === "link") await symlink(change.leads, to);
    else if (change.kind === "file") {
      await writeFile(to, change.bytes);
      await chmod(to, change.mode);
    }
  }
}

function same(a: SeenFile, b: SeenFile | undefined): boolean {
  return b !== undefined && a.kind === b.kind && a.content === b.content && a.mode === b.mode;
}
