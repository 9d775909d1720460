/** The clang plugin that writes down a unit's facts and answers what lowering asks (src/facts/plugin): built once a clang, kept in the cache. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { cacheDir, cached, contentKey } from "../machine/cache.ts";
import { EnvironmentError } from "../machine/errors.ts";
import { log } from "../machine/log.ts";
import { projectRoot } from "../machine/project-root.ts";
import { run } from "../machine/process.ts";
import { runTool } from "./apt.ts";
import { LLVM_MAJOR, type Tools } from "./tools.ts";

const KIND = "clang-plugin";
const LIBRARY = "kport.so";

/** clang is an LLVM program: no exceptions, no RTTI. Symbols of clang are left open: the program that loads the plugin has them. */
const FLAGS = ["-std=c++17", "-O2", "-fno-rtti", "-fPIC", "-shared", "-fvisibility=hidden", "-w", "-x", "c++", "-"];

type Compiler = Pick<Tools, "clang" | "llvmConfig">;

/** What building it takes besides clang. */
export function pluginBuildPackages(): string[] {
  return ["g++", `llvm-${LLVM_MAJOR}-dev`, `libclang-${LLVM_MAJOR}-dev`];
}

/** The plugin for this clang, where it is built already. */
export async function findPlugin(tools: Compiler): Promise<string | undefined> {
  const library = path.join(cacheDir(), KIND, (await recipe(tools)).key, LIBRARY);
  return existsSync(library) ? library : undefined;
}

/**
 * The plugin for this clang, built where it is not there yet (some 20 seconds).
 * @throws EnvironmentError when clang's headers are missing
 */
export async function buildPlugin(tools: Compiler): Promise<string> {
  const { key, sources } = await recipe(tools);
  const { dir } = await cached(KIND, key, async (into) => {
    const headers = (await runTool(tools.llvmConfig.path, ["--includedir"])).stdout.trim();
    if (!existsSync(path.join(headers, "clang/AST/ASTContext.h")))
      throw new EnvironmentError(
        `clang's headers are not at ${headers}`,
        `sudo apt-get install ${pluginBuildPackages().join(" ")}`,
      );
    log.info(`building the clang plugin for clang ${tools.clang.version} (once; some 20 seconds)`);
    const flags = (await runTool(tools.llvmConfig.path, ["--cxxflags"])).stdout.trim().split(/\s+/);
    // One compilation of all files: nearly all the time goes into clang's headers.
    const all = sources.map((s) => `#include ${JSON.stringify(s)}\n`).join("");
    await runTool(
      path.join(path.dirname(tools.clang.path), "clang++"),
      [...flags, "-I", folder(), ...FLAGS, "-o", path.join(into, LIBRARY)],
      { input: all },
    );
    // One that clang does not load would fail every C build.
    await runTool(tools.clang.path, [`-fplugin=${path.join(into, LIBRARY)}`, "-fsyntax-only", "-x", "c", "-"], {
      input: "int kport;\n",
    });
  });
  return path.join(dir, LIBRARY);
}

function folder(): string {
  return path.join(projectRoot(), "src/facts/plugin");
}

/** What it is made of, and the key that it is kept under: its text, how it is built, and clang's exact version. */
async function recipe({ clang }: Compiler): Promise<{ key: string; sources: string[] }> {
  const files = (await readdir(folder())).filter((f) => /\.(?:cpp|h)$/.test(f)).sort();
  const texts = await Promise.all(files.map((f) => readFile(path.join(folder(), f), "utf8")));
  const version = (await run(clang.path, ["--version"], { allowFailure: true })).stdout;
  return { key: contentKey([version, ...FLAGS, ...files, ...texts]), sources: files.filter((f) => f.endsWith(".cpp")) };
}
