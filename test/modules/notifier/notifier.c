// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Notifier chains of every kind, and a reboot notifier.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/srcu.h>

static RAW_NOTIFIER_HEAD(raw);
static ATOMIC_NOTIFIER_HEAD(atomic);
static BLOCKING_NOTIFIER_HEAD(blocking);
static struct srcu_notifier_head srcu;
static int order;

static int first(struct notifier_block *nb, unsigned long event, void *data)
{
	order = order * 10 + 1;
	return event == 2 ? NOTIFY_STOP : NOTIFY_OK;
}

static int second(struct notifier_block *nb, unsigned long event, void *data)
{
	order = order * 10 + 2 + (data ? *(int *)data : 0);
	return event == 3 ? notifier_from_errno(-EBUSY) : NOTIFY_DONE;
}

static int at_reboot(struct notifier_block *nb, unsigned long event, void *data)
{
	return NOTIFY_DONE;
}

static struct notifier_block high = { .notifier_call = first, .priority = 5 };
static struct notifier_block low = { .notifier_call = second, .priority = INT_MIN };
static struct notifier_block reboot = { .notifier_call = at_reboot };

static int __init notifier_init(void)
{
	int data = 5, ret;

	raw_notifier_chain_register(&raw, &low);
	raw_notifier_chain_register(&raw, &high);
	ret = raw_notifier_call_chain(&raw, 1, NULL);
	pr_info("raw %x, order %d\n", ret, order);
	ret = raw_notifier_call_chain(&raw, 2, NULL);
	pr_info("stopped %x, order %d\n", ret, order);
	ret = notifier_to_errno(raw_notifier_call_chain(&raw, 3, &data));
	pr_info("refused %d, order %d\n", ret, order);
	raw_notifier_chain_unregister(&raw, &high);
	raw_notifier_chain_unregister(&raw, &low);
	order = 0;
	atomic_notifier_chain_register(&atomic, &high);
	ret = atomic_notifier_chain_register(&atomic, &low);
	atomic_notifier_call_chain(&atomic, 1, &data);
	atomic_notifier_chain_unregister(&atomic, &high);
	atomic_notifier_chain_unregister(&atomic, &low);
	blocking_notifier_chain_register(&blocking, &low);
	blocking_notifier_call_chain(&blocking, 1, NULL);
	pr_info("registered %d, order %d, twice %d\n", ret, order, blocking_notifier_chain_unregister(&blocking, &high));
	blocking_notifier_chain_unregister(&blocking, &low);
	srcu_init_notifier_head(&srcu);
	srcu_notifier_chain_register(&srcu, &high);
	srcu_notifier_call_chain(&srcu, 1, NULL);
	srcu_notifier_chain_unregister(&srcu, &high);
	srcu_cleanup_notifier_head(&srcu);
	pr_info("order %d, reboot %d\n", order, register_reboot_notifier(&reboot));
	return 0;
}

static void __exit notifier_exit(void)
{
	unregister_reboot_notifier(&reboot);
}

module_init(notifier_init);
module_exit(notifier_exit);

MODULE_DESCRIPTION("notifier");
MODULE_LICENSE("GPL");
