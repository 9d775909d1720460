/**
 * The negative control of every fidelity check: a module in assembly, and a fault put into its copy that the check has to find.
 * docs/fidelity.md quotes these; controls.test.ts runs them.
 */
import type { AuditedConstruct } from "../../../src/stages/assemble/audit.ts";

/** A module as an assembler sees it, with one of each thing that is checked. */
export const MODULE = `
	.section .modinfo,"a"
	.asciz "license=GPL"
	.asciz "import_ns=SPACE"
	.asciz "parmtype=size:int"
	.asciz "parm=size:how many"
	.section .text,"ax"
	.globl ring_put
	.type ring_put,@function
__cfi_ring_put: nop
__pfx_ring_put: nop
ring_put:
	endbr64
2:	call __fentry__
	push %rbp
	mov %rsp, %rbp
	push %rbx
	cmp $1, %rdi
	mov %gs:40, %rax
	lea 8(%rsp), %rdi
	call __stack_chk_fail
	call helper
	call __x86_indirect_thunk_rax
1:	mov (%rdi), %rax
	pop %rbx
	jmp __x86_return_thunk
	int3
	.size ring_put, . - ring_put
	.weak ring_hook
	.type ring_hook,@function
__cfi_ring_hook: nop
__pfx_ring_hook: nop
ring_hook:
	jmp __x86_return_thunk
	int3
	.size ring_hook, . - ring_hook
	.section .init.text,"ax"
	.globl init_module
	.type init_module,@function
__cfi_init_module: nop
__pfx_init_module: nop
init_module:
	push %rbp
	mov %rsp, %rbp
	call _printk
	jmp __x86_return_thunk
	.size init_module, . - init_module
	.section .exit.text,"ax"
	.globl cleanup_module
	.type cleanup_module,@function
__cfi_cleanup_module: nop
__pfx_cleanup_module: nop
cleanup_module:
	jmp __x86_return_thunk
	.size cleanup_module, . - cleanup_module
	.section .gnu.linkonce.this_module,"aw"
	.quad init_module, cleanup_module
	.section .rodata,"a"
	.type ring_ops,@object
ring_ops:
	.quad ring_put
	.size ring_ops, 8
name:	.asciz "size"
file:	.asciz "drivers/ring.c"
	.data
	.balign 64
	.globl table, table_alias
	.type table,@object
	.type table_alias,@object
	.set table_alias, table
table:	.quad 1, 2
	.size table, 16
	.size table_alias, 16
	.type key,@object
key:	.quad 0, 0
	.size key, 16
	.bss
	.zero 64
	.section .data..percpu,"aw"
	.type counter,@object
counter: .quad 0
	.size counter, 8
	.section __param,"a"
	.quad name, __this_module, param_ops_int
	.short 0444
	.byte -1, 0
	.long 0
	.quad key
	.section __ksymtab,"a"
__ksymtab_ring_put: .long ring_put - ., 0, 0
	.section __kcrctab,"a"
__crc_ring_put: .long 0x12345678
	.section __ksymtab_strings,"a"
__kstrtabns_ring_put: .asciz "SPACE"
	.section __versions,"a"
	.quad 0x1111
	.asciz "_printk"
	.zero 48
	.section __jump_table,"aw"
	.long 1b - ., 1b - .
	.quad key - .
	.section __ex_table,"a"
	.long 1b - ., 1b - ., 0
	.section __bug_table,"aw"
	.long 1b - ., file - .
	.short 7, 0
	.section __mcount_loc,"a"
	.quad 2b
	.section .orc_unwind_ip,"a"
	.long ring_put - ., init_module - ., cleanup_module - .
	.section .ibt_endbr_seal,"a"
	.long ring_put - .
	.section .return_sites,"a"
	.zero 16
	.section .retpoline_sites,"a"
	.zero 4
	.section __srcu_struct_ptrs,"a"
	.quad 0
	.section .note.own,"a"
	.long 7
	.weak helper_that_may_be_absent
	.section .data.once,"aw"
	.quad helper_that_may_be_absent
`;

