/**
 * Invocations at file scope (`module_param`, `MODULE_LICENSE`) by their names: what all uses of one have in common is its body, its
 * arguments are parameters. The variables that it makes are named by nobody else, and so need no names of their own.
 */
import { placedItems, type PlacedItem } from "../../../rust/items.ts";
import { codeOf, edited, type Edit, type RustToken } from "../../../rust/lexer.ts";
import { aliasEdits, aliasIn } from "./aliases.ts";
import type { CrateFiles } from "./crate.ts";
import { macroPath } from "../macro-path.ts";
import { type Argument, argumentOf, plain } from "./file-arguments.ts";
import { stringEdits } from "./file-strings.ts";
import type { UnitOfC } from "./order-of-c.ts";

const MACROS = "src/macros.rs";
const MOST_NUMBERS = 4;

interface Use {
  file: string;
  start: number;
  end: number;
  macro: string;
  parameters: readonly string[];
  arguments: Argument[];
  body: string;
  /** It makes no item that has a name: none that a block could keep to itself. */
  isBare: boolean;
  /** What a parameter is pasted to, and what that gives: `param_ops_` and `bool`. */
  pasted: Map<string, { parameter: string; given: string; text: string }>;
}

export function withFileMacros(files: CrateFiles, units: readonly UnitOfC[]): Map<string, string> {
  const out = new Map(files);
  const macros = files.get(MACROS);
  if (macros === undefined) return out;
  const counts = identifierCounts(files);
  const uses = units.flatMap((u) => usesIn(u, files.get(u.file) ?? "", counts));
  const rules: string[] = [];
  const names: string[] = [];
  const edits = new Map<string, Edit[]>();
  for (const [macro, of] of Map.groupBy(uses, (u) => u.macro)) {
    // One name, one rule: what most uses have in common. Others are written out.
    if (new RegExp(`\\bmacro_rules! ${macro}\\b`).test(macros)) continue;
    const [all = []] = [...Map.groupBy(of, (u) => tokensOf(u.body)).values()].sort((a, b) => b.length - a.length);
    const [first] = all as [Use];
    rules.push(ruleOf(first, all));
    names.push(macro);
    for (const u of all)
      edits.set(u.file, [
        ...(edits.get(u.file) ?? []),
        { start: u.start, end: u.end, text: `${macroPath(macro)}!(${u.arguments.map((a) => a.given).join(", ")});` },
      ]);
  }
  if (rules.length === 0) return out;
  for (const [file, of] of edits) out.set(file, edited(files.get(file) as string, of));
  out.set(MACROS, `${macros.trimEnd()}\n\n${rules.join("\n\n")}\n\npub(crate) use {${names.sort().join(", ")}};\n`);
  return out;
}

/** Where rustfmt has broken a line says nothing. */
function tokensOf(body: string): string {
  return codeOf(body)
    .map((t) => t.text)
    .join(" ");
}

function identifierCounts(files: CrateFiles): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of files.values())
    for (const t of codeOf(text)) if (t.kind === "identifier") counts.set(t.text, (counts.get(t.text) ?? 0) + 1);
  return counts;
}

function usesIn(u: UnitOfC, text: string, counts: ReadonlyMap<string, number>): Use[] {
  const { facts } = u.facts;
  const source = u.source(facts.files[u.main]?.path ?? "");
  const invocations = new Map(
    facts.expansions.flatMap((x) =>
      x.path === 0 && x.place.f === u.main && x.arguments !== undefined ? [[x.place.b, x] as const] : [],
    ),
  );
  const places = new Map(
    facts.declarations.flatMap((d) =>
      (d.k === "function" || d.k === "variable") &&
      d.place?.f === u.main &&
      d.p !== undefined &&
      !(d.k === "variable" && d.scope !== "file")
        ? [[d.name, d.place.b] as const]
        : [],
    ),
  );
  const groups: { b: number; items: PlacedItem[] }[] = [];
  for (const i of placedItems(text)) {
    const name = i.kind === "static" || i.kind === "fn" ? i.name : aliasIn(i.text);
    const b = name === undefined ? undefined : places.get(name);
    const last = groups.at(-1);
    if (b === undefined) groups.push({ b: -1, items: [] });
    else if (last?.b === b) last.items.push(i);
    else groups.push({ b, items: [i] });
  }
  return groups.flatMap(({ b, items }): Use[] => {
    const x = invocations.get(b);
    const macro = x && facts.macros[x.macro];
    if (!x || !macro?.parameters || !source || groups.filter((g) => g.b === b).length > 1) return [];
    const given = (x.arguments ?? []).map((p) => argumentOf(source.toString("utf8", p.b, p.e), facts.macros));
    if (given.some((a) => a === undefined) || given.length !== macro.parameters.length || macro.variadic) return [];
    const whole = {
      file: u.file,
      start: items[0]?.start ?? 0,
      end: items.at(-1)?.end ?? 0,
      macro: macro.name,
      parameters: macro.parameters.map(plain),
    };
    const made = new Map<string, Use>();
    // Which of several equal numbers an argument is, other uses say.
    for (let nth = 0; nth < MOST_NUMBERS; nth++) {
      const one = bodyOf(text, items, macro.parameters, given as Argument[], counts, nth);
      if (one) made.set(one.body, { ...whole, ...one });
    }
    return [...made.values()];
  });
}

/** Whether an identifier names no member. */
function isName(tokens: readonly RustToken[], i: number): boolean {
  const [before, next, after] = [tokens[i - 1], tokens[i + 1], tokens[i + 2]];
  return before?.text !== "." && !(next?.text === ":" && !(after?.text === ":" && after.start === next.end));
}

