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

/** A name for a module and kernel. Where letters had to be replaced, a piece of a hash keeps `a/b` and `a-b` apart. */
export function jobId(module: string, kernel: string | undefined): string {
  const said = [module === "." ? "module" : module, kernel ?? ""].filter((w) => w !== "").join("-");
  const fit = said.replaceAll(/[^\w.-]+/g, "-").replace(/^[-.]+/, "");
  return fit === said ? fit : [fit.slice(0, 60) || "module", contentKey([module, kernel ?? ""]).slice(0, 6)].join("-");
}
