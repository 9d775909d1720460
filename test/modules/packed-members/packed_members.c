// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Members of packed structures: pointers and numbers that are assigned, changed, read and pointed to where nothing is aligned.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>

#pragma pack(push, 1)
struct item {
	u8 tag;
	char *name;
	u64 size;
	int (*fn)(int);
	struct item *next;
	struct { u16 low; u8 *at; } in;
	union { u32 word; void *pointer; };
	u8 *list[2];
	bool set;
	u32 bits : 5, more : 12;
};
#pragma pack(pop)

struct __packed holder {
	u8 tag;
	struct item items[3];
	struct item *link;
	enum { NONE, SOME = 300 } kind;
};

/* Packed in part alone. */
struct partly {
	u8 tag;
	u8 *at __packed;
	u32 count __packed;
};

/* Structures and pointers without a name for their type. */
struct __packed plan {
	u8 count;
	struct {
		u8 tag;
		char *start;
		u64 size;
		struct { u8 tag; u32 *at; } __packed deep;
		struct { int x; } *to;
	} __packed parts[3];
};

static struct plan plan;
static struct { u8 tag; char *at; } __packed nameless[3];
static struct item table[4];
static struct holder holder;
static struct partly partly[2];
static char text[] = "abcdef";
static volatile int two = 2;

static int twice(int x)
{
	return 2 * x;
}

static int calls;
static noinline struct item *item(int i)
{
	calls++;
	return &table[i & 3];
}

static noinline char *next_name(void)
{
	return text + calls++ % 5;
}

static noinline void fill(struct item *items, int n, char *name)
{
	int i;

	for (i = 0; i < n; i++) {
		items[i].name = name + i;
		items[i].size += i;
		items[i].fn = i & 1 ? twice : NULL;
		items[i].next = i + 1 < n ? &items[i + 1] : NULL;
		items[i].in.at = &items[i].tag;
		items[i].in.low = items[i].word = 100 * i;
		(items + i)->pointer = (*(items + i)).in.at;
		items[i].list[i & 1] = (u8 *)name + 1;
		items[i].list[~i & 1] = NULL;
		items[i].set |= i & 1;
		items[i].bits += i;
		items[i].more = items[i].bits = i + 3;
	}
}

static noinline unsigned int change(struct holder *h, int i)
{
	char **name = &h->items[i].name;
	unsigned int out = 0;
	u64 *size = &item(i)->size;

	item(i)->name = next_name();
	item(i)->name++;
	out = out * 31 + *item(i)->name++ + *++item(i)->name;
	out = out * 31 + (item(i)->size += 3) + item(i)->size-- + --item(i)->size;
	item(i)->size <<= item(i)->in.low & 3;
	*size += 5;
	h->items[i].name = item(i)->name = text;
	h->items[i].next = h->link = &table[i];
	(*name)++;
	h->kind = i ? SOME : NONE;
	h->kind |= two;
	h->items[i].fn = (h->items[i].in.at = (u8 *)text + 3) ? twice : NULL;
	partly[i & 1].at = (u8 *)text + i;
	partly[i & 1].at += 1;
	out = out * 31 + partly[i & 1].count++ + (partly[~i & 1].count = i * 7) + (*partly[i & 1].at)++;
	(*partly[i & 1].at)--;
	return out * 31 + h->items[i].fn(i) + h->items[i].in.at[0] + (h->items[i].next == h->link) + h->kind + **name;
}

/* Filled in a loop, by a count that lies in the same structure. */
static noinline u64 lay_out(struct plan *p, char *name)
{
	u64 out = 0;
	char *last = name;

	for (plan.count = 0; plan.count < ARRAY_SIZE(plan.parts); ) {
		plan.parts[plan.count].start = last = p->parts[plan.count].start = name + plan.count;
		plan.parts[plan.count].deep.at = (u32 *)table;
		plan.parts[plan.count].deep.at++;
		plan.parts[plan.count].to = (void *)&two;
		out = out * 31 + (nameless[plan.count].at = last)[0] + *nameless[plan.count].at++;
		nameless[plan.count].at += two;
		out = out * 31 + (p->parts[plan.count].size += plan.count) + p->parts[plan.count].to->x;
		plan.parts[plan.count++].size = two + calls;
	}
	for (plan.count = 0; plan.count < ARRAY_SIZE(plan.parts); plan.count++)
		out = out * 31 + *nameless[plan.count].at + *plan.parts[plan.count].start + ((u32 *)table == plan.parts[plan.count].deep.at - 1) + plan.parts[plan.count].size;
	return out;
}

static int __init packed_members_init(void)
{
	struct item *it, local[2] = { };
	int i;

	fill(table, 4, text);
	table[two].name++;
	table[two].list[0]++;
	for (it = table; it; it = it->next)
		pr_info("item %s %llu %d %u %u %d %u %u\n", it->name, it->size, it->fn ? it->fn(21) : -1, it->in.low, it->in.at == it->pointer, it->set, it->bits, it->more);
	fill(local, two, text + 1);
	for (i = 0; i < 2; i++)
		pr_info("local %s %s %d\n", local[i].name, (char *)local[i].list[i], local[i].list[1 - i] == NULL);
	for (i = 0; i < 3; i++)
		pr_info("changed %u\n", change(&holder, i));
	pr_info("calls %d\n", calls);
	pr_info("laid out %llu\n", lay_out(&plan, text));
	return 0;
}

static void __exit packed_members_exit(void)
{
}

module_init(packed_members_init);
module_exit(packed_members_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Assignments to members of packed structures");
