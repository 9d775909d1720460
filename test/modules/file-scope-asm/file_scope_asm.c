// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Assembly outside functions: a function and data written in it.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/linkage.h>

asm(".pushsection .rodata.kport_asm, \"a\"\n"
    ".balign 4\n"
    "kport_fixture_words: .long 11, 22, 33\n"
    ".popsection");

asm(".pushsection .text\n"
    ".type kport_fixture_plus, @function\n"
    "kport_fixture_plus:\n"
#ifdef CONFIG_X86_KERNEL_IBT
    "endbr64\n"
#endif
    "leal (%rdi,%rsi), %eax\n"
    ASM_RET
    ".size kport_fixture_plus, .-kport_fixture_plus\n"
    ".popsection");

extern const u32 kport_fixture_words[3];
asmlinkage int kport_fixture_plus(int a, int b);

static int __init asm_init(void)
{
	pr_info("plus %d, words %u %u\n", kport_fixture_plus(40, 2), kport_fixture_words[0], kport_fixture_words[2]);
	return 0;
}

static void __exit asm_exit(void)
{
}

module_init(asm_init);
module_exit(asm_exit);

MODULE_DESCRIPTION("file-scope-asm");
MODULE_LICENSE("GPL");
