/** Each defence against a hostile module, the edit that takes it out of the sources, and the tests that must then fail. */

export interface Defence {
  /** What it does. */
  name: string;
  /** The source file, a text that stands in it once, and what stands there instead. */
  file: string;
  from: string;
  to: string;
  /** A test file, and the tests of it that hold the defence, by parts of their names, or whole ones. */
  test: string;
  fails: readonly string[];
}

/** Tests of one file that hold several defences. */
function heldBy(
  test: string,
  file: string,
  defences: readonly (readonly [name: string, from: string, to: string, ...fails: string[]])[],
): Defence[] {
  return defences.map(([name, from, to, ...fails]) => ({ name, file, from, to, test, fails }));
}

const SANDBOX = "test/machine/sandbox.test.ts";
const CGROUP = "test/machine/sandbox-cgroup.test.ts";
const OBJECTS = "test/stages/kept-objects.test.ts";
const WATCH = "test/machine/sandbox-watch.test.ts";
const MAKEFILE = "test/hostile/walls-makefile.test.ts";
const TOOLS = "test/hostile/walls-tools.test.ts";
const GIT = "test/hostile/entry-git.test.ts";
const SETTINGS = "test/hostile/entry-settings.test.ts";
const CHANNEL = "test/hostile/entry-channel.test.ts";
const CAPTURE = "test/hostile/entry-capture.test.ts";
const DOOR = "test/hostile/entry-door.test.ts";
const COPY = "test/hostile/entry-copy.test.ts";
const RESULTS = "test/hostile/entry-results.test.ts";
const ACTIONS = "test/hostile/entry-actions.test.ts";
const REPORT = "test/hostile/entry-report.test.ts";
const TEXT = "test/hostile/entry-text.test.ts";
const OBJECT = "test/hostile/entry-object.test.ts";
const RUST = "test/hostile/entry-rust.test.ts";
const UNSEEN = "test/hostile/entry-unseen.test.ts";
const PROOF = "test/hostile/entry-proof.test.ts";
const FACTS = "test/hostile/entry-facts.test.ts";

