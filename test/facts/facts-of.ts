/** Facts of small C texts, by the plugin that a check uses. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { readFacts } from "../../src/facts/read.ts";
import { type DeclarationOf, type Expression, type NodeOf, type Step, Tree } from "../../src/facts/tree.ts";
import type { Node } from "../../src/facts/schema.ts";
import { scratchFolder } from "../../src/machine/cache.ts";
import { run } from "../../src/machine/process.ts";
import { requireTools } from "../../src/toolchain/discover.ts";
import { buildPlugin } from "../../src/toolchain/facts-plugin.ts";

export const tools = await requireTools(["clang", "llvmConfig"]);
export const plugin = await buildPlugin(tools);

/** Compiles `text` as `own/unit.c`; `headers` are written beside `own`, those whose names begin with `own/` into it. */
export async function factsOf(
  text: string,
  headers: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<UnitTree> {
  await using folder = await scratchFolder("/tmp/kport-facts-");
  const own = path.join(folder.dir, "own");
  const out = path.join(folder.dir, "facts.json");
  await run("mkdir", ["-p", own]);
  for (const [name, header] of Object.entries(headers)) await writeFile(path.join(folder.dir, name), header);
  const file = path.join(own, "unit.c");
  await writeFile(file, text);
  await run(tools.clang.path, [
    "-std=gnu11",
    "-w",
    "-ffreestanding",
    ...flags,
    "-I",
    folder.dir,
    `-fplugin=${plugin}`,
    `-fplugin-arg-kport-out=${out}`,
    `-fplugin-arg-kport-own=${own}`,
    "-c",
    "-o",
    path.join(folder.dir, "unit.o"),
    file,
  ]);
  return new UnitTree(await readFacts(out, file), text);
}

/** A tree with what tests ask of it. */
export class UnitTree extends Tree {
  private readonly text: string;
  constructor(facts: Tree["facts"], text: string) {
    super(facts);
    this.text = text;
  }

  named<K extends "function" | "variable" | "record" | "enum" | "typedef" | "enumerator">(
    kind: K,
    name: string,
  ): DeclarationOf<K> {
    const found = this.facts.declarations.find((d) => d.k === kind && d.name === name);
    if (found === undefined) throw new Error(`no ${kind} ${name}`);
    return found as DeclarationOf<K>;
  }

  /** All nodes of a kind below a function's body, in order. */
  all<K extends Node["k"]>(name: string, kind: K): NodeOf<K>[] {
    const out: NodeOf<K>[] = [];
    const { body } = this.named("function", name);
    if (body === undefined) throw new Error(`${name} has no body`);
    this.walk(body, (n) => {
      if (n.k === kind) out.push(n as NodeOf<K>);
    });
    return out;
  }

  only<K extends Node["k"]>(name: string, kind: K): NodeOf<K> {
    const found = this.all(name, kind);
    if (found.length !== 1) throw new Error(`${found.length} nodes ${kind} in ${name}`);
    return found[0] as NodeOf<K>;
  }

  /** What is written where a node stands. */
  written(n: { place: { b: number; e: number } }): string {
    return Buffer.from(this.text).subarray(n.place.b, n.place.e).toString();
  }

  /** A path as text: `A/#0/B` is the invocation of B in the text of A's first argument. */
  steps(n: { p?: number | undefined }): string {
    return this.path(n.p)
      .map((s: Step) => (s.argument === undefined ? s.macro : `#${s.argument}`))
      .join("/");
  }

  /** A type as C would name it, near enough to compare. */
  spelledType(index: number): string {
    const t = this.type(index);
    const q = `${t.const ? "const " : ""}${t.volatile ? "volatile " : ""}`;
    switch (t.k) {
      case "int":
        return q + t.name;
      case "pointer":
        return `${this.spelledType(t.to)} *${q}`.trimEnd();
      case "array":
        return `${this.spelledType(t.of)}[${t.length ?? ""}]`;
      case "typedef": {
        const d = this.declared(t.decl, "typedef");
        return q + d.name;
      }
      case "record":
      case "enum": {
        const d = this.declaration(t.decl);
        return `${q}${d.k === "record" ? d.tag : t.k} ${("name" in d && d.name) || "?"}`;
      }
      case "function":
        return `${this.spelledType(t.result)}(${t.parameters.map((p) => this.spelledType(p)).join(", ")})`;
      default:
        return q + t.k;
    }
  }

  typeOf(e: Expression): string {
    return this.spelledType(e.t);
  }
}
