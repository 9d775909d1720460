/** Prints the statements of a function's body. */
import { countedAt, printCounted } from "./counted-loops.ts";
import type { Node } from "../../facts/schema.ts";
import { CannotPrint } from "./crate-types.ts";
import { declaration, type Declared, planDeclarations } from "./declarations.ts";
import { tested } from "./first-assignment.ts";
import { bodyOf, type Item, itemsOf, leaves } from "./flow.ts";
import { forBehindInit, loop, printDo } from "./loops.ts";
import type { Printer } from "./printer.ts";
import { not } from "./rules/operators.ts";
import { blockLike, type Rust } from "./rust-text.ts";
import { type RustType, UNIT } from "./rust-type.ts";
import { printSwitch } from "./switch.ts";
import type { Kind } from "./unit-facts.ts";

/** What becomes of the last statement of a list. */
export type Ending = "function" | "nothing";

/** The statements of a block, as lines. */
export function printBody(p: Printer, i: number, ending: Ending): string[] {
  return printItems(p, itemsOf(p.unit, bodyOf(p.unit, i), p.flow.jumps), ending, p.unit.node(i));
}

export function printItems(p: Printer, items: readonly Item[], ending: Ending, around?: Node): string[] {
  const plan = planDeclarations(p, items);
  const lines = listLines(p, items, ending, plan);
  if (around?.k === "block" && (around.p ?? 0) === 0 && !p.template) lines.push(...p.comments.atEnd(around));
  return lines;
}

function listLines(p: Printer, items: readonly Item[], ending: Ending, plan: Declared): string[] {
  const lines: string[] = [];
  for (const [at, item] of items.entries()) {
    const last = at === items.length - 1;
    if (item.k === "labelled" || item.k === "loop") {
      lines.push(...plan.before(item));
      const frame = p.flow.enter(item.k === "labelled" ? "block" : "loop", item.label);
      const inner = listLines(p, item.items, "nothing", plan);
      p.flow.leave(frame);
      const end = item.k === "loop" && !itemLeaves(p, item.items.at(-1)) ? [`break '${item.label};`] : [];
      lines.push(`'${item.label}: ${item.k === "loop" ? "loop " : ""}{`, ...inner, ...end, "}");
      continue;
    }
    if (item.k === "declare") {
      lines.push(
        ...commented(p, item.i, () => [...plan.before(item), ...p.prelude.around(() => declaration(p, item, plan))]),
      );
      continue;
    }
    if (item.skip !== undefined) {
      lines.push(...plan.before(item), ...skipping(p, item.i, item.skip));
      continue;
    }
    const rest = items.slice(at + 1);
    if (
      rest.length > 0 &&
      rest.every((x) => x.k === "statement" || x.k === "declare") &&
      skipsRest(p, item.i) &&
      !p.form.continues
    ) {
      const n = p.unit.node(item.i) as Kind<"if">;
      const then = bodyOf(p.unit, n.then).slice(0, -1);
      lines.push(
        ...commented(p, item.i, () => [
          ...plan.before(item),
          `if ${p.condition(n.condition).text} {`,
          ...printItems(p, itemsOf(p.unit, then, p.flow.jumps), "nothing"),
        ]),
      );
      const others = listLines(p, rest, "nothing", plan);
      if (others[0]?.startsWith("if ") && isOne(rest)) lines.push(`} else ${others[0]}`, ...others.slice(1));
      else lines.push("} else {", ...others, "}");
      return lines;
    }
    lines.push(
      ...commented(p, item.i, () => [
        ...plan.before(item),
        ...p.prelude.around(() => plan.merged(item) ?? printStatement(p, item.i, last ? ending : "nothing")),
      ]),
    );
  }
  return lines;
}

function isOne(items: readonly Item[]): boolean {
  return items.length === 1;
}

/** An `if` after which a loop begins anew: the rest of its body is what is done else. */
function skipsRest(p: Printer, i: number): boolean {
  const n = p.unit.node(i);
  if (
    n.k !== "if" ||
    n.else !== undefined ||
    p.unit.expression(n.condition).v !== undefined ||
    p.invocations.at(i).length > 0
  )
    return false;
  const last = bodyOf(p.unit, n.then).at(-1);
  const parent = p.invocations.parentOf(i);
  const around = parent === undefined ? undefined : p.invocations.parentOf(parent);
  return (
    last !== undefined &&
    p.unit.node(last).k === "continue" &&
    around !== undefined &&
    ["while", "for"].includes(p.unit.node(around).k)
  );
}

