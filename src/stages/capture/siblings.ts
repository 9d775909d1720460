/** Modules that one folder builds may need each other: what they export, for the ports that import it. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { StageError } from "../../machine/errors.ts";
import { filesOfUntrusted, readUntrusted } from "../../machine/untrusted-folder.ts";

/** CRC, symbol, module, kind, namespace (scripts/mod/modpost.c, write_dump); no namespace before 5.4. */
const LINE = /^(0x[0-9a-f]{1,16})\t([\w.$]{1,512})\t([^\t\0\r]{1,4096})\t(EXPORT_\w{1,32})(\t[\w.]{0,256})?$/;

/**
 * The lines of every Module.symvers below a working copy, the modules named without the folders they lie in. kbuild writes one where it is
 * called, and a makefile may call it in several folders.
 * @throws StageError for a line that modpost did not write
 */
export async function builtSymbols(dir: string): Promise<string[]> {
  const files = (await filesOfUntrusted(dir)).filter((f) => path.basename(f) === "Module.symvers");
  const lines = new Set<string>();
  for (const file of files) {
    for (const line of (await readUntrusted(dir, file)).toString("utf8").split("\n")) {
      if (line === "") continue;
      const m = LINE.exec(line);
      if (m === null)
        throw new StageError(
          "names",
          `${path.relative(dir, file)} holds a line that modpost does not write: ${JSON.stringify(line.slice(0, 200))}`,
        );
      // modpost takes the name alone (add_depends); the folder is one that a later build does not have.
      lines.add([m[1], m[2], path.basename(m[3] as string), m[4]].join("\t") + (m[5] ?? ""));
    }
  }
  return [...lines];
}

/**
 * Put the exports of the modules built beside `module` into a file of its port.
 * @returns the file for `KBUILD_EXTRA_SYMBOLS`; undefined where there are none
 */
export async function writeSiblingSymbols(
  built: readonly string[],
  module: string,
  port: string,
): Promise<string | undefined> {
  // modpost would find the module's own exports twice.
  const others = built.filter((line) => line.split("\t")[2] !== module);
  if (others.length === 0) return undefined;
  const file = path.join(port, "siblings.symvers");
  await writeFile(file, `${others.join("\n")}\n`);
  return file;
}
