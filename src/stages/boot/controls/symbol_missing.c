// SPDX-License-Identifier: GPL-2.0
/* Control: calls a function that no kernel has. */
#include <linux/module.h>

int kport_no_kernel_has_this(void);

static int __init symbol_missing_init(void)
{
	return kport_no_kernel_has_this();
}

module_init(symbol_missing_init);
MODULE_LICENSE("GPL");