export interface Control {
  /** What is wrong with the copy: `without its licence`. */
  fault: string;
  /** The C module where it is not `MODULE`. */
  c?: string;
  /** Makes the faulty copy. */
  doctor: (assembly: string) => string;
  /** What the C module's build and the copy's said, where that matters. */
  warnings?: { c: string[]; rust: string[] };
  /** What the audit of the port says, where that matters. */
  constructs?: AuditedConstruct[];
  /** What the finding says. */
  finds: RegExp;
}

const audited = (kind: AuditedConstruct["kind"], name: string): AuditedConstruct => ({
  kind,
  name,
  place: "ring.c:7",
  lies: "nowhere",
});
const swap =
  (from: string, to: string) =>
  (s: string): string =>
    s.replace(from, to);
const append =
  (text: string) =>
  (s: string): string =>
    `${s}${text}\n`;
/** Instructions at the start of a function. */
const code = (text: string): ((s: string) => string) => swap("\tcmp $1, %rdi\n", `\tcmp $1, %rdi\n\t${text}\n`);

/** A function that its file alone knows. */
const LOCAL = "\t.type rehash,@function\nrehash:\n\tendbr64\n\tjmp helper\n\t.size rehash, . - rehash\n";
const local = (s: string): string => s.replace("\t.weak ring_hook\n", `${LOCAL}\t.weak ring_hook\n`);
const bareLocal = (s: string): string => local(s).replace("rehash:\n\tendbr64\n", "rehash:\n");

/** Constants as they are called in C and in Rust: a function's own, and one that two units have. */
const objects = (section: string, ...names: string[]): string =>
  `\t.section ${section}\n${names.map((n) => `\t.type "${n}",@object\n"${n}":\t.quad name\n\t.size "${n}", 8\n`).join("")}`;
const READ_ONLY = '.rodata,"a"';
const OWN = objects(READ_ONLY, "ring_put.names", "ring_put.ends", "ring_get.names.3");
const TWICE = objects(READ_ONLY, "twice", "twice.llvm.7");

/** What looks like a fault and is none: the check has to find nothing. `c` is the C module where it is not `MODULE`. */
export const HARMLESS: readonly { check: string; what: string; c?: string; rust: string }[] = [
  {
    check: "stack-protector",
    what: "without a frame, in which %rbp is a register like any other",
    rust: swap(
      "lea 8(%rsp), %rdi",
      "lea 2(%rbp), %rdi",
    )(swap("\tcall __stack_chk_fail\n", "")(swap("mov %rsp, %rbp\n\tpush %rbx", "push %rbx")(MODULE))),
  },
  {
    check: "mitigations",
    what: "that reads an array's element before an index",
    rust: code("cmp %al, -8(%rsp,%r15)")(MODULE),
  },
  { check: "mitigations", what: "with full barriers in more functions", rust: code("lock addl $0, -4(%rsp)")(MODULE) },
  {
    check: "mitigations",
    what: "with C's own vector code more often, and in other registers",
    c: code("movups %xmm0, (%rdi)")(MODULE),
    rust: code("movups %xmm3, (%rsi)\n\tmovups %xmm4, (%rsi)\n\tcall ring_hook")(MODULE),
  },
  {
    check: "mitigations",
    what: "without endbr64 in a function that is only called by its name",
    c: `${local(MODULE)}.data\n.quad rehash\n`,
    rust: code("call rehash\n\tcall ring_hook")(bareLocal(MODULE)),
  },
  {
    check: "constants",
    what: "whose constants are where C has them, beside a variable of their name that can be written, in a function without one",
    c: MODULE + OWN + TWICE + objects(".data", "ring_hook.names"),
    rust:
      MODULE +
      TWICE +
      objects(READ_ONLY, "_RNvNvNtC4ring4ring8ring_put5names", "_RNvNtC4ring4ring21kport_ring_put_ends_0") +
      objects(".data", "_RNvNvNtC4ring4ring9ring_hook5names", "_RNvNvNtC4ring4ring9ring_hook5twice"),
  },
  {
    check: "alignments",
    what: "that has the one of two variables of a name for which less is asked",
    rust: MODULE + objects(".data", "_RNvNtC4ring4ring5lines"),
  },
  {
    check: "alignments",
    what: "in which a macro's own variable has the name of a larger one",
    rust: MODULE + objects(".data", "_RNvNvNtC4ring4rings0_1__5table"),
  },
  {
    check: "kept",
    what: "without a variable that C's code refers to, and with one in a unit",
    c: `${MODULE}${objects(READ_ONLY, "version", "looked")}.text\nmov looked(%rip), %rax\n`,
    rust: MODULE + objects(READ_ONLY, "_RNvNtC4ring4ring7version"),
  },
  {
    check: "contents",
    what: "whose table names a helper for a function of a header, and a string that lies elsewhere",
    c: `${MODULE.replace("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad peek, .Ltext")}.text\n.type peek,@function\npeek: ret\n.size peek, 1\n.section .rodata.str1.1,"aMS",@progbits,1\n.Ltext: .asciz "one"\n`,
    rust: `${MODULE.replace("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad kport_ring_peek, .Ltext")}.text\n.type kport_ring_peek,@function\nkport_ring_peek: ret\n.size kport_ring_peek, 1\n.section .rodata,"a"\n.Ltext: .asciz "one"\n`,
  },
  {
    check: "contents",
    what: "whose table names a compound literal, which in Rust has a name",
    c: literal(".compoundliteral.4", 5),
    rust: literal("_RNvNtC4ring4ring16ring_ops_literal", 5),
  },
  {
    check: "constants",
    what: "whose variables clang alone finds to be constant",
    c: MODULE + objects(READ_ONLY, "ring_put.found"),
    rust: MODULE + objects(".data", "_RNvNvNtC4ring4ring8ring_put5found"),
  },
];

