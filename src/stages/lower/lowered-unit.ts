/** What a unit is lowered with, what it is half way, and what comes of it. */
import type { Answers } from "../../c/answers.ts";
import type { AstNode } from "../../c/ast.ts";
import type { CompileCommand } from "../../c/compile-command.ts";
import type { Sandbox } from "../../machine/process.ts";
import type { KbuildCommand } from "../../toolchain/kbuild.ts";
import type { Kernel } from "../../toolchain/kernel.ts";
import type { Rewriter } from "../../c/rewriter.ts";
import type { DefinitionFacts } from "./definitions.ts";
import type { SettledHelpers } from "./helper-plan.ts";
import type { HelperParts } from "./helper-source.ts";
import type { MovedInvocation } from "./moved-invocations.ts";
import type { RecordLayout } from "../../c/layouts.ts";
import type { UnitParser } from "../../c/unit-parser.ts";
import type { PreprocessedUnit } from "./preprocess.ts";
import type { ReducedUnit } from "./reduced-unit.ts";
import type { StaticAssertion } from "./static-assertions.ts";
import type { CuttableStructure, MemberUse } from "./shrink.ts";
import type { WrittenFunction } from "./as-written.ts";
import type { WrittenConstruct } from "./written.ts";

export interface LoweringContext {
  kernel: Kernel;
  kbuild: KbuildCommand;
  clang: string;
  /** The clang plugin that lowering asks (src/facts/plugin/answers.cpp). */
  plugin: string;
  readelf: string;
  headers: "helpers" | "translate";
  /** Whether a file is the module's own. */
  isOwn: (file: string) => boolean;
  /** Symbols that modules may import, and those the module itself defines. */
  importable: ReadonlySet<string>;
  /** Own functions that stay C where that can be, each with its reason. */
  keepInC: ReadonlyMap<string, string>;
  sandbox?: Sandbox;
}

export interface LoweredUnit {
  command: CompileCommand;
  /** Tells all that compilers can read of the unit and for it from anything else; absent where that is not known. */
  seen?: string;
  /** Preprocessed, self-contained C, in which every name is one that Rust can have. */
  text: string;
  /** The names of C that are others in `text`. */
  renamed: ReadonlyMap<string, string>;
  /** C for kbuild; absent where the unit needs no helper. */
  helpers?: HelperParts;
  /** Flags the helpers need besides kbuild's own: the module's `-D`, `-I` and the like. */
  helperFlags: string[];
  /** The module's headers that the helpers include. Absolute. */
  helperHeaders: string[];
  /** What stands in the Rust for macros and calls that became helpers, in the order of the C. */
  moved: MovedInvocation[];
  /** What the Rust must call by another name than its own: wrapped inlines, shared statics. Name to symbol. */
  symbols: Map<string, string>;
  /** What the unit declares and something else defines under another symbol, with it: variables that stay C, labels of assembly, what asm labels say. */
  elsewhere: Map<string, string>;
  /** What C says of a definition and c2rust drops. */
  definitions: DefinitionFacts[];
  /** Structures whose bit-fields are read and written as volatile (volatile-bitfields.ts). */
  volatileBitfields: Set<string>;
  /** Symbols that may be missing when the module is linked or loaded. */
  weakReferences: Set<string>;
  /** Functions that begin with a hook for the kernel's tracers. */
  traced: Set<string>;
  layouts: RecordLayout[];
  /** The unit's own static assertions. */
  assertions: StaticAssertion[];
  written: WrittenConstruct[];
  keptInC: { name: string; reason: string }[];
  /** Own functions as written, for people to compare. */
  functions: WrittenFunction[];
  /** Lines of the C file itself, its headers not counted. */
  cLines: number;
}

/** A unit half way: reduced and parsed, its helpers settled. */
export interface PreparedUnit {
  command: CompileCommand;
  /** Tells the unit's helpers from those of the module's other units. */
  stem: string;
  parser: UnitParser;
  unit: PreprocessedUnit;
  reduced: ReducedUnit;
  tree: AstNode[];
  answers: Answers;
  functions: AstNode[];
  helpers: SettledHelpers;
  /** Own functions that stay C as a whole. */
  inC: ReadonlySet<string>;
  helperFlags: string[];
  use: MemberUse;
}

/**
 * A unit whose text waits for what the module's other units name of structures. Nothing of its tree is left in it: a module of a hundred
 * units would hold gigabytes.
 */
export interface UncutUnit {
  parser: UnitParser;
  text: Rewriter;
  /** Those that can be cut down. */
  structures: CuttableStructure[];
  use: MemberUse;
  /** Bit-fields whose accessors would have the name of another one. */
  accessors: ReadonlySet<string>;
  /** Constants that Rust has to hold in a structure. */
  held: ReadonlySet<string>;
  /** Names that other object files know. */
  linked: ReadonlySet<string>;
  /** All else that is said of the unit, by the names of C. */
  inC: Omit<LoweredUnit, "text" | "renamed" | "seen">;
}
