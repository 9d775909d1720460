/** What is to be done about a module's port pull request, decided from what is there; nothing is asked or written here. */
import type { PortPlan } from "../port/plan.ts";
import type { BranchState } from "./port-branch.ts";
import type { PortMarker } from "./port-marker.ts";
import { readMarker } from "./port-marker.ts";
import type { Pull } from "./pulls.ts";

export interface Observed {
  plan: Pick<PortPlan, "tree" | "before" | "folder">;
  /** The base's branch. */
  base: string;
  branch: BranchState;
  /** The pull requests from the branch, the newest first. */
  pulls: readonly Pull[];
}

export type Step =
  /** `tell`: the pull request that a note goes to. */
  | { do: "leave"; did: "unchanged" | "respected" | "stopped" | "superseded"; why: string; pull?: Pull; tell?: boolean }
  /** The base holds the port. */
  | { do: "close"; pull: Pull | undefined; head: string | undefined }
  | {
      do: "propose";
      commit: boolean;
      pull: Pull | undefined /** A pull request that a person closed and that is wanted again. */;
      reopen: Pull | undefined;
    };

export function decide({ plan, base, branch, pulls }: Observed, run: number, reopen: boolean): Step {
  const open = pulls.find((p) => p.open);
  const last = pulls[0];
  const closedByPerson =
    open === undefined && last !== undefined && !last.merged && readMarker(last.body)?.state !== "closed"
      ? last
      : undefined;

  if (branch.kind === "foreign") {
    const why = `its branch has the commit \`${branch.head.slice(0, 12)}\`, which is not kport's`;
    return { do: "leave", did: "stopped", why, ...(open ? { pull: open, tell: true } : {}) };
  }
  if (open !== undefined && open.base !== base)
    return { do: "leave", did: "stopped", why: "it was turned to another base by hand", pull: open };
  if (branch.kind === "ours" && branch.stamp.run > run)
    return { do: "leave", did: "superseded", why: "a later run has written it", ...(open ? { pull: open } : {}) };
  if (closedByPerson && !reopen)
    return {
      do: "leave",
      did: "respected",
      why: "a person closed it; the input `reopen` opens it again",
      pull: closedByPerson,
    };

  if (plan.tree === plan.before) {
    if (open === undefined && branch.kind === "none")
      return { do: "leave", did: "unchanged", why: "the base holds the port" };
    return { do: "close", pull: open, head: branch.kind === "ours" ? branch.head : undefined };
  }
  const commit =
    branch.kind === "none" ||
    branch.stamp.tree !== plan.tree ||
    branch.stamp.over !== plan.before ||
    branch.stamp.folder !== plan.folder;
  return { do: "propose", commit, pull: open, reopen: closedByPerson };
}

/** Whether the pull request's text is of this commit and of a report that says the same. */
export function isCurrent(pull: Pull, wanted: Omit<PortMarker, "state">): boolean {
  const marker = readMarker(pull.body);
  return marker?.state === "ready" && marker.head === wanted.head && marker.facts === wanted.facts;
}
