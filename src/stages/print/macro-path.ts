/** How a macro of the port is called. */
import { replaceTokens } from "../../rust/lexer.ts";

/** Macros that every crate sees without asking: where a glob import brings one of the same name, rustc knows none of both (E0659). */
const OF_CORE = new Set(
  "assert assert_eq assert_ne cfg column compile_error concat debug_assert debug_assert_eq debug_assert_ne env file format_args include include_bytes include_str line matches module_path option_env panic stringify todo try unimplemented unreachable write writeln".split(
    " ",
  ),
);

/** By its name, or by its path where core has one of that name. */
export function macroPath(name: string): string {
  return OF_CORE.has(name) ? `crate::macros::${name}` : name;
}

/** The text of macros with core's called by their paths, where `names` has macros of the port by the same names: by those alone it means core's. */
export function withCoreByPath(text: string, names: readonly string[]): string {
  const taken = new Set(names.filter((name) => OF_CORE.has(name)));
  if (taken.size === 0) return text;
  return replaceTokens(text, (t, at, tokens) =>
    t.kind === "identifier" && taken.has(t.text) && tokens[at + 1]?.text === "!" && tokens[at - 1]?.text !== ":"
      ? `::core::${t.text}`
      : undefined,
  );
}
