/** A crate of a few functions, as a port has them, and readable texts for some of them. */
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { TARGET } from "../../../src/stages/assemble/kbuild-files.ts";
import {
  type Candidate,
  candidateKey,
  type PrintedLines,
  type WriteCrate,
} from "../../../src/stages/gate/candidate.ts";
import { type Settlement, settle } from "../../../src/stages/gate/settle.ts";
import type { CrateTools } from "../../../src/stages/gate/compiled-crate.ts";
import type { CandidateProver } from "../../../src/stages/gate/proved.ts";
import { compiledCore } from "../../../src/stages/build/core.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";
import { prepareKernel } from "../../../src/toolchain/kernel-packages.ts";

const ROOT = `#![no_std]
#![feature(extern_types)]
#[macro_use]
mod macros;
mod unit;
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
`;

/** What c2rust would have made, by name. */
export type Functions = Record<string, string>;

function unitText(
  functions: Functions,
  printed: ReadonlyMap<string, string>,
): { text: string; places: Map<string, PrintedLines> } {
  let text = 'unsafe extern "C" {\n    fn outside(x: u32) -> u32;\n}\n';
  const places = new Map<string, PrintedLines>();
  for (const [name, base] of Object.entries(functions)) {
    const body = printed.get(name);
    const first = text.split("\n").length;
    text += `${body ?? base}\n`;
    if (body !== undefined)
      places.set(`src/unit.rs ${name}`, { file: "src/unit.rs", first, last: text.split("\n").length - 1 });
  }
  return { text, places };
}

/** This machine's, found before there is a cache of a test's own. */
export function tools(): Promise<Pick<CrateTools, "rustc" | "kernel">> {
  found ??= (async () => ({ ...(await requireTools(["rustc"])), kernel: await prepareKernel("6.1") }))();
  return found;
}
let found: ReturnType<typeof tools> | undefined;

/** A cache of its own until it is disposed of, so that compilations can be counted; core is in it, as it is in the common one. */
export async function ownCache(): Promise<AsyncDisposable> {
  const { rustc, kernel } = await tools();
  const core = await compiledCore(kernel, rustc);
  const own = await mkdtemp(path.join(os.tmpdir(), "kport-settle-cache-"));
  await cp(core.dir, path.join(own, "core", path.basename(core.dir)), { recursive: true });
  const common = process.env["KPORT_CACHE_DIR"];
  process.env["KPORT_CACHE_DIR"] = own;
  return {
    async [Symbol.asyncDispose]() {
      if (common === undefined) delete process.env["KPORT_CACHE_DIR"];
      else process.env["KPORT_CACHE_DIR"] = common;
      await rm(own, { recursive: true, force: true });
    },
  };
}

/**
 * Settle `forms` against `functions`, with this machine's rustc and kernel.
 * @param macros what the printed functions may use
 */
export async function settled(
  functions: Functions,
  forms: Readonly<Record<string, readonly string[]>>,
  macros = "",
  limit: { attempts?: number; prover?: CandidateProver; macro?: (name: string) => string | undefined } = {},
): Promise<Settlement & { written: number }> {
  const { rustc, kernel } = await tools();
  const dir = await mkdtemp(path.join(os.tmpdir(), "kport-settle-test-"));
  try {
    const base = path.join(dir, "base");
    await mkdir(path.join(base, "src"), { recursive: true });
    await mkdir(path.join(dir, "scratch"));
    await writeFile(path.join(base, "target.json"), `${JSON.stringify(TARGET, null, 2)}\n`);
    await writeFile(path.join(base, "src/lib.rs"), ROOT);
    await writeFile(path.join(base, "src/macros.rs"), macros);
    await writeFile(path.join(base, "src/unit.rs"), unitText(functions, new Map()).text);
    const candidates: Candidate[] = Object.entries(forms).map(([name, texts]) => ({
      unit: "src/unit.rs",
      name,
      texts,
    }));
    let written = 0;
    const write: WriteCrate = async (to, chosen) => {
      written++;
      const printed = new Map(
        candidates.flatMap((c) => {
          const form = chosen.get(candidateKey(c));
          return form === undefined ? [] : [[c.name, c.texts[form] as string] as const];
        }),
      );
      const { text, places } = unitText(functions, printed);
      await writeFile(path.join(to, "src/unit.rs"), text);
      return places;
    };
    return {
      ...(await settle({
        base,
        write,
        candidates,
        module: "unit",
        kernel,
        rustc,
        scratch: path.join(dir, "scratch"),
        ...limit,
      })),
      written,
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
