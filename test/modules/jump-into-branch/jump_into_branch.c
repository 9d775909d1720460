// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Jumps into the branches of an if: a way out that only failures take, several labels in one, an else, one branch within another. And into a case.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

static volatile int fails_at = 3;

static noinline int attempt(int step)
{
	return step == fails_at ? -EINVAL : 0;
}

/* The templates of the kernel's crypto/ end like this. */
static noinline int create(int *undone)
{
	int err;

	err = attempt(1);
	if (err)
		goto err_free_inst;

	err = attempt(2);
	if (err)
		goto err_free_inst;

	err = attempt(3);
	if (err) {
err_free_inst:
		/* Whoever comes here has something to free. */
		*undone += 1;
	}
	return err;
}

static noinline int staged(int *undone)
{
	int err = attempt(1);

	if (err)
		goto first;
	err = attempt(2);
	if (err)
		goto second;
	err = attempt(3);
	if (err) {
		*undone += 100;
second:
		*undone += 10;
first:
		*undone += 1;
	}
	return err;
}

static noinline int either(int a)
{
	int sum = 0;

	if (a == 7)
		goto within;
	if (a > 3) {
		sum += 1;
	} else {
		sum += 10;
within:
		sum += 100;
	}
	return sum;
}

static noinline int nested(int a, int b)
{
	int sum = 0;

	if (b == 5)
		goto inner;
	if (a) {
		sum += 1;
		if (b) {
			sum += 10;
inner:
			sum += 100;
		}
		sum += 1000;
	}
	return sum;
}

/* The kernel's USB network gadgets end a request so. */
static noinline int completed(int status, int *dropped)
{
	int kept = 0;

	switch (status) {
	case 0:
		kept = 1;
		break;
	case -ECONNRESET:
	case -ESHUTDOWN:
		kept = -1;
		goto quiesce;
	case -ECONNABORTED:
		kept = -10;
quiesce:
		*dropped += 1;
		goto clean;
	case -EOVERFLOW:
		kept = 2;
		fallthrough;
	default:
		*dropped += 10;
		if (status > 0)
			goto quiesce;
	}
	return kept;
clean:
	return kept * 2;
}

static int __init jump_into_branch_init(void)
{
	int step;

	for (step = 1; step <= 4; step++) {
		int created, stages, undone = 0, all = 0;

		fails_at = step;
		created = create(&undone);
		stages = staged(&all);
		pr_info("step %d: %d, %d undone; %d, %d undone\n", step, created, undone, stages, all);
	}
	for (step = 0; step < 6; step++) {
		static const int statuses[] = { 0, -ECONNRESET, -ECONNABORTED, -EOVERFLOW, -EIO, 1 };
		int kept, dropped = 0;

		kept = completed(statuses[step], &dropped);
		pr_info("complete %d: %d, %d dropped\n", step, kept, dropped);
	}
	pr_info("either: %d %d %d\n", either(7), either(4), either(1));
	pr_info("nested: %d %d %d %d\n", nested(0, 5), nested(1, 1), nested(1, 0), nested(0, 1));
	return 0;
}

static void __exit jump_into_branch_exit(void)
{
	pr_info("bye\n");
}

module_init(jump_into_branch_init);
module_exit(jump_into_branch_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Jumps into the branches of an if");
