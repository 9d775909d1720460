// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// The kernel's scope-based clean-up: guard(), scoped_guard(), __free(), no_free_ptr(), CLASS() of the kernel's and of the module's own.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct widget {
	int id, value;
};

static DEFINE_MUTEX(lock);
static DEFINE_SPINLOCK(spin);
static volatile int seed = 3;
static char trail[128];
static int made, freed;

static void note(const char *what, int id)
{
	size_t n = strlen(trail);

	snprintf(trail + n, sizeof(trail) - n, "%s%d ", what, id);
}

static void tell(const char *of)
{
	pr_info("%s: %smade %d, freed %d, mutex %d, spin %d\n", of, trail, made, freed, mutex_is_locked(&lock), spin_is_locked(&spin));
	trail[0] = '\0';
}

static struct widget *widget_make(int id)
{
	struct widget *w = kmalloc(sizeof(*w), GFP_KERNEL);

	if (w) {
		*w = (struct widget) { .id = id, .value = id * 10 };
		made++;
		note("+", id);
	}
	return w;
}

static void widget_free(struct widget *w)
{
	note("-", w->id);
	kfree(w);
	freed++;
}

DEFINE_FREE(widget, struct widget *, if (_T) widget_free(_T))
DEFINE_CLASS(noted, int, note("~", _T), ({ note("!", id); id; }), int id)
DEFINE_GUARD(widget, struct widget *, note("<", _T->id), note(">", _T->id))

/* Out of a mutex and two frees, early and late; the value is read before it is freed. */
static int both(int n)
{
	struct widget *a __free(widget) = widget_make(1), *b __free(widget) = NULL;

	if (!a)
		return -ENOMEM;
	guard(mutex)(&lock);
	if (n == 1)
		return a->value;
	b = widget_make(2);
	if (n == 2)
		return b ? a->value + b->value + mutex_is_locked(&lock) : -ENOMEM;
	return n;
}

/* What is handed out is not freed. */
static struct widget *handed(int n)
{
	struct widget *w __free(widget) = widget_make(n);
	char *text __free(kfree) = kasprintf(GFP_KERNEL, "%d", n);

	if (!text || text[0] == '7')
		return NULL;
	if (n & 1)
		return_ptr(w);
	w->value++;
	return no_free_ptr(w);
}

static int scoped(int n)
{
	int i, sum = 0;

	for (i = 0; i < n; i++) {
		scoped_guard(mutex, &lock) {
			if (i == 1)
				continue;
			sum += mutex_is_locked(&lock);
			scoped_guard(spinlock_irqsave, &spin)
				sum += 10 * spin_is_locked(&spin);
			if (i == 4)
				goto out;
		}
		sum += 100 * mutex_is_locked(&lock);
		scoped_guard(rcu)
			sum += 1000;
	}
out:
	return sum;
}

static void nested(int n)
{
	CLASS(noted, outer)(n);

	switch (n) {
	case 1: {
		CLASS(noted, inner)(n * 10);
		if (seed > 2)
			break;
		note("?", 1);
		break;
	}
	default: {
		CLASS(noted, inner)(n * 10 + 1);
		while (1) {
			CLASS(noted, turn)(inner + 1);
			if (turn > 5)
				break;
		}
		return;
	}
	}
	note("=", ({ CLASS(noted, value)(n + 6); value + outer; }));
}

/* A jump back across a declaration ends its scope too. */
static int again(void)
{
	int turns = 0;

retry: ;
	CLASS(noted, turn)(turns);
	if (++turns < seed)
		goto retry;
	return turn;
}

static noinline int own_guard(struct widget *w)
{
	guard(widget)(w);
	note("#", w->value);
	return w->value++;
}

static int __init guards_init(void)
{
	struct widget on_stack = { 8, 80 }, *w;
	int i;

	for (i = 1; i < 4; i++) {
		pr_info("both %d\n", both(i));
		tell("both");
	}
	for (i = 5; i < 8; i++) {
		w = handed(i);
		pr_info("handed %d\n", w ? w->value : -1);
		if (w)
			widget_free(w);
		tell("handed");
	}
	pr_info("scoped %d\n", scoped(seed));
	pr_info("scoped %d\n", scoped(seed + 6));
	tell("scoped");
	nested(1);
	nested(2);
	tell("nested");
	pr_info("again %d\n", again());
	tell("again");
	pr_info("own guard %d, then %d\n", own_guard(&on_stack), on_stack.value > 79);
	tell("own guard");
	return 0;
}

static void __exit guards_exit(void)
{
}

module_init(guards_init);
module_exit(guards_exit);

MODULE_DESCRIPTION("guards");
MODULE_LICENSE("GPL");
