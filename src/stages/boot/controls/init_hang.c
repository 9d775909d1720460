// SPDX-License-Identifier: GPL-2.0
/* Control: init never comes back, and never gives up the processor. */
#include <linux/module.h>

static int forever = 1;

static int __init init_hang_init(void)
{
	while (READ_ONCE(forever))
		cpu_relax();
	return 0;
}

module_init(init_hang_init);
MODULE_LICENSE("GPL");
