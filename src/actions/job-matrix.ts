/** Modules × kernels as GitHub's `strategy.matrix` takes them. */
import { contentKey } from "../machine/cache.ts";

export interface MatrixJob {
  module: string;
  /** Empty for the first usable one. */
  kernel: string;
  /** Fit for a job's, an artifact's and a folder's name. */
  id: string;
}

export function matrixOf(folders: readonly string[], kernels: readonly string[]): { include: MatrixJob[] } {
  const each: (string | undefined)[] = kernels.length > 0 ? [...kernels] : [undefined];
  return {
    include: folders.flatMap((module) =>
      each.map((kernel) => ({ module, kernel: kernel ?? "", id: jobId(module, kernel) })),
    ),
  };
}

/** What a name ends in to which a piece of a hash was put. */
const PIECE = /-[0-9a-f]{6}$/;
/** The tree itself. */
const TREE = "module";

/**
 * A name for a module and kernel. Where letters had to be replaced, a piece of a hash keeps `a/b` and `a-b` apart; and where a folder is
 * called as that makes another one, or its results would take the place of the other's.
 */
export function jobId(module: string, kernel: string | undefined): string {
  const said = [module === "." ? TREE : module, kernel ?? ""].filter((w) => w !== "").join("-");
  const fit = said.replaceAll(/[^\w.-]+/g, "-").replace(/^[-.]+/, "");
  return fit === said && module !== TREE && !PIECE.test(fit)
    ? fit
    : [fit.slice(0, 60) || TREE, contentKey([module, kernel ?? ""]).slice(0, 6)].join("-");
}
