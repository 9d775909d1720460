// SPDX-License-Identifier: GPL-2.0
/* Control: as init_hang, with interrupts off: only an NMI gets through. */
#include <linux/module.h>

static int forever = 1;

static int __init init_deaf_init(void)
{
	local_irq_disable();
	while (READ_ONCE(forever))
		cpu_relax();
	local_irq_enable();
	return 0;
}

module_init(init_deaf_init);
MODULE_LICENSE("GPL");
