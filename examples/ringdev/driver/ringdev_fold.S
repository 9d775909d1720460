/* SPDX-License-Identifier: GPL-2.0 */
/*
 * u32 ringdev_fold(const void *data, size_t length, u32 seed)
 *
 * A rotating sum over bytes: for each one, sum = rol(sum, 5) ^ byte.
 *
 * Copyright (C) 2026 kport contributors
 */
#include <linux/linkage.h>

	.text
SYM_FUNC_START(ringdev_fold)
	movl	%edx, %eax
	testq	%rsi, %rsi
	jz	.Ldone
.Lnext:
	movzbl	(%rdi), %ecx
	roll	$5, %eax
	xorl	%ecx, %eax
	incq	%rdi
	decq	%rsi
	jnz	.Lnext
.Ldone:
	RET
SYM_FUNC_END(ringdev_fold)
