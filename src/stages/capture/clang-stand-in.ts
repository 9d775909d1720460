/**
 * `clang` itself, as bear's wrapper finds it: what it adds is in no compile command. The compilation of a C file writes the unit's facts
 * beside the object. A plugin that fails must not fail the module: clang runs again without it, and the facts are not there.
 *
 * What such a compilation makes depends on its command, on the unit's own text, on the headers, and on which there are. A digest of all that
 * tells whether an earlier run has made it (kept-objects.ts), where nothing is included but headers. What lies outside of the working copy
 * is in the key of what is kept. The digest is taken before and after: where a header is made meanwhile, nothing is kept.
 */
import { shellQuote } from "../../machine/tool-failure.ts";

const CLANG = `#!/bin/sh
object= source= next= compiles= depends= other=@OTHER@
for a do
	[ -z "$next" ] || object=$a
	next=
	case $a in
	-o) next=yes ;;
	-c) compiles=yes ;;
	*.c) [ -z "$source" ] || other=yes; source=$a ;;
	-Wp,-MD,* | -Wp,-MMD,*) [ -z "$depends" ] || other=yes; depends=\${a#-Wp,-M*D,} ;;
	@* | -isystem* | -Wp,* | -M* | -gsplit* | --serialize* | -save* | --coverage | -f*coverage* | -f*profile* | -f*usage*) other=yes ;;
	esac
done
seen() {
	text=$(sha256sum <"$source") &&
		headers=$(cd @PREFIX@ && find . -name '*.h' -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum) &&
		printf '%s\\n' "$PWD" "$@" "$text" "$headers" | sed 's#@WORK@##g' | sha256sum | cut -c 1-64
} 2>/dev/null
# Where clang looks besides, and which day it is to it.
[ -z "$CPATH$C_INCLUDE_PATH$COMPILER_PATH$CCC_OVERRIDE_OPTIONS$SOURCE_DATE_EPOCH" ] || other=yes
[ -n "$depends" ] || other=yes
case $compiles:$source:$object in yes:?*:*.o)
	now=
	[ -n "$other" ] || now=$(seen "$@")
	kept=@KEPT@/$now made=@NOTES@/$now
	if [ -n "$now" ] && [ -e "$kept/object" ] && cp "$kept/object" "$object" && cp "$kept/facts" "$object.facts" && cp "$kept/depends" "$depends"; then
		[ ! -e "$kept/said" ] || cat "$kept/said" >&2
		mkdir -p "$made"
		exit 0
	fi
	said=$(@CLANG@ "$@" -fno-crash-diagnostics -fplugin=@PLUGIN@ "-fplugin-arg-kport-out=$object.facts" @OWN@ 2>&1 >/dev/null) && {
		[ -z "$said" ] || printf '%s\\n' "$said" >&2
		if [ -n "$now" ] && [ "$(seen "$@")" = "$now" ] && mkdir -p "$made"; then
			[ -z "$said" ] || printf '%s\\n' "$said" >"$made/said"
			printf '%s\\n' "$@" >"$made/arguments"
			cp "$depends" "$made/depends"
			cp "$object.facts" "$made/facts"
			cp "$object" "$made/object"
		fi 2>/dev/null
		exit 0
	} ;;
esac
exec @CLANG@ "$@"
`;

export interface ClangStandIn {
  clang: string;
  plugin: string;
  /** Folders whose files are the module's own. */
  own: readonly string[];
  /** The working copy. */
  prefix: string;
  objects?: ObjectFolders | undefined;
}

/** Where what was compiled lies, each in a folder by its digest. */
export interface ObjectFolders {
  /** By an earlier run; the build cannot write there. */
  kept: string;
  /** By this one; of what was taken of the kept, only a folder. */
  made: string;
  /** The folder of this run, which paths begin with. */
  workDir: string;
}

/** A script for `clang`. */
export function clangStandIn({ clang, plugin, own, prefix, objects }: ClangStandIn): string {
  const words: Record<string, string> = {
    CLANG: shellQuote([clang]),
    PLUGIN: shellQuote([plugin]),
    OWN: shellQuote(own.map((d) => `-fplugin-arg-kport-own=${d}`)),
    PREFIX: shellQuote([prefix]),
    OTHER: objects === undefined || !PLAIN.test(objects.workDir) ? "yes" : "",
    WORK: objects?.workDir ?? "",
    KEPT: shellQuote([objects?.kept ?? ""]),
    NOTES: shellQuote([objects?.made ?? ""]),
  };
  return CLANG.replaceAll(/@([A-Z]+)@/g, (_, name: string) => words[name] as string);
}

/** Stands in a pattern as it is. */
const PLAIN = /^[\w/-]+$/;
