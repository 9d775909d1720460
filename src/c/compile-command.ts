/** One entry of the compilation database, and the clang runs that look at its file again. */
import path from "node:path";
import { TOOL_OUTPUT } from "../machine/bounds.ts";
import { run, type RunResult, type Sandbox } from "../machine/process.ts";

export interface CompileCommand {
  /** The C file, absolute. */
  file: string;
  /** Where the compiler ran: kbuild's folder up to 6.12, the module's own from 6.13 on. Absolute. */
  directory: string;
  /** The compiler and all its arguments, as clang got them. */
  arguments: string[];
  /** The object it makes, absolute. */
  output: string;
}

/** Flags that change which messages are printed, how, or what else is: some messages are read, and -P leaves out the line markers. */
const PRINTS_OTHERWISE =
  /^-Werror(?:$|=)|^-W(?:no-)?(?:fatal-errors|system-headers)$|^-f(?:no-)?(?:diagnostics-|show-|caret-|color-diagnostics|message-length|error-limit|macro-backtrace|elide-type|fixit|ansi-escape|time-report|time-trace|save-optimization)|^-fmax-errors|^--?serialize-diagnostics|^-(?:w|v|H|P|CC|dM|dN|time|pedantic-errors|save-temps(?:=.*)?|R(?:pass|no-).*|ftime-.*)$/;

/**
 * The command's flags alone: no compiler, no input, no output, no dependency file, nothing that turns warnings into errors
 * (the C build already decided that the source is fit; what we make of it may well warn), and nothing that says how to say it.
 */
export function flagsOf(command: CompileCommand): string[] {
  const flags: string[] = [];
  const args = command.arguments.slice(1);
  for (let i = 0; i < args.length; i++) {
    const a = args[i] as string;
    if (
      a === "-c" ||
      a === "-g" ||
      a.startsWith("-Wp,-MM") ||
      a.startsWith("-Wp,-MD") ||
      (PRINTS_OTHERWISE.test(a) && !/^--?serialize-diagnostics$/.test(a)) ||
      a === "-MMD" ||
      a === "-MD"
    )
      continue;
    // `-Xclang -fcolor-diagnostics`, `--serialize-diagnostics file`.
    if (a === "-Xclang" && PRINTS_OTHERWISE.test(args[i + 1] ?? "")) {
      i++;
      continue;
    }
    if (
      a === "-o" ||
      a === "--serialize-diagnostics" ||
      a === "-serialize-diagnostics" ||
      a === "-MF" ||
      a === "-MT" ||
      a === "-MQ"
    ) {
      i++;
      continue;
    }
    if (!a.startsWith("-") && path.resolve(command.directory, a) === command.file) continue;
    flags.push(a);
  }
  return flags;
}

/** Runs clang for one unit, as its compile command would, in the sandbox it is compiled in. */
export class UnitCompiler {
  readonly command: CompileCommand;
  readonly flags: readonly string[];
  private readonly clang: string;
  private readonly sandbox: Sandbox | undefined;
  constructor(clang: string, command: CompileCommand, sandbox?: Sandbox) {
    this.clang = clang;
    this.command = command;
    this.flags = flagsOf(command);
    this.sandbox = sandbox;
  }

  /** Run clang with the unit's flags and `extra` behind them. Never throws for an error in the C. */
  run(extra: readonly string[], input?: string): Promise<RunResult> {
    return run(this.clang, [...this.flags, "-Wno-everything", ...extra], {
      cwd: this.command.directory,
      allowFailure: true,
      timeout: 300_000,
      output: TOOL_OUTPUT,
      ...(input === undefined ? {} : { input }),
      ...(this.sandbox ? { sandbox: this.sandbox } : {}),
    });
  }

  /**
   * Run clang on text that is preprocessed already. `-x cpp-output` keeps it from being preprocessed again, and the
   * `-include` flags must go: clang honours them for preprocessed input too, and every header would come twice.
   */
  runOnPreprocessed(text: string, extra: readonly string[]): Promise<RunResult> {
    return run(this.clang, [...withoutIncludes(this.flags), "-Wno-everything", ...extra, "-x", "cpp-output", "-"], {
      cwd: this.command.directory,
      allowFailure: true,
      timeout: 300_000,
      output: TOOL_OUTPUT,
      input: text,
      ...(this.sandbox ? { sandbox: this.sandbox } : {}),
    });
  }
}

/** The flags that still mean something once the text is preprocessed. */
export function withoutIncludes(flags: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    const f = flags[i] as string;
    if (f === "-include" || f === "-isystem" || f === "-I" || f === "-D" || f === "-U") i++;
    else if (!/^-[IDU]|^-isystem/.test(f) && f !== "-nostdinc") out.push(f);
  }
  return out;
}
