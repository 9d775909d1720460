/** What of a unit's compiler flags its helpers are compiled with. */
import { CLANG_CONFIGURATION } from "../capture/compiler-stand-in.ts";

/** What kbuild tells each unit of its module's name: helpers are tried with the same, and built with what kbuild tells them then. */
export function kbuildNames(flags: readonly string[]): string[] {
  return flags.filter((f) => /^-D(?:__)?KBUILD_/.test(f));
}

/**
 * The flags the module's makefile added to kbuild's: those that change what its headers mean.
 * @param isNeedless which of them the helpers can do without
 */
export function ownFlags(
  flags: readonly string[],
  kbuild: readonly string[],
  isNeedless: (option: string, value: string) => boolean,
): string[] {
  const standard = new Set(kbuild);
  const own: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    const f = flags[i] as string;
    const pair = f === "-include" || f === "-isystem" || f === "-I" || f === "-D" || f === "-U" || f === "-iquote";
    const value = pair ? (flags[++i] as string) : f;
    if (!pair && !/^-[IDU]/.test(f)) continue;
    if (standard.has(value) || value.endsWith(`/${CLANG_CONFIGURATION}`) || /^(?:-D)?(?:__)?KBUILD_/.test(value))
      continue;
    if (isNeedless(pair ? f : f.slice(0, 2), pair ? value : f.slice(2))) continue;
    own.push(...(pair ? [f, value] : [f]));
  }
  return own;
}