/** With the comments around it; what a macro says has none of its own. */
function commented(p: Printer, i: number, print: () => readonly string[]): string[] {
  const parent = p.invocations.parentOf(i);
  if (p.template || (parent !== undefined && (p.unit.node(parent).p ?? 0) !== 0)) return [...print()];
  return p.comments.around(p.unit.node(i), print);
}

function itemLeaves(p: Printer, item: Item | undefined): boolean {
  return item?.k === "statement" && leaves(p.unit, item.i);
}

/** One statement. */
export function printStatement(p: Printer, i: number, ending: Ending): string[] {
  const moved = p.moved.statement(p, i) ?? p.book.statement(p, i);
  if (moved) return moved;
  return bareStatement(p, i, ending);
}

export function bareStatement(p: Printer, i: number, ending: Ending): string[] {
  const n = p.unit.node(i);
  switch (n.k) {
    case "evaluate":
      return evaluate(p, n);
    case "block": {
      const inner = printBody(p, i, ending === "function" ? ending : "nothing");
      return inner.length === 0 ? [] : ["{", ...inner, "}"];
    }
    case "if":
      return printIf(p, n, ending);
    case "while":
      return loop(p, n.body, n.condition, undefined);
    case "for": {
      const counted = countedAt(p, i);
      if (counted !== undefined) return printCounted(p, n, counted);
      const whole = forBehindInit(p, i);
      const first =
        n.init === undefined
          ? []
          : p.unit.node(n.init).k === "declare"
            ? printItems(p, itemsOf(p.unit, [n.init], p.flow.jumps), "nothing")
            : printStatement(p, n.init, "nothing");
      return n.init !== undefined && p.unit.node(n.init).k === "declare"
        ? ["{", ...first, ...whole, "}"]
        : [...first, ...whole];
    }
    case "do":
      return printDo(p, n, ending);
    case "switch":
      return printSwitch(p, n, ending === "function" && leaves(p.unit, i) ? ending : "nothing");
    case "return":
      return printReturn(p, n, ending);
    case "break":
      return [`${p.flow.breaks()};`];
    case "continue":
      return [`${p.flow.continues()};`];
    case "goto":
      return p.flow.tailOf(n.label)?.flatMap((s) => printStatement(p, s, ending)) ?? [`${p.flow.jump(n.label)};`];
    case "empty":
      return [];
    case "declare":
      return [];
    case "label":
    case "case":
    case "default":
      throw new CannotPrint("a jump into a block");
    case "asm":
      throw new CannotPrint("assembly");
    case "other-statement":
      throw new CannotPrint(`no rule for ${n.class}`);
    default:
      if ("t" in n) {
        const text = p.effect(i);
        return text === "" ? [] : [closed(text)];
      }
      throw new CannotPrint(`no rule for ${n.k}`);
  }
}

function evaluate(p: Printer, n: Kind<"evaluate">): string[] {
  const text = p.effect(n.of);
  return text === "" ? [] : [closed(text)];
}

