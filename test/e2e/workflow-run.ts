/** Runs an example workflow with act, in host mode, as GitHub would run it on an event; and what a test needs around it. */
import { writeFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { build } from "rolldown";
import { bundles } from "../../rolldown.config.ts";
import { scratchFolder } from "../../src/machine/cache.ts";
import { run } from "../../src/machine/process.ts";
import { projectRoot } from "../../src/machine/project-root.ts";
import type { Canned } from "./canned-action.ts";
import type { GitHubServer } from "./server/github-server.ts";
import { OWNER, REPO, TOKEN } from "./server/github-server.ts";
import { ResultsService } from "./server/results-service.ts";
import { program } from "./tools.ts";

/** Milliseconds; a machine that is bare has everything to install. */
const [WORKFLOW_TIME, BARE_TIME] = [20 * 60_000, 90 * 60_000];
/** Said by the stand-in for node after an action that failed, before its number. */
const ENDED = "this action has ended: ";
const EXAMPLES = path.join(projectRoot(), "examples", "workflows");

/** The action as it would lie on a runner, with the canned pipeline in its bundle. Made once a test process, and gone with it. */
export async function actionFolder(): Promise<string> {
  made ??= (async () => {
    const { dir } = await scratchFolder(path.join(os.tmpdir(), "kport-action-"));
    const entries = {
      action: path.join(import.meta.dirname, "canned-action.ts"),
      report: path.join(projectRoot(), "src", "doors", "report-action.ts"),
    };
    await build(bundles(entries, path.join(dir, "dist")));
    for (const file of ["action.yml", "report/action.yml", ".github/problem-matchers"])
      await cp(path.join(projectRoot(), file), path.join(dir, file), { recursive: true });
    await writeFile(path.join(dir, "package.json"), '{"type":"module"}');
    return dir;
  })();
  return made;
}
let made: Promise<string> | undefined;

/** The action as GitHub hands it out: the files of this repository that are committed, or about to be, and nothing else. */
export async function releasedFolder(): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-released-"));
  const files = (await run("git", ["ls-files", "-z", "--cached"], { cwd: projectRoot() })).stdout
    .split("\0")
    .filter((f) => f !== "");
  for (const file of files)
    await cp(path.join(projectRoot(), file), path.join(dir, file), { verbatimSymlinks: true }).catch(() => undefined);
  return dir;
}

/** A repository with a module or several, as commits: what a pull request's checkout is. */
export class Workspace {
  readonly dir: string;
  private constructor(dir: string) {
    this.dir = dir;
  }

  /** A repository that is there already. */
  static at(dir: string): Workspace {
    return new Workspace(dir);
  }

  static async create(): Promise<Workspace> {
    const workspace = new Workspace(await mkdtemp(path.join(os.tmpdir(), "kport-e2e-")));
    await workspace.git("init", "--quiet", "--initial-branch=main");
    await workspace.git("remote", "add", "origin", `https://github.com/${OWNER}/${REPO}`);
    return workspace;
  }

  async git(...args: string[]): Promise<string> {
    return (
      await run("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", ...args], {
        cwd: this.dir,
      })
    ).stdout.trim();
  }

  /** A commit of what lies in the folder. Resolves with its name. */
  async commitAll(): Promise<string> {
    await this.git("add", "-A");
    await this.git("commit", "--quiet", "-m", "change");
    return this.git("rev-parse", "HEAD");
  }

  /** A commit in which exactly these folders hold modules. Resolves with its name. */
  async commit(modules: Record<string, Canned>): Promise<string> {
    await this.git("rm", "-r", "--quiet", "--ignore-unmatch", ".");
    await writeFile(path.join(this.dir, "README"), `${Object.keys(modules).join()} ${Math.random()}\n`);
    for (const [folder, canned] of Object.entries(modules)) {
      const dir = path.join(this.dir, folder);
      await mkdir(dir, { recursive: true });
      await writeFile(path.join(dir, "Makefile"), `obj-m := ${path.basename(folder)}.o\n`);
      await writeFile(path.join(dir, "canned.json"), JSON.stringify(canned));
    }
    return this.commitAll();
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}

export interface RunOfWorkflow {
  example: string;
  event: string;
  payload: object;
  workspace: Workspace;
  run: { id: number; number: number; attempt?: number };
  token?: string;
  /** Replaced in the workflow's text, to vary an example's inputs. */
  edit?: (text: string) => string;
  env?: Record<string, string>;
  /** A folder of the runner's own, which is on PATH, where it is one for several runs: results hold for one PATH. */
  runner?: string;
  /** The action's folder; by default the one with the canned pipeline. */
  action?: string;
  machine?: Machine;
}

/** Where a workflow runs, where that is not this machine: it has the same paths. */
export interface Machine {
  /** What starts a program there, in a copy of a folder of this machine's. */
  words(
    words: readonly string[],
    options: { cwd: string; env: Record<string, string>; read: readonly string[]; write: readonly string[] },
  ): Promise<string[]>;
}

export interface Ran {
  ok: boolean;
  /** What people would see in the log, workflow commands that were obeyed included. */
  log: string;
  /** Commands that act obeyed, by name. */
  commands: string[];
  outputs: Record<string, string>;
  summary: string;
  /** What was printed besides act's log. */
  besides: string;
}

