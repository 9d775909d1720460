/** The command line's half for matrices: what each command takes. */
import { type Command, InvalidArgumentError, Option } from "commander";

const commands = () => import("./matrix.ts");

export function addMatrixCommands(program: Command, signal: AbortSignal, end: (status: number) => void): void {
  const file = new Option("--file <FILE>", "modules, kernels and tools").default("kport.yml");
  const history = new Option(
    "--history <DIR>",
    "the folder that remembers earlier runs; default: the one the file names",
  );
  const out = new Option("--out <DIR>", "where the results go").default("kport-out/matrix");

  program
    .command("matrix")
    .description(
      "run every module of kport.yml with every kernel, c2rust and rustc, and say what is new and whose fault it is",
    )
    .addOption(file)
    .addOption(history)
    .addOption(out)
    .action(async (o: { file: string; history?: string; out: string }) =>
      end(await (await commands()).matrixCommand({ ...o, signal })),
    );

  program
    .command("plan")
    .description("what a run of kport.yml would do: its cells, how long they take, its jobs")
    .addOption(file)
    .addOption(history)
    .option("--out <FILE>", "write the plan there, for kport cells")
    .action(async (o: { file: string; history?: string; out?: string }) => {
      await (await commands()).planCommand(o);
    });

  program
    .command("cells")
    .description("run the cells of a plan")
    .argument("<PLAN>", "what kport plan wrote")
    .option("--shard <N>", "only those of this job", wholeNumber)
    .option("--tree <DIR>", "the folder that holds kport.yml", ".")
    .addOption(out)
    .action(async (plan: string, o: { shard?: number; tree: string; out: string }) =>
      end(await (await commands()).cellsCommand(plan, { ...o, signal })),
    );

  program
    .command("merge")
    .description("join reports of a matrix into one")
    .argument("<PATH...>", "report.json files, and folders that hold some")
    .option("--plan <FILE>", "names what is missing")
    .addOption(out)
    .action(async (paths: string[], o: { plan?: string; out: string }) =>
      end(await (await commands()).mergeCommand(paths, o)),
    );

  program
    .command("regress")
    .description("join the reports of a plan, compare them with earlier runs, and look for the cause of what is new")
    .argument("<PATH...>", "report.json files, and folders that hold some")
    .requiredOption("--plan <FILE>", "what kport plan wrote")
    .addOption(file)
    .addOption(history)
    .addOption(out)
    .action(async (paths: string[], o: { plan: string; file: string; history?: string; out: string }) =>
      end(await (await commands()).regressCommand(paths, { ...o, signal })),
    );
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a whole number");
  return Number(text);
}
