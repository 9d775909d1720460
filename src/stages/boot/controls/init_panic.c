// SPDX-License-Identifier: GPL-2.0
/* Control: init panics the kernel. */
#include <linux/module.h>
#include <linux/panic.h>

static int __init init_panic_init(void)
{
	panic("asked for by the control");
}

module_init(init_panic_init);
MODULE_LICENSE("GPL");
