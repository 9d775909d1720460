/** One `macro_rules!` for the uses of a macro that go together. */
import { codeOf } from "../../rust/lexer.ts";
import { type Mark, pieces } from "./mark.ts";
import { escaped } from "./rules/literals.ts";
import { withStrings } from "./string-arguments.ts";
import type { MacroUse, Parameter } from "./template.ts";

/** A macro as the port has it. */
export interface Rule {
  skeleton: string;
  parameters: Parameter[];
  body: string;
  isStatement: boolean;
  /** It declares what it is given the name of: braces around it would end that. */
  declares?: true;
  /** The type that a use says behind what it gives (`as u32`): another arm is for those of other types. */
  result?: string;
  /** How each marked place of a body came out: a use that would need it otherwise is written out. */
  fits: (use: MacroUse) => Map<string, string> | undefined;
}

/** What all uses of one rule have in common: the text between what is marked. */
export function skeletonOf(use: MacroUse): string {
  return `${use.isStatement} ${use.parameters.flatMap((q) => (q.kind === "ident" || q.kind === "path" ? [] : [q.name])).join()} ${pieces(
    use.body,
  )
    .map((m) => (typeof m === "string" ? m : m.k === "as" ? `\u0001${m.parameter}` : `\u0001${m.k}`))
    .join("")}`;
}

/**
 * The arms of a macro that pastes a word into names (`netif_msg_##type`): one for each word that decides what its text is.
 * @param groups uses of one skeleton each
 */
export function armsOf(groups: readonly (readonly MacroUse[])[]): Rule[] | undefined {
  const all = groups.flat();
  const wordOf = (u: MacroUse, name: string): string | undefined =>
    u.parameters.some((q) => q.name === name && q.kind === "ident") ? u.given.get(name)?.[0] : undefined;
  for (const { name } of all[0]?.parameters ?? []) {
    const words = groups.map((g) => new Set(g.map((u) => wordOf(u, name))));
    const every = words.flatMap((w) => [...w]);
    if (every.includes(undefined) || new Set(every).size !== every.length) continue;
    const arms = [...Map.groupBy(all, (u) => wordOf(u, name) as string)].map(([word, uses]) => {
      const rule = unify(uses);
      if (!rule) return undefined;
      // What is a word in the pattern is that word in the body.
      const body = rule.body.replace(new RegExp(`\\$${name}\\b`, "g"), word);
      return { ...rule, body, parameters: rule.parameters.map((q) => (q.name === name ? { ...q, word } : q)) };
    });
    if (arms.every((a) => a !== undefined && a.parameters.some((q) => q.word !== undefined))) return arms as Rule[];
  }
  return undefined;
}

/** Whether a use is given what an arm is for. */
export function isFor(rule: Rule, use: MacroUse): boolean {
  return (
    rule.skeleton === skeletonOf(use) &&
    rule.parameters.every((q) => q.word === undefined || use.given.get(q.name)?.[0] === q.word)
  );
}

