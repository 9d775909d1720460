/** Reports as the pipeline writes them, for the tests of the renderings: a passing one, and what can go wrong with it. */
import type { BootRun, Finding, ObjectFacts, Report } from "../../src/report/schema.ts";

const C_IMPORTS = [
  "__fentry__",
  "__x86_return_thunk",
  "_printk",
  "misc_deregister",
  "misc_register",
  "mutex_lock",
  "mutex_unlock",
  "vfree",
  "vmalloc",
  "_copy_from_user",
  "_copy_to_user",
  "register_reboot_notifier",
  "unregister_reboot_notifier",
];

export function sampleObject(over: Partial<ObjectFacts> = {}): ObjectFacts {
  return {
    bytes: 312_480,
    text: 6_214,
    data: 1_240,
    bss: 288,
    modinfo: {
      license: "GPL",
      description: "Ring buffer device",
      author: "A. Developer",
      vermagic: "6.1.0-44-amd64 SMP preempt mod_unload modversions ",
      retpoline: "Y",
      name: "ringdev",
      parm: "size:bytes in the ring\nverbose:say more",
      parmtype: "size:uint\nverbose:bool",
    },
    imports: C_IMPORTS,
    exports: [],
    sections: {
      ".text": { size: 4_812 },
      ".init.text": { size: 402 },
      ".exit.text": { size: 88 },
      ".rodata": { size: 912 },
      ".rodata.str1.1": { size: 640 },
      ".data": { size: 704 },
      ".bss": { size: 288 },
      ".modinfo": { size: 310 },
      __mcount_loc: { size: 136, entries: 17 },
      ".return_sites": { size: 124, entries: 31 },
    },
    ...over,
  };
}

const DMESG = [
  "ringdev: loading out-of-tree module taints kernel.",
  "ringdev: ring of 4096 bytes at 00000000a1b2c3d4",
  "misc ringdev: registered, minor 125",
  "ringdev: cpu 0 of 1 online, counter 7",
  "ringdev: notifier: reboot hook installed",
  "ringdev: unloaded after 12 writes",
];

export function sampleRun(over: Partial<BootRun> = {}): BootRun {
  return {
    status: "ok",
    loaded: true,
    unloaded: true,
    seconds: 4.2,
    taint: { before: 0, after: 4096 },
    dmesg: DMESG,
    exercise: {
      exitCode: 0,
      output: ["open /dev/ringdev: ok", "RING_PUSH 64 bytes: ok", "RING_STAT: head 64, tail 0, size 4096", "close: ok"],
    },
    initRan: true,
    ...over,
  };
}

const RUST_PUSH = `#[no_mangle]
pub unsafe extern "C" fn ring_push(
    mut ring: *mut ring,
    mut data: *const core::ffi::c_void,
    mut length: size_t,
) -> core::ffi::c_int {
    if length > (*ring).size.wrapping_sub((*ring).used) {
        return -(28 as core::ffi::c_int);
    }
    mutex_lock(&mut (*ring).lock);
    memcpy(
        ((*ring).buffer).offset((*ring).head as isize) as *mut core::ffi::c_void,
        data,
        length,
    );
    (*ring).head = (*ring).head.wrapping_add(length) % (*ring).size;
    mutex_unlock(&mut (*ring).lock);
    return 0 as core::ffi::c_int;
}`;

const C_PUSH = `int ring_push(struct ring *ring, const void *data, size_t length)
{
	/* No room: the caller waits. */
	if (length > ring->size - ring->used)
		return -ENOSPC;
	mutex_lock(&ring->lock);
	memcpy(ring->buffer + ring->head, data, length);
	ring->head = (ring->head + length) % ring->size;
	mutex_unlock(&ring->lock);
	return 0;
}`;

export const SAMPLE_PATCH = `--- a/src/ring.rs
+++ b/src/ring.rs
@@ -12,9 +12,10 @@
     if length > (*ring).size.wrapping_sub((*ring).used) {
-        return -(12 as core::ffi::c_int);
+        return -(28 as core::ffi::c_int);
     }
     mutex_lock(&mut (*ring).lock);
+    (*ring).writes = (*ring).writes.wrapping_add(1);
     memcpy(
         ((*ring).buffer).offset((*ring).head as isize) as *mut core::ffi::c_void,
`;

