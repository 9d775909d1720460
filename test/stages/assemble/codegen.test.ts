/** What the port's script makes of rustc's assembly, and that it refuses assembly that has lost a check for a null pointer. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { RustItem } from "../../../src/rust/items.ts";
import { run } from "../../../src/machine/process.ts";
import { SCRIPT_TEXT, tracedFunctions, WITNESS } from "../../../src/stages/assemble/codegen.ts";
import { KEEPS_NULL_CHECKS } from "../../../src/stages/assemble/kbuild-files.ts";
import type { TranspiledUnit } from "../../../src/stages/transpile/index.ts";
import { requireTools } from "../../../src/toolchain/discover.ts";

const WITNESS_CODE = `	.section	.discard.kport,"ax",@progbits
	.globl	kport_null_check_witness
	.type	kport_null_check_witness,@function
.Ltmp9:
	nop
kport_null_check_witness:
	movl	$-1000003, %eax
	retq
	.size	kport_null_check_witness, 6
	.section	__patchable_function_entries,"awo",@progbits,kport_null_check_witness
	.quad	.Ltmp9
`;
const CODE = `	.text
	.type	_RNvNtCsaqEIGYGRVvb_2my4ring3put,@function
_RNvNtCsaqEIGYGRVvb_2my4ring3put:
	endbr64
	movq	%gs:40, %rax
.LBB0_1:
	jmp	.LBB0_1
_RNvNtCsaqEIGYGRVvb_2my4ring4__9th:
.LBB1_1:
	jmp	.LBB1_1
shared:
	retq
quiet:
	retq
`;

describe("the script for rustc's assembly", () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), "kport-codegen-"));
    await writeFile(path.join(dir, "codegen.awk"), SCRIPT_TEXT);
    await writeFile(path.join(dir, "traced.txt"), "# which\nring::put\nring::_9th\nshared\nring::inlined\n");
  });
  after(() => rm(dir, { recursive: true, force: true }));

  async function script(
    assembly: string,
    ...variables: string[]
  ): Promise<{ exitCode?: number; stdout: string; stderr: string }> {
    const file = path.join(dir, "in.s");
    await writeFile(file, assembly);
    return run(
      "awk",
      [
        "-v",
        "crate=my",
        ...variables.flatMap((v) => ["-v", v]),
        "-f",
        path.join(dir, "codegen.awk"),
        path.join(dir, "traced.txt"),
        file,
      ],
      { allowFailure: true },
    );
  }

  test("puts hooks before all but endbr64, into the functions that are listed and no others, and leaves out the witness", async () => {
    const { exitCode, stdout } = await script(CODE.replace("quiet:", `${WITNESS_CODE}\t.text\nquiet:`), "hooks=y");
    assert.equal(exitCode, 0);
    assert.equal(
      stdout.trimEnd(),
      CODE.replace("\tendbr64\n", "\tendbr64\n\tcall\t__fentry__\n")
        .replace(".LBB1_1:\n", "\tcall\t__fentry__\n.LBB1_1:\n")
        .replace("shared:\n", "shared:\n\tcall\t__fentry__\n")
        .replace("quiet:", "\t.text\nquiet:")
        .trimEnd(),
    );
  });

  test("lists each hook where the kernel looks for it, and names the per-CPU guard", async () => {
    const { stdout } = await script(
      CODE + WITNESS_CODE,
      "hooks=y",
      "record=y",
      "guard=%gs:__ref_stack_chk_guard(%rip)",
    );
    assert.equal(
      stdout.match(/^7:\tcall\t__fentry__\n\t\.pushsection __mcount_loc,"a",@progbits\n\t\.quad 7b\n\t\.popsection$/gm)
        ?.length,
      3,
    );
    assert.match(stdout, /movq\t%gs:__ref_stack_chk_guard\(%rip\), %rax/);
    assert.doesNotMatch(stdout, /%gs:40|kport_null_check_witness|\.Ltmp9/);
  });

  test("keeps an object that is declared in the midst of the witness's sections", async () => {
    const zeros = "\t.type\tzeros,@object\n\t.local\tzeros\n\t.comm\tzeros,256,16\n";
    for (const before of ["\t.section\t__patch", "\t.size\tkport_null"]) {
      assert.equal((await script(CODE + WITNESS_CODE.replace(before, zeros + before))).stdout, CODE + zeros);
    }
    assert.equal((await script(CODE + WITNESS_CODE + zeros)).stdout, CODE + zeros);
  });

  test("without hooks in the kernel's flags changes nothing", async () => {
    assert.equal((await script(CODE + WITNESS_CODE)).stdout, CODE);
  });

  test("ends with what is wrong where the check is gone", async () => {
    for (const lost of [CODE, CODE + WITNESS_CODE.replace("$-1000003", "(%rdi)")]) {
      const { exitCode, stderr } = await script(lost, "hooks=y");
      assert.equal(exitCode, 1);
      assert.match(stderr, /^kport: this rustc deletes checks for null pointers/);
    }
  });

  test("rustc keeps the witness's check with the port's flag and loses it without", async () => {
    const { rustc } = await requireTools(["rustc"]);
    await writeFile(
      path.join(dir, "lib.rs"),
      `#![no_std]\n${WITNESS}\n#[panic_handler]\nfn panic(_: &core::panic::PanicInfo<'_>) -> ! {\n    loop {}\n}\n`,
    );
    const compile = async (...flags: string[]): Promise<number | undefined> => {
      const { stdout } = await run(rustc.path, [
        ...flags,
        "--edition=2021",
        "-Copt-level=2",
        "-Cpanic=abort",
        "--crate-type=staticlib",
        "--emit=asm",
        "-o",
        "-",
        path.join(dir, "lib.rs"),
      ]);
      return (await script(stdout)).exitCode;
    };
    assert.deepEqual([await compile(KEEPS_NULL_CHECKS), await compile()], [0, 1]);
  });
});

test("functions are listed by their symbols where they have one, else by their paths", () => {
  const item = (name: string, ...attributes: string[]): RustItem => ({
    kind: "fn",
    name,
    attributes,
    text: `fn ${name}() {}`,
  });
  const unit = { unit: { traced: new Set(["a", "b", "c", "gone"]) } } as unknown as TranspiledUnit;
  const text = tracedFunctions(
    [unit],
    [
      [
        item("a", "#[no_mangle]"),
        item("b", '#[export_name = "kport_ring_b"]'),
        item("c", "#[inline]"),
        item("quiet", "#[no_mangle]"),
      ],
    ],
    ["ring"],
  );
  assert.deepEqual(text.split("\n").slice(1), ["a", "kport_ring_b", "ring::c", ""]);
});