/** bubblewrap's words. Where an attack would harm the machine without them, a test that only looks stands for it. */
const WALLS: readonly Defence[] = [
  ...heldBy(SANDBOX, "src/machine/sandbox.ts", [
    ["no capability", '"--cap-drop", "ALL", ', "", "has no capability"],
    ["no further user namespace", '"--disable-userns", ', "", "has no capability"],
    [
      "a read-only /proc",
      'const readOnly = ["/proc", "/dev", "/"];',
      'const readOnly = ["/dev", "/"];',
      "may write nothing but what is named",
    ],
    [
      "a read-only root and /dev",
      'const readOnly = ["/proc", "/dev", "/"];',
      'const readOnly = ["/proc"];',
      "may write nothing but what is named",
    ],
    [
      "a read-only /usr",
      'args.push("--ro-bind", path.join(system, "usr"), "/usr");',
      'args.push("--bind", path.join(system, "usr"), "/usr");',
      "may write nothing but what is named",
    ],
    ["a network of its own", '"--unshare-all", ', '"--unshare-all", "--share-net", ', "has a network of its own"],
    ["the filter of system calls", ', "--seccomp", String(options.filter)]', "]", "reaches neither keyrings"],
    [
      "what is hidden of the readable",
      "if (kind?.isDirectory()) {",
      "if (kind?.isSocket()) {",
      "does not see what is hidden",
    ],
    ["no core dumps", "`-c 0`, ", "`-c 1`, ", "is limited in each of its processes"],
    ["bounds of each process", "`-f ${Math.floor(bounds.file / 512)}`, ", "", "is limited in each of its processes"],
    [
      "the bound of /tmp",
      '"--size", String(bounds.temporary), ',
      '"--size", String(256 * 1024 * 1024), ',
      "is limited in each of its processes",
    ],
    [
      "the end of what leaves its session",
      '"--die-with-parent", "--new-session", "--unshare-all", "--unshare-user"',
      '"--new-session", "--unshare-user", "--unshare-net", "--unshare-ipc", "--unshare-uts"',
      "what a program leaves running ends with it",
    ],
  ]),
  ...heldBy(SANDBOX, "src/machine/process.ts", [
    [
      "an environment of named variables",
      '{ ...pick(INHERITED_IN_SANDBOX), HOME: "/tmp", LC_ALL: "C.UTF-8", ...options.env };\n  const stdin',
      "{ ...process.env, ...options.env } as Record<string, string>;\n  const stdin",
      "has an environment of named variables",
    ],
    [
      "what is shut in gives way",
      'const GIVES_WAY = ["-n", "10"];',
      'const GIVES_WAY = ["-n", "0"];',
      "comes after kport",
    ],
    [
      "the bound of output",
      "const most = options.output ?? OUTPUT;",
      "const most = OUTPUT;",
      "ends a program that prints without end",
    ],
    [
      "an end, though something holds the output",
      "for (const stream of [child.stdout, child.stderr]) stream?.destroy();",
      "",
      "ends at its time what leaves its session",
    ],
  ]),
  ...heldBy(OBJECTS, "src/stages/capture/kept-objects.ts", [
    ["an action keeps no objects of units", "if (!areKept) return undefined;", "", "in an action: neither is one kept"],
  ]),
  ...heldBy(OBJECTS, "src/stages/capture/takes-other.ts", [
    ["assembler of its own may name any file", "ASSEMBLER.test(joined) ||", "", "assembly that spells it otherwise"],
    [
      "assembler that the kernel's macros make is one",
      "handsOnDirectives(joined)",
      "false",
      "assembler that a kernel's macro makes of a text",
    ],
    ["a directive behind a comment is one", "\\/\\*|(?:embed", "(?:embed", "another unit, by one behind a comment"],
  ]),
  ...heldBy(OBJECTS, "src/stages/capture/plain-makefiles.ts", [
    [
      "a mark within a reference begins no comment",
      '.replaceAll(CLOSED, "")) ? line : before;',
      '.replaceAll(CLOSED, "")) ? before : before;',
      "a plain makefile runs kbuild",
    ],
    ["what a makefile gives is no command", ": areWords(value);", ": true;", "a plain makefile runs kbuild"],
    [
      "what a recipe gives is no program",
      "RECIPE_WORD.test(word) || ONE.test(word) :",
      "true :",
      "a plain makefile runs kbuild",
    ],
    [
      "what a recipe is made of is one word",
      "inRecipes.has(name) ? ONE.test(value)",
      "inRecipes.has(name) ? areWords(value)",
      "a plain makefile runs kbuild",
    ],
    [
      "what is handed on by name tells no program what to start",
      '|| (bare.startsWith("export") && !HANDED_ON.test(name))',
      "",
      "a plain makefile runs kbuild",
    ],
  ]),
  ...heldBy(CGROUP, "src/machine/sandbox-cgroup.ts", [
    [
      "the cgroup's bound of processes",
      '{ controller: "pids", file: "pids.max", value: String(bounds.processes) },',
      "",
      "holds a fork bomb at its bound, at once",
    ],
    [
      "the cgroup's bound of memory",
      "if (controllers.includes(controller) && (!whereItIs",
      'if (controllers.includes(controller) && controller === "pids" && (!whereItIs',
      "holds memory that several processes take",
    ],
    [
      "what killed runs left is removed",
      "for (const { dir } of places) removeLeftovers(dir);",
      "",
      "is removed by a later run",
    ],
    [
      "a cgroup is removed",
      "remove: () => made.forEach(({ dir }) => remove(dir, REMOVALS))",
      "remove: () => undefined",
      "is gone behind it",
    ],
    [
      "no cgroup is left that bounds more",
      'bounded("pids.max", BOUNDS.processes) || bounded("memory.max", BOUNDS.memory)',
      "false",
      "leaves none that bounds more",
    ],
  ]),
  ...heldBy(CGROUP, "src/machine/held-sandbox.ts", [
    [
      "what the cgroup held is named at the end",
      "const hit = this.cgroup?.hit();",
      "const hit = undefined;",
      "holds a fork bomb at its bound, at once",
    ],
  ]),
  ...heldBy(CGROUP, "src/machine/process.ts", [
    [
      "what is talked to has a cgroup",
      "command, ...args];\n  const [file = command, ...argv] = held?.entering(words) ?? words;\n  const child = spawn(",
      "command, ...args];\n  const [file = command, ...argv] = words;\n  const child = spawn(",
      "holds a program that is talked to as well",
    ],
  ]),
  ...heldBy(CGROUP, "src/machine/sandbox-watch.ts", [
    [
      "what the cgroup held ends the rest",
      "if (hit !== undefined) return tell(hit);",
      "",
      "ends what goes on when the bound was hit",
    ],
  ]),
  ...heldBy(WATCH, "src/machine/sandbox-watch.ts", [
    ["the watch of memory", "used.memory > bounds.memory", "false", "ends what takes too much memory"],
    ["the watch of processes", "used.processes >= bounds.processes", "false", "ends what has too many processes"],
  ]),
  ...heldBy(SANDBOX, "src/machine/sandbox-watch.ts", [
    ["the watch of the disk", "if (used.bytes > bounds.disk) tell", "if (false) tell", "is named: disk"],
    ["the watch of files", "if (used.entries > bounds.entries) tell", "if (false) tell", "is named: files"],
  ]),
  ...heldBy(MAKEFILE, "src/machine/sandbox.ts", [
    [
      "no home folder",
      'args.push("--ro-bind", path.join(system, "usr"), "/usr");',
      'args.push("--ro-bind", path.join(system, "usr"), "/usr", "--ro-bind", process.env["HOME"] as string, process.env["HOME"] as string);',
      "reads the home folder",
    ],
    [
      "no way to a file by its number",
      'for (const d of writable) args.push("--bind", d, d);',
      'args.push("--ro-bind", process.env["HOME"] as string, "/mnt");\n  for (const d of writable) args.push("--bind", d, d);',
      "finds another way to a file by its number",
    ],
    ["no further user namespace", '"--disable-userns", ', "", "takes capabilities in a namespace"],
    ["a network of its own", '"--unshare-all", ', '"--unshare-all", "--share-net", ', "calls home"],
    [
      "the bound of /tmp",
      '"--size", String(bounds.temporary), ',
      '"--size", String(256 * 1024 * 1024), ',
      "by /tmp and /dev/shm",
    ],
    ["the bound of a file", "`-f ${Math.floor(bounds.file / 512)}`, ", "", "makes a sparse file"],
    [
      "a read-only home",
      'for (const d of writable) args.push("--bind", d, d);',
      'for (const d of [...writable, process.env["HOME"] as string]) args.push("--bind", d, d);',
      "writes to system, home, cache and tools",
    ],
  ]),
  ...heldBy(MAKEFILE, "src/machine/process.ts", [
    [
      "an environment of named variables",
      '{ ...pick(INHERITED_IN_SANDBOX), HOME: "/tmp", LC_ALL: "C.UTF-8", ...options.env };\n  const stdin',
      "{ ...process.env, ...options.env } as Record<string, string>;\n  const stdin",
      "reads its environment and that of all it sees",
    ],
    [
      "the bound of time",
      'setTimeout(() => exceeded(nameBound("time", d.milliseconds, "ms")), Math.max(0, d.at - performance.now()))',
      "setTimeout(() => undefined, 0)",
      "runs without end",
      "leaves a process that holds the output",
    ],
    [
      "a bound of output below a string's",
      "const most = options.output ?? OUTPUT;",
      "const most = 2 * OUTPUT;",
      "prints without end",
    ],
  ]),
  ...heldBy(MAKEFILE, "src/machine/sandbox-watch.ts", [
    [
      "the watch of the disk at its bound",
      'if (used.bytes > bounds.disk) tell(nameBound("disk", bounds.disk, "bytes"))',
      'if (used.bytes > 2 * bounds.disk) tell(nameBound("disk", 2 * bounds.disk, "bytes"))',
      "fills the disk",
    ],
    [
      "the watch of files at its bound",
      'if (used.entries > bounds.entries) tell(nameBound("files", bounds.entries, "count"))',
      'if (used.entries > bounds.entries) tell(nameBound("files", 2 * bounds.entries, "count"))',
      "uses up the disk's files",
    ],
    [
      "the watch of nested folders at its bound",
      'tell(nameBound("nested folders", bounds.depth, "count"))',
      'tell(nameBound("nested folders", 2 * bounds.depth, "count"))',
      "nests folders without end",
    ],
  ]),
  ...heldBy(TOOLS, "src/stages/inspect/elf.ts", [
    [
      "readers of objects are shut in",
      "{ sandbox: { writable: [scratch.dir], readable: [file, ...programs] } }",
      "{}",
      "that reads objects",
    ],
    [
      "what a reader wrote comes through the door",
      "readUntrusted(scratch.dir, plain, LARGEST_OBJECT)",
      '(await import("node:fs/promises")).readFile(plain)',
      "that writes a link in place of the object",
    ],
  ]),
  ...heldBy(TOOLS, "src/stages/transpile/index.ts", [
    [
      "c2rust is shut in",
      ", timeout: MOST_SECONDS * 1000, sandbox }",
      ", timeout: MOST_SECONDS * 1000 }",
      "that translates",
    ],
  ]),
  ...heldBy(TOOLS, "src/stages/print/format.ts", [
    ["rustfmt is shut in", ", timeout: TIME, sandbox }", ", timeout: TIME }", "that formats"],
  ]),
  ...heldBy(TOOLS, "src/machine/process.ts", [
    [
      "QEMU is shut in",
      "const shutIn = await isShutIn(sandbox);\n  log.debug(`start:",
      "const shutIn = sandbox === undefined;\n  log.debug(`start:",
      "that emulates the machine",
    ],
  ]),
  ...heldBy("test/machine/deadline.test.ts", "src/machine/process.ts", [
    [
      "one time for all",
      "const common = sandbox === undefined ? undefined : sharedDeadline();",
      "const common = undefined as ReturnType<typeof sharedDeadline>;",
      "ends the one that runs",
      "holds in work that waits",
    ],
    [
      "one time for QEMU too",
      "  requireTime();\n  const shutIn",
      "  const shutIn",
      "is not for this machine's own programs",
    ],
  ]),
  ...heldBy("test/machine/own-time.test.ts", "src/machine/own-time.ts", [
    [
      "an end of kport's own work at one go",
      'process.kill(process.pid, "SIGKILL");',
      "",
      "is ended: a loop at once",
      "is ended: a regular expression",
    ],
  ]),
  ...heldBy(GIT, "src/machine/git.ts", [
    ["a folder is no repository to git", '"safe.bareRepository=explicit", ', "", "starts nothing"],
  ]),
  ...heldBy(SETTINGS, "src/machine/process.ts", [
    [
      "no program is started in a checkout",
      "cwd: options.cwd ?? ELSEWHERE,\n    env: shutIn",
      "cwd: options.cwd,\n    env: shutIn",
      "that is asked for its version",
      "no program is started there",
    ],
  ]),
  ...heldBy("test/stages/bear.test.ts", "src/stages/capture/bear.ts", [
    [
      "bear's line is no proof",
      "if (tries === TRIES && (await works(bear, compiler, wrappers, options))) return result;",
      "",
      "a makefile that prints bear's line",
    ],
  ]),
  ...heldBy("test/machine/sandbox-policy.test.ts", "src/actions/check.ts", [
    [
      "a fork's pull request needs the sandbox",
      'context.pull?.fork === true ? "required" : inputs.sandbox',
      "inputs.sandbox",
      "is the strict one for a pull request from a fork",
    ],
  ]),
  ...heldBy("test/machine/sandbox-policy.test.ts", "src/machine/sandbox-policy.ts", [
    [
      "no sandbox, no run",
      'if (mode === "required" || root) throw',
      "if (root) throw",
      "requires the sandbox",
      "builds nothing, ends with 3",
    ],
  ]),
];