/** A module of three units that passes. */
export function sampleReport(over: Partial<Report> = {}): Report {
  const unsafe = { blocks: 0, functions: 14, rawPointerDerefs: 61, staticMut: 4, asm: 0 };
  return {
    schemaVersion: 1,
    verdict: "pass",
    module: { name: "ringdev", dir: "examples/ringdev/module", commit: "4f0c2d1a9be1" },
    kernel: { release: "6.1.0-44-amd64", arch: "x86_64", compiler: "gcc 12.2.0" },
    tools: { clang: "19.1.7", bear: "3.1.1", c2rust: "0.22.1", rustc: "1.96.0", qemu: "7.2.15", kport: "0.1.0" },
    stages: [
      { name: "capture", status: "ok", seconds: 4.4, cached: false },
      { name: "lower", status: "ok", seconds: 2.1, cached: false },
      { name: "transpile", status: "ok", seconds: 1.6, cached: true },
      { name: "assemble", status: "ok", seconds: 0.2, cached: false },
      { name: "build", status: "ok", seconds: 6.3, cached: false },
      { name: "inspect", status: "ok", seconds: 0.3, cached: false },
      { name: "compare", status: "ok", seconds: 0.1, cached: false },
      { name: "boot", status: "ok", seconds: 9.1, cached: false },
    ],
    units: [
      {
        file: "entry.c",
        status: "ok",
        cLines: 214,
        rustLines: 388,
        functions: 9,
        unsafe,
        keptInC: [
          { name: "put_user", reason: "a macro whose expansion holds inline assembly" },
          { name: "this_cpu_read", reason: "a macro whose expansion holds inline assembly" },
        ],
        seconds: 0.7,
      },
      {
        file: "platform.c",
        status: "ok",
        cLines: 131,
        rustLines: 240,
        functions: 5,
        unsafe: { ...unsafe, blocks: 2, functions: 5 },
        keptInC: [{ name: "mutex_init", reason: "needs a static lock class key" }],
        seconds: 0.5,
      },
      {
        file: "../common/ring.c",
        status: "ok",
        cLines: 98,
        rustLines: 151,
        functions: 4,
        unsafe: { ...unsafe, functions: 4, staticMut: 0 },
        keptInC: [{ name: "this_cpu_read", reason: "a macro whose expansion holds inline assembly" }],
        seconds: 0.4,
      },
    ],
    objects: {
      c: sampleObject(),
      rust: sampleObject({
        bytes: 340_112,
        text: 7_105,
        imports: [...C_IMPORTS.filter((name) => name !== "mutex_lock"), "memcpy", "__mutex_lock_slowpath"],
        sections: {
          ...sampleObject().sections,
          ".text": { size: 5_630 },
          ".rodata": { size: 1_012 },
          ".text.kport_helpers": { size: 310 },
        },
      }),
    },
    findings: [
      {
        check: "imports",
        severity: "note",
        message: "the Rust module imports `memcpy`, which the C compiler had written out in place; nothing to do",
      },
    ],
    boot: { accelerator: "tcg", c: sampleRun(), rust: sampleRun({ seconds: 4.4 }) },
    functions: [
      { name: "ring_push", file: "../common/ring.c", line: 42, c: C_PUSH, rust: RUST_PUSH },
      {
        name: "ringdev_open",
        file: "entry.c",
        line: 31,
        c: "static int ringdev_open(struct inode *inode, struct file *file)\n{\n\tfile->private_data = &device;\n\treturn 0;\n}",
        rust: 'unsafe extern "C" fn ringdev_open(\n    mut inode: *mut inode,\n    mut file: *mut file,\n) -> core::ffi::c_int {\n    (*file).private_data = &raw mut device as *mut core::ffi::c_void;\n    return 0 as core::ffi::c_int;\n}',
      },
      {
        name: "ringdev_ioctl",
        file: "entry.c",
        line: 77,
        c: "static long ringdev_ioctl(struct file *f, unsigned int cmd, unsigned long arg)\n{\n\tswitch (cmd) {\n\tcase RING_STAT:\n\t\treturn ring_stat((void __user *)arg);\n\tdefault:\n\t\treturn -ENOTTY;\n\t}\n}",
        rust: 'unsafe extern "C" fn ringdev_ioctl(\n    mut f: *mut file,\n    mut cmd: core::ffi::c_uint,\n    mut arg: core::ffi::c_ulong,\n) -> core::ffi::c_long {\n    match cmd {\n        2149085697 => ring_stat(arg as *mut core::ffi::c_void),\n        _ => -(25 as core::ffi::c_int) as core::ffi::c_long,\n    }\n}',
      },
    ],
    diff: {
      base: "main",
      files: [{ file: "src/ring.rs", added: 2, removed: 1, patch: SAMPLE_PATCH }],
      added: 2,
      removed: 1,
    },
    ...over,
  };
}

