/**
 * Which options a compiler knows. kbuild asks some thirty times in each make, one after another, each by a compilation of `/dev/null` of
 * which nothing but the status is looked at (scripts/Makefile.compiler). So they are asked once a kernel and compiler, in a build of an empty
 * module of our own: what lies in the cache goes into every later build, so no run that a stranger's makefile takes part in can write there.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cached, contentKey, scratchFolder } from "../machine/cache.ts";
import { StageError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { run } from "../machine/process.ts";
import { describeFailure, shellQuote } from "../machine/tool-failure.ts";
import { readUntrusted } from "../machine/untrusted-folder.ts";
import type { Kernel } from "./kernel.ts";
import { kernelSandbox } from "./kernel-sandbox.ts";

/** What a stand-in for a compiler takes: a part of its script that ends it where there is an answer, and the flags that were refused. */
export const [ANSWERS, REFUSED] = ["answers", "refused"] as const;
/** What it notes where it is asked for the first time: questions that were answered by yes, one a line. */
export const ANSWERED = "answered";

/** Stands between the words of a question. */
const BETWEEN = "\u0001";

/**
 * The part of a stand-in's script that knows questions, and ends it where one is answered in `@FOLDER@`. Behind it `$probe` tells whether
 * this is one, and `$asked` is what it is kept by: all but the object's name, the last word; empty where nothing may be kept.
 */
export const QUESTION = `probe= asked=
case " $* " in *' /dev/null '*) probe=yes ;; esac
if [ -n "$probe" ] && [ -z "$CPATH$C_INCLUDE_PATH$COMPILER_PATH$GCC_EXEC_PREFIX$CCC_OVERRIDE_OPTIONS$SOURCE_DATE_EPOCH" ]; then
	for object do :; done
	IFS='${BETWEEN}'; asked=$*; unset IFS
	asked=\${asked%"$object"}
	case $asked in *"
"*) asked= ;; esac
	[ ! -e '@FOLDER@/${ANSWERS}' ] || . '@FOLDER@/${ANSWERS}'
fi
`;

/** Adds the question that was answered to those of this build. */
export const NOTE = `[ -z "$asked" ] || printf '%s\\n' "$asked" >>'@NOTES@/${ANSWERED}'`;

/** A compiler that is asked. */
export interface Asking {
  /** What its answers depend on besides the question: its programs by their contents, its stand-in by its text. */
  key: readonly string[];
  /** What it takes to run. */
  readable: readonly string[];
  /**
   * Write a stand-in that notes what is asked.
   * @returns the compiler for `make CC=…`
   */
  standIn: (dir: string, notes: string) => Promise<string>;
}

const FORMAT = "options 1";
const LARGEST_NOTE = 1024 * 1024;
const TIME = 300_000;

/** @returns a folder with what there is for a stand-in; undefined where an empty module cannot be built, which says why soon enough */
export async function knownOptions(kernel: Kernel, asking: Asking): Promise<string | undefined> {
  const configuration = await readFile(path.join(kernel.buildDir, ".config")).catch(() => Buffer.from(""));
  const key = contentKey([FORMAT, kernel.buildDir, kernel.release, configuration, ...asking.key]);
  const begun = underWay.get(key) ?? cached("known-options", key, (out) => ask(kernel, asking, out));
  underWay.set(key, begun);
  try {
    return (await begun).dir;
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    log.debug(error.message);
    return undefined;
  } finally {
    underWay.delete(key);
  }
}
/** Modules of one run are built at once. */
const underWay = new Map<string, Promise<{ dir: string; hit: boolean }>>();

async function ask(kernel: Kernel, { readable, standIn }: Asking, out: string): Promise<void> {
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-options-"));
  const [module, tools, notes] = ["module", "bin", "notes"].map((d) => path.join(scratch.dir, d)) as [
    string,
    string,
    string,
  ];
  for (const d of [module, tools, notes]) await mkdir(d);
  await writeFile(path.join(module, "Kbuild"), "obj-m := kport_empty.o\n");
  await writeFile(path.join(module, "kport_empty.c"), '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n');
  const args = ["-C", kernel.buildDir, `M=${module}`, `CC=${await standIn(tools, notes)}`, "modules"];
  const r = await run("make", args, {
    cwd: module,
    env: { PATH: `${tools}:${process.env["PATH"] ?? "/usr/bin:/bin"}` },
    allowFailure: true,
    timeout: TIME,
    sandbox: kernelSandbox(kernel, [module, notes], [tools, ...readable]),
  });
  if (r.exitCode !== 0)
    throw new StageError("build", `an empty module does not build\n${describeFailure("make", args, r)}`);
  const noted = async (name: string): Promise<string[]> =>
    (await readUntrusted(scratch.dir, path.join("notes", name), LARGEST_NOTE).catch(() => "")).toString().split("\n");
  const questions = [...new Set((await noted(ANSWERED)).filter(isPlainQuestion))];
  const patterns = questions.map((q) => shellQuote([q])).join("|\\\n");
  // kbuild removes the object without a look at it.
  const text = questions.length === 0 ? "" : `case $asked in\n${patterns}) true >"$object" && exit ;;\nesac\n`;
  await writeFile(path.join(out, ANSWERS), text);
  const refused = [...new Set((await noted(REFUSED)).filter((f) => f.startsWith("-")))];
  await writeFile(path.join(out, REFUSED), refused.map((f) => `${f}\n`).join(""));
}

/** Flags that have a compiler read or write another file. */
const OTHER = /^-(?:[IiMBF]|W[apl],|X|gsplit|save|fplugin|-(?!param=|target=))|profile|coverage|usage|serialize|list=/;

/** Whether a question is one of kbuild's, and names no file that may be another one the next time. */
function isPlainQuestion(question: string): boolean {
  const words = question.split(BETWEEN);
  const [flags, last] = [words.slice(0, -6), words.slice(-6)];
  return (
    last.join(" ") === "-c -x c /dev/null -o " && flags.every((f) => f.startsWith("-") && f !== "-" && !OTHER.test(f))
  );
}
