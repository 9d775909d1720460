// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Kernel objects of its own in sysfs: a set, types, attributes of several kinds, release.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

struct thing {
	struct kobject kobj;
	int value;
};
#define to_thing(k) container_of(k, struct thing, kobj)

static struct kset *set;
static struct thing *thing;

static ssize_t value_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", to_thing(kobj)->value);
}

static ssize_t value_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count)
{
	return kstrtoint(buf, 0, &to_thing(kobj)->value) ?: count;
}
static struct kobj_attribute value_attribute = __ATTR_RW(value);

static ssize_t name_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s %s\n", kobject_name(kobj), attr->attr.name);
}
static struct kobj_attribute name_attribute = __ATTR(name, 0400, name_show, NULL);

static struct attribute *thing_attrs[] = { &value_attribute.attr, &name_attribute.attr, NULL };

static umode_t thing_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	return n == 0 || to_thing(kobj)->value < 100 ? attr->mode : 0;
}
static const struct attribute_group thing_group = { .attrs = thing_attrs, .is_visible = thing_visible };
static const struct attribute_group *thing_groups[] = { &thing_group, NULL };

static void thing_release(struct kobject *kobj)
{
	pr_info("released with %d\n", to_thing(kobj)->value);
	kfree(to_thing(kobj));
}
static struct kobj_type thing_type = { .sysfs_ops = &kobj_sysfs_ops, .release = thing_release, .default_groups = thing_groups };

static int __init sysfs_fixture_init(void)
{
	int ret;

	set = kset_create_and_add("kport_fixture", NULL, kernel_kobj);
	if (!set)
		return -ENOMEM;
	thing = kzalloc(sizeof(*thing), GFP_KERNEL);
	if (!thing) {
		kset_unregister(set);
		return -ENOMEM;
	}
	thing->value = 42;
	thing->kobj.kset = set;
	ret = kobject_init_and_add(&thing->kobj, &thing_type, NULL, "thing%d", 1);
	if (ret) {
		kobject_put(&thing->kobj);
		kset_unregister(set);
		return ret;
	}
	pr_info("made %s\n", kobject_name(&thing->kobj));
	return 0;
}

static void __exit sysfs_fixture_exit(void)
{
	kobject_put(&thing->kobj);
	kset_unregister(set);
}

module_init(sysfs_fixture_init);
module_exit(sysfs_fixture_exit);

MODULE_DESCRIPTION("sysfs-kobject");
MODULE_LICENSE("GPL");
