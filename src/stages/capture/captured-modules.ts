/**
 * What a build left in the working copy: modules, the objects each is linked of, and the commands that made them. All of it was written
 * by the module's own makefile or by what it started, so every name is looked at before it is used.
 */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { CompileCommand } from "../../c/compile-command.ts";
import { requireOwnFlags } from "../../c/unit-flags.ts";
import { StageError } from "../../machine/errors.ts";
import { copyUntrusted, isWithin, readUntrusted } from "../../machine/untrusted-folder.ts";
import { log } from "../../machine/log.ts";
import { factsBeside } from "./compiler-stand-in.ts";
import { isModuleName, isPlainPath } from "./plain-names.ts";

export interface CapturedModule {
  name: string;
  /** The C module, built with clang: a copy of our own. */
  ko: string;
  /** The working copy: what the module takes along comes from nowhere else. */
  root: string;
  /** The folder of the working copy that it was built in. */
  builtIn: string;
  /** In link order: what becomes Rust, and what stays an object of its own. */
  objects: (
    | {
        kind: "c";
        command: CompileCommand /** What clang knows of the unit (src/facts), in a copy of our own; absent where it was not written. */;
        facts?: string;
      }
    | { kind: "asm"; file: string; object: string; flags: string[] }
    | { kind: "prebuilt"; object: string }
  )[];
}

/** A module, and the list of its objects that kbuild leaves beside it, from where some makefiles move it away. */
export interface BuiltModule {
  ko: string;
  list: string;
}

/** What the names in a build's files may lead to. */
export interface Places {
  /** The working copy. */
  root: string;
  /** Folders of the kernel's and ours that a command may name besides. */
  known: readonly string[];
  /** Of ours, for what is copied out; must not be there. */
  out: string;
}

/** Bytes and objects of the list that kbuild leaves of a module; the kernel's largest names some hundreds. */
const [LONGEST_LIST, MOST_OBJECTS] = [1024 * 1024, 10_000];
/** Characters of a path, as Linux takes it. */
const LONGEST_PATH = 4096;

const line = z
  .string()
  .max(LONGEST_PATH)
  .regex(/^[^\0\n\r]*$/, "a path holds no line ends");
/** bear's compilation database (https://clang.llvm.org/docs/JSONCompilationDatabase.html). */
const database = z
  .array(
    z.object({
      file: line,
      directory: line.refine((d) => path.isAbsolute(d), "must be absolute"),
      arguments: z
        .array(z.string().max(128 * 1024))
        .min(1)
        .max(20_000),
      output: line.optional(),
    }),
  )
  .max(50_000);

/** Every module among the files that a build left. */
export function modulesAmong(files: readonly string[]): BuiltModule[] {
  const lists = files.filter((f) => f.endsWith(".mod"));
  const known = new Set(lists);
  const byName = Map.groupBy(lists, (l) => path.basename(l));
  return files.flatMap((ko) => {
    if (!ko.endsWith(".ko")) return [];
    const beside = ko.replace(/\.ko$/, ".mod");
    const found = known.has(beside) ? [beside] : (byName.get(path.basename(beside)) ?? []);
    return found.length === 1 ? [{ ko, list: found[0] as string }] : [];
  });
}

/**
 * @param databaseIn the folder that holds bear's compile_commands.json
 * @throws StageError where a name, a path or a flag is none that may be used
 */
export async function describeModules(
  modules: readonly BuiltModule[],
  databaseIn: string,
  places: Places,
): Promise<CapturedModule[]> {
  await mkdir(places.out);
  const commands = await readDatabase(databaseIn, places);
  const out: CapturedModule[] = [];
  for (const { ko, list } of modules) {
    const name = path.basename(ko, ".ko");
    if (!isModuleName(name))
      throw new StageError(
        "names",
        `${JSON.stringify(path.relative(places.root, ko))} was built: a module's name holds letters, digits, _ and - only, and at most 55 of them`,
      );
    const other = out.find((m) => m.name === name);
    // A makefile that puts its module into a second place: the list lies beside the first.
    if (other !== undefined && modules.some((m) => m.ko !== ko && m.list === list)) continue;
    if (other !== undefined)
      throw new StageError(
        "names",
        `two modules are named ${name}: ${[path.join(other.builtIn, `${name}.ko`), ko].map((f) => path.relative(places.root, f)).join(", ")}; name the folder of one`,
      );
    const listed = (await readUntrusted(places.root, list, LONGEST_LIST))
      .toString("utf8")
      .split(/\s+/)
      .filter((w) => w.endsWith(".o"));
    const long = listed.find((w) => w.length > LONGEST_PATH);
    if (listed.length > MOST_OBJECTS || long !== undefined)
      throw new StageError(
        "names",
        `the list of what ${path.basename(ko)} is linked of names ${long === undefined ? `${listed.length} objects, and it may name ${MOST_OBJECTS}` : `one by ${long.length} characters, and a path has ${LONGEST_PATH} at most`}`,
      );
    const objects = listed.map((w) => objectOf(w, ko, commands, places));
    if (!objects.some((o) => o.kind === "c"))
      throw new StageError(
        "capture",
        `${path.basename(ko)} was built, but no compile command of its C units was seen: were they compiled by another compiler than CC?`,
      );
    const own = path.join(places.out, `${name}.ko`);
    await copyUntrusted(places.root, ko, own);
    for (const [i, o] of objects.entries())
      if (o.kind === "c") Object.assign(o, await factsOf(o.command, places, `${name}-${i}`));
    out.push({ name, ko: own, root: places.root, builtIn: path.dirname(ko), objects });
  }
  return out;
}

