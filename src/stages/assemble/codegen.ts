/**
 * Code generation as the kernel asks its C compiler for it, where rustc has no flag: rustc writes assembly, and a script of the port's
 * own gives it the kernel's form.
 */
import type { RustItem } from "../../rust/items.ts";
import type { TranspiledUnit } from "../transpile/index.ts";

/** The names of the two files within a port. */
export const SCRIPT = "codegen.awk";
export const TRACED = "traced.txt";

/** What the witness answers for a null pointer: a number that nothing else in its section is. */
const ANSWER = -1000003;

/** A function whose machine code tells whether checks behind an access are still there. It is in no object: see the script. */
export const WITNESS = `/// Tells in rustc's assembly whether a check for a null pointer outlives an access, as it does in the kernel's C
/// (\`-fno-delete-null-pointer-checks\`). \`${SCRIPT}\` looks, and takes it out.
#[unsafe(no_mangle)]
#[unsafe(link_section = ".discard.kport")]
unsafe extern "C" fn kport_null_check_witness(p: *const i32) -> i32 {
    // SAFETY: Nothing runs this: the script takes it out of the assembly.
    let v = unsafe { *p };
    if p.is_null() {
        return ${ANSWER};
    }
    v
}
`;

/**
 * The script. POSIX awk; kbuild itself needs one.
 *
 * Assembly, and not an attribute of LLVM's: a hook belongs to some functions only, whose mangled names are known when rustc has
 * made them; LLVM has no list of hooks (`-mrecord-mcount`) for x86; and rustc has no flag for the stack protector's symbol.
 */
export const SCRIPT_TEXT = `# SPDX-License-Identifier: GPL-2.0
# Gives rustc's assembly what the kernel's C compiler is told to make and rustc has no flag for:
#   awk -v crate=NAME [-v hooks=y] [-v record=y] [-v guard=SYMBOL] -f ${SCRIPT} ${TRACED} IN.s > OUT.s
# hooks   -pg -mfentry: the functions in ${TRACED} begin with a call of __fentry__, which ftrace replaces
# record  -mrecord-mcount: each such call is listed in __mcount_loc, where the kernel's loader looks for it
# guard   -mstack-protector-guard-symbol: the stack protector's value is a per-CPU variable (from 6.15 on), not at %gs:40
# Ends with an error where rustc has deleted the check in kport_null_check_witness, which is left out of OUT.s.

# An identifier in a symbol of Rust's (v0): its length, itself, and a _ between where it could be taken for more of the length.
function identifier(s) {
	sub(/^r#/, "", s)
	return length(s) (s ~ /^[0-9_]/ ? "_" : "") s
}

# The symbol of a Rust path, without the crate's hash.
function symbol(path,    parts, n, i, s) {
	n = split(path, parts, "::")
	if (n == 1)
		return path
	s = "C" identifier(crate)
	for (i = 1; i < n; i++)
		s = "Nt" s identifier(parts[i])
	return "_RNv" s identifier(parts[n])
}

function hook() {
	if (record)
		print "7:\\tcall\\t__fentry__\\n\\t.pushsection __mcount_loc,\\"a\\",@progbits\\n\\t.quad 7b\\n\\t.popsection"
	else
		print "\\tcall\\t__fentry__"
	pending = 0
}

FNR == NR {
	if ($0 !~ /^#/ && $0 != "")
		traced[symbol($0)] = 1
	next
}

# The witness has a section of its own, and LLVM names the next one when it comes to it; what describes the witness goes with it.
/^\\t\\.(section|text|data|bss)/ { witness = /\\.discard\\.kport|kport_null_check_witness/ }
witness {
	if ($0 ~ /\\$${ANSWER},/)
		kept = 1
	# An object that is all zeros may be declared (.comm) wherever it comes, without a section.
	if ($0 !~ /^\\t\\.(type|globl|local|hidden|weak|comm|lcomm)\\t/ || /kport_null_check_witness/)
		next
}

# A hook stands before all of a function but its endbr64.
pending && !/^\\t(\\.|endbr64$)/ && !/^[^\\t]/ { hook() }
pending && /^\\.LBB/ { hook() }

guard != "" { gsub(/%gs:40/, guard) }
{ print }

/^[A-Za-z_][A-Za-z0-9_.$]*:$/ {
	name = $0
	sub(/:$/, "", name)
	sub(/Cs[0-9A-Za-z]*_/, "C", name)
	pending = hooks && (name in traced)
}

END {
	if (!kept) {
		print "kport: this rustc deletes checks for null pointers that the kernel's C keeps (-fno-delete-null-pointer-checks): it needs an LLVM with -force-attribute, as rustc 1.95 and later have" > "/dev/stderr"
		exit 1
	}
}
`;

/**
 * `traced.txt`: the functions that begin with a hook in C.
 * @param items each unit's items as they stand in the port
 * @param names the Rust module of each unit
 */
export function tracedFunctions(
  units: readonly TranspiledUnit[],
  items: readonly (readonly RustItem[])[],
  names: readonly string[],
): string {
  const paths = units.flatMap(({ unit }, i) =>
    (items[i] ?? []).flatMap((item) =>
      item.kind === "fn" && unit.traced.has(item.name) ? [symbolOf(item) ?? `${names[i]}::${item.name}`] : [],
    ),
  );
  return `# Functions that the kernel's tracers find at their entry, as in C: neither inline nor notrace there. Rust paths and symbols.\n${paths.map((p) => `${p}\n`).join("")}`;
}

/** The symbol a function's attributes give it. */
function symbolOf(item: RustItem): string | undefined {
  const exported = item.attributes
    .map((a) => /^#\[(?:unsafe\()?export_name = "(.*)"\)?\]$/.exec(a)?.[1])
    .find((n) => n !== undefined);
  return exported ?? (item.attributes.some((a) => /^#\[(?:unsafe\()?no_mangle\)?\]$/.test(a)) ? item.name : undefined);
}
