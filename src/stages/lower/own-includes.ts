/** Tells the module's own headers from the kernel's. */
import { existsSync } from "node:fs";
import path from "node:path";

/** Finds whether an include names one of the module's own files, the way the compiler would: beside the file, then along `-I`. */
export function ownIncludes(
  directory: string,
  ownFiles: readonly string[],
  flags: readonly string[],
  isOwn: (file: string) => boolean,
): (include: string, quoted: boolean) => boolean {
  const beside = [...new Set(ownFiles.map((f) => path.dirname(f)))];
  const dirs = flags
    .flatMap((f, i) =>
      f === "-I" || f === "-isystem" || f === "-iquote"
        ? [flags[i + 1] as string]
        : f.startsWith("-I")
          ? [f.slice(2)]
          : [],
    )
    .map((d) => path.resolve(directory, d));
  return (include, quoted) => {
    for (const d of quoted ? [...beside, ...dirs] : dirs) {
      const file = path.resolve(d, include);
      if (existsSync(file)) return isOwn(file);
    }
    return false;
  };
}