async function readDatabase(folder: string, { root }: Places): Promise<Map<string, CompileCommand>> {
  const text = (await readUntrusted(folder, "compile_commands.json")).toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StageError(
      "capture",
      "the compile commands that bear wrote are no JSON: did the module's makefile write into them?",
    );
  }
  const parsed = database.safeParse(value);
  if (!parsed.success)
    throw new StageError(
      "capture",
      `the compile commands that bear wrote will not do (${parsed.error.issues
        .slice(0, 2)
        .map((i) => `${i.path.join(".").slice(0, 100)}: ${i.message.slice(0, 200)}`)
        .join("; ")}): did the module's makefile write into them?`,
    );
  const commands = new Map<string, CompileCommand>();
  for (const e of parsed.data) {
    if (e.output === undefined) continue;
    const output = path.resolve(e.directory, e.output);
    // What a makefile compiles elsewhere, to try something out, is no part of a module.
    if (isWithin(output, root))
      commands.set(output, {
        file: path.resolve(e.directory, e.file),
        directory: e.directory,
        arguments: e.arguments,
        output,
      });
  }
  return commands;
}

async function factsOf(command: CompileCommand, { root, out }: Places, name: string): Promise<{ facts?: string }> {
  const facts = path.join(out, `${name}.facts`);
  if (existsSync(factsBeside(command.output))) {
    await copyUntrusted(root, factsBeside(command.output), facts);
    return { facts };
  }
  log.debug(`no facts of ${command.file}: clang ran without the plugin, or the plugin failed`);
  return {};
}

/** kbuild up to 6.0 writes the objects on one line; paths are relative to the folder kbuild ran in. */
function objectOf(
  word: string,
  ko: string,
  commands: ReadonlyMap<string, CompileCommand>,
  places: Places,
): CapturedModule["objects"][number] {
  const candidates = [
    path.resolve(path.dirname(ko), word),
    path.resolve(path.dirname(ko), path.basename(word)),
    ...[...commands.keys()].filter((k) => k.endsWith(`/${path.normalize(word)}`)),
  ];
  const object = candidates.find((c) => commands.has(c)) ?? (candidates[0] as string);
  requirePlain(object, places.root, "an object");
  const command = commands.get(object);
  if (command === undefined) return { kind: "prebuilt", object };
  const kind = command.file.endsWith(".c") ? "c" : command.file.endsWith(".S") ? "asm" : undefined;
  if (kind === undefined) return { kind: "prebuilt", object };
  requirePlain(command.file, places.root, "a unit");
  if (![places.root, ...places.known].some((d) => isWithin(path.normalize(command.directory), d)))
    throw new StageError(
      "names",
      `${path.relative(places.root, command.file)} was compiled in ${JSON.stringify(command.directory)}, which is no folder of the module's nor of the kernel's`,
    );
  requireOwnFlags(command, [places.root, ...places.known, "/usr"]);
  return kind === "c" ? { kind, command } : { kind, file: command.file, object, flags: command.arguments };
}

/** @throws StageError for a path that leads out of the copy, or that make, kbuild or a shell would take for something else */
function requirePlain(file: string, root: string, what: string): void {
  const relative = path.relative(root, file);
  if (!isWithin(file, root))
    throw new StageError("names", `the module's build names ${what} outside of its folders: ${JSON.stringify(file)}`);
  if (!isPlainPath(relative))
    throw new StageError(
      "names",
      `the name of ${what}, ${JSON.stringify(relative)}, will not do: kbuild builds names of letters, digits and _ . + @ - only`,
    );
}
