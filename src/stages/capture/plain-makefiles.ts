/**
 * Whether a folder's makefiles run nothing but kbuild and its compilers: no program of the module's own takes part in its build. Then no text
 * of a unit is ever run, and what a build leaves is what the compiler has made of it. Each line is one of a few known ones, or they are not.
 */
import path from "node:path";

/** `obj-m := m.o`, `m-$(CONFIG_X) += a.o b.o`, `ccflags-y := -I$(src)/include -DX`, `KDIR ?= /lib/modules/$(shell uname -r)/build`. */
const ASSIGNMENT = /^(?:(?:override|export)\s+)?([\w.-]+(?:\$\(CONFIG_\w+\))?)\s*[:+?]?=\s*(.*)$/;
/** Variables that make or kbuild run, or make of a unit what is run. */
const RUNS =
  /^(?:SHELL|\.SHELLFLAGS|MAKE|MAKEFLAGS|GNUMAKEFLAGS|MFLAGS|CC|CPP|LD|AR|AS|NM|OBJCOPY|OBJDUMP|STRIP|AWK|PERL|PYTHON\d*|CHECK|C|PATH|\w*HOST\w*|\w*WRAPPER\w*|host\S*|userprogs\S*|always\S*|extra\S*|targets|lib\S*|cmd_\S*|rule_\S*)$/i;
/** What a value may ask of a shell. */
const ASKED = /\$\(shell (?:uname -r|pwd)\)/g;
const CONDITION = /^(?:ifeq|ifneq|ifdef|ifndef|else|endif)\b/;
const TARGET = /^[\w. -]+:[\w. -]*$/;
/** `$(MAKE) -C $(KDIR) M=$(PWD) modules`. */
const RECIPE = /^\t@?\$[({]MAKE[)}]( +(?:-C|[\w/.$(){}@-]+|\w+=[\w/.$(){}-]*))*$/;

/** @param name the file's name, wherever it lies */
export function isMakefile(name: string): boolean {
  return /^(?:GNUm|M|m)akefile|^Kbuild|\.mk$|^Kconfig|^Makefile/.test(path.basename(name));
}

export function isPlainMakefile(text: string): boolean {
  return text
    .replaceAll(/\\\n[ \t]*/g, " ")
    .split("\n")
    .every(isPlainLine);
}

function isPlainLine(whole: string): boolean {
  const line = whole.replace(/(?:^|\s)#.*$/, "").trimEnd();
  if (line === "") return true;
  if (line.startsWith("\t")) return RECIPE.test(line.replaceAll(ASKED, ""));
  if (calls(line)) return false;
  const bare = line.trim();
  const [, name] = ASSIGNMENT.exec(bare) ?? [];
  if (name !== undefined) return !RUNS.test(name);
  return CONDITION.test(bare) || TARGET.test(bare);
}

/** Whether a line has make call something: `$(shell …)`, `$(eval …)`, `` `…` ``. A function of text has a blank behind its name as well. */
function calls(line: string): boolean {
  const rest = line.replaceAll(ASKED, "");
  return /[`!]|\$[({][\w-]+\s|^\s*-?s?include\b|^\s*(?:define|undefine|load|vpath)\b/.test(rest);
}