const OOPS = [
  ...DMESG.slice(0, 2),
  "kport: panicked at src/entry.rs:120:9: attempt to divide by zero",
  "------------[ cut here ]------------",
  "kernel BUG at helpers.c:31!",
  "invalid opcode: 0000 [#1] PREEMPT SMP PTI",
  "CPU: 0 PID: 71 Comm: insmod Tainted: G           O       6.1.0-44-amd64 #1  Debian 6.1.164-1",
  "RIP: 0010:rust_helper_bug+0x5/0x10 [ringdev]",
  "Call Trace:",
  " <TASK>",
  " ringdev_init+0x4c/0x90 [ringdev]",
  " do_one_initcall+0x59/0x220",
  " </TASK>",
  "Kernel panic - not syncing: Fatal exception",
];

/** The Rust module panics at load, and its licence is gone. */
export function failingReport(over: Partial<Report> = {}): Report {
  return sampleReport({
    verdict: "fail",
    stages: sampleReport().stages.map((stage) =>
      stage.name === "boot" ? { ...stage, status: "failed", message: "the Rust module panics at load" } : stage,
    ),
    findings: [
      {
        check: "boot-status",
        severity: "error",
        message:
          "the Rust module panics in `ringdev_init`, the C one does not: attempt to divide by zero. Look at the division there",
        file: "entry.c",
        line: 120,
      },
      { check: "modinfo", severity: "error", message: "`license` is not the same in both modules", c: "GPL", rust: "" },
      {
        check: "exercise",
        severity: "warning",
        message: "the exercise says something else",
        c: "open: ok\npush: ok\nstat: ok",
        rust: "open: ok\npush: Input/output error",
      },
      { check: "imports", severity: "note", message: "the Rust module imports `memcpy`" },
    ],
    boot: {
      accelerator: "tcg",
      c: sampleRun(),
      rust: sampleRun({
        status: "panic",
        message: "panicked at `src/entry.rs:120:9`: attempt to divide by zero",
        loaded: false,
        unloaded: false,
        initRan: true,
        dmesg: OOPS,
        exercise: undefined,
        fingerprint: "rust_helper_bug+0x5 ringdev_init",
      }),
    },
    ...over,
  });
}

/** C that does not compile: nothing after the capture was reached. */
export function unbuiltReport(over: Partial<Report> = {}): Report {
  const message = "the C module does not compile: use of undeclared identifier `lenght`";
  return sampleReport({
    verdict: "fail",
    stages: sampleReport().stages.map((stage) =>
      stage.name === "capture"
        ? { ...stage, status: "failed", message }
        : { ...stage, status: "skipped", seconds: 0, cached: false },
    ),
    units: [],
    objects: {},
    boot: undefined,
    functions: undefined,
    diff: undefined,
    findings: [
      {
        check: "capture",
        severity: "error",
        message: `${message}\n  | entry.c:57:9: error: use of undeclared identifier 'lenght'\n  |         if (lenght > 4)`,
        file: "entry.c",
        line: 57,
      },
    ],
    ...over,
  });
}

