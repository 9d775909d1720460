/**
 * Every construct of the kernel's C that kport promises to translate, and the fixtures that show it: docs/constructs.md is made of this
 * list, and a test holds it against the folders. What a fixture computes is compared between C and Rust when it runs (or it is refused).
 */
export interface Construct {
  construct: string;
  /** Folders of test/modules, and for each what stands in its sources where the construct is used. */
  shown: Readonly<Record<string, RegExp>>;
}

export const CONSTRUCTS: readonly Construct[] = [
  { construct: "`_Generic`", shown: { "generic-selection": /_Generic\s*\(/ } },
  { construct: "`__auto_type`", shown: { "auto-type": /__auto_type/ } },
  { construct: "`typeof_unqual`", shown: { "auto-type": /__typeof_unqual__/ } },
  { construct: "`__builtin_types_compatible_p`", shown: { "types-compatible": /__builtin_types_compatible_p/ } },
  { construct: "`__builtin_choose_expr`", shown: { "choose-expr": /__builtin_choose_expr/ } },
  {
    construct: "`__builtin_object_size`, `__builtin_dynamic_object_size`",
    shown: {
      "object-size":
        /__builtin_object_size[^]*__builtin_dynamic_object_size|__builtin_dynamic_object_size[^]*__builtin_object_size/,
    },
  },
  {
    construct: "builtins that compute with overflow",
    shown: { overflow: /check_(?:add|mul|sub)_overflow|__builtin_\w+_overflow/ },
  },
  { construct: "builtins that c2rust does not know", shown: { builtins: /__builtin_\w+/ } },
  { construct: "characters outside of ASCII", shown: { "non-ascii": /[^\x00-\x7f]/ } },
  { construct: "wide characters and strings", shown: { "non-ascii": /L'[^]*L"/ } },
  {
    construct: "sizes, alignments and offsets, with an index too",
    shown: { sizes: /offsetof\(struct table, cells\[seed\]/ },
  },
  {
    construct: "expressions over array elements that nobody uses",
    shown: { "discarded-values": /&numbers\[i\] == p, i = 2;/ },
  },
  { construct: "statement expressions", shown: { "statement-expression": /\(\{/ } },
  {
    construct: "attributes `inline`, `always_inline`",
    shown: { "function-attributes": /inline/, "own-header-inline": /inline/ },
  },
  { construct: "attributes `cold`, `hot`", shown: { "function-attributes": /cold[^]*hot|hot[^]*cold/ } },
  { construct: "attribute `noinline`", shown: { "function-attributes": /noinline/ } },
  { construct: "attribute `noreturn`", shown: { "function-attributes": /noreturn/ } },
  { construct: "attribute `used`", shown: { "function-attributes": /__used/, "section-data": /__used/ } },
  { construct: "attributes `alias`, `weak`", shown: { "weak-alias": /alias[^]*weak|weak[^]*alias/ } },
  { construct: "attribute `section` on data", shown: { "section-data": /__section|section\s*\(/ } },
  {
    construct: "attribute `section` on functions",
    shown: { "init-exit-sections": /__init\b/, "section-data": /__section|section\s*\(/ },
  },
  { construct: "attribute `constructor` (refused)", shown: { constructor: /constructor/ } },
  { construct: "attribute `cleanup`, `guard()`, `__free()`", shown: { "cleanup-guard": /__cleanup/, guards: /guard/ } },
  { construct: "attribute `counted_by`", shown: { "flexible-array": /__counted_by__/ } },
  {
    construct: "bit-fields, with bool and of no width",
    shown: { bitfields: /bool \w+ : 1;[^]*: 0;|: 0;[^]*bool \w+ : 1;/ },
  },
  {
    construct: "checks for null pointers behind an access, and of members' addresses",
    shown: { "null-checks": /&pos->node != NULL[^]*!&pos->node/ },
  },
  {
    construct: "bit-fields of structures within packed ones",
    shown: { "packed-bitfields": /struct flags one;[^]*\} __packed;/ },
  },
  {
    construct: "packed and aligned structures within each other (`xregs_state`)",
    shown: { "packed-aligned-nested": /xregs_state/ },
  },
  { construct: "types that have an alignment by their name", shown: { "pragma-pack": /typedef u64 __aligned\(4\)/ } },
  { construct: "`#pragma pack` of 2 and 4", shown: { "pragma-pack": /pack\(push, 2\)[^]*pack\(4\)/ } },
  {
    construct: "structures of functions that share a tag",
    shown: { "shared-tags": /struct walk \{[^]*struct walk \{/ },
  },
  {
    construct: "values beside unnamed bit-fields, by nested designators and without braces",
    shown: { "declaration-forms": /\.in\.b = 4, \.arr\[1\]\.c = 5/ },
  },
  {
    construct: "variables declared `extern` in a block, `register` variables",
    shown: { "declaration-forms": /extern int shared_level;[^]*register unsigned long named asm/ },
  },
  {
    construct: "compound literals of constant elements and pointers",
    shown: { "declaration-forms": /\(const char \*const \[\]\)\{/ },
  },
  { construct: "flexible arrays", shown: { "flexible-array": /\[\]/ } },
  { construct: "unions, anonymous members", shown: { "unions-anonymous": /union/ } },
  { construct: "arrays of variable length", shown: { vla: /\[\w*[a-z]\w*\]/ } },
  { construct: "integers of 128 bits", shown: { int128: /__int128/ } },
  { construct: "64-bit division helpers", shown: { "64-bit-division": /do_div|div64_u64/ } },
  { construct: "integer conversions, plain `char`", shown: { "integer-conversions": /char/ } },
  { construct: "computed goto, addresses of labels", shown: { "computed-goto": /goto \*/ } },
  { construct: "`goto` into a branch of an `if`", shown: { "jump-into-branch": /if \(err\) \{\nerr_free_inst:/ } },
  {
    construct: "`switch`: fall-through and ranges",
    shown: { "switch-ranges": /fallthrough[^]*case .* \.\.\. |case .* \.\.\. [^]*fallthrough/ },
  },
  { construct: "variadic functions, `va_list`, `%pV`", shown: { varargs: /va_list[^]*%pV|%pV[^]*va_list/ } },
  {
    construct: "static initialisers of every shape",
    shown: { "static-initialisers": /= \{/, "two-units-same-static": /static/ },
  },
  { construct: "string literals, compound literals", shown: { "string-compound-literals": /\(struct \w+\)\s*\{/ } },
  { construct: "padding, which is zero", shown: { padding: /memcmp|bytes/ } },
  { construct: "forward declared enums", shown: { "enum-forward": /enum/ } },
  { construct: "static assertions", shown: { "static-assert": /_Static_assert[^]*BUILD_BUG_ON/ } },
  {
    construct: "`EXPORT_SYMBOL` with namespaces and versions",
    shown: { "export-symbol": /EXPORT_SYMBOL_NS_GPL/, "two-modules": /EXPORT_SYMBOL_NS_GPL/ },
  },
  { construct: "imported namespaces", shown: { "two-modules": /MODULE_IMPORT_NS/ } },
  {
    construct: "module parameters of every type",
    shown: {
      "module-params":
        /byte[^]*short[^]*ushort[^]*int[^]*uint[^]*long[^]*ulong[^]*ullong[^]*bool[^]*invbool[^]*bint[^]*charp[^]*module_param_string[^]*hexint[^]*module_param_array[^]*module_param_hw[^]*module_param_unsafe[^]*module_param_cb/,
    },
  },
  { construct: "device tables", shown: { "device-table": /MODULE_DEVICE_TABLE/ } },
  {
    construct: "init and exit that a macro writes (`module_misc_device`)",
    shown: { "driver-macro": /module_misc_device/ },
  },
  {
    construct: "`__init`, `__exit`, `__initdata`",
    shown: { "init-exit-sections": /__initdata/, "old-style-init": /init_module/ },
  },
  { construct: "`__ro_after_init`", shown: { "init-exit-sections": /__ro_after_init/ } },
  { construct: "per-CPU variables", shown: { "per-cpu": /DEFINE_PER_CPU/ } },
  { construct: "RCU, SRCU", shown: { rcu: /rcu_dereference[^]*srcu/ } },
  {
    construct: "static keys, flipped at run time",
    shown: { "static-key": /static_branch_(?:un)?likely[^]*static_branch_enable/ },
  },
  { construct: "static calls", shown: { "static-call": /static_call_update/ } },
  { construct: "tracepoints, of the kernel's and of its own", shown: { "tracepoint-use": /trace_\w+\(/ } },
  {
    construct: "checks that are there because the compiler knows a buffer's size (their function stays C)",
    shown: { "known-size": /WARN_ON_ONCE\(\(n\) > size_of\(to\)\)/ },
  },
  {
    construct: "code that a number leaves out, and that a label is in",
    shown: { "unreached-code": /IS_ENABLED[^]*if \(0\) \{\s*inside:[^]*trace_printk\(/ },
  },
  { construct: "`BUG`, `WARN`", shown: { "warn-bug": /WARN_ON/ } },
  {
    construct: "`get_user`, `put_user`, `copy_*_user`",
    shown: { "user-access": /copy_from_user[^]*get_user|get_user[^]*copy_from_user/ },
  },
  { construct: "exception tables", shown: { extable: /_ASM_EXTABLE/, "user-access": /get_user/ } },
  { construct: "`jiffies`, timers, work", shown: { "timers-workqueue": /jiffies/ } },
  { construct: "seqlocks", shown: { seqlock: /seqcount|seqlock/ } },
  { construct: "atomics, barriers", shown: { atomics: /smp_mb|smp_store_release/ } },
  { construct: "lockdep keys", shown: { "lockdep-key": /lockdep_set_class|lock_class_key/ } },
  { construct: "inline assembly: memory only", shown: { "asm-operands": /"[+=]m"/ } },
  { construct: "inline assembly: read and written operands", shown: { "asm-operands": /"\+r"/ } },
  { construct: "inline assembly: early clobber", shown: { "asm-operands": /"=&/ } },
  { construct: "inline assembly: immediate operands", shown: { "asm-operands": /"i"/ } },
  { construct: "inline assembly: flag outputs", shown: { "asm-operands": /@cc/ } },
  {
    construct: "inline assembly: goto, goto with outputs",
    shown: { "asm-goto": /asm_goto_output|asm goto|asm_volatile_goto/ },
  },
  {
    construct: "an include within a definition",
    shown: { "include-in-function": /#include <linux\/cgroup_subsys\.h>/ },
  },
  { construct: "assembly at file scope", shown: { "file-scope-asm": /asm\s*\(/ } },
  { construct: "logging: `pr_fmt`, ratelimited, once, hex dumps", shown: { "printk-forms": /pr_\w+/ } },
  {
    construct: "the kernel's lists, trees of ids, reference counts",
    shown: { "list-hlist": /hlist/, "kref-idr": /kref/ },
  },
  { construct: "allocation, with its constants", shown: { "memory-alloc": /kmalloc|kzalloc/ } },
  { construct: "string functions, fortified", shown: { "string-functions": /str\w+\(/ } },
  {
    construct: "files: character devices, proc, debugfs, sysfs",
    shown: {
      chardev: /file_operations/,
      "proc-seq-file": /seq_file/,
      debugfs: /debugfs_create/,
      "sysfs-kobject": /kobj/,
    },
  },
  { construct: "modules that have soft dependencies, and ask for others", shown: { "soft-dependency": /crc32c\(/ } },
  { construct: "stack traces", shown: { trace: /dump_stack\(\)/, "positive-init": /return steps\(READ_ONCE/ } },
  { construct: "messages that cannot be reached", shown: { "dead-debug": /clamp\([^]*if \(n > 20\)\s*pr_debug/ } },
  { construct: "full barriers, several in a function", shown: { barriers: /smp_mb\(\);[^]*smp_mb\(\);/ } },
  {
    construct: "notifiers, threads, completions",
    shown: { notifier: /notifier_block/, "kthread-completion": /kthread_run/ },
  },
  {
    construct: "words that Rust, c2rust or kport reserve, as names of anything",
    shown: { "reserved-names": /static int crate[^]*\bawait\b[^]*kport_value/ },
  },
  {
    construct: "macros of functions' names, which expand to calls of them",
    shown: { "macro-twice": /#define kmalloc\(flags, size\) kmalloc\(size, flags\)/ },
  },
  {
    construct: "a table that includes a file of its rows, and makes their macro within itself",
    shown: { "included-twice": /\[\] = \{\n#define ROW\([^]*#include "rows\.h"/ },
  },
  {
    construct: "a header that is included more than once, whose macros make functions' names",
    shown: { "included-twice": /#include "ring_gen\.h"[^]*#include "ring_gen\.h"[^]*RING_TOKEN\(RING, _print\)\(/ },
  },
  {
    construct: "side effects within an expression, compound literals in conditions, changes of volatile objects",
    shown: { "evaluation-order": /x\+\+, x, \+\+x[^]*&\(struct pair\)[^]*vword\+\+|x\+\+, x, \+\+x/ },
  },
  {
    construct: "assignments to members of packed structures, pointers among them",
    shown: { "packed-members": /pragma pack[^]*items\[i\]\.name = / },
  },
  {
    construct:
      "packed structures without a name, filled in loops; a module of three units under common headers, driven by ioctl",
    shown: {
      "packed-members": /struct \{[^{}]*struct \{[^{}]*\} __packed deep;/,
      "image-loader": /unlocked_ioctl[^]*regions\[g_info\.count\]\.start = /,
    },
  },
  {
    construct: "`__atomic` and `__sync` builtins, orders that are no constants, `_Atomic` objects",
    shown: { "atomic-orders": /__atomic_load_n[^]*_Atomic|_Atomic[^]*__sync_/ },
  },
  {
    construct: "bounds, sizes and offsets by the lengths of other arrays",
    shown: { "array-lengths": /int level\[ARRAY_SIZE\(ports\)\]/ },
  },
  { construct: "flags that change what compilers print", shown: { "message-flags": /READ_ONCE/ } },
  { construct: "a function that c2rust does not end on", shown: { "large-control-flow": /STEP100/ } },
  { construct: "issues of c2rust's", shown: { "c2rust-faults": /issue_1981/ } },
  {
    construct: "strings that look like what is rewritten in the Rust",
    shown: { "bait-strings": /"v1\.0\.x"[^]*unsafe \{/ },
  },
];

/** Folders of test/modules that are fixtures. */
export const isFixture = (name: string): boolean => !name.includes(".");
