/** Everything a run needs, brought onto the machine: what `doctor --fix`, `demo` and `npm test` call first. */
import semver from "semver";
import { EnvironmentError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { installPackages, notInstalled, type Privilege, privilege, updateLists } from "./apt-install.ts";
import { osRelease, runTool, showPackage, systemApt } from "./apt.ts";
import { describeMissing, type Discovery, discoverTools, toolPlaces } from "./discover.ts";
import { buildPlugin, findPlugin, pluginBuildPackages } from "./facts-plugin.ts";
import { c2rustBuildPackages, installC2rust } from "./install-c2rust.ts";
import { HEADER_METAPACKAGES, prepareKernel } from "./kernel-packages.ts";
import { listKernels, releaseMatches } from "./kernels.ts";
import { which } from "./program.ts";
import { installProvers } from "./provers.ts";
import { SetUpSteps } from "./set-up-steps.ts";
import { LLVM_MAJOR, RUSTC_MINIMUM } from "./tools.ts";

/** Packages of Rust with its library's sources: Debian stable's up-to-date set (kept for its browsers), then the plain one. */
const RUST_PACKAGES = [
  ["rustc-web", "cargo-web", "rust-web-src", "rustfmt-web"],
  ["rustc", "cargo", "rust-src", "rustfmt"],
] as const;

/**
 * Install whatever is missing: packages by apt, c2rust from crates.io, the clang plugin, a kernel's headers and (with `boot`) its image.
 * Says what it is about to do; does nothing, and takes under two seconds, where all is there.
 * @throws EnvironmentError with the exact command where this user may not install, or a source cannot be reached.
 */
export async function setUp(options: { boot: boolean; kernel?: string }): Promise<void> {
  const steps = new SetUpSteps();
  const found = await discoverTools();
  if (found.missing.length > 0) await steps.take("packages", () => installMissing(found));
  // c2rust is compiled from what has come by now, and takes longer than all else that is fetched meanwhile.
  const ends = await Promise.allSettled([
    found.missing.some((m) => m.tool === "c2rust") ? steps.take("c2rust", compileC2rust) : undefined,
    installOthers(options, steps),
  ]);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  const { missing } = found.missing.length > 0 ? await discoverTools() : found;
  // Packages that dpkg holds for installed, but whose files are not there or not fit.
  if (missing.length > 0)
    throw new EnvironmentError(
      `still missing after the set-up: ${missing.map(describeMissing).join(", ")}`,
      `sudo apt-get install --reinstall ${[...new Set(missing.flatMap((m) => m.packages))].join(" ")}`,
    );
  const summary = steps.summary();
  if (summary !== undefined) log.info(summary);
}

/** What does not wait for c2rust. */
async function installOthers(options: { boot: boolean; kernel?: string }, steps: SetUpSteps): Promise<void> {
  await steps.take("clang plugin", installPlugin);
  const { rustc } = (await discoverTools(undefined, ["rustc"])).tools;
  if (rustc !== undefined) await steps.take("provers", () => installProvers(rustc));
  const kernel = (await listKernels()).find(
    (k) => options.kernel === undefined || releaseMatches(k.release, options.kernel),
  );
  if (kernel !== undefined && !(options.boot && kernel.image === undefined)) return;
  await steps.take("kernel", async () => {
    if (kernel === undefined && options.kernel === undefined) await installHeaders();
    await prepareKernel(options.kernel);
  });
}

/** By apt, all that it has of what is missing. */
async function installMissing(found: Discovery): Promise<void> {
  log.info(`missing on this machine: ${found.missing.map(describeMissing).join(", ")}`);
  const as = await privilege();
  await updateLists(as);
  const lacksLlvm = found.missing.some((m) => ["clang", "llvmConfig", "llvmReadelf", "lld"].includes(m.tool));
  const lacksC2rust = found.missing.some((m) => m.tool === "c2rust");
  const packages = [
    ...found.missing.flatMap((m) => (["clang", "llvmConfig", "llvmReadelf", "lld"].includes(m.tool) ? [] : m.packages)),
    ...(lacksLlvm ? ["clang", "llvm", "lld"].map((p) => `${p}-${LLVM_MAJOR}`).concat(pluginBuildPackages()) : []),
    ...(lacksC2rust ? c2rustBuildPackages() : []),
    ...(found.missing.some((m) => m.tool === "rustc" || m.tool === "cargo") ? await rustPackages(as) : []),
  ];
  await installPackages(await notInstalled(packages), as);
}

async function compileC2rust(): Promise<void> {
  const { c2rust, clang, llvmConfig, rustc, cargo } = (await discoverTools()).tools;
  if (c2rust === undefined && clang && llvmConfig && rustc && cargo)
    await installC2rust({ clang, llvmConfig, rustc, cargo });
}

async function installPlugin(): Promise<void> {
  const { clang, llvmConfig } = (await discoverTools(undefined, ["clang"])).tools;
  if (!clang || !llvmConfig || (await findPlugin({ clang, llvmConfig })) !== undefined) return;
  const packages = await notInstalled(pluginBuildPackages());
  if (packages.length > 0) await installPackages(packages, await privilege());
  await buildPlugin({ clang, llvmConfig });
}

/**
 * The packages that bring a fit rustc; none where rustup could bring the sources instead, which it is asked to do at once:
 * before apt where this user cannot install packages, after it where they can.
 */
async function rustPackages(as: Privilege): Promise<string[]> {
  if (as === "none" && (await rustupAddsSources())) return [];
  for (const [rustc, ...others] of RUST_PACKAGES) {
    const offered = await showPackage(systemApt, rustc);
    if (offered !== undefined && semver.gte(semver.coerce(offered.version) ?? "0.0.0", RUSTC_MINIMUM))
      return [rustc, ...others];
  }
  if (as !== "none" && (await rustupAddsSources())) return [];
  // Lists that this user cannot fetch anew may be empty; the command they are shown fetches them.
  if (as === "none" && (await osRelease()).id === "debian") return [...RUST_PACKAGES[0]];
  throw new EnvironmentError(
    `no rustc ${RUSTC_MINIMUM} or newer with its library sources: neither this machine's package lists nor a rustup have one`,
    "install rustup, then: rustup toolchain install stable --component rust-src",
  );
}

async function rustupAddsSources(): Promise<boolean> {
  if ((await which("rustup", toolPlaces().path)) === undefined) return false;
  log.info("rustup component add rust-src");
  const r = await runTool("rustup", ["component", "add", "rust-src"], { allowFailure: true });
  return r.exitCode === 0 && (await discoverTools()).tools.rustc !== undefined;
}

/** The distribution's own headers, where this user may install them; elsewhere `prepareKernel` unpacks them. */
async function installHeaders(): Promise<void> {
  const as = await privilege();
  if (as === "none") return;
  await updateLists(as);
  for (const name of HEADER_METAPACKAGES) {
    if ((await showPackage(systemApt, name)) !== undefined) return installPackages([name], as);
  }
}
