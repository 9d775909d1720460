/** `kport doctor` and `kport kernels`: what is here, what is missing, and the command that brings it. */
import { EnvironmentError } from "../machine/errors.ts";
import { printable } from "../machine/log.ts";
import { findPlugin } from "./facts-plugin.ts";
import { discoverTools, displayName, installCommand, toolPlaces } from "./discover.ts";
import { setUp } from "./install.ts";
import type { Kernel } from "./kernel.ts";
import { kernelPlaces, listKernels, releaseMatches } from "./kernels.ts";

type Print = (line: string) => void;
const toStdout: Print = (line) => void process.stdout.write(`${line}\n`);

/**
 * Print a table of the tools and kernels; with `fix`, install what is missing first.
 * Returns the exit status: 0 when all is here, 3 when something is missing.
 */
export async function doctor(
  options: { fix: boolean; kernel?: string },
  print: Print = toStdout,
  places = { ...toolPlaces(), ...kernelPlaces() },
): Promise<number> {
  if (options.fix) await setUp({ boot: true, ...(options.kernel === undefined ? {} : { kernel: options.kernel }) });
  const { tools, missing } = await discoverTools(places);
  const rows = Object.entries(tools).map(([name, t]) => [displayName(name), t.version, t.path]);
  for (const m of missing)
    rows.push([displayName(m.tool), "missing", `${m.reason === "" ? "" : `${m.reason}; `}${installCommand([m])}`]);
  if (tools.clang && tools.llvmConfig) {
    const plugin = await findPlugin({ clang: tools.clang, llvmConfig: tools.llvmConfig });
    // A check builds it when it needs it, which takes no more than this machine has.
    rows.push([
      "clang-plugin",
      plugin === undefined ? "not built" : tools.clang.version,
      plugin ?? "the next check builds it, or kport doctor --fix",
    ]);
  }
  rows.sort((a, b) => (a[0] as string).localeCompare(b[0] as string));
  const kernels = (await listKernels(places)).filter(
    (k) => options.kernel === undefined || releaseMatches(k.release, options.kernel),
  );
  const wanted = options.kernel === undefined ? "" : ` ${options.kernel}`;
  for (const k of kernels) rows.push([`kernel${wanted}`, k.release, k.buildDir]);
  if (kernels.length === 0)
    rows.push([
      `kernel${wanted}`,
      "missing",
      `kport doctor --fix${options.kernel === undefined ? "" : ` --kernel${wanted}`}`,
    ]);
  else if (!kernels.some((k) => k.image))
    rows.push(["image", "missing", "no kernel here can be booted; kport doctor --fix"]);
  for (const line of aligned([["tool", "version", "where"], ...rows])) print(line);
  const lacking = rows.filter((r) => r[1] === "missing").length;
  if (lacking === 0) print("all is here");
  else print(`${lacking} missing; all at once: kport doctor --fix`);
  return lacking === 0 ? 0 : 3;
}

/** Print the kernels that can be used here. @throws EnvironmentError when there is none. */
export async function printKernels(print: Print = toStdout): Promise<void> {
  const kernels = await listKernels();
  if (kernels.length === 0) throw new EnvironmentError("no kernel headers on this machine", "kport doctor --fix");
  for (const line of kernelTable(kernels)) print(line);
}

/** One line a kernel: its release, whether it can be booted, its compiler, its build folder. */
export function kernelTable(kernels: readonly Kernel[]): string[] {
  return aligned([
    ["release", "boot", "compiler", "build folder"],
    ...kernels.map((k) => [k.release, k.image === undefined ? "no image" : "yes", k.compiler, k.buildDir]),
  ]);
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((r) => r.map((c) => printable(c)));
  const widths = (clean[0] ?? []).map((_, i) => Math.max(...clean.map((r) => (r[i] ?? "").length)));
  return clean.map((r) =>
    r
      .map((c, i) => c.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
