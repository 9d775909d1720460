/** The folder of programs that stands first on PATH while the module's C is built: clang in place of the kernel's gcc. */
import { chmod, copyFile, mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { clangStandIn, type ObjectFolders } from "./clang-stand-in.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import { ANSWERS, knownOptions, NOTE, QUESTION, REFUSED } from "../../toolchain/known-options.ts";
import { filesOfProgram } from "../../toolchain/program.ts";
import { contentOfProgram } from "../../toolchain/program-content.ts";

/** The name by which the stand-in starts clang. bear's wrapper knows compilers by name, and Debian has no plain `clang` besides `clang-19`. */
export const STAND_IN_CALLS = "clang";

/** The header the stand-in includes behind the kernel's configuration and before the first header that reads it (kbuild's order: c_flags in scripts/Makefile.lib); no flag of the module's. */
export const CLANG_CONFIGURATION = "kport-clang.h";

/**
 * What the kernel's configuration says of gcc and is not so of clang. clang takes `__seg_gs` (from 6.8 on) but prints no segment for a
 * memory operand of inline assembly: `this_cpu_inc` would write to the variable's offset as if it were an address. It takes
 * `counted_by` on pointers from 22 on only (include/linux/compiler_types.h).
 */
const NOT_CLANG = `#undef CONFIG_CC_HAS_NAMED_AS
#undef CONFIG_USE_X86_SEG_SUPPORT
#undef CONFIG_CC_HAS_COUNTED_BY_PTR
`;

/**
 * kbuild asks for `kport-cc`; it drops what clang does not know and hands the rest to `clang`, which bear's wrapper records.
 * - Distribution kernels are built by gcc, and kbuild passes the flags their configuration was made with. Which of them this clang
 *   refuses, its own driver says (`-###` checks a command line without running it): no list of ours can go stale.
 *   Which file of a kind is compiled is nothing to it: of the units that have the same flags it says so for the first.
 * - `-Werror*` goes: it would turn the dropped flags' consequences into failures.
 * - gcc's names of the speculation thunks become clang's, so that the module shows `retpoline` as the gcc one does.
 * - What genksyms reads is the kernel's own compiler's word: an export's CRC covers the attributes of types, of which clang knows others
 *   (`__designated_init__`), and is that of the kernel's own modules only so. Such a call compiles nothing, and bear need not see it.
 * gcc takes a cast for an operand that assembly writes (tp_smapi has one); clang does when it is asked to.
 * `@PREFIX@` keeps the working folder's name out of `__FILE__`.
 */
const COMPILER = `#!/bin/sh
# Takes the flags named in $1, one a line, out of the arguments behind it.
without() {
	bad=$1; shift
	n=$#
	while [ "$n" -gt 0 ]; do
		a=$1; shift; n=$((n - 1))
		case "
$bad
" in *"
$a
"*) continue ;; esac
		case $a in
		-Werror|-Werror=*|-mindirect-branch-register) continue ;;
		-mindirect-branch=thunk-extern) a=-mretpoline-external-thunk ;;
		esac
		set -- "$@" "$a"
	done
	if [ -n "$probe" ] && '@CLANG@' "$@" 2>/dev/null; then
		@NOTE@
		exit 0
	fi
	flags=$CCC_OVERRIDE_OPTIONS
	for a do
		case $a in
		@* | *[[:space:]]*) flags=; break ;;
		-Wp,-MD,* | -Wp,-MMD,*) a=-Wp,-M ;;
		-DKBUILD_* | -D__KBUILD_*) a=-DKBUILD_ ;;
		-*) ;;
		*.[co]) a=\${a##*.} ;;
		esac
		flags="$flags $a"
	done
	refused=
	[ -z "$probe" ] || flags=
	case "
$(cat '@NOTES@/fit' 2>/dev/null)
" in *"
\${flags:-none}
"*) ;; *)
		refused=$('@CLANG@' '-###' "$@" 2>&1 >/dev/null | sed -n \\
			-e "s/.*error: unknown argument:* '\\([^']*\\)'.*/\\1/p" \\
			-e "s/.*error: unsupported option '\\([^']*\\)'.*/\\1/p" \\
			-e "s/.*error: unsupported argument '\\([^']*\\)' to option '\\([^']*\\)'.*/\\2\\1/p" \\
			-e "s/.*warning: argument unused during compilation: '\\([^']*\\)'.*/\\1/p")
		[ -z "$flags" ] || [ -n "$refused" ] || printf '%s\\n' "$flags" >>'@NOTES@/fit' ;;
	esac
	tries=$((tries + 1))
	if [ -n "$refused" ] && [ "$tries" -lt 4 ]; then
		echo "$refused" >>'@NOTES@/dropped'
		[ -z "$asked" ] || echo "$refused" >>'@NOTES@/@REFUSED@'
		without "$refused" "$@"
	fi
	[ -z "$probe" ] || exec '@CLANG@' "$@"
	n=$#
	while [ "$n" -gt 0 ]; do
		a=$1; shift; n=$((n - 1))
		case $a in */include/linux/compiler_types.h) set -- "$@" '@DIR@/@CONFIG@' -include ;; esac
		set -- "$@" "$a"
	done
	exec @CALLED@ "$@" -Wno-unknown-warning-option -fheinous-gnu-extensions '-fmacro-prefix-map=@PREFIX@/='
}
case " $* " in *' -D__GENKSYMS__ '*)
	own=$(command -p -v '@KERNEL_CC@')
	# kbuild asked clang which options there are. Warnings say nothing of types.
	refused=$(LC_ALL=C "$own" '-###' "$@" 2>&1 >/dev/null | sed -n "s/.*error: unrecognized command-line option '\\([^']*\\)'.*/\\1/p")
	n=$#
	while [ "$n" -gt 0 ]; do
		a=$1; shift; n=$((n - 1))
		case $a in -Wp,*) ;; -W*) continue ;; esac
		case "
$refused
" in *"
$a
"*) ;; *) set -- "$@" "$a" ;; esac
	done
	exec "$own" "$@" ;;
esac
# kbuild asks hundreds of times whether an option is known, by compiling /dev/null: those need no record.
# What it was asked before is not asked again (known-options.ts).
tries=0
${QUESTION}without "$(cat '@NOTES@/dropped' '@DIR@/@REFUSED@' 2>/dev/null)" "$@"
`;

/** Where the stand-in puts what clang knows of the unit of an object. */
export function factsBeside(object: string): string {
  return `${object}.facts`;
}

/** Some makefiles ask the running machine which kernel to build for. */
const UNAME = `#!/bin/sh
[ "$*" = -r ] && { echo '@RELEASE@'; exit; }
exec /bin/uname "$@"
`;

export interface StandIn {
  clang: string;
  /** What the kernel was built with. */
  kernelCompiler: string;
  release: string;
  /** The folder whose name must not show in what the module prints; its files are the module's own. */
  prefix: string;
  /** A folder that the build can write in: which flags clang refused. */
  notes: string;
  /** The clang plugin (src/facts/plugin), where there is one for this clang. */
  plugin?: string;
  /** Whether it notes what it is asked (known-options.ts). */
  noting?: boolean;
  /** Where objects of an earlier run lie, and those of this one. */
  objects?: ObjectFolders;
}

/**
/**
 * Write the folder, in which the build cannot write.
 * @returns the compiler for `make CC=…`
 */
export async function writeStandIn(
  dir: string,
  { clang, kernelCompiler, release, prefix, notes, plugin, noting = false, objects }: StandIn,
): Promise<string> {
  await mkdir(dir, { recursive: true });
  const compiler = path.join(dir, "kport-cc");
  await writeFile(
    compiler,
    COMPILER.replaceAll("@CLANG@", clang)
      .replaceAll("@KERNEL_CC@", kernelCompiler)
      .replaceAll("@PREFIX@", prefix)
      .replaceAll("@DIR@", dir)
      .replaceAll("@FOLDER@", dir)
      .replaceAll("@NOTE@", noting ? NOTE : ":")
      .replaceAll("@NOTES@", notes)
      .replaceAll("@CONFIG@", CLANG_CONFIGURATION)
      .replaceAll("@REFUSED@", REFUSED)
      .replaceAll("@CALLED@", STAND_IN_CALLS),
  );
  await writeFile(path.join(dir, CLANG_CONFIGURATION), NOT_CLANG);
  await writeFile(path.join(dir, "uname"), UNAME.replaceAll("@RELEASE@", release));
  await chmod(compiler, 0o755);
  await chmod(path.join(dir, "uname"), 0o755);
  const called = path.join(dir, STAND_IN_CALLS);
  if (plugin === undefined) await symlink(clang, called);
  else {
    const own = [...new Set([prefix, await realpath(prefix).catch(() => prefix)])];
    await writeFile(called, clangStandIn({ clang, plugin, own, prefix, objects }));
    await chmod(called, 0o755);
  }
  return compiler;
}

/** Lay what clang knows of the options that this kernel's kbuild asks for where the stand-in looks for it. */
export async function offerOptions(dir: string, clang: string, kernel: Kernel, kernelCompiler: string): Promise<void> {
  const options = await knownOptions(kernel, {
    key: [COMPILER, kernelCompiler, await contentOfProgram(clang)],
    readable: filesOfProgram(clang),
    standIn: (tools, notes) =>
      writeStandIn(tools, { clang, kernelCompiler, release: kernel.release, prefix: tools, notes, noting: true }),
  });
  if (options === undefined) return;
  for (const file of [ANSWERS, REFUSED]) await copyFile(path.join(options, file), path.join(dir, file));
}
