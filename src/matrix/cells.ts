/** The cells of a kport.yml: every combination that is meant, each once. */
import { contentKey } from "../machine/cache.ts";
import { UserError } from "../machine/errors.ts";
import type { AxisValue, Cell } from "../report/matrix/schema.ts";
import type { MatrixFile, Pattern } from "./file.ts";

/** A value of an axis: its name in the file, and what it means today (`resolve.ts`). */
export interface Resolved {
  kernels: Map<string, AxisValue>;
  c2rust: Map<string, AxisValue>;
  rustc: Map<string, AxisValue>;
}

/** How patterns name a kernel or a tool that is an object in the file. */
export function nameOf(entry: string | { package: string } | { folder: string } | { path: string }): string {
  if (typeof entry === "string") return entry;
  return "package" in entry ? entry.package : "folder" in entry ? entry.folder : entry.path;
}

/** Every name that the file mentions for each axis, in its order; those of `include` as well. */
export function namesOf(file: MatrixFile): { module: string[]; kernel: string[]; c2rust: string[]; rustc: string[] } {
  const of = (listed: readonly string[], axis: keyof Pattern): string[] => [
    ...new Set([...listed, ...file.include.flatMap((p) => p[axis] ?? [])]),
  ];
  return {
    module: of(
      file.modules.map((m) => (typeof m === "string" ? m : m.folder)),
      "module",
    ),
    kernel: of(file.kernels.map(nameOf), "kernel"),
    c2rust: of(file.c2rust.map(nameOf), "c2rust"),
    rustc: of(file.rustc.map(nameOf), "rustc"),
  };
}

/**
 * @param source hash of a module folder's files
 * @param kport what identifies this kport
 * @throws UserError for an exclude or allow-failure that no cell fits: a slip of the pen would go unnoticed
 */
export function cellsOf(
  file: MatrixFile,
  resolved: Resolved,
  source: (folder: string) => string,
  kport: string,
): Cell[] {
  const listed = {
    module: file.modules.map((m) => (typeof m === "string" ? m : m.folder)),
    kernel: file.kernels.map(nameOf),
    c2rust: file.c2rust.map(nameOf),
    rustc: file.rustc.map(nameOf),
  };
  const excluded = matcher(file.exclude, "exclude");
  const allowed = matcher(file["allow-failure"], "allow-failure");
  const cells = new Map<string, Cell>();
  const add = (module: string, kernel: string, c2rust: string, rustc: string): void => {
    const entry = file.modules.find((m) => (typeof m === "string" ? m : m.folder) === module) ?? module;
    const { folder, names, make } = typeof entry === "string" ? { folder: entry } : entry;
    const values = {
      kernel: resolved.kernels.get(kernel)!,
      c2rust: resolved.c2rust.get(c2rust)!,
      rustc: resolved.rustc.get(rustc)!,
    };
    const hash = source(folder);
    const id = cellId([folder, ...(names ?? []), kernel, c2rust, rustc]);
    const key = contentKey([
      "cell 1",
      folder,
      ...(names ?? []),
      make ?? "",
      hash,
      values.kernel.resolved,
      values.c2rust.resolved,
      values.rustc.resolved,
      ...Object.values(values).map((v) => v.content ?? ""),
      String(file.boot),
      file.headers,
      kport,
    ]);
    const mayFail = allowed.fits({ module, kernel, c2rust, rustc });
    cells.set(id, {
      id,
      module: { folder, ...(names ? { names } : {}), ...(make === undefined ? {} : { make }) },
      ...values,
      allowFailure: mayFail,
      boot: file.boot,
      headers: file.headers,
      source: hash,
      key,
    });
  };
  const product = (
    of: typeof listed,
    take: (module: string, kernel: string, c2rust: string, rustc: string) => void,
  ): void => {
    for (const m of of.module)
      for (const k of of.kernel) for (const c of of.c2rust) for (const r of of.rustc) take(m, k, c, r);
  };
  product(listed, (m, k, c, r) => {
    if (!excluded.fits({ module: m, kernel: k, c2rust: c, rustc: r })) add(m, k, c, r);
  });
  for (const p of file.include) {
    const of = (axis: keyof Pattern): string[] => (p[axis] === undefined ? listed[axis] : [p[axis]].flat());
    product({ module: of("module"), kernel: of("kernel"), c2rust: of("c2rust"), rustc: of("rustc") }, add);
  }
  excluded.requireUse();
  allowed.requireUse();
  if (cells.size === 0)
    throw new UserError("kport.yml: nothing is left to check: `exclude` takes away every combination");
  return [...cells.values()];
}

function matcher(
  patterns: readonly Pattern[],
  key: string,
): { fits(of: Record<keyof Pattern, string>): boolean; requireUse(): void } {
  const used = new Set<Pattern>();
  return {
    fits(of) {
      const fitting = patterns.filter((p) =>
        (Object.keys(p) as (keyof Pattern)[]).every((axis) => [p[axis]].flat().includes(of[axis])),
      );
      for (const p of fitting) used.add(p);
      return fitting.length > 0;
    },
    requireUse() {
      for (const [i, p] of patterns.entries())
        if (!used.has(p))
          throw new UserError(
            `kport.yml: ${key}[${i + 1}] ${JSON.stringify(p)} fits no combination: write the values as in the lists above it`,
          );
    },
  };
}

/** A name for a cell, fit for a folder's, an artifact's and a job's. Where letters had to be replaced, a piece of a hash keeps two apart. */
export function cellId(parts: readonly string[]): string {
  const said = parts
    .filter((p) => p !== "default")
    .map((p) => (p === "." ? "module" : p))
    .join("_");
  const fit = said.replaceAll(/[^\w.-]+/g, "-").replace(/^[-.]+/, "");
  return fit === said && fit.length <= 90 ? fit : [fit.slice(0, 80) || "cell", contentKey(parts).slice(0, 6)].join("-");
}
