// SPDX-License-Identifier: GPL-2.0
/* Control: there is no init; the module loads and unloads cleanly while doing nothing. */
#include <linux/module.h>

void init_absent_unused(void);
void init_absent_unused(void)
{
	pr_info("init_absent: never printed\n");
}

MODULE_LICENSE("GPL");
