/**
 * Reads what the plugin wrote. The file comes out of a stranger's build, which may write one of its own: it is a plain file of bounded
 * size, of the schema's form, and every index in it leads somewhere, before anything walks along it.
 */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { StageError } from "../machine/errors.ts";
import { type Declaration, type Facts, facts, type Node } from "./schema.ts";
import { childrenOf } from "./children.ts";
import { tooMuch } from "./extent.ts";

/** Bytes. A unit of 60,000 lines has some 60 MB. */
const MOST_BYTES = 128 * 1024 * 1024;

/**
 * @param unit the C file, for messages
 * @throws StageError("facts") where the file is missing, half written, or not what the plugin writes
 */
export async function readFacts(file: string, unit: string): Promise<Facts> {
  const refuse = (why: string): never => {
    throw new StageError("facts", `what clang wrote down of ${path.basename(unit)} cannot be used: ${why}`, {
      file: unit,
    });
  };
  const text = await readPlain(file, refuse);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words quote the file, which may be any file by now.
    return refuse("it is no JSON (half a file?)");
  }
  const checked = facts.safeParse(value);
  if (!checked.success) {
    const first = checked.error.issues[0];
    return refuse(`${first?.path.join(".") || "the whole"} is not of the form that the plugin writes`);
  }
  const wrong = misled(checked.data) ?? tooMuch(checked.data);
  return wrong === undefined ? checked.data : refuse(wrong);
}

/** The text of a regular file: no link, no pipe that never ends, no device. */
async function readPlain(file: string, refuse: (why: string) => never): Promise<string> {
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return refuse(
      `the file ${(error as NodeJS.ErrnoException).code === "ENOENT" ? "is not there" : "cannot be opened, or is a link"}`,
    );
  }
  await using _ = handle;
  const stat = await handle.stat();
  if (!stat.isFile()) return refuse("it is no plain file");
  if (stat.size > MOST_BYTES)
    return refuse(
      `it has ${Math.round(stat.size / 1024 / 1024)} MiB, ${MOST_BYTES / 1024 / 1024} are the most that are read`,
    );
  return await handle.readFile("utf8");
}

/** The first index that leads nowhere, or round in a circle: what is made of other things stands behind them in its table. */
function misled(f: Facts): string | undefined {
  return misledTypes(f) ?? misledDeclarations(f) ?? misledMacros(f) ?? misledNodes(f) ?? misledTop(f);
}

function misledTypes(f: Facts): string | undefined {
  for (const [i, t] of f.types.entries()) {
    const made = "to" in t ? [t.to] : "of" in t ? [t.of] : t.k === "function" ? [t.result, ...t.parameters] : [];
    if (made.some((m) => m >= i)) return `types.${i} is made of one that does not stand before it`;
    if ("decl" in t) {
      const decl = f.declarations[t.decl];
      if (decl?.k !== t.k) return `types.${i} names a declaration that is no ${t.k}`;
    }
  }
  return undefined;
}

function misledDeclarations(f: Facts): string | undefined {
  const isType = (t: number | undefined): boolean => t === undefined || t < f.types.length;
  for (const [i, d] of f.declarations.entries()) {
    const bad = (what: string): string => `declarations.${i}: ${what}`;
    if ("type" in d && !isType(d.type)) return bad("its type is not there");
    if (!isPlace(f, d.place) || !isPath(f, "p" in d ? d.p : undefined)) return bad("it stands nowhere");
    if (d.k === "function") {
      if (f.types[d.type]?.k !== "function" && f.types[d.type]?.k !== "typedef")
        return bad("its type is none of a function");
      if (d.parameters?.some((p) => f.declarations[p]?.k !== "variable")) return bad("a parameter is not there");
      if (d.body !== undefined && f.nodes[d.body] === undefined) return bad("its body is not there");
    } else if (d.k === "variable") {
      if (d.initialiser !== undefined && f.nodes[d.initialiser] === undefined)
        return bad("its initialiser is not there");
      if (!isBounded(f, d)) return bad("its array's bounds are others than its type's");
    } else if (d.k === "record") {
      if (d.fields?.some((x) => !isType(x.type) || !isPlace(f, x.place)))
        return bad("a field's type or place is not there");
      if (d.fields?.some((x) => !isBounded(f, x)))
        return bad("the bounds of a field's array are others than its type's");
    } else if (d.k === "enum") {
      if (d.enumerators.some((e) => f.declarations[e]?.k !== "enumerator")) return bad("an enumerator is not there");
    } else if (d.k === "enumerator") {
      if (f.declarations[d.enum]?.k !== "enum") return bad("its enumeration is not there");
    }
  }
  return undefined;
}