/** One rule for uses of one skeleton. */
export function unify(uses: readonly MacroUse[]): Rule | undefined {
  const [first] = uses;
  if (!first) return undefined;
  const marks = uses.map((u) => pieces(u.body));
  // A plain name in one use may be more than that in another.
  const parameters: Parameter[] = first.parameters
    .filter((q) => uses.every((u) => u.parameters.some((o) => o.name === q.name)))
    .map((q) => ({ ...q }));
  const usedParameters = new Set<string>();
  const checks: ((use: MacroUse, own: readonly (string | Mark)[], given: Map<string, string>) => boolean)[] = [];
  let extra = 0;
  const body = (marks[0] as (string | Mark)[]).map((m, at) => {
    if (typeof m === "string") {
      for (const q of parameters) if (m.includes(`$${q.name}`)) usedParameters.add(q.name);
      return m;
    }
    const all = marks.map((x) => x[at] as Mark);
    if (m.k === "as") {
      usedParameters.add(m.parameter);
      // Nobody needs the conversion: each use has its own type.
      if (all.every((x) => x.k === "as" && !x.needed)) {
        checks.push((_u, own) => (own[at] as { needed?: boolean }).needed === false);
        return `$${m.parameter}`;
      }
      const types = new Set(all.map((x) => (x.k === "as" ? x.type : "")));
      const typed = parameters.find(
        (q) => q.kind === "type" && uses.every((u, k) => u.types.get(q.name) === (all[k] as { type: string }).type),
      );
      if (typed) {
        usedParameters.add(typed.name);
        checks.push((u, own) => (own[at] as { type?: string }).type === u.types.get(typed.name));
      } else checks.push((_u, own) => (own[at] as { type?: string }).type === m.type);
      if (types.size > 1 && !typed) return undefined;
      const needed = typed !== undefined || all.some((x) => x.k === "as" && x.needed);
      if (!needed) return `$${m.parameter}`;
      const [before, behind] = [(marks[0] as unknown[])[at - 1], (marks[0] as unknown[])[at + 1]];
      const alone =
        typeof before === "string" &&
        typeof behind === "string" &&
        /(?:^|[=(,{:]|\breturn)\s*$/.test(before) &&
        /^\s*(?:[;),}]|$)/.test(behind);
      const cast = `$${m.parameter} as ${typed ? `$${typed.name}` : m.type}`;
      return alone ? cast : `(${cast})`;
    }
    if (m.k === "type") {
      const typed = parameters.find(
        (q) => q.kind === "type" && uses.every((u, k) => u.types.get(q.name) === (all[k] as { text: string }).text),
      );
      if (typed) {
        usedParameters.add(typed.name);
        // A block's own type may have the name of another.
        checks.push((u, own) => (own[at] as { text?: string }).text === u.types.get(typed.name));
        return `$${typed.name}`;
      }
      checks.push((_u, own) => (own[at] as { text?: string }).text === m.text);
      return all.every((x) => x.k === "type" && x.text === m.text) ? m.text : undefined;
    }
    if (m.k === "field") {
      const named = parameters.find(
        (q) =>
          (q.kind === "ident" || q.kind === "path") &&
          uses.every((u, k) => u.given.get(q.name)?.[0] === (all[k] as { name: string }).name),
      );
      if (named) {
        usedParameters.add(named.name);
        if (all.some((x) => x.k === "field" && x.path.includes("."))) named.kind = "path";
        const isPath = named.kind === "path";
        // By its name in the crate.
        checks.push((u, own, given) => {
          const { name, path } = own[at] as { name: string; path: string };
          given.set(named.name, path);
          return u.given.get(named.name)?.[0] === name && (isPath || !path.includes("."));
        });
        return isPath ? `$($${named.name}).+` : `$${named.name}`;
      }
      checks.push((_u, own) => (own[at] as { path?: string }).path === m.path);
      return all.every((x) => x.k === "field" && x.path === m.path) ? m.path : undefined;
    }
    if (m.k === "line") {
      if (!parameters.some((q) => q.name === "line")) addLast(parameters, { name: "line", kind: "literal" });
      usedParameters.add("line");
      checks.push((_u, own, given) => {
        given.set("line", (own[at] as { text: string }).text);
        return true;
      });
      return "$line";
    }
    const asChars = m.k === "string" && m.signed ? ".as_ptr().cast::<core::ffi::c_char>()" : ".as_ptr()";
    const around = parameters.flatMap((q) => {
      if (q.kind !== "literal") return [];
      const found = uses.map((u, k) => surroundings((all[k] as { hex: string }).hex, u.literals.get(q.name) ?? ""));
      const [one] = found;
      return one && found.every((x) => x && x[0] === one[0] && x[1] === one[1])
        ? [{ q, before: one[0], behind: one[1] }]
        : [];
    })[0];
    if (around) {
      const { q, before, behind } = around;
      usedParameters.add(q.name);
      checks.push((u, own, given) => {
        const literal = u.literals.get(q.name) ?? "";
        const s = surroundings((own[at] as { hex: string }).hex, literal);
        given.set(q.name, `"${escaped(Buffer.from(literal, "hex"))}"`);
        return s !== undefined && s[0] === before && s[1] === behind && ascii(literal);
      });
      if (!uses.every((u) => ascii(u.literals.get(q.name) ?? ""))) return undefined;
      const quoted = (hex: string): string => (hex === "" ? "" : `"${escaped(Buffer.from(hex, "hex"))}", `);
      if (m.k === "string")
        return `concat!(${quoted(before)}$${q.name}, ${quoted(`${behind}00`).slice(0, -2)})${asChars}`;
      if (before === "" && behind === "") return `$${q.name}`;
      return `concat!(${quoted(before)}$${q.name}${behind === "" ? "" : `, ${quoted(behind).slice(0, -2)}`})`;
    }
    const textOf = (hex: string): string => {
      const text = `"${escaped(Buffer.from(hex, "hex"))}"`;
      return m.k === "string" ? `c${text}` : text;
    };
    const asPointer = m.k === "chars" ? "" : m.signed ? ".as_ptr()" : ".as_ptr().cast::<u8>()";
    // What is the same everywhere is the body's; an argument's own words are its own, though.
    const isArguments = uses.every((u, k) =>
      [...u.spelled.values()].includes(Buffer.from((all[k] as { hex: string }).hex, "hex").toString()),
    );
    if (!isArguments && all.every((x) => x.k === m.k && x.hex === m.hex)) {
      checks.push((_u, own) => (own[at] as { hex?: string }).hex === m.hex);
      return `${textOf(m.hex)}${asPointer}`;
    }
    // An argument's own words, where they are the same in Rust.
    const says = (u: MacroUse, name: string, hex: string): boolean =>
      u.spelled.get(name) === Buffer.from(hex, "hex").toString() && u.given.get(name)?.[0] === u.spelled.get(name);
    const named =
      m.k === "string"
        ? parameters.find(
            (q) =>
              (q.kind === "ident" || q.kind === "expr") &&
              uses.every((u, k) => says(u, q.name, (all[k] as { hex: string }).hex)),
          )
        : undefined;
    if (named) {
      usedParameters.add(named.name);
      checks.push((u, own) => says(u, named.name, (own[at] as { hex: string }).hex));
      return `concat!(stringify!($${named.name}), "\\0")${asChars}`;
    }
    // A string that each use has of its own, such as an argument's text.
    const name = `text${++extra === 1 ? "" : extra}`;
    addLast(parameters, { name, kind: "literal" });
    usedParameters.add(name);
    checks.push((_u, own, given) => {
      given.set(name, textOf((own[at] as { hex: string }).hex));
      return true;
    });
    return `$${name}${asPointer}`;
  });
  if (body.some((b) => b === undefined)) return undefined;
  // What is a plain name in C, or a type, is given as in C, even where the body has no use for it.
  const left = parameters.filter(
    (q) => ["rest", "ident", "block", "type"].includes(q.kind) || usedParameters.has(q.name),
  );
  if (left.some((q) => q.kind === "rest") && !body.join("").includes("$("))
    left.splice(
      left.findIndex((q) => q.kind === "rest"),
      1,
    );
  if (body.join("").trim() === "") return undefined;
  // Of what it is given only a number is left (`strlen("text")`): without that, its name would be another number's as well.
  if (left.length === 0 && first.spelled.size > 0 && codeOf(body.join("")).every((t) => t.kind === "number"))
    return undefined;
  return withStrings(uses, {
    skeleton: skeletonOf(first),
    isStatement: first.isStatement,
    ...(first.declares === true ? { declares: true as const } : {}),
    parameters: left,
    body: body.join(""),
    fits: (use) => {
      const own = pieces(use.body);
      const given = new Map<string, string>(use.types);
      return checks.every((c) => c(use, own, given)) ? given : undefined;
    },
  });
}

/** Behind what C names, and before what takes all the rest. */
function addLast(parameters: Parameter[], one: Parameter): void {
  const rest = parameters.findIndex((q) => q.kind === "rest" || q.kind === "block");
  parameters.splice(rest < 0 ? parameters.length : rest, 0, one);
}

function ascii(hex: string): boolean {
  return Buffer.from(hex, "hex").every((b) => b < 0x80);
}

/** What stands before and behind a piece of a string. */
function surroundings(whole: string, part: string): [string, string] | undefined {
  if (part === "") return undefined;
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1))
    if (at % 2 === 0) return [whole.slice(0, at), whole.slice(at + part.length)];
  return undefined;
}