/** Every string a stranger can choose is `text`. */
export function hostileReport(text: string): Report {
  const base = failingReport();
  const object = (facts: ObjectFacts): ObjectFacts => ({
    ...facts,
    imports: [text, `${text}2`],
    exports: [text],
    modinfo: { [text]: text, license: text },
    sections: { [text]: { size: 12 }, ".text": { size: 40 } },
  });
  const finding: Finding = {
    check: text,
    severity: "error",
    message: text,
    file: text,
    line: 3,
    c: text,
    rust: `${text}\n${text}`,
  };
  const run = (status: BootRun["status"]): BootRun => ({
    ...sampleRun({ status }),
    message: text,
    dmesg: [text, "between", text],
    exercise: { exitCode: 1, output: [text] },
    fingerprint: text,
    splats: [{ kind: text, title: text, trace: [text], fingerprint: text }],
    leftBehind: [text],
    requests: [{ name: text, loaded: [text] }],
    devices: [text],
  });
  const version = { asked: text, resolved: text, content: text };
  return {
    ...base,
    compared: { extent: "run", reason: text },
    module: { name: text, dir: text, commit: text },
    kernel: { release: text, arch: text, compiler: text },
    tools: { clang: text, bear: text, c2rust: text, rustc: text, qemu: text, kport: text },
    stages: base.stages.map((stage) => ({ ...stage, message: text })),
    units: base.units.map((unit) => ({ ...unit, file: text, keptInC: [{ name: text, reason: text }] })),
    objects: {
      c: object(base.objects.c!),
      rust: { ...object(base.objects.rust!), imports: [`${text}3`] },
      lowered: object(base.objects.c!),
    },
    findings: [
      finding,
      { ...finding, severity: "warning", c: undefined, rust: undefined },
      { ...finding, file: undefined, line: undefined, c: "one", rust: "two" },
    ],
    boot: { accelerator: "tcg", c: run("oops"), lowered: run("hang"), rust: run("panic") },
    diff: {
      base: text,
      files: [{ file: text, added: 1, removed: 1, patch: `@@ -1 +1 @@\n-${text}\n+${text}\n` }],
      added: 1,
      removed: 1,
    },
    delta: {
      base: text,
      verdict: { base: "pass", head: "fail" },
      metrics: [{ name: text, unit: "count", base: 1, head: 2 }],
      imports: { added: [text], removed: [text] },
      exports: { added: [text], removed: [text] },
      findings: { added: [finding], fixed: [finding] },
      proofs: { lost: [text], gained: [text] },
    },
    proofs: {
      functions: [
        { name: text, file: text, tier: "none", reason: text },
        { name: text, file: text, tier: "same-code", against: "lowered C", loweredOnly: text },
      ],
      leftOut: text,
    },
    observed: {
      functions: [{ name: text, file: text, c: { ran: 1, blocks: 2 }, rust: { ran: 2, blocks: 2 } }],
      leftOut: text,
    },
    fuzz: {
      seconds: 1,
      seed: 1,
      targets: [text],
      rounds: 1,
      calls: 1,
      dropped: 1,
      crashes: 1,
      given: [text],
      blocks: { all: 3, reading: 1, fuzzed: 2 },
    },
    cell: {
      cell: {
        id: text,
        module: { folder: text, names: [text], make: text },
        kernel: version,
        c2rust: version,
        rustc: version,
        allowFailure: false,
        boot: true,
        headers: "helpers",
        source: text,
        key: text,
      },
      run: { id: text, sequence: 1, at: text, commit: text, url: text },
      seconds: 1,
    },
    functions: [{ name: text, file: text, line: 1, c: text, rust: text }],
    printed: {
      functions: 1,
      kept: [{ file: text, name: text, reason: text }],
      comments: { kept: 1, all: 2 },
      macros: { named: 1, expanded: 1 },
      items: { printed: 1, kept: [{ file: text, name: text, reason: text }] },
      headers: { printed: 1, kept: [{ file: text, name: text, reason: text }] },
      rewrites: { taken: 1, refused: [{ name: text, reason: text }] },
    },
  };
}

/** Far more of everything than a comment takes: 120 findings, 400 kB of patches, 5,000 lines of kernel log. */
export function hugeReport(over: Partial<Report> = {}): Report {
  const findings = Array.from(
    { length: 120 },
    (_, index): Finding => ({
      check: "layout",
      severity: index % 3 === 0 ? "error" : "warning",
      message: `structure \`thing_${index}\` is ${index + 8} bytes in C and ${index + 16} in Rust, so every copy to user space goes wrong`,
      file: "entry.c",
      line: index + 1,
    }),
  );
  const files = Array.from({ length: 40 }, (_, index) => ({
    file: `src/part_${index}.rs`,
    added: 150,
    removed: 0,
    patch: `--- a/src/part_${index}.rs\n+++ b/src/part_${index}.rs\n@@ -0,0 +1,150 @@\n${Array.from({ length: 150 }, (_, line) => `+    let value_${line}: core::ffi::c_int = table[${line}] as core::ffi::c_int;`).join("\n")}\n`,
  }));
  return failingReport({
    findings,
    diff: { base: "main", files, added: 6000, removed: 0 },
    boot: {
      accelerator: "tcg",
      c: sampleRun(),
      rust: sampleRun({
        status: "oops",
        message: "oops in `ring_push`",
        dmesg: Array.from({ length: 5000 }, (_, index) => `ringdev: line ${index} of a very long log`),
      }),
    },
    ...over,
  });
}