export async function runWorkflow(server: GitHubServer, what: RunOfWorkflow): Promise<Ran> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), "kport-act-"));
  try {
    const action = what.action ?? (await actionFolder());
    const text = await readFile(path.join(EXAMPLES, what.example), "utf8");
    const uses = /OWNER\/kport(?:\/report)?@([0-9a-f]{40})/.exec(text)![1]!;
    await writeFile(path.join(scratch, "workflow.yml"), (what.edit ?? ((t) => t))(text));
    await writeFile(path.join(scratch, "event.json"), JSON.stringify(what.payload));
    const act = await program("act");
    const env = {
      GITHUB_API_URL: server.url,
      GITHUB_GRAPHQL_URL: `${server.url}/graphql`,
      GITHUB_REPOSITORY: `${OWNER}/${REPO}`,
      GITHUB_RUN_ID: String(what.run.id),
      GITHUB_RUN_NUMBER: String(what.run.number),
      GITHUB_RUN_ATTEMPT: String(what.run.attempt ?? 1),
      ACTIONS_RESULTS_URL: server.url,
      ACTIONS_RUNTIME_TOKEN: ResultsService.runtimeToken(what.run.id),
      ACTIONS_CACHE_SERVICE_V2: "true",
      KPORT_CACHE_DIR: path.join(scratch, "cache"),
      ...what.env,
    };
    const args = [
      what.event,
      "-W",
      path.join(scratch, "workflow.yml"),
      "-e",
      path.join(scratch, "event.json"),
      "-P",
      "ubuntu-24.04=-self-hosted",
      "--no-cache-server",
      "--json",
      "--action-offline-mode",
    ];
    args.push(
      "--local-repository",
      `${what.env?.["GITHUB_SERVER_URL"] ?? "https://github.com"}/OWNER/kport@${uses}=${action}`,
      "--secret",
      `GITHUB_TOKEN=${what.token ?? TOKEN}`,
    );
    for (const [name, value] of Object.entries(env)) args.push("--env", `${name}=${value}`);
    // act asks the node that comes first on PATH where it is, and runs actions with that (the action itself refuses one below 24), on a terminal
    // that it closes unread when the action fails: the last lines would be lost, the error among them. So what fails stays until they are seen here.
    const bin = path.join(what.runner ?? scratch, "bin");
    const seen = path.join(scratch, "seen");
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, "node"), nodeStandIn(seen), { mode: 0o755 });
    const onLine = (line: string): void => {
      const ended = new RegExp(`${ENDED}(\\d+)`).exec(line);
      if (ended !== null) writeFileSync(`${seen}${ended[1]}`, "");
    };
    const own = { ACT_DISABLE_VERSION_CHECK: "true", XDG_CACHE_HOME: path.join(scratch, "xdg") };
    const node = path.dirname(process.execPath);
    const cwd = what.workspace.dir;
    const [file = act.file, ...words] = what.machine
      ? await what.machine.words([act.file, ...args], {
          cwd,
          env: { ...own, PATH: bin },
          read: [action, path.dirname(act.file), node],
          write: [scratch],
        })
      : [act.file, ...args];
    const ran = await run(file, words, {
      cwd,
      allowFailure: true,
      timeout: what.machine ? BARE_TIME : WORKFLOW_TIME,
      onLine,
      env: { ...own, PATH: `${bin}:${node}:${process.env["PATH"]}` },
    });
    return { ok: ran.exitCode === 0, ...readLog(ran.all) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** No shell: that would drop inputs with a hyphen from the environment. */
function nodeStandIn(seen: string): string {
  return `#!${process.execPath}
const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const args = process.argv.slice(2);
if (args.some((arg) => arg.includes("process.execPath"))) return console.log(__filename);
const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
process.exitCode = status ?? 1;
if (status === 0) return;
console.log("${ENDED}" + process.pid);
const deadline = Date.now() + 30_000;
const wait = setInterval(() => (existsSync(${JSON.stringify(seen)} + process.pid) || Date.now() > deadline) && clearInterval(wait), 20);
`;
}

/** act's JSON lines: the log's text, the commands it obeyed, the outputs and the summary it was given. */
function readLog(all: string): Omit<Ran, "ok"> {
  const ran: Omit<Ran, "ok"> = { log: "", commands: [], outputs: {}, summary: "", besides: "" };
  const lines: string[] = [];
  for (const line of all.split("\n").filter((l) => l.startsWith("{"))) {
    const entry = JSON.parse(line) as { msg?: string; command?: string; name?: string; arg?: string; content?: string };
    if (entry.msg?.includes(ENDED)) continue;
    lines.push((entry.msg ?? "").replace(/\n$/, ""));
    if (entry.command) ran.commands.push(entry.command);
    if (entry.command === "set-output" && entry.name !== undefined) ran.outputs[entry.name] = entry.arg ?? "";
    if (entry.command === "summary") ran.summary += entry.content ?? "";
  }
  return {
    ...ran,
    log: lines.join("\n"),
    besides: all
      .split("\n")
      .filter((l) => !l.startsWith("{"))
      .join("\n"),
  };
}
