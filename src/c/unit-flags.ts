/**
 * Which compiler flags a module may bring. A flag can load a program into the compiler (`-fplugin=`), start another one (`-B`,
 * `-wrapper`, `-specs=`), read flags from a file (`@file`), and write or read any file (`-MF`, `-fdump-…=`, `-include`). The module's own
 * build is done with whatever its makefile says; what is kept of a command, to be used again, holds flags that change the meaning of C.
 */
import path from "node:path";
import { StageError } from "../machine/errors.ts";
import { isWithin } from "../machine/untrusted-folder.ts";
import type { CompileCommand } from "./compile-command.ts";

/** What the word behind a flag is. */
type Operand = "any" | "header" | "ours" | RegExp;

/** Flags whose value is the next word. */
const WITH_OPERAND = new Map<string, Operand>([
  ...["-I", "-isystem", "-iquote", "-idirafter", "-D", "-U"].map((f) => [f, "any"] as const),
  ...["-include", "-imacros"].map((f) => [f, "header"] as const),
  // Left out of what is used again: see `flagsOf`.
  ...["-o", "-MF", "-MT", "-MQ"].map((f) => [f, "ours"] as const),
  ["--param", /^[\w-]+=\w+$/],
  ["-x", /^(?:c|assembler-with-cpp)$/],
  ["-target", /^[\w.-]+$/],
  // How the kernel sets clang's sanitizers up (scripts/Makefile.kasan and its kin). Others of LLVM's options write files.
  ["-mllvm", /^-(?:asan|hwasan|kasan|msan|tsan|sanitizer)-[\w-]+(?:=\w+)?$/],
]);

/** Of `-f…`: what loads code, starts another program, or writes files of its own accord. */
const ACTS =
  /^-f(?:no-)?(?:(?:pass-)?plugin|[\w-]*modul|[\w-]*profil|save-optimi|optimization-record|crash|proc-stat|time-trace|[\w-]*lto|embed|use-ld|build-session|apinotes|xray|dump|callgraph|stack-usage|compare-debug|diagnostics-(?:add|set|format|generate)|preprocessed|directives-only|rewrite|open|offload|cuda|gpu|driver)/;

/** Flags of one word. */
const ALONE: readonly RegExp[] = [
  /^-[DU][^]/,
  /^-(?:I|isystem|iquote|idirafter)[^]/,
  /^-std=[\w+:]+$/,
  /^-O(?:\d|[sgz]|fast)?$/,
  /^-g(?!cc)[\w-]*(?:=[\w-]+)?$/,
  /^-f[\w-]+(?:=[\w.,:+-]*)?$/,
  /^-f(?:macro|file|debug|coverage)-prefix-map=/,
  /^-m(?!llvm|mlir)[\w.-]+(?:=[\w.,:+-]*)?$/,
  /^-W(?![apl],)[\w-]*(?:=[\w.,:+-]*)?$/,
  /^-Wp,-(?:[DU]\w+(?:=\w*)?|MM?D,[^,]+)$/,
  /^-Wa(?:,-(?![oIaM]|-MD|-listing|-debug|-reduce)[\w-]+(?:=[\w.+-]+)?)+$/,
  /^-(?:MD|MMD|MP|c|w|pg|pipe|ansi|undef|pedantic|pedantic-errors|nostdinc|nostdlibinc|nostdlib|no-pie|nopie|pthread|trigraphs|v|Qunused-arguments|no-integrated-as)$/,
  /^--target=[\w.-]+$/,
  /^--param=[\w-]+=\w+$/,
];

/**
 * The first flag of a unit's command that a module may not bring.
 * @param folders where headers that the command names may lie: the module's copy, the kernel's, the system's
 */
export function foreignFlag(
  { arguments: [, ...words], directory, file }: CompileCommand,
  folders: readonly string[],
): string | undefined {
  const known = (name: string): boolean => folders.some((d) => isWithin(path.resolve(directory, name), d));
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    // A line in a makefile could not hold it, and more than the flag would follow.
    if (/[\0\n\r]/.test(word)) return word;
    if (!word.startsWith("-")) {
      if (path.resolve(directory, word) === file) continue;
      return word;
    }
    const operand = WITH_OPERAND.get(word);
    if (operand !== undefined) {
      const value = words[++i];
      const fits =
        value !== undefined &&
        !/[\0\n\r]/.test(value) &&
        (operand === "header" ? known(value) : operand instanceof RegExp ? operand.test(value) : true);
      if (!fits) return `${word} ${value ?? ""}`;
      continue;
    }
    const joined = /^-(?:include|imacros)(?!-)(.+)/.exec(word)?.[1];
    if (joined !== undefined && known(joined)) continue;
    const names = /^-f[\w-]+=(.*\/.*)$/.exec(word)?.[1];
    if (ACTS.test(word)) return word;
    // The kernel names lists and seeds of its own.
    if (names !== undefined && known(names)) continue;
    if (!ALONE.some((p) => p.test(word))) return word;
  }
  return undefined;
}

/** @throws StageError that names the flag, for one that a module may not bring */
export function requireOwnFlags(command: CompileCommand, folders: readonly string[]): void {
  const flag = foreignFlag(command, folders);
  if (flag === undefined) return;
  throw new StageError(
    "flags",
    `the compiler flag ${JSON.stringify(flag.slice(0, 200))} is none that kport uses again: a module may bring -D, -U, -I, -include of a header of its own or of the kernel's, -f, -m, -W, -std, -O and -g flags that load nothing and write nothing`,
    { file: command.file },
  );
}
