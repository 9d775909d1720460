/** Has clang parse a text of a unit's: the tree, and what is asked of it (src/facts/plugin/answers.cpp), come out of one run. */
import { StageError } from "../machine/errors.ts";
import type { RunResult, Sandbox } from "../machine/process.ts";
import { complaintOf } from "../machine/tool-failure.ts";
import { answers, type ErrorsAbout } from "./answers-schema.ts";
import { Answers, misled } from "./answers.ts";
import { type AstNode, treeOf } from "./ast.ts";
import { unitsOf } from "./byte-offsets.ts";
import { type CompileCommand, UnitCompiler } from "./compile-command.ts";

/** A text that compiles. */
export interface Parsed {
  /** Its external declarations. */
  tree: AstNode[];
  answers: Answers;
}

/** A text that does not. */
export interface Refused {
  /** What its errors are about. */
  errors: ErrorsAbout;
  /** What clang says, for people. */
  complaint: string;
}

const PLUGIN = "kport-answers";

export class UnitParser extends UnitCompiler {
  private readonly plugin: string;
  /** @param plugin the library that writes down what is asked */
  constructor(clang: string, plugin: string, command: CompileCommand, sandbox?: Sandbox) {
    super(clang, command, sandbox && { ...sandbox, readable: [...new Set([...(sandbox.readable ?? []), plugin])] });
    this.plugin = plugin;
  }

  /**
   * Parse a preprocessed text.
   * @throws StageError("tool") when clang or the plugin fails, or what it writes is not of its form
   */
  async parse(text: string): Promise<{ parsed: Parsed; refused?: never } | { refused: Refused; parsed?: never }> {
    const { dump, refused, said } = await this.ask(text, ["-Xclang", `-plugin-arg-${PLUGIN}`, "-Xclang", "tree"]);
    if (refused) return { refused };
    if (dump === "" || said.records === undefined || said.queries === undefined)
      throw this.failed("it holds no tree, or not what is asked of it");
    const wrong = misled(said.records);
    if (wrong !== undefined) throw this.failed(wrong);
    return { parsed: { tree: this.tree(dump, text), answers: new Answers(said.records, said.queries, unitsOf(text)) } };
  }

  /** Whether a preprocessed text compiles; undefined where it does. */
  async check(text: string): Promise<Refused | undefined> {
    return (await this.ask(text, [])).refused;
  }

  private async ask(text: string, told: readonly string[]) {
    const r = await this.runOnPreprocessed(text, [
      "-fsyntax-only",
      "-ferror-limit=0",
      `-fplugin=${this.plugin}`,
      ...["-Xclang", "-add-plugin", "-Xclang", PLUGIN],
      ...told,
    ]);
    const { dump, last } = this.parts(r);
    let value: unknown;
    try {
      value = JSON.parse(last);
    } catch {
      throw this.failed("it is no JSON (half of it?)", r);
    }
    const checked = answers.safeParse(value);
    if (!checked.success)
      throw this.failed(
        `${checked.error.issues[0]?.path.join(".") || "the whole"} is not of the form that the plugin writes`,
      );
    const { errors } = checked.data;
    if ((r.exitCode === 0) !== (errors.count === 0))
      throw this.failed(
        `${errors.count === 1 ? "1 error is" : `${errors.count} errors are`} told, and its exit status is ${r.exitCode ?? "none"}`,
        r,
      );
    return { dump, said: checked.data, refused: errors.count > 0 ? { errors, complaint: complaintOf(r) } : undefined };
  }

  /** The answers are the last line; the tree stands before them. */
  private parts(r: RunResult): { dump: string; last: string } {
    if (r.exitCode === undefined) throw this.failed("it was ended", r);
    const { stdout } = r;
    if (!stdout.endsWith("}\n")) throw this.failed("its end is not there", r);
    const at = stdout.lastIndexOf("\n", stdout.length - 2) + 1;
    return { dump: stdout.slice(0, at).trimEnd(), last: stdout.slice(at) };
  }

  private tree(dump: string, text: string): AstNode[] {
    try {
      return treeOf(dump, text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw this.failed("its tree is no JSON (half of it?)");
    }
  }

  private failed(why: string, r?: RunResult): StageError {
    return new StageError(
      "tool",
      `what clang writes down of a text of this unit's cannot be used: ${why}${r ? `\n${complaintOf(r)}` : ""}`,
      { file: this.command.file },
    );
  }
}
