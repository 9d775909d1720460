/** Reads a module of LLVM's assembly language. Functions are read when they are asked for: most of a crate's are never called. */
import {
  type Block,
  type Global,
  type IrFunction,
  type Parameter,
  type Passing,
  type Type,
  Unsupported,
} from "./model.ts";
import { callOf } from "./alias.ts";
import { Constants } from "./constants.ts";
import { readPlainAttributes } from "./conventions.ts";
import { groupsIn, nameIn } from "./heads.ts";
import { partsOf } from "./layout.ts";
import { readInstruction } from "./read-instruction.ts";
import { readAttributes, readType, readValue, startsType, type TypeNames } from "./read-values.ts";
import { Tokens, unescaped } from "./tokens.ts";

/** Where a function stands in the text. */
interface Extent {
  header: string;
  body: string;
}

export class IrModule {
  readonly dataLayout: string;
  readonly globals = new Map<string, Global>();
  /** Functions by their other names. */
  private readonly aliases = new Map<string, { of: string; isLocal: boolean; isWeak: boolean }>();
  /** Other names of variables. */
  readonly variableAliases = new Set<string>();
  private readonly types = new Map<string, string | Type>();
  private readonly bodies = new Map<string, Extent>();
  private readonly declared = new Map<string, string>();
  private readonly noreturn = new Set<string>();
  /** Groups of attributes by which a function has no frame, and finds its parameters where its assembly looks for them. */
  private readonly naked = new Set<string>();
  /** Metadata, by number. */
  private readonly nodes = new Map<string, string>();
  private readonly read = new Map<string, IrFunction | Unsupported>();
  private readonly constants = new Constants(this.globals);

