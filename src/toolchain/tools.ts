/** The tools kport works with: what each is for, how it is asked for its version, and what installs it. */

/** A program of this machine. */
export interface Tool {
  /** Absolute. */
  path: string;
  version: string;
}

/** Where tools are looked for; a test names folders of its own. */
export interface ToolPlaces {
  /** Folders of programs, in order. */
  path: string[];
  /** Holds `llvm-<major>/bin`. */
  llvm: string;
  /** Holds `rustc-<version>/library` (Debian's packages of Rust's sources). */
  rustSources: string;
  rustupHome: string;
  /** kport's cache, where c2rust is installed. */
  cache: string;
}

/** rustc together with the sources of its own standard library, without which core cannot be compiled for the kernel. */
export interface RustCompiler extends Tool {
  sysroot: string;
  /** Holds `core/src/lib.rs`. */
  libraryDir: string;
}

/** Everything that discovery can find; a stage asks `requireTools` for the ones it uses. */
export interface Tools {
  clang: Tool;
  llvmConfig: Tool;
  llvmReadelf: Tool;
  lld: Tool;
  gcc: Tool;
  make: Tool;
  bear: Tool;
  c2rust: Tool;
  rustc: RustCompiler;
  cargo: Tool;
  qemu: Tool;
  busybox: Tool;
  bwrap: Tool;
  pahole: Tool;
  modinfo: Tool;
  depmod: Tool;
  cpio: Tool;
  xz: Tool;
  zstd: Tool;
}

export type ToolName = keyof Tools;

/**
 * The LLVM that clang, c2rust and readelf come from: the newest that c2rust 0.22.1 was built and run with here, and the one whose C++
 * interface the clang plugin (src/facts/plugin) is written for. It changes with every major version.
 */
export const LLVM_MAJOR = 19;

/** The one c2rust that kport's lowering and fixes are written for. */
export const C2RUST_VERSION = "0.22.1";

/** The oldest rustc whose unstable flags and library layout are those that the build stage uses. */
export const RUSTC_MINIMUM = "1.95.0";

/** A tool that is one program on PATH. */
export interface ProgramSpec {
  command: string;
  versionArgs: readonly string[];
  version: RegExp;
  /** The Debian and Ubuntu package. */
  package: string;
  minimum?: string;
  /** Must run inside the boot image, where there is no dynamic linker. */
  static?: boolean;
}

const dotted = /(\d+\.\d[\w.]*)/;

/** Tools found by name on PATH; clang's family, Rust and c2rust have rules of their own. */
export const PROGRAMS = {
  gcc: { command: "gcc", versionArgs: ["-dumpfullversion"], version: dotted, package: "gcc" },
  make: { command: "make", versionArgs: ["--version"], version: dotted, package: "make", minimum: "4.0.0" },
  bear: { command: "bear", versionArgs: ["--version"], version: dotted, package: "bear", minimum: "3.0.0" },
  qemu: {
    command: "qemu-system-x86_64",
    versionArgs: ["--version"],
    version: dotted,
    package: "qemu-system-x86",
    minimum: "6.0.0",
  },
  busybox: { command: "busybox", versionArgs: ["--help"], version: dotted, package: "busybox-static", static: true },
  bwrap: { command: "bwrap", versionArgs: ["--version"], version: dotted, package: "bubblewrap" },
  pahole: { command: "pahole", versionArgs: ["--version"], version: dotted, package: "pahole" },
  modinfo: { command: "modinfo", versionArgs: ["--version"], version: /version (\d+)/, package: "kmod" },
  depmod: { command: "depmod", versionArgs: ["--version"], version: /version (\d+)/, package: "kmod" },
  cpio: { command: "cpio", versionArgs: ["--version"], version: dotted, package: "cpio" },
  xz: { command: "xz", versionArgs: ["--version"], version: dotted, package: "xz-utils" },
  zstd: { command: "zstd", versionArgs: ["--version"], version: dotted, package: "zstd" },
} as const satisfies Partial<Record<ToolName, ProgramSpec>>;
