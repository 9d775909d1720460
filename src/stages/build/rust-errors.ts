/** What rustc complains of, read from its JSON (--error-format=json), and where the C is that the line was made of. */
import { z } from "zod";
import type { Report } from "../../report/schema.ts";

/** As much of a diagnostic as is used; doc.rust-lang.org/rustc/json.html. */
const diagnostic = z.object({
  $message_type: z.literal("diagnostic"),
  message: z.string(),
  level: z.string(),
  code: z.object({ code: z.string() }).nullable(),
  spans: z.array(
    z.object({
      file_name: z.string(),
      line_start: z.number(),
      is_primary: z.boolean(),
      text: z.array(z.object({ text: z.string() })),
    }),
  ),
  rendered: z.string().nullable(),
});

export interface RustError {
  /** rustc's words. */
  message: string;
  /** `E0308`. */
  code: string | undefined;
  /** Of the port: `src/ring.rs`. */
  file: string | undefined;
  line: number | undefined;
  /** The line itself. */
  text: string | undefined;
}

function parsed(line: string): z.infer<typeof diagnostic> | undefined {
  if (!line.startsWith('{"$message_type"')) return undefined;
  try {
    return diagnostic.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The errors among a build's output, in their order. The last ones only count those before them, and have no place. */
export function rustErrors(output: string): RustError[] {
  return output.split("\n").flatMap((line) => {
    const d = parsed(line);
    if (d?.level !== "error") return [];
    const span = d.spans.find((s) => s.is_primary) ?? d.spans[0];
    return [
      {
        message: d.message,
        code: d.code?.code,
        file: span?.file_name,
        line: span?.line_start,
        text: span?.text[0]?.text.trim(),
      },
    ];
  });
}

/** The output as rustc would have printed it for people. */
export function forPeople(output: string): string {
  return output
    .split("\n")
    .map((line) => parsed(line)?.rendered?.trimEnd() ?? line)
    .join("\n");
}

export interface LineOfC {
  /** The function. */
  name: string;
  /** As the module's folder names it. */
  file: string;
  line: number;
  text: string;
}

type Function = NonNullable<Report["functions"]>[number];

/** Words that say nothing of where a line of Rust comes from. */
const COMMON = new Set(
  "as let mut unsafe fn pub extern return if else while loop match break continue core ffi c_int c_uint c_long c_ulong c_char c_void int unsigned long char void struct const static sizeof goto for null".split(
    " ",
  ),
);
const wordsOf = (text: string): string[] =>
  [...new Set(text.match(/"(?:[^"\\]|\\.)*"|\w+/g) ?? [])].filter((w) => !COMMON.has(w));

/**
 * The line of C that a line of the port's Rust was made of: of the function that holds it, the line that is most like it in names, numbers and strings, else the
 * function's first.
 * @param rust the text of the file
 * @param functions those of its unit
 */
export function lineOfC(rust: string, line: number, functions: readonly Function[]): LineOfC | undefined {
  const lines = rust.split("\n");
  const holder = functions
    .flatMap((f) => {
      const at = rust.indexOf(f.rust);
      if (at < 0 || f.rust === "") return [];
      const first = rust.slice(0, at).split("\n").length;
      return first <= line && line < first + f.rust.split("\n").length ? [{ f, first }] : [];
    })
    .at(-1)?.f;
  if (holder === undefined) return undefined;
  const c = holder.c.split("\n");
  const wanted = new Set(wordsOf(lines[line - 1] ?? ""));
  const score = (text: string): number => {
    const words = wordsOf(text);
    const common = words.filter((w) => wanted.has(w)).length;
    return common / (words.length + wanted.size - common || 1);
  };
  const best = c.reduce((most, text, i) => (score(text) > score(c[most] as string) ? i : most), 0);
  return { name: holder.name, file: holder.file, line: holder.line + best, text: (c[best] as string).trim() };
}

/** The first line of a finding, and the lines that show the place in both languages. */
export function describeRustError(e: RustError, c: LineOfC | undefined): string {
  const place = e.file === undefined ? "" : `${e.file}:${e.line}: `;
  const shown = [
    ...(e.text === undefined ? [] : [`  | Rust, ${e.file}:${e.line}: ${e.text.slice(0, 300)}`]),
    ...(c === undefined ? [] : [`  | C, ${c.file}:${c.line}, in ${c.name}: ${c.text.slice(0, 300)}`]),
  ];
  return [`the port does not build: ${place}${e.message}${e.code === undefined ? "" : ` [${e.code}]`}`, ...shown].join(
    "\n",
  );
}
