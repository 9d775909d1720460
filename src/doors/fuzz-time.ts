/** How long calls may be generated for. */

/** Half of what a module has for all its programs (machine/bounds.ts). */
export const MOST_SECONDS = 1800;

export function isFuzzTime(text: string): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_SECONDS;
}