/** A statement with its semicolon, which what ends in a block does without. */
function closed(text: string): string {
  return text.endsWith("}") && /^(?:if|match|loop|while|\{)/.test(text) ? text : `${text};`;
}

/** The statements of a statement expression whose value nobody wants. */
export function statementLines(p: Printer, body: number): string[] {
  return printBody(p, body, "nothing");
}

/** A statement expression: its last expression is its value. */
export function valueBlock(p: Printer, body: number, want: RustType | undefined): Rust {
  const items = itemsOf(p.unit, bodyOf(p.unit, body), p.flow.jumps);
  const last = items.at(-1);
  const n = last?.k === "statement" ? p.unit.node(last.i) : undefined;
  const of = n?.k === "evaluate" ? n.of : n !== undefined && "t" in n ? (last as { i: number }).i : undefined;
  if (of === undefined || p.types.of(p.unit.expression(of).t).k === "void")
    return blockLike(`{\n${printItems(p, items, "nothing").join("\n")}\n}`, UNIT);
  const plan = planDeclarations(p, items);
  const lines = listLines(p, items.slice(0, -1), "nothing", plan);
  lines.push(...plan.before(last as Item));
  if (lines.length === 0) return p.expression(of, want);
  const [value, before] = p.prelude.beside(() => p.expression(of, want));
  return {
    ...blockLike(`{\n${[...lines, ...before].join("\n")}\n${value.text}\n}`, value.type),
    ...(value.inferred || value.literal !== undefined ? { inferred: true as const } : {}),
  };
}

function printIf(p: Printer, n: Kind<"if">, ending: Ending): string[] {
  const condition = p.unit.expression(n.condition);
  const { test, before } =
    condition.v !== undefined ? { test: String(condition.v !== "0"), before: [] } : tested(p, n.condition);
  if (test === "true" || test === "false") {
    const [taken, dropped] = test === "true" ? [n.then, n.else] : [n.else, n.then];
    if (dropped !== undefined && isJumpedInto(p, dropped)) throw new CannotPrint("a label in what never runs");
    if (taken === undefined) return [];
    return inBlock(p, taken, ending);
  }
  const inner: Ending = ending === "function" ? (n.else === undefined ? "nothing" : "function") : "nothing";
  const then = printBody(p, n.then, inner);
  if (then.length === 0 && n.else === undefined) {
    const does = p.effect(n.condition);
    return does === "" ? [] : [closed(does)];
  }
  if (n.else === undefined) return [...before, `if ${test} {`, ...then, "}"];
  const otherwise = printBody(p, n.else, inner);
  if (otherwise.length === 0) return [...before, `if ${test} {`, ...then, "}"];
  const below = p.unit.node(n.else);
  if (below.k === "if" && otherwise[0]?.startsWith("if ") && otherwise.at(-1) === "}")
    return [...before, `if ${test} {`, ...then, `} else ${otherwise[0]}`, ...otherwise.slice(1)];
  if (then.length === 0) return [...before, `if ${tested(p, n.condition, true).test} {`, ...otherwise, "}"];
  return [...before, `if ${test} {`, ...then, "} else {", ...otherwise, "}"];
}

/** Whether the first branch of an `if` is never taken. @throws CannotPrint where something jumps into it */
export function isNever(p: Printer, n: Kind<"if">): boolean {
  if (p.unit.expression(n.condition).v !== "0") return false;
  if (isJumpedInto(p, n.then)) throw new CannotPrint("a label in what never runs");
  return true;
}

/** Whether there is a label in what never runs, other than one that nothing needs. */
function isJumpedInto(p: Printer, i: number): boolean {
  return p.unit.some(i, (n) => (n.k === "label" ? !p.flow.skipped.has(n.label) : n.k === "case" || n.k === "default"));
}

/** An `if` whose last branch follows it: who does not take that leaves the block that it ends. */
function skipping(p: Printer, i: number, label: string): string[] {
  const n = p.unit.node(i) as Kind<"if">;
  const { place } = p.unit.node(n.condition);
  return p.comments.around({ ...n, place: { ...n.place, e: Math.max(n.place.b, place.e) } }, () =>
    p.prelude.around(() => {
      const way = `break '${label};`;
      if (n.else === undefined) return [`if ${not(p.condition(n.condition)).text} {`, way, "}"];
      const then = printBody(p, n.then, "nothing");
      return [`if ${p.condition(n.condition).text} {`, ...then, ...(leaves(p.unit, n.then) ? [] : [way]), "}"];
    }),
  );
}

/** What stands in braces of its own: only what it declares needs them. */
export function inBlock(p: Printer, i: number, ending: Ending): string[] {
  const lines = printBody(p, i, ending);
  const declares = bodyOf(p.unit, i).some((s) => p.unit.node(s).k === "declare");
  return declares && lines.length > 0 ? ["{", ...lines, "}"] : lines;
}

function printReturn(p: Printer, n: Kind<"return">, ending: Ending): string[] {
  if (n.of === undefined) return ending === "function" && p.form.tail ? [] : ["return;"];
  if (p.result.k === "unit") {
    // `return f();` where neither gives anything.
    const text = p.effect(n.of);
    const does = text === "" ? [] : [closed(text)];
    return ending === "function" && p.form.tail ? does : [...does, "return;"];
  }
  const value = p.result.k === "never" ? p.expression(n.of) : p.value(n.of, p.result);
  return ending === "function" && p.form.tail ? [value.text] : [`return ${value.text};`];
}
