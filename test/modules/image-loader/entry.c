// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// The shape of a hypervisor's driver: a misc device whose ioctls give images to a loader that knows nothing of Linux.
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/uaccess.h>

#include <il_interface.h>
#include <il_loader.h>
#include <il_platform.h>

uint64_t g_length = 0;

struct image_t {
	char *data;
	int64_t size;
};

uint64_t g_num_held = 0;
struct image_t held[IL_MAX_IMAGES] = { 0 };

static int dev_open(struct inode *inode, struct file *file)
{
	(void) inode;
	(void) file;

	PLATFORM_DEBUG("succeeded\n");
	return 0;
}

static int dev_release(struct inode *inode, struct file *file)
{
	(void) inode;
	(void) file;

	PLATFORM_DEBUG("succeeded\n");
	return 0;
}

static long ioctl_add(const char *file)
{
	char *buf;
	int64_t ret;

	if (g_num_held >= IL_MAX_IMAGES) {
		PLATFORM_ALERT("too many images\n");
		return IL_IOCTL_FAILURE;
	}

	buf = platform_alloc_rw(g_length);
	if (buf == NULL) {
		PLATFORM_ALERT("failed to allocate memory for the image\n");
		return IL_IOCTL_FAILURE;
	}

	ret = copy_from_user(buf, (const char __user *)file, g_length);
	if (ret != 0) {
		PLATFORM_ALERT("failed to copy memory from userspace\n");
		goto failed;
	}

	ret = loader_add(buf, g_length);
	if (ret != IL_SUCCESS) {
		PLATFORM_ALERT("%llx - %s\n", (unsigned long long)ret, il_status_str(ret));
		goto failed;
	}

	held[g_num_held].data = buf;
	held[g_num_held].size = g_length;
	g_num_held++;
	return IL_IOCTL_SUCCESS;

failed:
	platform_free_rw(buf, g_length);
	return IL_IOCTL_FAILURE;
}

static long ioctl_add_length(uint64_t *len)
{
	if (len == 0 || copy_from_user(&g_length, (void __user *)len, sizeof(uint64_t)) != 0 || g_length > 1 << 20) {
		g_length = 0;
		return IL_IOCTL_FAILURE;
	}
	return IL_IOCTL_SUCCESS;
}

static long ioctl_unload(void)
{
	int i;
	int64_t ret;
	long status = IL_IOCTL_SUCCESS;

	ret = loader_unload();
	if (ret != IL_SUCCESS) {
		PLATFORM_ALERT("%llx - %s\n", (unsigned long long)ret, il_status_str(ret));
		return IL_IOCTL_FAILURE;
	}

	for (i = 0; i < g_num_held; i++)
		platform_free_rw(held[i].data, held[i].size);
	g_num_held = 0;
	platform_memset(&held, 0, sizeof(held));
	return status;
}

static long ioctl_load(void)
{
	int64_t ret;

	ret = loader_load();
	if (ret != IL_SUCCESS) {
		PLATFORM_ALERT("%llx - %s\n", (unsigned long long)ret, il_status_str(ret));
		goto failure;
	}
	PLATFORM_DEBUG("succeeded\n");
	return IL_IOCTL_SUCCESS;

failure:
	ioctl_unload();
	return IL_IOCTL_FAILURE;
}

static long ioctl_simple(const char *what, il_status_t (*call)(void))
{
	il_status_t ret = call();

	PLATFORM_DEBUG("%s: %s\n", what, il_status_str(ret));
	return ret == IL_SUCCESS ? IL_IOCTL_SUCCESS : IL_IOCTL_FAILURE;
}

static long ioctl_dump(struct il_ring *user)
{
	int64_t ret;
	struct il_ring *ring = 0;

	ret = loader_dump(&ring);
	if (ret != IL_SUCCESS) {
		PLATFORM_ALERT("%llx - %s\n", (unsigned long long)ret, il_status_str(ret));
		return IL_IOCTL_FAILURE;
	}
	return copy_to_user((void __user *)user, ring, sizeof(struct il_ring)) != 0 ? IL_IOCTL_FAILURE : IL_IOCTL_SUCCESS;
}

static long ioctl_status(int64_t *status)
{
	int64_t state = loader_state();

	if (status == 0 || copy_to_user((void __user *)status, &state, sizeof(int64_t)) != 0)
		return IL_IOCTL_FAILURE;
	return IL_IOCTL_SUCCESS;
}

static long dispatch(unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case IL_IOCTL_ADD:
		return ioctl_add((char *)arg);
	case IL_IOCTL_ADD_LENGTH:
		return ioctl_add_length((uint64_t *)arg);
	case IL_IOCTL_LOAD:
		return ioctl_load();
	case IL_IOCTL_UNLOAD:
		return ioctl_unload();
	case IL_IOCTL_START:
		return ioctl_simple("start", loader_start);
	case IL_IOCTL_STOP:
		return ioctl_simple("stop", loader_stop);
	case IL_IOCTL_STATUS:
		return ioctl_status((int64_t *)arg);
	case IL_IOCTL_DUMP:
		return ioctl_dump((struct il_ring *)arg);
	default:
		return -EINVAL;
	}
}

static long dev_unlocked_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long ret;

	(void) file;
	platform_acquire();
	ret = dispatch(cmd, arg);
	platform_release();
	return ret;
}

static struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = dev_open,
	.release = dev_release,
	.unlocked_ioctl = dev_unlocked_ioctl,
};

static struct miscdevice loader_dev = {
	MISC_DYNAMIC_MINOR,
	IL_DEVICE_NAME,
	&fops
};

static int dev_reboot(struct notifier_block *nb, unsigned long code, void *unused)
{
	(void) nb;
	(void) code;
	(void) unused;

	loader_fini();
	return NOTIFY_DONE;
}

static struct notifier_block loader_notifier_block = {
	.notifier_call = dev_reboot
};

static int __init dev_init(void)
{
	register_reboot_notifier(&loader_notifier_block);
	if (misc_register(&loader_dev) != 0) {
		unregister_reboot_notifier(&loader_notifier_block);
		return -EPERM;
	}
	loader_init();
	PLATFORM_DEBUG("succeeded\n");
	return 0;
}

static void __exit dev_exit(void)
{
	loader_fini();
	ioctl_unload();
	misc_deregister(&loader_dev);
	unregister_reboot_notifier(&loader_notifier_block);
	PLATFORM_DEBUG("succeeded\n");
}

module_init(dev_init);
module_exit(dev_exit);
MODULE_DESCRIPTION("kport fixture: image-loader");
MODULE_LICENSE("GPL");
