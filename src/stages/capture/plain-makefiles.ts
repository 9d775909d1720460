/**
 * Whether a folder's makefiles run nothing but kbuild and its compilers: no program of the module's own takes part in its build. Then no text
 * of a unit is ever run, and what a build leaves is what the compiler has made of it. Each line is one of a few known ones, or they are not.
 */
import path from "node:path";

/** `obj-m := m.o`, `m-$(CONFIG_X) += a.o b.o`, `ccflags-y := -I$(src)/include -DX`, `KDIR ?= /lib/modules/$(shell uname -r)/build`. */
const ASSIGNMENT = /^(?:(?:override|export)\s+)?([\w.-]+(?:\$\(CONFIG_\w+\))?)\s*[:+?]?=\s*(.*)$/;
/**
 * Names that a makefile gives: kbuild's lists, flags of one unit, and names of its own, in capitals. kbuild's commands and folders have
 * small letters (`cmd_cc_o_c`, `srctree`), make's own begin with a dot.
 */
const NAME = /^(?:[\w.]+-[\w.-]*(?:\$\(CONFIG_\w+\))?|[CA]FLAGS_(?:REMOVE_)?[\w.-]+|[A-Z][A-Z\d_]*|src|obj)$/;
/** Variables that make or kbuild run, find what is run by, read as a makefile, or make of a unit what is run. */
const RUNS =
  /^(?:SHELL|CONFIG_SHELL|BASH|MAKE\w*|GNUMAKEFLAGS|MFLAGS|CC|CPP|LD|AR|AS|NM|OBJ(?:COPY|DUMP|TOOL)|STRIP|READELF|LLVM\w*|CROSS_COMPILE\w*|CCACHE|PAHOLE|RESOLVE_BTFIDS|GENKSYMS|MODPOST|DEPMOD|INSTALLKERNEL|LEX|YACC|DTC|AWK|SED|TAR|PERL|PYTHON\d*|RUST\w*|BINDGEN|CARGO|CLIPPY\w*|K?(?:GZIP|BZIP2|LZOP)|LZMA|LZ4|XZ|ZSTD|CHECK\w*|C|O|VPATH|PATH|HOME|LD_\w+|KCONFIG\w*|KBUILD_(?!EXTRA_SYMBOLS$)\w+|\w*HOST\w*|\w*WRAPPER\w*|host\S*|userprogs\S*|always\S*|extra-\S*|targets|lib\S*)$/i;
/** A variable's value, which is other such words: no function, no name that is put together, nothing replaced. */
const REFERENCE = String.raw`\$(?:\([\w.-]+\)|\{[\w.-]+\})`;
const CLOSED = new RegExp(REFERENCE, "g");
/** No word of a shell's among them: a value may come to stand in a recipe. Nor does one begin with what makes it a flag or a list of some. */
const PLACE = String.raw`(?:[\w./+%]|${REFERENCE})(?:[\w./+%=:,-]|${REFERENCE})*`;
/** Flags that load, start and write nothing, whole, so that none is made of two. A text in quotes has them written for make and a shell. */
const FLAG = String.raw`-[IDU](?:[\w./+%=:,-]|\\"|${REFERENCE})*|-i(?:nclude|macros|system|quote)|-O[\dsg]?|-g[\d]?|-std=\w+|-[Wfm]no-[\w-]+|-W(?![apl](?:\s|$))(?:all|extra|error|[a-z][\w-]*(?:=[\w-]+)?)|-f(?:short|signed|unsigned|strict|wrap|omit|inline|common|stack|visibility)[\w=-]*|-m(?:sse|avx|hard|soft|preferred|arch|tune)[\w.=-]*`;
/** Asked word by word: of a whole line there are as many ways to match as 2 to the number of words that two kinds of flags are (`-Wno-unused`). */
const VALUE_WORD = new RegExp(String.raw`^(?:${PLACE}|${FLAG})$`);
/** What a value may ask of a shell. */
const ASKED = /\$\(shell (?:uname -r|pwd)\)/g;
const CONDITION = /^(?:ifeq|ifneq|ifdef|ifndef|else|endif)\b/;
/** No name begins as a flag of make's does: `$@` is one in a recipe. */
const TARGET = /^(?!.*(?:^|[ :])-)[\w. -]+:[\w. -]*$/;
/** What a recipe or `export` may hand on, which is in the environment of all that is started: of clang's, perl's and bash's variables some name programs. */
const HANDED_ON = /^(?:M|V|W|SUBDIRS|KBUILD_EXTRA_SYMBOLS|CONFIG_\w+)$/;
/** What stands in a recipe for one word, and no `CC=…`. */
const ONE = new RegExp(String.raw`^(?:[\w./]|${REFERENCE})(?:[\w./+-]|${REFERENCE})*$`);
/** `$(MAKE) -C $(KDIR) M=$(PWD) modules`: no makefile of another name (`-f`), no program of its own in place of kbuild's. */
const RECIPE = /^\t@?\$(?:\(MAKE\)|\{MAKE\})((?: .*)?)$/;
const RECIPE_WORD = /^(?:-C|-j\d*|-s|--no-print-directory|\$@)$/;

