/** What a module offers to user space, as the guest's agent tells it (guest/offers.h). */

export interface Offer {
  kind: "character" | "block" | "file" | "folder" | "list" | "cipher";
  /** Permissions. */
  mode: number;
  name: string;
}

const KINDS = new Set<string>(["character", "block", "file", "folder", "list", "cipher"]);
/** The driver core gives each device these; they are not the module's. */
const OF_THE_CORE = /\/(?:power(?:\/.*)?|uevent|dev|waiting_for_supplier|modalias|bind|unbind|driver_override)$/;

/** Lines and characters that are looked at. The agent tells no more (guest/offers.c), but who has got hold of the guest speaks for it. */
const [MOST, LONGEST] = [801, 1024];

/** Whether there was more than the agent tells of. */
export const wereCut = (lines: readonly string[]): boolean => lines.includes("cut");

/** Each thing once, by the first of its names, in the order of the names: folders are not listed in any. */
export function readOffers(lines: readonly string[]): Offer[] {
  const found = new Map<string, Offer>();
  for (const line of lines.slice(0, MOST)) {
    if (line.length > LONGEST) continue;
    const [kind = "", mode = "", identity = "", ...rest] = line.split(" ");
    const name = rest.join(" ");
    if (!KINDS.has(kind) || name === "" || OF_THE_CORE.test(name)) continue;
    const key = kind === "list" || kind === "cipher" ? line : identity;
    const known = found.get(key);
    if (known === undefined || rank(name) < rank(known.name))
      found.set(key, { kind: kind as Offer["kind"], mode: Number(mode), name });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The shortest name is the one that people use. */
const rank = (name: string): string => `${String(name.length).padStart(5, "0")}${name}`;
