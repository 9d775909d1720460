/** The lints that a port allows, each with its reason: what the C is made of stays, what only c2rust's text is made of goes with that text. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseRust } from "../../rust/parse.ts";

interface Allowed {
  lints: readonly string[];
  reason: string;
}

const ALWAYS: readonly Allowed[] = [
  {
    lints: [
      "clippy::disallowed_names",
      "clippy::wrong_self_convention",
      "non_camel_case_types",
      "non_snake_case",
      "non_upper_case_globals",
    ],
    reason: "names are those of the C",
  },
  {
    lints: ["clashing_extern_declarations", "improper_ctypes", "improper_ctypes_definitions"],
    reason: "types lie in memory as C's do, which `layouts` asserts",
  },
  { lints: ["static_mut_refs"], reason: "the accessor of a bit-field borrows the variable that the field is in" },
  {
    lints: [
      "unused_assignments",
      "unused_comparisons",
      "unused_variables",
      "clippy::absurd_extreme_comparisons",
      "clippy::assign_op_pattern",
      "clippy::eq_op",
      "clippy::identity_op",
      "clippy::manual_is_multiple_of",
      "clippy::manual_range_contains",
      "clippy::nonminimal_bool",
      "clippy::overly_complex_bool_expr",
    ],
    reason: "expressions are those of the C",
  },
  {
    lints: [
      "clippy::collapsible_else_if",
      "clippy::collapsible_if",
      "clippy::let_and_return",
      "clippy::needless_return",
      "clippy::single_match",
      "clippy::too_many_arguments",
      "clippy::while_immutable_condition",
    ],
    reason: "statements and functions are those of the C",
  },
  { lints: ["clippy::cast_lossless"], reason: "what a macro is given has the type that each use gives it" },
  {
    lints: ["clippy::undocumented_unsafe_blocks"],
    reason: "the C does not say why it is sound: a comment would be an invented proof",
  },
  { lints: ["internal_features"], reason: "weak symbols and types without a size are the compiler's own" },
];

const C2RUST: Allowed = {
  lints: [
    "clippy::all",
    "clippy::pedantic",
    "rust_2018_idioms",
    "static_mut_refs",
    "unpredictable_function_pointer_comparisons",
    "unsafe_op_in_unsafe_fn",
    "unused",
  ],
  reason: "text as c2rust wrote it",
};

/** The attributes of a crate's root: those that all ports need, and in one of its own what c2rust's text needs. */
export const ALLOWANCES = [...ALWAYS, C2RUST].map(attribute).join("\n");

function attribute({ lints, reason }: Allowed): string {
  return `#![allow(${[...lints].sort().join(", ")}, reason = ${JSON.stringify(reason)})]`;
}

/** Leaves what c2rust's text needs to the files that hold some of it. */
export async function narrowAllowances(dir: string, files: Iterable<string>): Promise<void> {
  const own = attribute(C2RUST);
  const root = path.join(dir, "src/lib.rs");
  await writeFile(root, withoutC2rusts(await readFile(root, "utf8")));
  for (const name of files) {
    const file = path.join(dir, name);
    const text = await readFile(file, "utf8");
    const first = firstItem(text);
    await writeFile(file, `${text.slice(0, first)}${own}\n${text.slice(first)}`);
  }
}

/** However rustfmt has laid it out. */
function withoutC2rusts(text: string): string {
  for (let n = parseRust(text).topNode.firstChild; n; n = n.nextSibling) {
    if (n.name === "InnerAttribute" && text.slice(n.from, n.to).includes(JSON.stringify(C2RUST.reason)))
      return text.slice(0, n.from) + text.slice(n.to).replace(/^\n/, "");
  }
  return text;
}

/** Inner attributes stand before all items, behind the comments of the file. */
function firstItem(text: string): number {
  let n = parseRust(text).topNode.firstChild;
  while (n?.name === "LineComment" || n?.name === "BlockComment") n = n.nextSibling;
  return n?.from ?? text.length;
}
