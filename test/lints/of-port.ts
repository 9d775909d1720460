/** Runs the kernel's list of lints over a port. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { EnvironmentError } from "../../src/machine/errors.ts";
import { run } from "../../src/machine/process.ts";
import { compiledCore } from "../../src/stages/build/core.ts";
import { crateFlags } from "../../src/stages/gate/crate-flags.ts";
import { installPackages, privilege } from "../../src/toolchain/apt-install.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import type { Kernel } from "../../src/toolchain/kernel.ts";
import { which } from "../../src/toolchain/program.ts";
import { countLints, type LintCount, withoutAllowed } from "./lints.ts";

/** Of the kernel's makefile: `rust_common_flags`. */
const LINTS = [
  ...[
    "all",
    "as_ptr_cast_mut",
    "as_underscore",
    "cast_lossless",
    "ignored_unit_patterns",
    "mut_mut",
    "needless_bitwise_bool",
    "no_mangle_with_rust_abi",
    "ptr_as_ptr",
    "ptr_cast_constness",
    "ref_as_ptr",
    "undocumented_unsafe_blocks",
    "unnecessary_safety_comment",
    "unnecessary_safety_doc",
    "float_arithmetic",
  ].map((l) => `-Wclippy::${l}`),
  ...["unsafe_op_in_unsafe_fn", "non_ascii_idents", "rust_2018_idioms", "unreachable_pub"].map((l) => `-W${l}`),
];

/** @param all also what `src/lib.rs` allows */
export async function lintsOfPort(port: string, kernel: Kernel, all: boolean): Promise<LintCount[]> {
  const { rustc } = await requireTools(["rustc"]);
  // The very compiler's own: another reads no crate that this one has compiled.
  const clippy =
    (await which("clippy-driver", [path.dirname(rustc.path)])) ?? (await installed(path.dirname(rustc.path)));
  const core = await compiledCore(kernel, rustc);
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-lints-"));
  try {
    await cp(path.join(port, "src"), path.join(dir, "src"), { recursive: true });
    await cp(path.join(port, "target.json"), path.join(dir, "target.json"));
    const root = path.join(dir, "src/lib.rs");
    if (all) await writeFile(root, withoutAllowed(await readFile(root, "utf8")));
    const flags = (await crateFlags({ module: "lints", kernel, rustc, scratch: dir }, core.dir, dir)).filter(
      (f) => !f.startsWith("--cap-lints") && !f.startsWith("-Clto"),
    );
    const r = await run(
      clippy,
      [
        rustc.path,
        ...flags,
        "--cap-lints=warn",
        "--error-format=json",
        "--emit=metadata",
        "-o",
        path.join(dir, "lints.rmeta"),
        ...LINTS,
        root,
      ],
      { cwd: dir, env: { RUSTC_BOOTSTRAP: "1" }, allowFailure: true, timeout: 600_000 },
    );
    const counts = countLints(r.stderr);
    if (r.exitCode !== 0 && counts.length === 0)
      throw new Error(`${port}: clippy ended with ${r.exitCode}: ${r.stderr.slice(0, 400)}`);
    return counts;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function installed(beside: string): Promise<string> {
  await installPackages(["rust-web-clippy"], await privilege());
  const found = await which("clippy-driver", [beside]);
  if (found === undefined)
    throw new EnvironmentError(`there is no clippy-driver in ${beside}`, "rustup component add clippy");
  return found;
}
