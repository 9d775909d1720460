/** kport.yml: modules × kernels × c2rust versions × rustc versions, and what is to be done with what they come to. */
import { parseDocument } from "yaml";
import { z } from "zod";
import { UserError } from "../machine/errors.ts";
import { readRegular } from "../machine/untrusted-folder.ts";

/** Bytes of a file that a person wrote. */
const LARGEST = 1024 * 1024;

/** YAML reads 6.10 as the number 6.1. */
const text = z
  .string({
    error: (issue) =>
      typeof issue.input === "number"
        ? `${issue.input} is a number to YAML, which drops its last zeros: put it in quotes`
        : undefined,
  })
  .min(1);
/** A type that JSON schema keeps and that turns nothing else into a list. */
const someText = z.union([text, z.array(text).min(1)]);

const folder = text.refine(
  (p) => !p.startsWith("/") && !p.split("/").includes(".."),
  "name a folder inside the repository, relative to its root",
);
const moduleEntry = z.union([
  folder,
  z.strictObject({
    folder,
    names: z
      .array(text.regex(/^[\w-]{1,55}$/, "a module's name holds letters, digits, _ and - only"))
      .min(1)
      .optional()
      .describe("The modules to check where the folder builds several; all of them when left out."),
    make: text.optional().describe("The command that builds the C module, where its makefile does not do without one."),
  }),
]);

const kernelEntry = z.union([
  text.regex(
    /^(default|newest|next|\d+(\.[\w+~-]+)*)$/,
    'write a version prefix in quotes ("6.12"), default, newest or next',
  ),
  z
    .strictObject({
      package: text.regex(
        /^linux-(image|headers)-\d[\w.+~-]*$/,
        "write the name of a package of headers, linux-headers-…",
      ),
    })
    .describe("A kernel by its distribution package."),
  z.strictObject({ folder: text }).describe("A prepared build folder on the machine that runs the cells."),
]);
const toolEntry = (example: string, words: string) =>
  z.union([
    text.regex(
      new RegExp(`^(${words}|\\d+(\\.\\d+){1,2})$`),
      `write a version in quotes ("${example}"), or one of ${words.replaceAll("|", ", ")}`,
    ),
    z.strictObject({ path: text }).describe("A program on the machine that runs the cells."),
  ]);

/** Which cells are meant; an axis that is left out means all of its values. Values are written as in the lists above. */
const pattern = z.strictObject({
  module: someText.optional(),
  kernel: someText.optional(),
  c2rust: someText.optional(),
  rustc: someText.optional(),
});
export type Pattern = z.infer<typeof pattern>;

export const matrixFile = z
  .strictObject({
    modules: z.array(moduleEntry).min(1).describe("Folders that hold the modules' makefiles."),
    kernels: z
      .array(kernelEntry)
      .min(1)
      .default(["default"])
      .describe(
        "Version prefixes, packages, build folders; `newest` is the newest of the machine's own package sources, `next` the newest of Debian unstable.",
      ),
    c2rust: z
      .array(toolEntry("0.21.0", "default|newest"))
      .min(1)
      .default(["default"])
      .describe("Versions of c2rust; `default` is the one kport is made for, `newest` the newest that crates.io has."),
    rustc: z
      .array(toolEntry("1.97", "default|newest|next"))
      .min(1)
      .default(["default"])
      .describe(
        "Versions of rustc; `newest` is the newest stable one of the machine, `next` the newest that Debian has.",
      ),
    include: z
      .array(pattern)
      .default([])
      .describe("Further combinations. Versions named here need not be in the lists."),
    exclude: z.array(pattern).default([]).describe("Combinations to leave out."),
    "allow-failure": z
      .array(pattern)
      .default([])
      .describe("Combinations that may fail: shown, but the run does not fail and no issue is opened."),
    boot: z.boolean().default(true).describe("Whether to boot both modules."),
    headers: z
      .enum(["helpers", "translate"])
      .default("helpers")
      .describe("What becomes of the kernel headers' inline functions."),
    "budget-minutes": z
      .number()
      .positive()
      .optional()
      .describe(
        "Machine time a run may take over all its jobs; what is most likely to fail is run first, the rest left out and named.",
      ),
    "shard-minutes": z
      .number()
      .positive()
      .default(40)
      .describe("How long a job should take, by the times of earlier runs."),
    "reuse-days": z
      .number()
      .min(0)
      .default(14)
      .describe("How old a result may be to stand for an unchanged cell; 0 runs everything."),
    history: z
      .union([
        z.strictObject({ branch: text.regex(/^[\w./-]{1,100}$/, "write the name of a branch") }),
        z.strictObject({ folder: text }),
      ])
      .default({ branch: "kport-data" })
      .describe(
        "Where the last results are kept: a branch of the repository, or a folder that the workflow keeps (in an artifact or a cache).",
      ),
    issues: z
      .strictObject({
        open: z.boolean().default(true),
        labels: z
          .array(text.max(50))
          .default([])
          .describe("Besides `kport-regression`, by which kport finds its issues again."),
        assignees: z.array(text.max(50)).max(10).default([]),
        most: z.number().int().min(1).max(50).default(5).describe("Issues a run may open; one more says what is left."),
      })
      .default({ open: true, labels: [], assignees: [], most: 5 }),
  })
  .meta({
    title: "kport.yml",
    description: "What kport's scheduled runs check, and what they do with what they find.",
  });
export type MatrixFile = z.infer<typeof matrixFile>;

/** The published JSON schema, of the file as people write it. */
export function jsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(matrixFile, { io: "input" }), null, 2)}\n`;
}

/**
 * Parse a kport.yml; `name` stands for it in messages.
 * @throws UserError with a line for each thing that is wrong: the line of the file, the key, and what to write
 */
export function parseMatrixFile(source: string, name: string): MatrixFile {
  const document = parseDocument(source, { prettyErrors: true, uniqueKeys: true });
  const [syntax] = document.errors;
  if (syntax) throw new UserError(`${name}: ${syntax.message.split("\n")[0]}`);
  const parsed = matrixFile.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const { path, message } = deepest(issue);
    return `${name}${lineOf(source, document, path)}: ${path.map((k) => (typeof k === "number" ? `[${k + 1}]` : String(k))).join(".") || "the file"}: ${message}`;
  });
  throw new UserError([...new Set(lines)].join("\n"));
}

/** @throws UserError when the file is not there, or not what it has to be */
export async function readMatrixFile(file: string): Promise<MatrixFile> {
  // In a checkout it may be a link, to a device for one.
  const source = await readRegular(file, LARGEST).catch((e: NodeJS.ErrnoException) => {
    throw new UserError(`${file}: cannot be read (${e.code ?? e.message}); docs/matrix.md says what belongs into it`);
  });
  return parseMatrixFile(source.toString("utf8"), file);
}

/** A union says only that nothing fits; what its reader meant is the alternative that came furthest. */
function deepest(issue: z.core.$ZodIssue, above: PropertyKey[] = []): { path: PropertyKey[]; message: string } {
  const path = [...above, ...issue.path];
  if (issue.code !== "invalid_union") return { path, message: issue.message };
  const own = issue.errors.flat().map((e) => deepest(e, path));
  const wrongType = (m: string): number => Number(m.startsWith("Invalid input: expected"));
  own.sort((a, b) => b.path.length - a.path.length || wrongType(a.message) - wrongType(b.message));
  return own[0] ?? { path, message: issue.message };
}

function lineOf(source: string, document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): string {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return `:${source.slice(0, node.range[0]).split("\n").length}`;
  }
  return "";
}
