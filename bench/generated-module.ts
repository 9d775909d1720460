/** Writes a module of any number of units, each of which uses the kernel's lists, locks, memory and strings. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

export const MODULE = "units";

/** @param salt makes its texts others than those of any run before */
export async function writeModule(dir: string, units: number, salt: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const names = Array.from({ length: units }, (_, i) => `unit_${i}`);
  await writeFile(
    path.join(dir, "Makefile"),
    `obj-m := ${MODULE}.o\n${MODULE}-y := main.o ${names.map((n) => `${n}.o`).join(" ")}\n`,
  );
  await writeFile(
    path.join(dir, "units.h"),
    `struct entry { struct list_head list; u32 key; u64 sum; char name[16]; };\n${names.map((n) => `int ${n}_run(u32 rounds);\n`).join("")}`,
  );
  await writeFile(
    path.join(dir, "main.c"),
    MAIN.replace("@SALT@", salt).replace("@CALLS@", names.map((n) => `\ttotal += ${n}_run(3);\n`).join("")),
  );
  for (const name of names)
    await writeFile(path.join(dir, `${name}.c`), UNIT.replace("@SALT@", salt).replaceAll("@NAME@", name));
}

const MAIN = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/list.h>
#include "units.h"

static int __init units_init(void)
{
	int total = 0;

@CALLS@	pr_info("units: %d\\n", total);
	return 0;
}

static void __exit units_exit(void)
{
}

module_init(units_init);
module_exit(units_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Many units alike @SALT@");
`;

const UNIT = `// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "units.h"

static LIST_HEAD(entries);
static DEFINE_SPINLOCK(lock);

/* One entry more, or none where there is no memory. */
static int add(u32 key)
{
	struct entry *e = kzalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return -ENOMEM;
	e->key = key;
	snprintf(e->name, sizeof(e->name), "@SALT@-%u", key);
	spin_lock(&lock);
	list_add_tail(&e->list, &entries);
	spin_unlock(&lock);
	return 0;
}

static u64 sum(u32 rounds)
{
	struct entry *e;
	u64 all = 0;
	u32 i;

	spin_lock(&lock);
	list_for_each_entry(e, &entries, list) {
		for (i = 0; i < rounds; i++)
			e->sum += e->key ^ (i << 3);
		all += e->sum + strlen(e->name);
	}
	spin_unlock(&lock);
	return all;
}

static void drop(void)
{
	struct entry *e, *next;

	list_for_each_entry_safe(e, next, &entries, list) {
		list_del(&e->list);
		kfree(e);
	}
}

int @NAME@_run(u32 rounds)
{
	u32 key;
	int err = 0;
	u64 all;

	for (key = 1; key <= rounds && !err; key++)
		err = add(key);
	all = err ? 0 : sum(rounds);
	drop();
	return err ? err : (int)min_t(u64, all, 1000);
}
`;