function bodyOf(
  text: string,
  items: readonly PlacedItem[],
  parameters: readonly string[],
  given: readonly Argument[],
  counts: ReadonlyMap<string, number>,
  nth: number,
): Pick<Use, "body" | "pasted" | "arguments" | "isBare"> | undefined {
  const whole = items.map((i) => text.slice(i.start, i.end)).join("\n");
  const tokens = codeOf(whole);
  const own = new Map<string, string>();
  const words = given.flatMap((a) => (a.word === undefined ? [] : [a.word]));
  const aliases = items.filter((i) => i.kind === "other");
  if (aliases.length > 0 && items.length > 1) return undefined;
  for (const i of items) {
    if (i.kind === "other") continue;
    const exported = i.attributes.some((a) => /no_mangle|export_name/.test(a));
    const inside = tokens.filter((t) => t.text === i.name).length;
    // Named from elsewhere: it has to keep its name.
    if ((counts.get(i.name) ?? 0) > inside) return undefined;
    if (exported) continue;
    let short = i.name.replace(/\d+$/, "");
    for (const w of words) {
      const at = short.lastIndexOf(`_${w}`);
      if (at >= 0) short = short.slice(0, at) + short.slice(at + w.length + 1);
    }
    short = short === "" ? "it" : short;
    while ([...own.values()].includes(short)) short = `${short}_`;
    own.set(i.name, short);
  }
  const args = given.map((a) => ({ ...a }));
  const pasted: Use["pasted"] = new Map();
  const edits: Edit[] = [];
  const done = new Set<number>();
  for (const [k, a] of args.entries()) {
    const p = plain(parameters[k] as string);
    let numbers = 0;
    for (const [i, t] of tokens.entries()) {
      if (done.has(i)) continue;
      if (
        a.address !== undefined &&
        t.text === "&" &&
        tokens[i + 1]?.text === "raw" &&
        tokens[i + 3]?.text === a.address &&
        !done.has(i + 3)
      ) {
        a.given = `&raw ${tokens[i + 2]?.text} ${a.address}`;
        edits.push({ start: t.start, end: (tokens[i + 3] as RustToken).end, text: `$${p}` });
        for (let d = 0; d < 4; d++) done.add(i + d);
      } else if (a.bits?.every((b, d) => tokens[i + d]?.text === b && !done.has(i + d)) === true) {
        const last = i + a.bits.length - 1;
        edits.push({ start: t.start, end: (tokens[last] as RustToken).end, text: `$${p}` });
        for (let d = i; d <= last; d++) done.add(d);
      } else if (a.number !== undefined && t.kind === "number" && t.text === a.number) {
        if (numbers++ !== nth) continue;
        edits.push({ start: t.start, end: t.end, text: `$${p}` });
        done.add(i);
      } else if (
        a.word !== undefined &&
        t.kind === "identifier" &&
        isName(tokens, i) &&
        t.text === a.word &&
        !own.has(t.text)
      ) {
        edits.push({ start: t.start, end: t.end, text: `$${p}` });
        done.add(i);
      } else if (
        a.word !== undefined &&
        a.word.length > 1 &&
        t.kind === "identifier" &&
        isName(tokens, i) &&
        !own.has(t.text) &&
        t.text.endsWith(`_${a.word}`)
      ) {
        const stem = t.text.slice(0, -a.word.length);
        pasted.set(`${stem} ${p}`, { parameter: p, given: a.word, text: t.text });
        edits.push({ start: t.start, end: t.end, text: `\u0001${stem} $${p}\u0002` });
        done.add(i);
      }
    }
  }
  for (const [i, t] of tokens.entries())
    if (own.has(t.text) && t.kind === "identifier" && !done.has(i))
      edits.push({ start: t.start, end: t.end, text: own.get(t.text) as string });
  const [alias] = aliases;
  const strings = alias
    ? aliasEdits(
        whole,
        aliasIn(alias.text) ?? "",
        new Map(args.flatMap((a, k) => (a.word === undefined ? [] : [[plain(parameters[k] as string), a.word]]))),
      )
    : stringEdits(whole, args, parameters);
  if (!strings) return undefined;
  if (args.some((a) => a.given === "")) return undefined;
  const outside = edits.filter((e) => !strings.some((s) => s.start <= e.start && e.end <= s.end));
  return { body: edited(whole, [...outside, ...strings]), pasted, arguments: args, isBare: alias !== undefined };
}

function ruleOf(first: Use, all: readonly Use[]): string {
  const kind = (k: number): string => {
    const of = all.map((u) => u.arguments[k] as Argument);
    return of.every((a) => a.word !== undefined)
      ? "ident"
      : of.every((a) => a.given.startsWith('"'))
        ? "literal"
        : "expr";
  };
  const pattern = first.parameters.map((p, k) => `$${p}:${kind(k)}`).join(", ");
  const body = first.body.replaceAll(/\u0001(\w+) (\$\w+)\u0002/g, `${first.macro}!($1, $2)`);
  const arms = new Map<string, string>();
  for (const u of all)
    for (const [key, { given, text }] of u.pasted) arms.set(`(${key.split(" ")[0]}, ${given})`, text);
  const own = [...arms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([head, text]) => `    ${head} => { ${text} };`);
  const made = first.isBare ? body : `const _: () = {\n${body}\n};`;
  return `macro_rules! ${first.macro} {\n${[...own, `    (${pattern}) => {\n        ${made}\n    };`].join("\n")}\n}`;
}