/** A module whose table names what has no name in C. */
function literal(name: string, value: number): string {
  return `${MODULE.replace("ring_ops:\n\t.quad ring_put", `ring_ops:\n\t.quad ${name}`)}.section .rodata,"a"\n.type ${name},@object\n${name}: .long ${value}\n.size ${name}, 4\n`;
}

/** By the check's name. */
export const CONTROLS: Readonly<Record<string, readonly Control[]>> = {
  "entry-points": [
    {
      fault: "without its init function",
      doctor: (s) => s.replaceAll("init_module", "other_name"),
      finds: /`init_module` is missing/,
    },
    {
      fault: "whose `struct module` refers to no exit function",
      doctor: swap(".quad init_module, cleanup_module", ".quad init_module, 0"),
      finds: /`cleanup_module` is .*does not refer to/,
    },
    {
      fault: "whose init function lies in .text",
      doctor: swap('.section .init.text,"ax"', ".text"),
      finds: /`init_module` is in \.text in the Rust module and in \.init\.text in C/,
    },
  ],
  modinfo: [
    { fault: "without its licence", doctor: swap('\t.asciz "license=GPL"\n', ""), finds: /`license` is missing/ },
    {
      fault: "that imports another namespace",
      doctor: swap("import_ns=SPACE", "import_ns=OTHER"),
      finds: /`import_ns` differs/,
    },
    {
      fault: "with a line that C does not have",
      doctor: append('.section .modinfo,"a"\n.asciz "alias=x"'),
      finds: /`alias` is only in the Rust module/,
    },
    {
      fault: "with a writable .modinfo",
      doctor: swap('.modinfo,"a"', '.modinfo,"aw"'),
      finds: /\.modinfo is writable/,
    },
    {
      fault: "with a second .modinfo",
      doctor: append('.section .modinfo,"aw",@progbits,unique,1\n.asciz "author=me"'),
      finds: /two \.modinfo sections/,
    },
  ],
  parameters: [
    {
      fault: "with another mode of a parameter",
      doctor: swap(".short 0444", ".short 0644"),
      finds: /parameter `size` is param_ops_int, mode 0644.* in Rust, param_ops_int, mode 0444/,
    },
    {
      fault: "with another type of a parameter",
      doctor: swap("param_ops_int", "param_ops_uint"),
      finds: /param_ops_uint/,
    },
    {
      fault: "that lost its parameter",
      doctor: swap(
        "\t.quad name, __this_module, param_ops_int\n\t.short 0444\n\t.byte -1, 0\n\t.long 0\n\t.quad key\n",
        "",
      ),
      finds: /`size` is lost/,
    },
  ],
  exports: [
    {
      fault: "that exports nothing",
      doctor: swap("__ksymtab_ring_put:", "other:"),
      finds: /`ring_put` is no longer exported/,
    },
    {
      fault: "that exports one more symbol",
      doctor: append(".section __ksymtab\n__ksymtab_leak: .zero 12"),
      finds: /`leak` is exported by the Rust module only/,
    },
    {
      fault: "that exports to GPL modules only",
      doctor: swap("__ksymtab,", "__ksymtab_gpl,"),
      finds: /__ksymtab_gpl, .* in Rust, __ksymtab,/,
    },
    {
      fault: "that exports with another CRC",
      doctor: swap("0x12345678", "0x12345679"),
      finds: /CRC 0x12345679 in Rust/,
    },
    {
      fault: "that exports into another namespace",
      doctor: swap('__kstrtabns_ring_put: .asciz "SPACE"', '__kstrtabns_ring_put: .asciz "OTHER"'),
      finds: /namespace "OTHER"/,
    },
  ],
  imports: [
    {
      fault: "that needs what C imports weakly",
      doctor: swap(".weak helper_that_may_be_absent", ""),
      finds: /`helper_that_may_be_absent` is imported weakly by the C module/,
    },
    {
      fault: "with another version of an import",
      doctor: swap("0x1111", "0x1112"),
      finds: /`_printk` is imported in another version/,
    },
  ],
  symbols: [
    { fault: "without a global function", doctor: swap(".weak ring_hook", ""), finds: /`ring_hook` is not defined/ },
    {
      fault: "whose weak function is strong",
      doctor: swap(".weak ring_hook", ".globl ring_hook"),
      finds: /`ring_hook` is no longer weak/,
    },
    {
      fault: "whose alias is a variable of its own",
      doctor: (s) =>
        s.replace("\t.set table_alias, table\n", "").replace("table:\t", "table_alias: .quad 1, 2\ntable:\t"),
      finds: /names of one variable in C, and of 2/,
    },
  ],
  constructs: [
    {
      fault: "whose weak function is not said to be weak",
      doctor: (s) => s,
      constructs: [audited("weak", "ring_hook")],
      finds: /weak of `ring_hook` \(ring\.c:7\) is said nowhere/,
    },
    {
      fault: "whose exit function has lost its section",
      doctor: (s) => s,
      constructs: [{ ...audited("section", "cleanup_module"), detail: ".exit.text" }],
      finds: /section \.exit\.text of `cleanup_module`/,
    },
    {
      fault: "that lost an alias",
      doctor: (s) => s,
      constructs: [audited("alias", "table_alias")],
      finds: /alias of `table_alias`/,
    },
    {
      fault: "that lost assembly at file scope",
      doctor: (s) => s,
      constructs: [audited("file-scope assembly", 'asm(".globl a");')],
      finds: /file-scope assembly of/,
    },
    {
      fault: "that lost a static assertion",
      doctor: (s) => s,
      constructs: [audited("static assertion", "static_assert(sizeof(long) == 8)")],
      finds: /static assertion of `static_assert/,
    },
  ],
  sections: [
    {
      fault: "without a section of C's",
      doctor: swap('.section .note.own,"a"\n\t.long 7\n', ""),
      finds: /`\.note\.own` is missing/,
    },
    {
      fault: "with a constructor",
      doctor: append('.section .init_array,"aw"\n.quad ring_put'),
      finds: /`\.init_array` is not empty/,
    },
  ],
  placement: [
    {
      fault: "whose table of functions is writable",
      doctor: swap('.section .rodata,"a"', ".data"),
      finds: /`ring_ops` lies in \.data in the Rust module, in \.rodata in C/,
    },
    {
      fault: "whose exit function is not freed",
      doctor: swap('.section .exit.text,"ax"', ".text"),
      finds: /`cleanup_module` lies in \.text in the Rust module, in \.exit\.text in C/,
    },
    {
      fault: "with larger per-CPU data",
      doctor: (s) => s.replace("counter: .quad 0\n\t.size counter, 8", "counter: .quad 0, 0\n\t.size counter, 16"),
      finds: /per-CPU variables take 16 bytes in the Rust module, 8 in C/,
    },
    {
      fault: "with a section that is to be retained",
      doctor: swap('__param,"a"', '__param,"aR"'),
      finds: /section `__param` is marked SHF_GNU_RETAIN/,
    },
    {
      fault: "with writable parameters",
      doctor: swap('__param,"a"', '__param,"aw"'),
      finds: /section `__param` is writable/,
    },
  ],
  alignments: [
    {
      fault: "with a variable that is aligned less",
      doctor: swap("\t.balign 64\n", ""),
      finds: /`table` is aligned to \d in the Rust module, and to 64 in C/,
    },
    {
      fault: "with a variable that lies in the midst of a line of the cache",
      doctor: swap("table:\t.quad 1, 2", "\t.zero 16\ntable:\t.quad 1, 2"),
      finds: /`table` is aligned to 16 in the Rust module, and to 64 in C/,
    },
    {
      fault: "whose function has a variable of its own that is aligned less",
      doctor: append(objects(".data", "_RNvNvNtC4ring4ring8ring_put5slots")),
      finds: /`slots` is aligned to \d+ in the Rust module, and to 128 in C/,
    },
    {
      fault: "with two variables of a name, neither of which is aligned as one is in C",
      doctor: append(`\t.data\n\t.quad 0\n${objects(".data", "lines", "lines.7")}`),
      finds: /`lines` is aligned to \d+ in the Rust module, and to 32 in C/,
    },
  ],
  kept: [
    {
      fault: "that lost a variable to which nothing refers",
      c: MODULE + objects(READ_ONLY, "version"),
      doctor: append("# without it"),
      finds: /`version` is not in the Rust module/,
    },
  ],
  contents: [
    {
      fault: "with another number in a table",
      doctor: swap("table:\t.quad 1, 2", "table:\t.quad 1, 3"),
      finds: /`table`.* something else at first/,
    },
    {
      fault: "with a shorter table",
      doctor: (s) =>
        s.replace(".size table, 16", ".size table, 8").replace(".size table_alias, 16", ".size table_alias, 8"),
      finds: /`table`.* of (?:another size|other sizes)/,
    },
    {
      fault: "whose table names another function",
      doctor: swap("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad ring_hook"),
      finds: /`ring_ops` holds something else at first/,
    },
    {
      fault: "whose table names another function, as nothing else does the one that C has there",
      c: local(MODULE).replace("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad rehash"),
      doctor: swap("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad ring_hook"),
      finds: /`ring_ops` holds something else at first/,
    },
    {
      fault: "whose table names another function of the kernel's",
      c: MODULE.replace("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad kfree"),
      doctor: swap("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad kvfree"),
      finds: /`ring_ops` holds something else at first/,
    },
    {
      fault: "whose table names no function",
      doctor: swap("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad 0"),
      finds: /`ring_ops` holds something else at first/,
    },
    {
      fault: "whose table names another place in a variable",
      c: MODULE.replace("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad table + 8"),
      doctor: swap("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad table"),
      finds: /`ring_ops` holds something else at first/,
    },
    {
      fault: "whose table names a compound literal that holds another number",
      c: literal(".compoundliteral.4", 5),
      doctor: () => literal("_RNvNtC4ring4ring16ring_ops_literal", 6),
      finds: /`ring_ops` holds something else at first/,
    },
    {
      fault: "whose table names another string",
      c: `${MODULE.replace("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad .Ltext")}.section .rodata.str1.1,"aMS",@progbits,1\n.Ltext: .asciz "one"\n`,
      doctor: (s) =>
        `${s.replace("ring_ops:\n\t.quad ring_put", "ring_ops:\n\t.quad .Ltext")}.section .rodata.str1.1,"aMS",@progbits,1\n.Ltext: .asciz "two"\n`,
      finds: /`ring_ops` holds something else at first/,
    },
  ],
  constants: [
    {
      fault: "whose function has a constant of its own that can be written",
      c: MODULE + OWN,
      doctor: append(objects(".data", "_RNvNvNtC4ring4ring8ring_put5names")),
      finds: /`ring_put\.names` lies in \.data in the Rust module, in \.rodata in C/,
    },
    {
      fault: "whose function has two of a name, the second of which can be written",
      c: MODULE + OWN,
      doctor: append(
        objects(READ_ONLY, "_RNvNvNtC4ring4ring8ring_put5names") +
          objects(".data", "_RNvNvNtC4ring4ring8ring_puts_5names"),
      ),
      finds: /`ring_put\.names` lies in \.data/,
    },
    {
      fault: "one of whose functions' constants has left it, and can be written",
      c: MODULE + OWN,
      doctor: append(objects(".data", "_RNvNtC4ring4ring21kport_ring_put_ends_0")),
      finds: /`ring_put\.ends` lies in \.data/,
    },
    {
      fault: "where one of two constants of a name can be written",
      c: MODULE + TWICE,
      doctor: append(objects(READ_ONLY, "_RNvNtC4ring3one5twice") + objects(".data", "_RNvNtC4ring3two5twice")),
      finds: /`twice` lies in \.data/,
    },
  ],
  tables: [
    {
      fault: "whose static key patches nothing",
      doctor: swap("\t.long 1b - ., 1b - .\n\t.quad key - .\n", ""),
      finds: /`__jump_table` has no entry for `key`/,
    },
    {
      fault: "that lost a fault's fix-up",
      doctor: swap("\t.long 1b - ., 1b - ., 0\n", ""),
      finds: /`__ex_table` holds 0 entries/,
    },
    {
      fault: "whose functions objtool did not seal",
      doctor: swap('.ibt_endbr_seal,"a"\n\t.long ring_put - .', '.ibt_endbr_seal,"a"'),
      finds: /`\.ibt_endbr_seal` holds 0 entries/,
    },
    {
      fault: "that lost a WARN",
      doctor: swap("\t.long 1b - ., file - .\n\t.short 7, 0\n", ""),
      finds: /`__bug_table` knows 0 places of ring\.c in the Rust module, 1 in C/,
    },
    {
      fault: "that lost an SRCU domain",
      doctor: swap('__srcu_struct_ptrs,"a"\n\t.quad 0', '__srcu_struct_ptrs,"a"'),
      finds: /`__srcu_struct_ptrs` holds 0 entries/,
    },
  ],
  unwinding: [
    {
      fault: "with a section that objtool did not follow",
      doctor: swap("ring_put - ., init_module - .,", "ring_put - .,"),
      finds: /`\.init\.text` has no ORC unwind data/,
    },
  ],
  mitigations: [
    {
      fault: "that calls through a register",
      doctor: code("call *%rax"),
      finds: /an indirect branch without a retpoline in `ring_put`/,
    },
    {
      fault: "that jumps through a table",
      doctor: code("jmp *table(,%rax,8)\n\tint3"),
      finds: /an indirect branch without a retpoline/,
    },
    {
      fault: "that returns without the thunk",
      doctor: code("ret\n\tint3"),
      finds: /a return without the return thunk in `ring_put`/,
    },
    { fault: "without an int3 behind a return", doctor: code("ret\n\tnop"), finds: /no int3 behind a return/ },
    { fault: "that uses SSE", doctor: code("movaps %xmm0, %xmm1"), finds: /a register of SSE/ },
    { fault: "that uses the red zone", doctor: code("mov %rax, -8(%rsp)"), finds: /the red zone/ },
    {
      fault: "that uses the red zone, where C has a full barrier there",
      c: code("lock addl $0, -4(%rsp)")(MODULE),
      doctor: code("addl $1, -4(%rsp)"),
      finds: /the red zone/,
    },
    {
      fault: "with other vector code than C's own",
      c: code("movups %xmm0, (%rdi)")(MODULE),
      doctor: code("movaps %xmm0, (%rdi)"),
      finds: /a register of SSE/,
    },
    { fault: "without endbr64", doctor: swap("\tendbr64\n", ""), finds: /`ring_put` begins without endbr64/ },
    {
      fault: "without endbr64 in a function of its file's own, to which a table points",
      c: local(MODULE),
      doctor: () => `${bareLocal(MODULE)}.data\n.quad rehash\n`,
      finds: /`rehash` begins without endbr64/,
    },
    {
      fault: "without endbr64 in a function of its file's own, whose address an instruction takes",
      c: local(MODULE),
      doctor: () => code("lea rehash(%rip), %rdi")(bareLocal(MODULE)),
      finds: /`rehash` begins without endbr64/,
    },
    {
      fault: "without a kCFI prefix",
      doctor: (s) => s.replaceAll("__cfi_ring_put", "other"),
      finds: /`ring_put` has no kCFI prefix/,
    },
    {
      fault: "without padding before a function",
      doctor: (s) => s.replaceAll("__pfx_ring_put", "other"),
      finds: /`ring_put` has no padding/,
    },
    {
      fault: "without a frame pointer, where assembly of C's has none either",
      c: `${MODULE}.text\n.type bare,@function\nbare: call helper\n\tjmp helper\n.size bare, . - bare\n`,
      doctor: swap("\tmov %rsp, %rbp\n", ""),
      finds: /`ring_put` calls without setting up a frame pointer/,
    },
    {
      fault: "without a frame pointer",
      doctor: swap("\tmov %rsp, %rbp\n", ""),
      finds: /`ring_put` calls without setting up a frame pointer/,
    },
    {
      fault: "whose return sites objtool did not list",
      doctor: swap('.return_sites,"a"\n\t.zero 16', '.return_sites,"a"\n\t.zero 12'),
      finds: /`\.return_sites` lists 3 of 4 returns/,
    },
    {
      fault: "whose indirect branches objtool did not list",
      doctor: swap('.retpoline_sites,"a"\n\t.zero 4', '.retpoline_sites,"a"\n\t.zero 0'),
      finds: /`\.retpoline_sites` lists 0 of 1 indirect branches/,
    },
  ],
  "stack-protector": [
    {
      fault: "with a local on an unguarded stack",
      doctor: swap("\tcall __stack_chk_fail\n", ""),
      finds: /`ring_put` has locals on a stack that nothing guards/,
    },
    {
      fault: "that guards its stack with a variable that is no kernel's",
      doctor: swap("%gs:40", "__stack_chk_guard(%rip)"),
      finds: /`ring_put` guards its stack with another value/,
    },
    {
      fault: "that guards its stack with the value of another kernel",
      doctor: swap("%gs:40", "%gs:__ref_stack_chk_guard(%rip)"),
      finds: /`ring_put` guards its stack with another value/,
    },
  ],
  tracing: [
    {
      fault: "without a hook for tracers",
      doctor: (s) => swap("\t.quad 2b\n", "")(swap("2:\tcall __fentry__\n", "")(s)),
      finds: /`ring_put` has no hook for the kernel's tracers/,
    },
    {
      fault: "that can be traced where C forbids it",
      doctor: swap(
        "\nring_hook:\n",
        '\nring_hook:\n3:\tcall __fentry__\n\t.section __mcount_loc,"a"\n\t.quad 3b\n\t.text\n',
      ),
      finds: /`ring_hook` can be traced, which C forbids/,
    },
    {
      fault: "whose hooks are not listed",
      doctor: swap("\t.quad 2b\n", ""),
      finds: /`__mcount_loc` lists 0 of 1 hooks: `ring_put`/,
    },
  ],
  panics: [
    {
      fault: "with formatting code of core",
      doctor: append(".text\n_RNvNtNtCs1_4core3fmt5write: nop\n ret"),
      finds: /formatting code of Rust's core library/,
    },
    {
      fault: "that can panic out of bounds",
      doctor: code("call _RNvNtCs1_4core9panicking18panic_bounds_check"),
      finds: /1 place can panic where C would go on, in `ring_put`/,
    },
  ],
  "build-warnings": [
    {
      fault: "of which objtool says more",
      doctor: (s) => s,
      warnings: {
        c: ["a.o: warning: objtool: f+0x1: unreachable instruction"],
        rust: [
          "b.o: warning: objtool: g+0x2: unreachable instruction",
          "b.o: warning: objtool: h+0x3: unreachable instruction",
        ],
      },
      finds: /unreachable instruction/,
    },
    {
      fault: "of which modpost says something",
      doctor: (s) => s,
      warnings: { c: [], rust: ["WARNING: modpost: missing MODULE_DESCRIPTION() in b.o"] },
      finds: /missing MODULE_DESCRIPTION/,
    },
  ],
  size: [{ fault: "three times as large", doctor: append(".text\n.zero 4000"), finds: /text grew/ }],
};
