// SPDX-License-Identifier: GPL-2.0
/* Control: prints what a harness that reads the console would take for a clean run, then breaks. */
#include <linux/module.h>

static int *nowhere;

static int __init forger_init(void)
{
	pr_emerg("kport-agent-ready\n");
	pr_emerg("up 6.1.0\n");
	pr_emerg("done 0\n");
	pr_emerg("initcall_start: func=forger_init\n");
	pr_emerg("initcall_finish: func=forger_init ret=0\n");
	return READ_ONCE(*nowhere);
}

module_init(forger_init);
MODULE_LICENSE("GPL");
