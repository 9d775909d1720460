// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// A character device: region, cdev, class, device; read, write, seek and ioctl.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/uaccess.h>
#include <linux/version.h>

static dev_t number;
static struct cdev cdev;
static struct class *class;
static char memory[64] = "from the kernel\n";
static size_t used = 16;

static ssize_t chardev_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(buf, count, pos, memory, used);
}

static ssize_t chardev_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	ssize_t n = simple_write_to_buffer(memory, sizeof(memory), pos, buf, count);

	if (n > 0)
		used = *pos;
	return n ?: -ENOSPC;
}

static long chardev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return cmd == 1 ? used + arg : -ENOTTY;
}

static int chardev_open(struct inode *inode, struct file *file)
{
	pr_info("opened minor %u, writing %d\n", iminor(inode), !!(file->f_mode & FMODE_WRITE));
	return 0;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE, .open = chardev_open, .read = chardev_read, .write = chardev_write,
	.unlocked_ioctl = chardev_ioctl, .llseek = default_llseek,
};

static int __init chardev_init(void)
{
	int ret = alloc_chrdev_region(&number, 3, 1, "kport_chardev");

	if (ret)
		return ret;
	cdev_init(&cdev, &fops);
	ret = cdev_add(&cdev, number, 1);
	if (ret)
		goto err_region;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	class = class_create("kport_chardev");
#else
	class = class_create(THIS_MODULE, "kport_chardev");
#endif
	if (IS_ERR(class)) {
		ret = PTR_ERR(class);
		goto err_cdev;
	}
	pr_info("minor %u, device %d\n", MINOR(number), IS_ERR(device_create(class, NULL, number, NULL, "kport%u", MINOR(number))));
	return 0;

err_cdev:
	cdev_del(&cdev);
err_region:
	unregister_chrdev_region(number, 1);
	return ret;
}

static void __exit chardev_exit(void)
{
	device_destroy(class, number);
	class_destroy(class);
	cdev_del(&cdev);
	unregister_chrdev_region(number, 1);
	pr_info("held %zu bytes\n", used);
}

module_init(chardev_init);
module_exit(chardev_exit);

MODULE_DESCRIPTION("chardev");
MODULE_LICENSE("GPL");