/** Whether what is said of an array's bounds comes to what its type has. Types are known to be made of what stands before them. */
function isBounded(f: Facts, { type, bounds = [] }: { type: number; bounds?: number[] | undefined }): boolean {
  let at: Facts["types"][number] | undefined = f.types[type];
  return bounds.every((b) => {
    const n = f.nodes[b];
    const isAsLong = at?.k === "array" && n !== undefined && "v" in n && n.v === String(at.length);
    at = at?.k === "array" ? f.types[at.of] : undefined;
    return isAsLong;
  });
}

function misledMacros(f: Facts): string | undefined {
  for (const [i, m] of f.macros.entries()) if (!isPlace(f, m.place)) return `macros.${i} stands nowhere`;
  for (const [i, x] of f.expansions.entries()) {
    if (f.macros[x.macro] === undefined || !isPath(f, x.path))
      return `expansions.${i} is of no macro, or comes by no path`;
    if (![x.place, ...(x.arguments ?? [])].every((p) => isPlace(f, p))) return `expansions.${i} stands nowhere`;
  }
  for (const [i, s] of f.paths.entries()) {
    // Entry i is path i + 1.
    if (s.up > i) return `paths.${i} leads on from one that does not stand before it`;
    if (f.expansions[s.x] === undefined) return `paths.${i} leads through no invocation`;
  }
  return undefined;
}

function misledNodes(f: Facts): string | undefined {
  for (const [i, n] of f.nodes.entries()) {
    const bad = (what: string): string => `nodes.${i}: ${what}`;
    if (!isPlace(f, n.place) || !isPath(f, n.p)) return bad("it stands nowhere");
    if (childrenOf(n).some((c) => c >= i)) return bad("it is made of one that does not stand before it");
    if ("t" in n && f.types[n.t] === undefined) return bad("its type is not there");
    const why = misledNames(f, n, i);
    if (why !== undefined) return bad(why);
  }
  return undefined;
}

function misledNames(f: Facts, n: Node, i: number): string | undefined {
  switch (n.k) {
    case "reference":
      return ["function", "variable", "enumerator"].includes(f.declarations[n.decl]?.k ?? "")
        ? undefined
        : "it refers to no function, variable or enumerator";
    case "member":
      return fieldOf(f.declarations[n.record], n.field) ? undefined : "there is no such member";
    case "offsetof":
      if (f.types[n.type] === undefined) return "its type is not there";
      return n.steps.every((s) => !("record" in s) || fieldOf(f.declarations[s.record], s.field))
        ? undefined
        : "there is no such member";
    case "list":
      return n.fields !== undefined && n.fields.length !== n.items.length
        ? "it has not as many fields as items"
        : undefined;
    case "sizeof":
      return f.types[n.type] === undefined ? "its type is not there" : undefined;
    case "types-compatible":
      return f.types[n.left] === undefined || f.types[n.right] === undefined ? "its types are not there" : undefined;
    case "assignment":
      return n.computed !== undefined && f.types[n.computed] === undefined ? "its type is not there" : undefined;
    case "goto":
    case "label":
    case "label-address":
      return f.declarations[n.label]?.k === "label" ? undefined : "its label is not there";
    case "declare":
      for (const d of n.decls) {
        const decl = f.declarations[d];
        if (decl === undefined) return "what it declares is not there";
        if (decl.k === "variable" && decl.initialiser !== undefined && decl.initialiser >= i)
          return "an initialiser does not stand before it";
      }
  }
  return undefined;
}

function misledTop(f: Facts): string | undefined {
  const lost = f.top.findIndex((d) => f.declarations[d] === undefined);
  if (lost >= 0) return `top.${lost} is not there`;
  const nowhere = f.comments.findIndex((c) => !isPlace(f, c.place));
  return nowhere >= 0 ? `comments.${nowhere} stands nowhere` : undefined;
}

function fieldOf(record: Declaration | undefined, field: number): boolean {
  return record?.k === "record" && record.fields?.[field] !== undefined;
}

function isPlace(f: Facts, place: { f: number; b: number; e: number } | undefined): boolean {
  return place === undefined || (place.f < f.files.length && place.b <= place.e);
}

function isPath(f: Facts, p: number | undefined): boolean {
  return p === undefined || p <= f.paths.length;
}
