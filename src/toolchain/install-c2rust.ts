/** Builds c2rust, which no distribution carries, into the cache. */
import { cp, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cacheDir, scratchFolder } from "../machine/cache.ts";
import { EnvironmentError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { downloadPackages, requireSpace, runTool, showPackage, systemApt, unpackPackages } from "./apt.ts";
import { isolatedApt } from "./isolated-apt.ts";
import { C2RUST_VERSION, LLVM_MAJOR, type Tools } from "./tools.ts";

/** A release build of c2rust and its crates. */
const SPACE = 2 * 1024 ** 3;

/** What building it takes besides Rust and clang. */
export function c2rustBuildPackages(): string[] {
  return ["cmake", "git", "g++", "make", "patch", `llvm-${LLVM_MAJOR}-dev`, `libclang-${LLVM_MAJOR}-dev`];
}

/**
 * Build c2rust into `<cache>/c2rust-<version>`, beside the other versions there. Takes some five minutes on two cores.
 * @param version one that crates.io has
 */
export async function installC2rust(
  tools: Pick<Tools, "clang" | "llvmConfig" | "rustc" | "cargo">,
  version: string = C2RUST_VERSION,
): Promise<void> {
  const final = path.join(cacheDir(), `c2rust-${version}`);
  await requireSpace(cacheDir(), SPACE / 8);
  await requireSpace(os.tmpdir(), SPACE);
  await using scratch = await scratchFolder(path.join(os.tmpdir(), "kport-c2rust-"));
  await using beside = await scratchFolder(path.join(cacheDir(), ".making-c2rust-"));
  const work = scratch.dir;
  log.info(`building c2rust ${version} from crates.io into ${final} (once; some five minutes)`);
  const env = {
    CMAKE_TOOLCHAIN_FILE: await tinycborForCMake(work),
    LLVM_CONFIG_PATH: tools.llvmConfig.path,
    CLANG_PATH: tools.clang.path,
    LIBCLANG_PATH: path.resolve(path.dirname(tools.clang.path), "../lib"),
    CARGO_TARGET_DIR: path.join(work, "target"),
    RUSTC: tools.rustc.path,
    PATH: [path.dirname(tools.cargo.path), process.env["PATH"] ?? ""].join(path.delimiter),
  };
  await runTool(tools.cargo.path, ["install", "--locked", "--version", `=${version}`, "--root", beside.dir, "c2rust"], {
    cwd: work,
    env,
    onLine: cargoProgress(),
  });
  await rm(final, { recursive: true, force: true });
  await rename(beside.dir, final);
}

/**
 * c2rust's CMake project clones tinycbor from GitHub, which not every machine can reach. Its two cache variables name another
 * repository: one made here, of the distribution's own libtinycbor-dev, whose makefile has the targets that the project calls.
 * Returns the CMake toolchain file that sets them.
 */
async function tinycborForCMake(work: string): Promise<string> {
  const root = path.join(work, "unpacked");
  await mkdir(root);
  const name = "libtinycbor-dev";
  // Debian bookworm has none; trixie's static library and headers do not depend on its libc.
  const apt = (await showPackage(systemApt, name)) === undefined ? await isolatedApt("trixie") : systemApt;
  await unpackPackages(await downloadPackages(apt, [name], work), root);
  const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((f) => f.isFile());
  const folderOf = (file: string): string => {
    const found = files.find((f) => f.name === file);
    if (found === undefined) throw new EnvironmentError(`${name} of ${apt.name} holds no ${file}`);
    return found.parentPath;
  };
  const repository = path.join(work, "tinycbor");
  await cp(folderOf("cbor.h"), path.join(repository, "tinycbor"), { recursive: true });
  await cp(path.join(folderOf("libtinycbor.a"), "libtinycbor.a"), path.join(repository, "libtinycbor.a"));
  await writeFile(path.join(repository, "Makefile"), MAKEFILE);
  const identity = [
    "-c",
    "user.name=kport",
    "-c",
    "user.email=kport@localhost",
    "-c",
    "commit.gpgsign=false",
    "-c",
    "core.autocrlf=false",
  ];
  for (const args of [
    ["init", "-q", "-b", "main"],
    ["add", "-f", "."],
    [...identity, "commit", "-q", "-m", "libtinycbor-dev as a repository"],
  ])
    await runTool("git", args, { cwd: repository });
  const file = path.join(work, "toolchain.cmake");
  await writeFile(
    file,
    `set(TINYCBOR_REPO "file://${repository}" CACHE STRING "")\nset(TINYCBOR_TAG "main" CACHE STRING "")\n`,
  );
  return file;
}

const MAKEFILE = `all:
.config:
\ttouch .config
install:
\tmkdir -p $(prefix)/include $(prefix)/lib
\tcp -r tinycbor $(prefix)/include/
\tcp libtinycbor.a $(prefix)/lib/
`;

/** Says now and then how far cargo is: it does not know itself how many crates there are. */
function cargoProgress(): (line: string) => void {
  let crates = 0;
  return (line) => {
    const crate = /^\s*Compiling (\S+)/.exec(line)?.[1];
    if (crate === undefined) return;
    crates += 1;
    if (crates % 25 === 0 || crate.startsWith("c2rust")) log.info(`  compiling crate ${crates}: ${crate}`);
  };
}
