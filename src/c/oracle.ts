/**
 * Asks clang for types and constants that no syntax tree shows: those of operands of `typeof`. The question is put as an assignment
 * that cannot be right, and the answer is read from the error, which spells the type out: "assigning to 'struct kport_probe_3' from
 * incompatible type 'typeof (…) *' (aka 'unsigned long *')".
 */
import type { UnitCompiler } from "./compile-command.ts";
import { Rewriter } from "./rewriter.ts";

export interface Question {
  /** The expression, as offsets in the text. */
  start: number;
  end: number;
  /** `type`: the type `typeof` would give, `unqualified`: `typeof_unqual`. `value`: of a small constant that is not negative. */
  ask: "type" | "unqualified" | "value";
  /** Outside of all functions, where no statement expression may stand. */
  atFileScope: boolean;
}

/** The answers, in the order of the questions; undefined where clang gave none. Questions must not nest. */
export async function askClang(
  compiler: UnitCompiler,
  text: string,
  questions: readonly Question[],
): Promise<(string | undefined)[]> {
  if (questions.length === 0) return [];
  const probe = new Rewriter(text);
  let behind = "\n";
  for (const [i, q] of questions.entries()) {
    const e = `(${text.slice(q.start, q.end)})`;
    const wrong =
      q.ask === "value"
        ? `(char (*)[1 + ${e}])0`
        : `(${q.ask === "type" ? "__typeof__" : "__typeof_unqual__"}(${e}) *)0`;
    const asking = `struct kport_probe_${i} { char c; } kport_v; kport_v = ${wrong};`;
    if (q.atFileScope) behind += `void kport_probe_function_${i}(void) { ${asking} }\n`;
    else probe.replace(q.start, q.end, `({ ${asking} ${e}; })`);
  }
  const r = await compiler.runOnPreprocessed(probe.render() + behind, [
    "-fsyntax-only",
    "-ferror-limit=0",
    "-fno-caret-diagnostics",
  ]);
  const answers = new Map<number, string>();
  // A type that holds a statement expression goes over many lines; what it is otherwise called stands at the message's end.
  for (const message of r.stderr.split(/^(?=<stdin>:\d+:\d+: )/m)) {
    const m = /assigning to 'struct kport_probe_(\d+)' from incompatible type '([^]*)'\)?\s*$/.exec(message);
    if (m) answers.set(Number(m[1]), (m[2] as string).split("' (aka '").at(-1) as string);
  }
  return questions.map((q, i) => {
    const type = answers.get(i);
    if (type === undefined) return undefined;
    if (q.ask !== "value")
      return /unnamed|anonymous|typeof/.test(type) ? undefined : type.replace(/\s*\*$/, "").replace("(**)", "(*)");
    // A size that clang does not know is printed as written, with the indices it may have: `char (*)[1 + sizeof(&table[4])]`.
    const size = /^char \(\*\)\[(\d+)\]$/.exec(type)?.[1];
    return size === undefined ? undefined : String(Number(size) - 1);
  });
}
