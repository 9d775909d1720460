/**
 * The door for people at a shell: arguments in, text and an exit status out.
 * What a command needs is loaded when it is called: `--version` and `--help` wait for none of it.
 */
import path from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { exitStatusOf, UserError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { FAIL_ON } from "../report/fail-on.ts";
import { useKeptResults, usesKeptResults } from "../machine/result-store.ts";
import { isPercent } from "../report/proofs.ts";
import { isFuzzTime, MOST_SECONDS } from "./fuzz-time.ts";
import { boundOwnTime } from "../machine/own-time.ts";
import { setSandboxMode } from "../machine/sandbox-policy.ts";
import type { Report } from "../report/schema.ts";
import { USUAL_SEED } from "../stages/fuzz/random.ts";
import type { BootCommandOptions } from "./commands/boot.ts";
import type { CheckOptions } from "./commands/check.ts";
import type { PortOptions } from "./commands/port.ts";
import { addMatrixCommands } from "./commands/matrix-options.ts";

const stop = new AbortController();
/** Commands that check modules. */
const LOOKING = new Set(["check", "port"]);
// `process.exit` lets scratch folders go; children end with their pipes.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

/** Parse, run, and return the exit status of the contract. */
async function main(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = new Command("kport")
    .description(packageJson.description)
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError("(kport --help lists the commands)")
    .configureHelp({ showGlobalOptions: true })
    .option("--no-sandbox", "build without a sandbox: what the makefile runs can do all that you can")
    .option("--no-cache", "compute everything: use no result of an earlier run, and keep none")
    .hook("preAction", async (command, action) => {
      const { sandbox, cache } = command.opts<{ sandbox: boolean; cache: boolean }>();
      setSandboxMode(sandbox ? "required" : "off");
      useKeptResults(cache);
      if (LOOKING.has(action.name())) await beginToLook();
      await boundOwnTime();
    });
  const kernel = new Option(
    "--kernel <K>",
    "a version prefix (6.1, 6.12) or a kernel build folder; default: the first usable one",
  );

  program
    .command("demo")
    .description("set up what is missing, port the example module, boot it, print the report")
    .addOption(kernel)
    .action(async (o: { kernel?: string }) => {
      status = await (await import("./commands/demo.ts")).demo(o.kernel);
    });

  program
    .command("check")
    .description("port the modules that a folder builds, and compare the Rust with the C")
    .argument("<DIR>", "the folder that holds the makefile")
    .option(
      "--module <NAME>",
      "a module to check, where the folder builds several; may be repeated",
      (name: string, all: string[]) => [...all, name],
      [] as string[],
    )
    .option(
      "--root <DIR>",
      "how far up the module may reach with ../ and links: the git repository that holds it, or its own folder, without this",
    )
    .addOption(kernel)
    .option("--no-boot", "do not boot the modules")
    .option("--three-way", "build and boot the lowered C as well; without it, only where the Rust differs from the C")
    .option("--out <DIR>", "where report.json, report.md, report.html and port/ go", "kport-out")
    .option("--baseline <DIR|REF>", "a port to compare with: a folder, or a git reference whose port is made first")
    .addOption(
      new Option("--headers <MODE>", "what becomes of the kernel headers' inline functions")
        .choices(["helpers", "translate"])
        .default("helpers"),
    )
    .option("--c2rust <C>", "a version of c2rust, built beside the others, or a program's path")
    .option("--rustc <R>", "a version of rustc, this machine's or a newer Debian's, or a program's path")
    .option("--make <COMMAND>", "replaces the way the C module is built, run in its folder")
    .addOption(
      new Option(
        "--fail-on <WHAT>",
        "what makes the exit status 1: a failed check, a module that was built and not run as well, a warning as well",
      )
        .choices(FAIL_ON)
        .default("error"),
    )
    .option(
      "--fuzz <SECONDS>",
      "call what the modules offer with generated input for so long (docs/fuzz.md)",
      secondsOf,
    )
    .option("--seed <N>", "of what is generated: the same seed gives the same calls", seedOf, USUAL_SEED)
    .option(
      "--require-proof <PERCENT>",
      "fail where fewer of the functions are the same code or proved (docs/proof.md)",
      percentOf,
    )
    .action(async (dir: string, o: CheckOptions) => {
      status = await (await import("./commands/check.ts")).checkDirectory(dir, o, stop.signal);
    });

  program
    .command("port")
    .description("say which pull request would bring the modules' ports in, and with which text")
    .argument("<DIR>", "the folder that holds the makefile")
    .option("--dry-run", "write nothing to GitHub; the Action does that")
    .option("--base <REF>", "what the ports would be merged into", "HEAD")
    .option(
      "--port-dir <DIR>",
      "the folder in the repository that a port lies in; {module} stands for the module's name",
      "rust/{module}",
    )
    .option(
      "--module <NAME>",
      "a module to port, where the folder builds several; may be repeated",
      (name: string, all: string[]) => [...all, name],
      [] as string[],
    )
    .addOption(kernel)
    .option("--no-boot", "do not boot the modules")
    .option("--out <DIR>", "where the results of the check go", "kport-out")
    .addOption(
      new Option("--headers <MODE>", "what becomes of the kernel headers' inline functions")
        .choices(["helpers", "translate"])
        .default("helpers"),
    )
    .option("--make <COMMAND>", "replaces the way the C module is built, run in its folder")
    .action(async (dir: string, o: PortOptions) => {
      status = await (await import("./commands/port.ts")).portCommand(dir, o, stop.signal);
    });

  program
    .command("boot")
    .description("boot a module in a fresh virtual machine and say what happened")
    .argument("[FILE.ko]", "the module")
    .addOption(kernel)
    .option("--reference <C.ko>", "a module to compare it with")
    .option("--exercise <SCRIPT>", "a script or folder that uses the module while it is loaded")
    .option("--fuzz <SECONDS>", "call what the modules offer with generated input; with --reference", secondsOf)
    .option("--seed <N>", "of what is generated: the same seed gives the same calls", seedOf, USUAL_SEED)
    .option("--json <FILE>", "write the result there")
    .option("--self-test", "boot the negative controls: each must be reported for what it is")
    .action(async (file: string | undefined, o: Omit<BootCommandOptions, "file" | "signal">) => {
      status = await (await import("./commands/boot.ts")).bootCommand({
        ...(file === undefined ? {} : { file }),
        ...o,
        signal: stop.signal,
      });
    });

  addMatrixCommands(program, stop.signal, (s) => {
    status = s;
  });

  program
    .command("doctor")
    .description("what is installed, what is missing, the command that installs it")
    .option("--fix", "install what is missing")
    .addOption(kernel)
    .action(async (o: { fix?: boolean; kernel?: string }) => {
      status = await (await import("../toolchain/doctor.ts")).doctor({
        fix: o.fix === true,
        ...(o.kernel === undefined ? {} : { kernel: o.kernel }),
      });
    });

  program
    .command("kernels")
    .description("kernels that can be used here")
    .action(async () => (await import("../toolchain/doctor.ts")).printKernels());

  program
    .command("report")
    .description("render a report.json")
    .argument("<FILE>", "report.json, or the folder that holds it")
    .addOption(new Option("--format <FORMAT>", "").choices(["markdown", "html", "summary"]).default("summary"))
    .action(async (file: string, o: { format: string }) => {
      const { readReport } = await import("../report/read.ts");
      const report = await readReport(file.endsWith(".json") ? file : path.join(file, "report.json"));
      process.stdout.write(await rendered(report, o.format));
    });

  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return status;
}

/** Begins what a check has to wait for (pipeline.ts), which takes longer than its code takes to load. */
async function beginToLook(): Promise<void> {
  if (usesKeptResults()) (await import("../machine/seen-files.ts")).lookAhead("/usr");
}

function percentOf(text: string): number {
  if (!isPercent(text)) throw new InvalidArgumentError("Write a number from 0 to 100.");
  return Number(text);
}

function secondsOf(text: string): number {
  if (!isFuzzTime(text)) throw new InvalidArgumentError(`Write a number of seconds from 1 to ${MOST_SECONDS}.`);
  return Number(text);
}

function seedOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("Write a whole number.");
  return Number(text);
}

async function rendered(report: Report, format: string): Promise<string> {
  if (format === "html") return (await import("../report/html.ts")).renderHtml([report]);
  if (format === "markdown") return (await import("../report/markdown.ts")).renderMarkdown([report], { kind: "file" });
  return `${(await import("../report/summary.ts")).renderSummary(report)}\n`;
}

main(process.argv).then(
  (status) => process.exit(status),
  (error: unknown) => {
    const status = exitStatusOf(error);
    // A stack trace is only ever for a defect of ours.
    log.error(
      status === 4 && error instanceof Error
        ? `defect in kport: ${error.stack ?? error.message}`
        : error instanceof Error
          ? error.message
          : String(error),
    );
    if (error instanceof UserError) log.info("(kport --help lists the commands)");
    process.exit(status);
  },
);
