/**
 * The names that may go from a module's folder into a Kbuild, a recipe's shell and paths of ours. kbuild and make split names at
 * blanks, expand `$` in them and take `:`, `#`, `%` and a leading dash for their own; the shell behind a recipe knows still more.
 */
import { moduleName } from "../../port/files.ts";

/** 55 is the kernel's MODULE_NAME_LEN without its end (include/linux/module.h); a dash in front would be an option. */
export function isModuleName(name: string): boolean {
  return !name.startsWith("-") && moduleName.safeParse(name).success;
}

/** Whether each part of a relative path is a name that make, kbuild and a shell take for nothing else. */
export function isPlainPath(relative: string): boolean {
  return (
    relative !== "" &&
    relative.split("/").every((part) => /^(?!-)[\w.+@-]+$/.test(part) && part !== "." && part !== "..")
  );
}

/** A folder's name as one that kbuild can build in. */
export function plainName(name: string): string {
  const plain = name.replaceAll(/[^\w.+@-]/g, "_").replace(/^-/, "_");
  return plain === "" || plain === "." || plain === ".." ? "module" : plain;
}