/** @param name the file's name, wherever it lies */
export function isMakefile(name: string): boolean {
  return /^(?:GNUm|M|m)akefile|^Kbuild|\.mk$|^Kconfig|^Makefile/.test(path.basename(name));
}

export function isPlainMakefile(text: string): boolean {
  // A backslash that another stands before is one itself, and the line ends there.
  const lines = text.replaceAll(/(?<!\\)((?:\\\\)*)\\\n[ \t]*/g, "$1 ").split("\n");
  const inRecipes = namesInRecipes(lines);
  return lines.every((line) => isPlainLine(line, inRecipes));
}

/** Variables that recipes name, and those that these are made of. */
function namesInRecipes(lines: readonly string[]): Set<string> {
  const names = new Set<string>();
  const madeOf = new Map<string, Set<string>>();
  for (const l of lines) {
    const made = ASSIGNMENT.exec(l.trim())?.[1] ?? "";
    const parts = l.startsWith("\t") ? names : (madeOf.get(made) ?? new Set());
    for (const [, name = ""] of l.matchAll(/\$[({]([\w.-]+)[)}]/g)) parts.add(name);
    if (parts !== names) madeOf.set(made, parts);
  }
  // A set that grows meanwhile is gone through to its end.
  for (const name of names) for (const part of madeOf.get(name) ?? []) names.add(part);
  return names;
}

function isPlainLine(whole: string, inRecipes: ReadonlySet<string>): boolean {
  // In a recipe make expands a comment as well, and no backslash carries it on: it is the shell's.
  const line = (whole.startsWith("\t") ? whole : withoutComment(whole)).trimEnd();
  if (line === "") return true;
  if (line.startsWith("\t")) return isPlainRecipe(line.replaceAll(ASKED, "asked"));
  if (calls(line)) return false;
  const bare = line.trim();
  const [, name, given = ""] = ASSIGNMENT.exec(bare) ?? [];
  if (name === undefined) return CONDITION.test(bare) || TARGET.test(bare);
  const value = given.replaceAll(ASKED, "asked");
  if (!isOwnName(name) || (bare.startsWith("export") && !HANDED_ON.test(name))) return false;
  return inRecipes.has(name) ? ONE.test(value) && !/^[^=]*\+=/.test(bare) : areWords(value);
}

/** Within a reference `#` is a letter to make (4.3), and what stands behind it is called: `$(if #,$(shell …))`. */
function withoutComment(line: string): string {
  const before = line.slice(0, /(?:^|\s)#/.exec(line)?.index);
  return /\$[({]/.test(before.replaceAll(ASKED, "").replaceAll(CLOSED, "")) ? line : before;
}

function areWords(value: string): boolean {
  return value
    .split(/\s+/)
    .filter(Boolean)
    .every((w) => VALUE_WORD.test(w));
}

function isPlainRecipe(line: string): boolean {
  const words = RECIPE.exec(line)?.[1]?.split(" ").filter(Boolean);
  return words?.every((w) => isRecipeWord(...(w.split(/=(.*)/, 2) as [string, string?]))) === true;
}

function isRecipeWord(word: string, value?: string): boolean {
  return value === undefined ? RECIPE_WORD.test(word) || ONE.test(word) : HANDED_ON.test(word) && ONE.test(value);
}

function isOwnName(name: string): boolean {
  return NAME.test(name) && !RUNS.test(name);
}

/** Whether a line has make call something: `$(shell …)`, `$(eval …)`, `` `…` ``. A function of text has a blank behind its name as well. */
function calls(line: string): boolean {
  const rest = line.replaceAll(ASKED, "");
  return /[`!]|\$[({][\w-]+\s|^\s*-?s?include\b|^\s*(?:define|undefine|load|vpath)\b/.test(rest);
}