  constructor(text: string) {
    this.dataLayout = /^target datalayout = "([^"]*)"/m.exec(text)?.[1] ?? "";
    const lines = text.split("\n");
    const variables: string[] = [];
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] as string;
      if (line.startsWith("define ")) {
        const from = i + 1;
        while (i < lines.length && lines[i] !== "}") i++;
        this.bodies.set(nameIn(line), { header: line, body: lines.slice(from, i).join("\n") });
      } else if (line.startsWith("declare ")) this.declared.set(nameIn(line), line);
      else if (line.startsWith("@")) variables.push(line);
      else if (line.startsWith("%")) {
        const t = new Tokens(line);
        this.types.set(t.next().text, line.slice(line.indexOf(" = type ") + " = type ".length));
      } else if (/^!\d+ = !\{/.test(line)) {
        const [number, node] = line.split(" = ") as [string, string];
        this.nodes.set(number, node);
      } else if (line.startsWith("attributes #")) {
        const [, group, words] = /^attributes #(\d+) = \{ (.*) \}$/.exec(line) ?? [];
        const said = words?.split(" ") ?? [];
        if (group !== undefined && said.includes("noreturn")) this.noreturn.add(group);
        if (group !== undefined && said.includes("naked")) this.naked.add(group);
      }
    }
    for (const line of variables) this.variable(line);
  }

  /** Names of the functions with a body, in their order, and their other names behind them. */
  get defined(): string[] {
    return [
      ...this.bodies.keys(),
      ...[...this.aliases].flatMap(([name, { of }]) => (this.bodies.has(of) ? [name] : [])),
    ];
  }

  /** @throws Unsupported */
  function(name: string): IrFunction | undefined {
    const alias = this.aliases.get(name);
    if (alias !== undefined) {
      const f = this.function(alias.of);
      return f && callOf(f, name);
    }
    const extent = this.bodies.get(name);
    if (extent === undefined) return undefined;
    let f = this.read.get(name);
    if (f === undefined) {
      try {
        f = this.readFunction(name, extent);
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error;
        f = error;
      }
      this.read.set(name, f);
    }
    if (f instanceof Unsupported) throw f;
    return f;
  }

  /**
   * Metadata with what its number stands for.
   * @throws Unsupported for what names other metadata
   */
  metadata(text: string): string {
    if (!/^\d+$/.test(text)) return text;
    const node = this.nodes.get(`!${text}`);
    if (node === undefined || /!\d/.test(node)) throw new Unsupported("metadata as a value");
    return node.slice(1);
  }

  /** Whether a function with a body is nobody's but this module's. An inline definition is: the linker never sees it, and each unit has its own. */
  isLocal(name: string): boolean {
    return (
      this.aliases.get(name)?.isLocal ??
      /^define (?:internal|private|available_externally) /.test(this.bodies.get(name)?.header ?? "")
    );
  }

  /** Whether a definition gives way to another one of its name, which the linker then takes. */
  givesWay(name: string): boolean {
    return (
      this.aliases.get(name)?.isWeak ??
      /^define (?:weak|weak_odr|linkonce|linkonce_odr) /.test(this.bodies.get(name)?.header ?? "")
    );
  }

  /** Whether what is declared may be missing: its address may be null. */
  isWeak(name: string): boolean {
    return (
      this.globals.get(name)?.linkage === "extern_weak" ||
      this.declared.get(name)?.startsWith("declare extern_weak ") === true
    );
  }

  /** Whether it is said of a function that it does not come back. */
  neverReturns(name: string): boolean {
    const line = this.declared.get(name) ?? this.bodies.get(name)?.header;
    return line !== undefined && (/ noreturn\b/.test(line) || groupsIn(line).some((group) => this.noreturn.has(group)));
  }

  private readonly named: TypeNames = (name) => {
    const type = this.types.get(name);
    if (type === undefined) throw new Unsupported(`the type %${name}`);
    if (typeof type !== "string") return type;
    const read = readType(new Tokens(type), this.named);
    partsOf(read);
    this.types.set(name, read);
    return read;
  };

  private readFunction(name: string, { header, body }: Extent): IrFunction {
    if (groupsIn(header).some((group) => this.naked.has(group)))
      throw new Unsupported("a function without a frame (naked)");
    const t = new Tokens(header);
    const byteOf: IrFunction["byteOf"] = (constant, offset) => this.constants.byte(constant, offset);
    const f = { name, blocks: [], ...this.readHeader(t), byteOf } as IrFunction;
    const b = new Tokens(body);
    const numbered = f.parameters.filter((p) => /^\d+$/.test(p.name)).length;
    let block: Block | undefined;
    for (;;) {
      const { kind, text } = b.peek();
      if (kind === "end") break;
      // `name:`, also a quoted one or a number.
      if ((kind === "word" || kind === "number" || kind === "string") && b.is(":", 1)) {
        b.next();
        b.next();
        block = { name: kind === "string" ? unescaped(text).toString("latin1") : text, instructions: [] };
        f.blocks.push(block);
        continue;
      }
      if (block === undefined) {
        block = { name: String(numbered), instructions: [] };
        f.blocks.push(block);
      }
      if (kind === "punctuation" && text === "#") {
        // A debug record: `#dbg_value(…)`.
        b.next();
        b.next();
        b.skipGroup();
        continue;
      }
      block.instructions.push(readInstruction(b, this.named, (group) => this.noreturn.has(group)));
      // Metadata, operand bundles.
      for (;;) {
        if (b.is("[")) b.skipGroup();
        else if (b.is(",") && b.peek(1).kind === "metadata") {
          b.next();
          b.next();
          if (b.peek().kind === "metadata") b.next();
          b.skipGroup();
        } else break;
      }
    }
    return f;
  }

  private readHeader(t: Tokens): Omit<IrFunction, "name" | "blocks"> {
    t.next();
    let internal = false;
    // Linkage, visibility, calling convention and attributes of the result come in one row.
    const words: string[] = [];
    const returnPassing: Passing = { words: [], typed: [] };
    while (!startsType(t)) {
      const { all, passing } = readPlainAttributes(t, this.named);
      if (all.length === 0) throw new Unsupported(`\`${t.peek().text}\` in the head of a function`);
      words.push(...all);
      returnPassing.words.push(...passing.words);
      returnPassing.typed.push(...passing.typed);
    }
    internal = words.includes("internal") || words.includes("private");
    const returns = readType(t, this.named);
    t.next();
    t.expect("(");
    const parameters: Parameter[] = [];
    let variadic = false;
    while (!t.accept(")")) {
      if (t.accept("...")) variadic = true;
      else {
        const type = readType(t, this.named);
        const { passing, all } = readAttributes(t, this.named);
        const name = t.peek().kind === "local" ? t.next().text : String(parameters.length);
        parameters.push({ name, type, passing, attributes: all });
      }
      t.accept(",");
    }
    return { internal, returns, returnPassing, parameters, variadic };
  }

  /** Another name of a function; of those of variables only that they are other names. */
  private alias(name: string, words: readonly string[], t: Tokens): void {
    const type = readType(t, this.named);
    t.expect(",");
    const to = readType(t, this.named);
    const value = type.kind === "function" ? readValue(t, this.named, to) : undefined;
    if (value === undefined) this.variableAliases.add(name);
    else if (value.kind === "global")
      this.aliases.set(name, {
        of: value.name,
        isLocal: words.includes("internal") || words.includes("private"),
        isWeak: words.includes("weak") || words.includes("weak_odr"),
      });
  }

  private variable(line: string): void {
    const t = new Tokens(line);
    const name = t.next().text;
    t.expect("=");
    const words: string[] = [];
    while (
      t.peek().kind === "word" &&
      !startsType(t) &&
      !["global", "constant", "alias", "ifunc"].includes(t.peek().text)
    ) {
      words.push(t.next().text);
      t.skipGroup();
    }
    const kind = t.next().text;
    if (kind === "ifunc") return;
    if (kind === "alias") {
      this.alias(name, words, t);
      return;
    }
    try {
      const type = readType(t, this.named);
      const global: Global = {
        name,
        linkage: words.find((w) => w !== "dso_local"),
        unnamed: words.includes("unnamed_addr"),
        constant: kind === "constant",
        type,
      };
      if (!words.includes("external") && !words.includes("extern_weak")) global.value = readValue(t, this.named, type);
      while (t.accept(","))
        if (t.accept("align")) global.align = t.number();
        else
          do t.next();
          while (!t.is(",") && t.peek().kind !== "end");
      this.globals.set(name, global);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      this.globals.set(name, {
        name,
        linkage: words[0],
        unnamed: false,
        constant: kind === "constant",
        type: { kind: "opaque" },
      });
    }
  }
}
