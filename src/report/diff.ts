/** What changed from one port folder to another: `report.diff`. */
import { lstat, readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from "diff";
import type { Report } from "./schema.ts";

/** Bytes of one file above which only the fact that it changed is told. */
const FILE_LIMIT = 2_000_000;
/** Edits beyond which two versions of a file are no longer worth lining up. */
const MAX_EDITS = 5000;

/** Lining up takes time with the square of the edits: all files of a port together may take no more than one of the most edits. */
class Effort {
  #left = MAX_EDITS ** 2;

  get edits(): number {
    return Math.floor(Math.sqrt(this.#left));
  }

  take(edits: number): void {
    this.#left = Math.max(0, this.#left - edits ** 2);
  }
}

type FileDiff = NonNullable<Report["diff"]>["files"][number];
type Content =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "other"; readonly what: string; readonly bytes: Buffer | undefined };

/** What a build, git or a port pull request leaves in a port's folder. */
export const NOT_THE_PORT =
  /(?:^|\/)(?:\.git|target|\.tmp_[^/]*)\/|\.(?:o|ko|a|mod|mod\.c|cmd)$|(?:^|\/)(?:Module\.symvers|modules\.order|kport-generated\.json)$/;

/** Files of a port, relative, in the order of their names; links to folders are not entered. */
async function filesOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"))
    .filter((file) => !NOT_THE_PORT.test(file));
}

async function contentOf(file: string): Promise<Content> {
  const stat = await lstat(file);
  // A link is never followed: a pull request could point it at a file of the machine's.
  if (!stat.isFile()) return { kind: "other", what: "not a regular file", bytes: undefined };
  if (stat.size > FILE_LIMIT)
    return { kind: "other", what: `${stat.size} bytes, too large to compare line by line`, bytes: undefined };
  const bytes = await readFile(file);
  return bytes.includes(0) ? { kind: "other", what: "binary", bytes } : { kind: "text", text: bytes.toString("utf8") };
}

/** Whether the two are known to be the same; files too large to read are not. */
function same(base: Content, head: Content): boolean {
  if (base.kind === "text" && head.kind === "text") return base.text === head.text;
  return (
    base.kind === "other" &&
    head.kind === "other" &&
    base.bytes !== undefined &&
    head.bytes !== undefined &&
    base.bytes.equals(head.bytes)
  );
}

const ABSENT: Content = { kind: "text", text: "" };

function fileDiff(
  file: string,
  base: Content | undefined,
  head: Content | undefined,
  effort: Effort,
): FileDiff | undefined {
  const [before, after] = [base ?? ABSENT, head ?? ABSENT];
  if (base !== undefined && head !== undefined && same(before, after)) return undefined;
  if (before.kind === "other" || after.kind === "other") {
    const what = after.kind === "other" ? after.what : (before as { what: string }).what;
    return { file, added: 0, removed: 0, patch: `${file}: ${what}\n` };
  }
  const [oldName, newName] = [
    base === undefined ? "/dev/null" : `a/${file}`,
    head === undefined ? "/dev/null" : `b/${file}`,
  ];
  const patch = structuredPatch(oldName, newName, before.text, after.text, undefined, undefined, {
    context: 3,
    maxEditLength: effort.edits,
  });
  if (patch === undefined) {
    effort.take(effort.edits);
    return {
      file,
      added: lineCount(after.text),
      removed: lineCount(before.text),
      patch: `${file}: rewritten, too different to compare line by line\n`,
    };
  }
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  effort.take(count("+") + count("-"));
  return { file, added: count("+"), removed: count("-"), patch: formatPatch(patch, FILE_HEADERS_ONLY) };
}

function lineCount(text: string): number {
  return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

/**
 * Unified diffs of two port folders, in the order of the files' names; files only one of them has are shown whole.
 * A folder that does not exist counts as empty. `baseName` says to people what the base is.
 */
export async function diffPorts(
  baseDir: string,
  headDir: string,
  baseName: string,
): Promise<NonNullable<Report["diff"]>> {
  const [base, head] = await Promise.all([filesOf(baseDir), filesOf(headDir)]);
  const inBase = new Set(base);
  const inHead = new Set(head);
  const files: FileDiff[] = [];
  const effort = new Effort();
  for (const file of [...new Set([...base, ...head])].sort((a, b) => (a < b ? -1 : 1))) {
    const entry = fileDiff(
      file,
      inBase.has(file) ? await contentOf(path.join(baseDir, file)) : undefined,
      inHead.has(file) ? await contentOf(path.join(headDir, file)) : undefined,
      effort,
    );
    if (entry !== undefined) files.push(entry);
  }
  const sum = (key: "added" | "removed") => files.reduce((total, file) => total + file[key], 0);
  return { base: baseName, files, added: sum("added"), removed: sum("removed") };
}
