/** Every module of a pull request against every kernel, each beside its base: what the action has the pipeline do. */
import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { BaseCheckout } from "./base-checkout.ts";
import { checkoutBase } from "./base-checkout.ts";
import { scratchFolder } from "../machine/cache.ts";
import type { Check, CheckRequest } from "../check/check-request.ts";
import type { Checked } from "../check/checked.ts";
import { checkFolder } from "../check/checked.ts";
import { compareWithBase, compareWithPort } from "../check/compare-ports.ts";
import { discoverModules } from "./discover-modules.ts";
import { UserError } from "../machine/errors.ts";
import type { RunContext } from "../github/run-context.ts";
import { fencedGroup } from "../github/runner-log.ts";
import type { CheckInputs } from "../doors/inputs.ts";
import { log } from "../machine/log.ts";
import { isWithin } from "../machine/untrusted-folder.ts";
import { jobId } from "./job-matrix.ts";
import { USUAL_SEED } from "../stages/fuzz/random.ts";

export interface CheckedTree {
  checked: Checked[];
  /** Folders that built a module in the base and are gone. */
  removed: string[];
  /** What could not be done, and what to do about it; a line each. */
  notes: string[];
}

interface Base {
  /** The base's checkout. */
  tree: string;
  /** The base's commit, short. */
  name: string;
  /** Its folders that build modules. */
  folders: string[];
  /** For its ports and reports. */
  out: string;
}

/**
 * @param folders relative to the workspace; those of `inputs.modules` that are there, or those that were found.
 * @param out absolute; a folder a module and kernel where there are several.
 * @throws UserError for a module that neither the pull request nor its base has.
 */
export async function checkTree(
  inputs: CheckInputs,
  context: RunContext,
  folders: readonly string[],
  out: string,
  check: Check,
  signal: AbortSignal,
): Promise<CheckedTree> {
  const notes: string[] = [];
  await using scratch = await scratchFolder(path.join(process.env["RUNNER_TEMP"] || os.tmpdir(), "kport-base-"));
  const base = await baseOf(inputs, context, scratch.dir, notes, signal);
  const removed = (base?.folders ?? []).filter((f) => !folders.includes(f));
  const nowhere = inputs.modules.filter((m) => !folders.includes(m) && !removed.includes(m));
  if (nowhere.length > 0)
    throw new UserError(
      `input "modules": ${nowhere.map((m) => JSON.stringify(m)).join(", ")}: no such folder in the repository`,
    );
  const committed = await committedPort(inputs, context.workspace);

  const kernels: (string | undefined)[] = inputs.kernel.length > 0 ? inputs.kernel : [undefined];
  const jobs = folders.flatMap((folder) => kernels.map((kernel) => ({ folder, kernel })));
  const checked: Checked[] = [];
  for (const { folder, kernel } of jobs) {
    const id = jobId(folder, kernel);
    const title = `${folder === "." ? path.basename(context.workspace) : folder}${kernel === undefined ? "" : ` on ${kernel}`}`;
    const request = (tree: string, into: string): CheckRequest => ({
      ...common(inputs, kernel, signal),
      dir: path.join(tree, folder),
      root: tree,
      out: into,
    });
    const before = base?.folders.includes(folder)
      ? await portBase(
          `${title}: the base, ${base.name}`,
          () => checkFolder(check, request(base.tree, path.join(base.out, id))),
          notes,
          signal,
        )
      : [];
    const now = await fencedGroup(title, () =>
      checkFolder(check, request(context.workspace, jobs.length > 1 ? path.join(out, id) : out)),
    );
    // A link to the source needs the folder's place in the repository, whatever the pipeline was told.
    for (const c of now) c.report.module.dir = folder;
    checked.push(
      ...(committed === undefined
        ? await compareWithBase(before, now, base?.name ?? "")
        : await Promise.all(now.map((c) => compareWithCommitted(committed, c, inputs.baseline)))),
    );
  }
  return { checked, removed, notes };
}

/** The base's tree, where the pull request is to be compared with it and it can be had. */
async function baseOf(
  inputs: CheckInputs,
  context: RunContext,
  scratch: string,
  notes: string[],
  signal: AbortSignal,
): Promise<Base | undefined> {
  if (inputs.baseline !== "base" || !context.pull) return undefined;
  let checkout: BaseCheckout;
  try {
    checkout = await checkoutBase(context.workspace, context.pull, path.join(scratch, "tree"), signal);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    log.warn(error.message);
    notes.push(`Nothing is compared with the base: ${error.message}`);
    return undefined;
  }
  const { sha, tree } = checkout;
  const folders =
    inputs.modules.length > 0
      ? inputs.modules.filter((m) => existsSync(path.join(tree, m)))
      : (await discoverModules(tree)).map((m) => m.dir);
  return { tree, name: sha.slice(0, 12), folders, out: path.join(scratch, "out") };
}

/** A base that cannot be ported is no reason to say nothing of the pull request. */
async function portBase(
  title: string,
  port: () => Promise<Checked[]>,
  notes: string[],
  signal: AbortSignal,
): Promise<Checked[]> {
  try {
    return await fencedGroup(title, port);
  } catch (error) {
    signal.throwIfAborted();
    const why = `Nothing is compared with the base, which could not be ported: ${error instanceof Error ? error.message : String(error)}`;
    log.warn(why);
    notes.push(why);
    return [];
  }
}

/** The folder holds one module's port, or a folder a module. */
async function compareWithCommitted(
  { folder, workspace }: CommittedPort,
  head: Checked,
  name: string,
): Promise<Checked> {
  const own = path.join(folder, head.report.module.name);
  return compareWithPort(existsSync(own) ? await withinWorkspace(own, workspace, name) : folder, head, name);
}

interface CommittedPort {
  folder: string;
  /** Without links. */
  workspace: string;
}

async function committedPort(inputs: CheckInputs, at: string): Promise<CommittedPort | undefined> {
  if (inputs.baseline === "base" || inputs.baseline === "none") return undefined;
  const workspace = await realpath(at);
  const dir = path.join(workspace, inputs.baseline);
  if (!existsSync(dir))
    throw new UserError(`input "baseline": ${JSON.stringify(inputs.baseline)}: no such folder in the repository`);
  return { folder: await withinWorkspace(dir, workspace, inputs.baseline), workspace };
}

/** What the new port is compared with is shown. @throws UserError for a folder that a link leads out of the repository. */
async function withinWorkspace(dir: string, workspace: string, name: string): Promise<string> {
  const real = await realpath(dir);
  if (!isWithin(real, workspace))
    throw new UserError(`input "baseline": ${JSON.stringify(name)} leads out of the repository by a symbolic link`);
  return real;
}

function common(
  inputs: CheckInputs,
  kernel: string | undefined,
  signal: AbortSignal,
): Omit<CheckRequest, "dir" | "out"> {
  return {
    boot: inputs.boot,
    headers: inputs.headers,
    signal,
    ...(inputs.names.length > 0 ? { modules: inputs.names } : {}),
    ...(kernel === undefined ? {} : { kernel }),
    ...(inputs["require-proof"] === undefined ? {} : { requireProof: inputs["require-proof"] }),
    // The same calls in each run: what is new is the module's doing.
    ...(inputs.fuzz === undefined ? {} : { fuzz: { seconds: inputs.fuzz, seed: USUAL_SEED } }),
    ...(inputs.make === "" ? {} : { make: inputs.make }),
  };
}
