/** How far up from a module's folder its makefiles and includes reach, and how far they may. */
import { existsSync } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { lex } from "../../c/lexer.ts";
import { UserError } from "../../machine/errors.ts";
import { isWithin, LARGEST_TEXT, readUntrusted } from "../../machine/untrusted-folder.ts";

/** Files of a module's own; a whole kernel has more. */
export const MOST_FILES = 50_000;

const MAKEFILE = /^(?:Makefile|makefile|GNUmakefile|Kbuild)$|\.(?:mk|mak)$/;
const C = /\.[chS]$/;

/** Bytes of a makefile that a person wrote; none of a larger one's names is followed. */
const LARGEST_MAKEFILE = 1024 * 1024;
/** Characters of a path, as Linux takes it; what is longer names nothing, and putting it in order takes time by its square. */
const LONGEST_PATH = 4096;

/** Folders of a repository that no module is built from: `.git` may hold a token, and is megabytes. */
export function isNoSource(name: string): boolean {
  return name === ".git" || name === "node_modules";
}

/**
 * The folder that nothing which a module names may leave: the one that was named, else the git repository's that holds the module,
 * else the module's own.
 * @param dir the module's folder, absolute and without links
 * @throws UserError where the folder that was named does not hold the module's
 */
export async function boundOf(dir: string, named?: string): Promise<string> {
  if (named !== undefined) {
    const bound = await realpath(named).catch(() => undefined);
    if (bound === undefined || !isWithin(dir, bound))
      throw new UserError(`--root ${named}: is no folder that holds ${dir}`);
    return bound;
  }
  for (let at = dir; ; at = path.dirname(at)) {
    // A file in a worktree.
    if (existsSync(path.join(at, ".git"))) return at;
    if (at === path.dirname(at)) return dir;
  }
}

export interface Reach {
  /** The highest folder that a makefile or an include of the module names, within the bound. */
  origin: string;
  /** Names that lead out of the bound, each with the file it stands in. */
  beyond: string[];
}

/**
 * @param top the module's folder, absolute and without links
 * @throws UserError where there are too many files to be a module's
 */
export async function reachOf(top: string, bound: string): Promise<Reach> {
  let origin = top;
  const beyond: string[] = [];
  for (const { file, dir } of await writtenFiles(top, bound)) {
    const isC = C.test(file);
    const most = isC ? LARGEST_TEXT : LARGEST_MAKEFILE;
    const text = (await readUntrusted(bound, file, most).catch(() => Buffer.from(""))).toString("utf8");
    for (const name of isC ? namedInC(text) : namedInMakefile(text)) {
      const target = path.resolve(dir, name);
      if (!isWithin(top, target)) continue;
      if (!isWithin(target, bound)) beyond.push(`${path.relative(top, file)} names ${name}`);
      else if (isWithin(origin, target)) origin = target;
    }
  }
  return { origin, beyond };
}

/** The module's makefiles and C, also those that are links within the bound; with the folder that their names start from. */
async function writtenFiles(top: string, bound: string): Promise<{ file: string; dir: string }[]> {
  const found: { file: string; dir: string }[] = [];
  let entries = 0;
  const walk = async (dir: string): Promise<void> => {
    for (const entry of await readdir(dir, { withFileTypes: true })) {
      if (isNoSource(entry.name)) continue;
      if (++entries > MOST_FILES) throw tooMany(top);
      const file = path.join(dir, entry.name);
      if (entry.isDirectory()) await walk(file);
      else if (MAKEFILE.test(entry.name) || C.test(entry.name)) {
        const isLink = entry.isSymbolicLink();
        const real = isLink ? await realpath(file).catch(() => undefined) : file;
        if (real !== undefined && isWithin(real, bound) && (!isLink || (await stat(real)).isFile()))
          found.push({ file: real, dir });
      }
    }
  };
  await walk(top);
  return found;
}

export function tooMany(dir: string): UserError {
  return new UserError(
    `${dir} holds more than ${MOST_FILES} files: that is more than a module's sources; name the module's own folder, or how far up it may reach with --root`,
  );
}

/** The folders above that an include of C names. */
export function namedInC(text: string): string[] {
  return lex(text).flatMap((t) => {
    const name = t.kind === "directive" ? /^#\s*include\s+"([^"\n]+)"/.exec(t.text)?.[1] : undefined;
    const above =
      name === undefined || name.length > LONGEST_PATH
        ? undefined
        : /^(?:\.\.\/)*\.\.(?=\/|$)/.exec(path.posix.normalize(path.posix.dirname(name)))?.[0];
    return above === undefined ? [] : [above];
  });
}

/** The folders above that a makefile names, outside of its comments. */
export function namedInMakefile(text: string): string[] {
  return [...withoutComments(text).matchAll(/(?<![\w.$)])((?:\.\.\/)+|(?<=\/)(?:\.\.\/)+|\.\.(?=\s|$))/g)]
    .map((m) => (m[1] as string).replace(/\/$/, ""))
    .filter((name) => name.length <= LONGEST_PATH);
}

/**
 * A makefile's text without comments: from a `#` that no backslash escapes to the end of the line, which a backslash carries on (GNU make
 * manual, "What Makefiles Contain"); not within `$(…)`. In a recipe the shell decides: its comments begin a word.
 */
function withoutComments(text: string): string {
  let out = "";
  // Ends at a newline that no backslash escapes.
  for (const [line] of text.matchAll(/(?:\\[^]|[^\\\n])+\n?|\n|\\$/g))
    out += line.startsWith("\t") ? line.replaceAll(/(^|[\s;&|(])#[^\n]*/g, "$1") : cutComment(line);
  return out;
}

function cutComment(line: string): string {
  let depth = 0;
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (c === "\\") i++;
    else if (c === "$" && (line[i + 1] === "(" || line[i + 1] === "{")) {
      depth++;
      i++;
    } else if (depth > 0 && (c === ")" || c === "}")) depth--;
    else if (c === "#" && depth === 0) return `${line.slice(0, i)}\n`;
  }
  return line;
}