/** The door between a stranger's folder and this machine, and what comes through it. */
const ENTRIES: readonly Defence[] = [
  ...heldBy(DOOR, "src/machine/untrusted-folder.ts", [
    [
      "a name stays in its folder",
      "if (!isWithin(real, root)) throw refused(folder, file, LEADS_OUT);",
      "",
      "a link to a file of the user's",
      "a relative link out",
      "a file below a link to a folder",
      "a link to a link out",
      "a name that leads up",
      "a device",
    ],
    [
      "a folder's name is whole",
      "file.startsWith(folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`)",
      "file.startsWith(folder)",
      "a neighbour whose name begins the same",
      "a source that a stranger's facts name",
    ],
    [
      "what is not there is no file",
      'if (real === undefined) throw refused(folder, file, "is not there");',
      "",
      "a link to itself",
      "a link to nowhere",
    ],
    [
      "regular files only",
      'if (!facts.isFile()) throw refused(folder, file, "is no regular file");',
      "",
      "a folder is neither read nor copied",
      "a pipe that nobody writes to is neither",
      "a source is a regular file",
    ],
    ["files have an end", "if (facts.size > most) throw refused", "if (false) throw refused", "a file without end"],
    [
      "what is copied is new",
      "constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW",
      "constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC",
      "nothing is written over what is there",
    ],
    [
      "of a mode only the right to execute comes along",
      "executable ? 0o755 : 0o644",
      "0o4755",
      "a plain file, one behind a link within",
    ],
    [
      "a link that leads out is named",
      "if (real !== undefined && !inside.some((d) => isWithin(real, d))) throw",
      "if (false) throw",
      "links are not followed in listing",
    ],
    [
      "folders within folders have an end",
      "if (depth > DEEPEST) throw",
      "if (false) throw",
      "folders within folders without end",
    ],
    [
      "facts name what may be read",
      "if (!folders.some((d) => isWithin(real, realpathSync(d)))) return undefined;",
      "",
      "a source that a stranger's facts name",
    ],
  ]),
  ...heldBy(DOOR, "src/stages/capture/captured-modules.ts", [
    ["the database has its form", "if (!parsed.success) throw", "if (false) throw", "another shape"],
    [
      "the database is JSON",
      'throw new StageError("capture", "the compile commands that bear wrote are no JSON',
      'throw new Error("the compile commands that bear wrote are no JSON',
      "is refused: no JSON",
    ],
    ["a folder is absolute", '.refine((d) => path.isAbsolute(d), "must be absolute")', "", "a folder that is relative"],
    ["a path is one line", '.regex(/^[^\\0\\n\\r]*$/, "a path holds no line ends")', "", "a line end in a name"],
    [
      "units and objects lie in the copy",
      "if (!isWithin(file, root)) throw",
      "if (false) throw",
      "a unit outside",
      "a unit by ../",
      "an object outside, in the list",
    ],
    [
      "names are plain",
      "if (!isPlainPath(relative)) throw",
      "if (false) throw",
      "a unit with a blank",
      "a unit with a command",
    ],
    [
      "units are compiled in known folders",
      "if (![places.root, ...places.known].some((d) => isWithin(path.normalize(command.directory), d))) throw",
      "if (false) throw",
      "a folder that is nobody's",
      "a folder by ..",
    ],
    [
      "flags load and write nothing",
      'requireOwnFlags(command, [places.root, ...places.known, "/usr"]);',
      "void requireOwnFlags;",
      "a flag that loads",
    ],
  ]),
  ...heldBy(DOOR, "src/stages/capture/siblings.ts", [
    [
      "symbols are modpost's",
      "if (m === null) throw",
      "if (m === null) continue;\n      if (m === null) throw",
      "a second line of another kind",
      "a name with a command",
      "a symbol of half a line",
      "a kind that is none",
    ],
  ]),
  ...heldBy(CAPTURE, "src/stages/capture/index.ts", [
    [
      "no link leads out of the copy",
      "await requireNoLinkOut(copy.root, kernelFolders);",
      "void requireNoLinkOut;",
      "another file is a link to the user's folder",
    ],
  ]),
  ...heldBy(CAPTURE, "src/stages/capture/captured-modules.ts", [
    [
      "a module's name is one",
      "if (!isModuleName(name)) throw",
      "if (false) throw",
      "the module's name runs a shell",
      "the module's name is an option",
    ],
    [
      "a module's name is one of a kind",
      "if (other !== undefined) throw",
      "if (false) throw",
      "two modules have one name",
    ],
    [
      "objects lie in the copy",
      "if (!isWithin(file, root)) throw",
      "if (false) throw",
      "the list names an object of the user's",
      "the list names an object by ../",
    ],
    [
      "names are plain",
      "if (!isPlainPath(relative)) throw",
      "if (false) throw",
      "an object's name is of a shell",
      "an object's name is an option",
    ],
    [
      "flags load and write nothing",
      'requireOwnFlags(command, [places.root, ...places.known, "/usr"]);',
      "void requireOwnFlags;",
      "a plugin in the flags",
      "flags out of a file",
      "where the compiler's programs are",
      "a list of what was done",
      "an option of the code generator's that writes",
      "a plugin of the second kind",
    ],
  ]),
  ...heldBy(CAPTURE, "src/machine/untrusted-folder.ts", [
    [
      "files have an end",
      "if (facts.size > most) throw refused",
      "if (false) throw refused",
      "the list is without end",
      "the module is without end",
    ],
  ]),
  ...heldBy(ACTIONS, "src/matrix/file.ts", [
    [
      "kport.yml has an end",
      "await readRegular(file, LARGEST)",
      'await import("node:fs/promises").then((fs) => fs.readFile(file))',
      "kport.yml is a file with an end",
    ],
  ]),
  ...heldBy(CAPTURE, "src/stages/capture/captured-modules.ts", [
    ["a list of objects has an end", "listed.length > MOST_OBJECTS || ", "", "the list names objects without end"],
    [
      "a listed path has an end",
      "listed.find((w) => w.length > LONGEST_PATH)",
      "listed.find(() => false)",
      "the list names an object that no path has room for",
    ],
  ]),
  ...heldBy(TEXT, "src/stages/capture/reach.ts", [
    [
      "an included path has an end",
      "name === undefined || name.length > LONGEST_PATH",
      "name === undefined",
      "a name that no path has room for is none",
    ],
    [
      "a makefile's path has an end",
      ".filter((name) => name.length <= LONGEST_PATH)",
      "",
      "a name that no path has room for is none",
    ],
  ]),
  ...heldBy(COPY, "src/stages/capture/reach.ts", [
    [
      "a makefile has an end",
      "isC ? LARGEST_TEXT : LARGEST_MAKEFILE",
      "LARGEST_TEXT",
      "a makefile that no person wrote is not followed",
    ],
    ["comments bring nothing", "withoutComments(text).matchAll", "text.matchAll", 'makefile: "# ../../"'],
    [
      "nothing beyond the bound",
      "if (!isWithin(target, bound)) beyond.push(`${path.relative(top, file)} names ${name}`);\n      else if",
      "if",
      "a makefile that reaches beyond the repository",
      "an include that reaches beyond it",
    ],
    [
      ".git stays",
      'return name === ".git" || name === "node_modules";',
      'return name === "node_modules";',
      "names within the repository are followed",
      "leads into .git is left out",
      "leads to .git is left out",
    ],
    [
      "a bound holds the module",
      "if (bound === undefined || !isWithin(dir, bound)) throw",
      "if (bound === undefined) return dir;\n    if (false) throw",
      "without a repository the bound is the module's folder",
    ],
  ]),
  ...heldBy(COPY, "src/stages/capture/working-copy.ts", [
    [
      "no link beyond the bound",
      "if (!isWithin(real, this.bound)) return leave",
      "if (false) return leave",
      "leads out of the repository is left out",
      "leads to a folder out of it is left out",
      "leads to an absolute file is left out",
    ],
    [
      "no folder that holds itself",
      "if (mounts.some((m) => isWithin(m.from, real))) return leave",
      "if (false) return leave",
      "leads to a folder that holds it is left out",
    ],
    ["a copy has an end", "if (++this.files > MOST_FILES) throw", "if (false) throw", "a folder of too many files"],
  ]),
  ...heldBy(RESULTS, "src/machine/results-folder.ts", [
    [
      "results are not written through links",
      "if ((await lstat(file).catch(() => undefined))?.isSymbolicLink()) await rm(file);",
      "",
      "report.json as a link to ../victim/file",
      "report.md as a link to ../victim/file",
      "report.html as a link to ../victim/file",
    ],
    [
      "results go into no link",
      "if ((await lstat(at).catch(() => undefined))?.isSymbolicLink()) throw",
      "if (false) throw",
      "ko as a link is refused",
      "ko/rust as a link is refused",
      "the folder itself as a link is refused",
    ],
  ]),
  ...heldBy(RESULTS, "src/check/results.ts", [
    [
      "a module replaces what has its name",
      "await rm(to, { force: true });\n    await copyFile(file, to, constants.COPYFILE_EXCL);",
      "void constants;\n    await copyFile(file, to);",
      "a port that is a link is replaced; so is a module",
    ],
  ]),
  ...heldBy(RESULTS, "src/stages/boot/exercise.ts", [
    [
      "what an exercise's makefile links stays",
      'if (!facts.isFile() || name.startsWith(".")) continue;',
      'if (name.startsWith(".")) continue;',
      "what its makefile links is not taken along",
    ],
    [
      "an exercise's settings have an end",
      "(await stat(file)).size > LONGEST_SETTING",
      "false",
      "without end are no command",
    ],
    ["an exercise's files are counted", "if (names.length > MOST_FILES)", "if (false)", "makes without end"],
    [
      "an exercise's link stays within the bound",
      "return bound !== undefined && isWithin(await realpath(folder), bound);",
      'return isWithin(await realpath(folder), bound ?? "/") || true;',
      "as a link it is taken within the bound only",
    ],
  ]),
  ...heldBy(RESULTS, "src/stages/boot/devices.ts", [
    ["devices have an end", "names.length > MOST_DEVICES", "false", "no more devices than a guest"],
  ]),
  ...heldBy(RESULTS, "src/stages/build/index.ts", [
    [
      "core is read-only to ports",
      "kernelSandbox(kernel, [dir], [...readable, ...(compiler?.readable ?? [])])",
      "kernelSandbox(kernel, [dir, ...readable], compiler?.readable ?? [])",
      "a port's build cannot change it",
    ],
    [
      "a module comes through the door",
      "await copyUntrusted(dir, `${module}.ko`, ko);",
      'await (await import("node:fs/promises")).copyFile(path.join(dir, `${module}.ko`), ko);',
      "a port's build cannot change it",
    ],
  ]),
  ...heldBy(RESULTS, "src/stages/print/index.ts", [
    [
      "facts name what may be read",
      "readNamed(file, folders)",
      'process.getBuiltinModule("node:fs").readFileSync(file)',
      "facts that name a pipe",
    ],
  ]),
  ...heldBy(ACTIONS, "src/actions/check.ts", [
    ["results do not go through a link", "if (link) throw", "if (false) throw", "results do not go through a link"],
  ]),
  ...heldBy(ACTIONS, "src/github/upload.ts", [
    [
      "no link is uploaded",
      "followSymbolicLinks: false",
      "followSymbolicLinks: true",
      "what is uploaded is what lies there",
    ],
  ]),
  ...heldBy(OBJECT, "src/stages/inspect/elf.ts", [
    [
      "a broken account of an object is a finding",
      'throw new StageError("object", `',
      "throw new Error(`",
      "has a reader that tells of it in no form",
    ],
  ]),
  ...heldBy(CHANNEL, "src/stages/boot/channel.ts", [
    [
      "a request is of plain words",
      "if (words.some((w) => !/^[\\x21-\\x7e]+$/.test(w))) throw",
      "if (false) throw",
      "no request is sent with the word",
    ],
  ]),
  ...heldBy(CHANNEL, "src/stages/boot/channel.ts", [
    [
      "a guest's number is one",
      "return /^-?\\d{1,10}$/.test(word) ? Number(word) : 0;",
      "return Number(word);",
      "answers with the number",
    ],
    ["answers have an end", " || this.#kept + reply.length > MOST_TEXT", "", "answers in long lines"],
  ]),
  ...heldBy(CHANNEL, "src/stages/fuzz/offers.ts", [
    ["offers have an end", "lines.slice(0, MOST)", "lines", "offers things without end"],
  ]),
  ...heldBy(CHANNEL, "src/stages/boot/execution.ts", [
    [
      "a call's places are not copied for each",
      "places.push(`${section.name}+${offset}`);\n        this.#places.set(call, places);",
      "this.#places.set(call, [...places, `${section.name}+${offset}`]);",
      "reaches eighty thousand blocks",
    ],
  ]),
  ...heldBy(CHANNEL, "src/stages/boot/channel.ts", [
    [
      "a request is done once",
      'const isDone = key === "done" && this.#replies.at(-1)?.startsWith("done ") !== true;',
      'const isDone = key === "done";',
      "a guest that has read its token and answers without end",
    ],
  ]),
  ...heldBy(TEXT, "src/stages/boot/module-index.ts", [
    [
      "aliases are matched without going back",
      "return (name) => matches((parts ??= partsOf(pattern)), name);",
      'return (name) => matches(parts ??= [], "x") || new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "s").test(name);',
      "aliases takes its time",
    ],
  ]),
  ...heldBy(TEXT, "src/stages/boot/hunks.ts", [
    ["lining up two logs has an end", ", { maxEditLength: MAX_EDITS }", "", "that have nothing in common"],
    [
      "numbers are found once",
      "line.replace(/(?<!\\s)\\s*\\d+/g",
      "line.replace(/\\s*\\d+/g",
      "withoutNumbers takes its time",
    ],
    [
      "words with numbers are found once",
      "line.replace(/(?<!\\s)\\s*\\b",
      "line.replace(/\\s*\\b",
      "lineKey takes its time",
    ],
  ]),
  ...heldBy(TEXT, "src/stages/boot/normalise.ts", [
    ["durations are found once", "/(?<! ) *\\b", "/ *\\b", "normalise takes its time"],
  ]),
  ...heldBy(TEXT, "src/stages/boot/splat.ts", [
    ["paths are found once", "/(?<![^\\s:])[^\\s:]+:", "/[^\\s:]+:", "withoutAddresses takes its time"],
    [
      "an end mark is looked for once",
      "lastEnd >= last.line",
      "lines.slice(last.line, i).some((l) => END_MARK.test(l.trim()))",
      "a log of heads alone",
    ],
  ]),
  ...heldBy(TEXT, "src/c/lexer.ts", [
    ["a comment that nothing closes is looked for once", "this.open = at;", "", "a hundred thousand comments"],
  ]),
  ...heldBy(TEXT, "src/stages/gate/rustc-json.ts", [
    [
      "what is no diagnostic is none",
      "} catch {\n    return undefined;",
      "} catch (error) {\n    throw error;",
      "compileErrors takes its time",
    ],
  ]),
  ...heldBy("test/check/stage-recorder.test.ts", "src/check/stage-recorder.ts", [
    [
      "a text that is nested too deep is a finding",
      'error.message === "Maximum call stack size exceeded"',
      "false",
      "nested too deep",
    ],
  ]),
  ...heldBy(RUST, "src/stages/print/format.ts", [
    [
      "rustfmt is given no file",
      'const r = await run(rustfmt, ["--config", RUSTFMT_CONFIG], { input: text, cwd: "/tmp", allowFailure: true, timeout: TIME, sandbox });',
      'const { writeFile, readFile } = await import("node:fs/promises");\n  const file = `/tmp/kport-formatted-${process.pid}.rs`;\n  await writeFile(file, text);\n  const r = await run(rustfmt, ["--config", RUSTFMT_CONFIG, file], { allowFailure: true, timeout: TIME });\n  Object.assign(r, { stdout: await readFile(file, "utf8") });',
      "follows no `mod`",
    ],
  ]),
  ...heldBy(RUST, "src/stages/print/comments.ts", [
    [
      "each line of a comment is one",
      "return [own, ...more.map(asLine)];",
      "return [own, ...more];",
      "is a comment to rustc",
      "behind code does not go on",
    ],
    ["a unit's comments are put in order once", "sorted.set(comments, files);", "", "is found in time among all"],
    [
      "comments that nest in Rust alone",
      "!isBlock(inner) || !isOneInRust(inner) ||",
      "!isBlock(inner) ||",
      "is a comment to rustc",
    ],
    [
      "nothing unseen in comments",
      'return writtenOut(text.replace(/\\r\\n?/g, "\\n"));',
      'return text.replace(/\\r\\n?/g, "\\n");',
      "is a comment to rustc",
    ],
  ]),
  ...heldBy(UNSEEN, "src/machine/unseen.ts", [
    [
      "what nobody sees is more than what reorders",
      "|(?!(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f])\\p{Default_Ignorable_Code_Point}",
      "",
      "shows what is in a text: in",
    ],
  ]),
  ...heldBy(UNSEEN, "src/machine/log.ts", [
    [
      "nothing unseen in the log",
      '.replace(UNSEEN, (c) => (c === ZERO_WIDTH_SPACE ? c : "\\ufffd"))',
      "",
      "shows what is in a text: in the log",
    ],
    [
      "no command behind a colon",
      "/:(?=:)/g, `:${ZERO_WIDTH_SPACE}`",
      "/::/g, `:${ZERO_WIDTH_SPACE}:`",
      "no line of a stranger's is a command",
    ],
    ["a step of the log is one line", '.split("\\n")', '.split("\\0")', "begins no line of the log"],
  ]),
  ...heldBy(TEXT, "src/machine/log.ts", [
    [
      "blanks in a step of the log are looked at once",
      ".map((line) => line.trim())",
      '.map((line) => line.replace(/\\s+$/, ""))',
      "whose name is blanks",
    ],
  ]),
  ...heldBy(TEXT, "src/stages/inspect/code.ts", [
    [
      "an instruction is read in parts",
      "const comment = /\\s#/.exec(rest)?.index ?? rest.length;",
      "const comment = /^(?:\\s+(.*?))?(?:\\s+#.*?(?:<([^<>+]+)>)?)?$/.exec(rest)?.[1]?.length ?? rest.length;",
      "whose name is comments",
    ],
    [
      "a compiler's suffix is looked for once",
      "|lto_priv|localalias)\\b.*$/s",
      "|lto_priv|localalias)\\b.*$/",
      "whose name is suffixes",
    ],
    [
      "a length has few digits",
      "let i = Math.max(0, m[0].length - LONGEST_LENGTH);",
      "let i = 0;",
      "whose name is digits",
    ],
    [
      "a path into core is looked for once",
      "return (symbol.slice(2).match(",
      "return /^_R.*?C[\\w]*?_4core\\d/.test(symbol) || (symbol.slice(2).match(",
      "whose name is crates",
    ],
  ]),
  ...heldBy(TEXT, "src/stages/boot/same-report.ts", [
    [
      "reports are known by their fingerprints",
      "const same = this.#same.get(printOf(told));",
      "const same = [...this.#same.values()].find((k) => printOf(k.told) === printOf(told));",
      "reports of the kernel's, others in each run",
    ],
    [
      "few chains of functions are held against each other",
      "chains.size < MOST_ALIKE",
      "chains.size < Infinity",
      "reports in the same words",
    ],
  ]),
  ...heldBy(TEXT, "src/stages/boot/chance.ts", [
    [
      "what chance explains is looked up",
      "return this.#lines.words.has(key) ||",
      "return new Set([...this.#lines.words].map(lineKey)).has(key) ||",
      "places of a log that differs in every line",
    ],
  ]),
  ...heldBy(CHANNEL, "src/stages/boot/dependencies.ts", [
    ["wishes have an end", "into.length < MOST_WISHED", "into.length < Infinity", "that wishes for others without end"],
  ]),
  ...heldBy(CHANNEL, "src/stages/boot/kmsg.ts", [
    ["a record has as many lines as it has", 'record.text.split("\\n").length', "1", "prints records of many lines"],
  ]),
  ...heldBy(OBJECT, "src/stages/inspect/places.ts", [
    [
      "a relocation is known by its place",
      "return known.get(offset);",
      "return [...known.values()].find((r) => r.offset === offset);",
      "tables without end",
    ],
    [
      "a symbol is known by its place",
      "return this.#holders[below(this.#edges, offset + 1) - 1];",
      "return this.#holders[this.#edges.filter((e) => e <= offset).length - 1];",
      "tables without end",
    ],
  ]),
  ...heldBy(ACTIONS, "src/actions/discover-modules.ts", [
    [
      "a comment of a makefile is looked for once",
      "l.slice(0, /(?:^|\\s)#/.exec(l)?.index)",
      'l.replace(/(^|\\s)#.*$/, "")',
      "looking for modules takes its time",
    ],
    [
      "what stands for a name is one",
      "packages[0] !== undefined && isModuleName(packages[0])",
      "packages[0] !== undefined",
      "looking for modules takes its time",
    ],
  ]),
  ...heldBy(ACTIONS, "src/actions/job-matrix.ts", [
    [
      "a folder called as another's results has others",
      "module !== TREE && !PIECE.test(fit)",
      'module !== ""',
      "take the place of another's",
    ],
  ]),
  ...heldBy("test/stages/dkms-conf.test.ts", "src/stages/capture/dkms-conf.ts", [
    ["commands of dkms have an end", "r.stdout.length > LONGEST_COMMANDS", "false", "commands without end"],
  ]),
  ...heldBy(OBJECT, "src/stages/boot/module-file.ts", [
    [
      "a section's name has an end",
      "const end = longest.indexOf(0);",
      "const end = names.indexOf(0, header(i).name);",
      "sections that are all called",
    ],
  ]),
  ...heldBy(UNSEEN, "src/report/escape.ts", [
    [
      "nothing unseen in what is reported",
      'return writtenOut(text.replaceAll("\\r\\n", "\\n").replace(TERMINAL, ""));',
      'void writtenOut;\n  return text.replaceAll("\\r\\n", "\\n").replace(TERMINAL, "");',
      "shows what is in a text: in the comment",
      "shows what is in a text: in the page",
    ],
  ]),
  ...heldBy(PROOF, "src/stages/prove/ir/layout.ts", [
    ["types have an end", "if (count > MOST_PARTS) throw", "if (false) throw", "two to the thirtieth parts"],
    [
      "objects whose bytes are looked at have an end",
      "if (sizeOf(type) > MOST_BYTES) throw",
      "if (false) throw",
      "more bytes than there are",
    ],
  ]),
  ...heldBy("test/stages/prove/trial.test.ts", "src/stages/prove/trial/intrinsics.ts", [
    ["what a trial copies is counted", "took(Number(length));", "void took;", "that copies blocks without end"],
  ]),
  ...heldBy("test/stages/prove/trial.test.ts", "src/stages/prove/trial/machine.ts", [
    [
      "what a trial shows to who is called is counted",
      "this.took(this.memory.toBeShown >> 4);",
      "",
      "that shows a large variable",
    ],
  ]),
  ...heldBy(PROOF, "src/stages/prove/apart.ts", [
    ["each term is looked at once", "this.early.set(t, isOld);", "", "multiplies a number by itself"],
    [
      "each term is looked at once, for variables in it",
      "this.naming.set(t, names);",
      "",
      "multiplies by itself what may be made",
    ],
  ]),
  ...heldBy(PROOF, "src/stages/prove/terms.ts", [
    [
      "a comparison has an end",
      "if ((this.steps += count) > MOST_STEPS) throw",
      "if ((this.steps += count) < 0) throw",
      "returns early in six thousand places",
      "fifteen hundred values round a loop",
    ],
    ["a term is said in a few words", "n.args.slice(0, SHOWN).map", "n.args.map", "which is said in a few words"],
  ]),
  ...heldBy(PROOF, "src/stages/prove/smt.ts", [
    [
      "a question has an end",
      "if (known.length * (known.length + foreign.length) > MOST_APART) throw",
      "if (false) throw",
      "a thousand variables of its own",
    ],
  ]),
  ...heldBy(PROOF, "src/stages/gate/data-bytes.ts", [
    [
      "zeros are counted",
      "? Number(rest) : undefined;",
      "? new Uint8Array(Number(rest)) : undefined;",
      "is zeros without end",
    ],
  ]),
  ...heldBy(FACTS, "src/facts/schema-parts.ts", [
    [
      "names are C's",
      ".regex(/^(?:(?!\\d)(?:[\\w$]|(?![\\p{C}\\p{Z}\\p{DI}])[^\\0-\\x7f])+)?$/u)",
      "",
      "have names that are none of C's",
    ],
  ]),
  ...heldBy(FACTS, "src/facts/read.ts", [
    [
      "facts spell out no more than they hold",
      "misled(checked.data) ?? tooMuch(checked.data)",
      "misled(checked.data) ?? (false ? tooMuch(checked.data) : undefined)",
      "a billion when they are spelled out",
    ],
    [
      "what facts name is there",
      "misled(checked.data) ?? tooMuch(checked.data)",
      "tooMuch(checked.data)",
      "are printed or refused, whatever numbers",
    ],
  ]),
  ...heldBy("test/c/unit-parser.test.ts", "src/c/unit-parser.ts", [
    [
      "what clang says of a text leads somewhere, and spells out no more than it holds",
      "const wrong = misled(said.records)",
      "const wrong = false && misled(said.records)",
      "is not believed: a structure within itself",
    ],
    [
      "what clang says of a text is of its form",
      "const checked = answers.safeParse(value);",
      "const checked = { success: true, data: value } as unknown as ReturnType<typeof answers.safeParse>;",
      "is not believed: an offset that is none",
    ],
  ]),
  ...heldBy(OBJECT, "src/machine/by-name.ts", [
    ["a stranger's names are names alone", "Object.create(null)", "{}", "names that plain objects have"],
  ]),
  ...heldBy("test/stages/gate/compiled-crate.test.ts", "src/stages/gate/compiled-crate.ts", [
    [
      "every symbol is compared",
      "const digests = z.array(z.tuple([z.string(), z.string()])).transform((all) => new Map(all));",
      "const digests = z.array(z.tuple([z.string(), z.string()])).transform((all) => new Map(Object.entries(all.reduce<Record<string, string>>((o, [symbol, digest]) => { o[symbol] = digest; return o; }, {}))));",
      "whose name plain objects have",
    ],
  ]),
  ...heldBy("test/stages/observed/observed.test.ts", "src/stages/observed/index.ts", [
    [
      "a section's name is a name alone",
      "Object.hasOwn(this.#executed, name) ? this.#executed[name] : []",
      "this.#executed[name] ?? []",
      "a name that plain objects have",
    ],
  ]),
  ...heldBy("test/machine/result-store.test.ts", "src/machine/result-store.ts", [
    ["results that others could write are not believed", "(facts.mode & 0o002) === 0;", "true;", "that nobody made so"],
    [
      "a kept result is a regular file",
      "await readRegular(file, MOST_OF_ONE + DIGEST_BYTES)",
      'await (await import("node:fs/promises")).readFile(file)',
      "that nobody made so",
    ],
  ]),
  ...heldBy("test/boot/module-index.test.ts", "src/stages/boot/module-index.ts", [
    [
      "a module's alias is no pattern of ours",
      "return oneOf(p.slice(1, -1));",
      '{ const one = new RegExp(`^${p.replace(/^\\[!/, "[^")}$`, "s"); return (c) => one.test(c); }',
      "aliases match as those of kmod",
    ],
  ]),
  ...heldBy(REPORT, "src/report/bounds.ts", [
    [
      "texts have an end",
      "export const text = z.string().max(TEXT);",
      "export const text = z.string();",
      "a text, a list and a table beyond them",
    ],
    [
      "lists have an end",
      "return z.array(of).max(MOST);",
      "return z.array(of);",
      "a text, a list and a table beyond them",
    ],
    [
      "a cut leaves no half of a character",
      '.replace(/[\\ud800-\\udbff]$/, "")',
      "",
      "a cut never leaves half a character",
    ],
    [
      "what is wrong otherwise is refused",
      "return schema.parse(cut);",
      "return cut as z.output<T>;",
      "what fits is not changed",
    ],
  ]),
  ...heldBy(REPORT, "src/report/bounds.ts", [
    [
      "values have an end",
      "if (++values > MOST_VALUES)",
      "if (++values < 0)",
      "of empty objects is refused",
      "of zeros behind a text",
    ],
    [
      "values in one another have an end",
      "if (++depth > DEEPEST)",
      "if (++depth < 0)",
      "that opens lists alone",
      "that opens objects alone",
    ],
  ]),
  ...heldBy(REPORT, "src/report/matrix/schema.ts", [
    [
      "a matrix's texts have an end",
      "notRun: text.optional()",
      "notRun: z.string().optional()",
      "have an end in all that is read",
    ],
  ]),
  ...heldBy("test/report/diff.test.ts", "src/report/diff.ts", [
    [
      "lining up has an end for all files together",
      "this.#left = Math.max(0, this.#left - edits ** 2);",
      "void edits;",
      "lines up no more of a port",
    ],
  ]),
  ...heldBy("test/port/files.test.ts", "src/port/files.ts", [
    [
      "a link of a port goes up first",
      ' || names.slice(up).includes("..")',
      "",
      "cannot lead out through another link",
    ],
  ]),
  ...heldBy("test/port/merge.test.ts", "src/port/merge-text.ts", [
    [
      "lines are not arguments",
      "for (const list of lists) for (const line of list) to.push(line);",
      "for (const list of lists) to.push(...list);",
      "a million lines",
    ],
  ]),
  ...heldBy(REPORT, "src/report/escape.ts", [
    [
      "a fence without a pattern that goes back",
      'while (plain[end - 1] === "\\n") end--;',
      'end = plain.replace(/\\s+$/, "").length;',
      "fence takes its time",
    ],
    [
      "terminal sequences without one",
      "const TERMINAL = /",
      "const TERMINAL = /(?:\\u001b[[\\]()#;?]*)(?:(?:\\d{1,4}(?:;\\d{0,4})*)*)?$|[;?]*[;?]*[;?]*\\u0007|",
      "visible takes its time",
    ],
  ]),
  ...heldBy(REPORT, "src/report/log-alignment.ts", [
    [
      "lines are compared as numbers",
      "comparator: (a, b) => a.key === b.key",
      "comparator: (a, b) => comparable(a.line) === comparable(b.line)",
      "a long log beside another",
    ],
  ]),
];

export const DEFENCES: readonly Defence[] = [...WALLS, ...ENTRIES];
