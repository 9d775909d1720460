// SPDX-License-Identifier: GPL-2.0
/*
 * ringdev: a misc device that keeps small records in a ring.
 *
 * write() stores one record, read() takes the oldest ones out, poll() says whether there are any,
 * the ioctls of ringdev_ioctl.h do the rest. /proc/ringdev lists who has the device open.
 *
 * Copyright (C) 2026 kport contributors
 */
#define pr_fmt(fmt) "ringdev: " fmt

#include <linux/bits.h>
#include <linux/bitfield.h>
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ringdev.h"

#define PRIORITY_CLASS	GENMASK(7, 4)
#define PRIORITY_URGENT	BIT(7)

struct ring ringdev_ring;
LIST_HEAD(ringdev_clients);
DEFINE_MUTEX(ringdev_clients_lock);
static unsigned int next_id;

static unsigned int slots = 16;
static bool overwrite;
static char *label = "ring";
static int limits[4] = { 32, 16 };
static unsigned int limits_given = 2;
static ushort verbose;

static int slots_set(const char *value, const struct kernel_param *kp)
{
	unsigned int wanted;
	int ret;

	ret = kstrtouint(value, 0, &wanted);
	if (ret)
		return ret;
	if (wanted < RING_SLOTS_MIN || wanted > RING_SLOTS_MAX)
		return -ERANGE;
	*(unsigned int *)kp->arg = wanted;
	return 0;
}

static const struct kernel_param_ops slots_ops = {
	.set = slots_set,
	.get = param_get_uint,
};

module_param_cb(slots, &slots_ops, &slots, 0644);
MODULE_PARM_DESC(slots, "Records the ring holds when it is made, 4 to 1024 (default 16)");
module_param(overwrite, bool, 0444);
MODULE_PARM_DESC(overwrite, "Drop the oldest record when the ring is full (default: refuse the newest)");
module_param(label, charp, 0444);
MODULE_PARM_DESC(label, "Name shown in sysfs");
module_param_array(limits, int, &limits_given, 0444);
MODULE_PARM_DESC(limits, "Bytes one write may store, by priority class");
module_param(verbose, ushort, 0644);
MODULE_PARM_DESC(verbose, "Say more: 1 opens and closes, 2 records");

static void transform_plain(u8 *data, size_t length)
{
}

static void transform_reverse(u8 *data, size_t length)
{
	size_t i;

	for (i = 0; i < length / 2; i++)
		swap(data[i], data[length - 1 - i]);
}

static void transform_swapcase(u8 *data, size_t length)
{
	for (; length; length--, data++)
		*data = islower(*data) ? toupper(*data) : tolower(*data);
}

static const struct {
	const char *name;
	void (*apply)(u8 *data, size_t length);
} transforms[RINGDEV_MODES] = {
	[RINGDEV_PLAIN] = { "plain", transform_plain },
	[RINGDEV_REVERSE] = { "reverse", transform_reverse },
	[RINGDEV_SWAPCASE] = { "swapcase", transform_swapcase },
};

static void client_free(struct kref *ref)
{
	struct ringdev_client *client = container_of(ref, struct ringdev_client, ref);

	if (client->verbose)
		pr_info("client %u gone after %llu bytes\n", client->id, client->bytes);
	kfree(client);
}

static u32 client_limit(const struct ringdev_client *client)
{
	unsigned int class = FIELD_GET(PRIORITY_CLASS, client->priority);

	if (client->priority & PRIORITY_URGENT)
		return RINGDEV_PAYLOAD;
	class = min(class, limits_given - 1);
	return clamp_t(u32, min_t(u32, limits[class], client->limit), 1, RINGDEV_PAYLOAD);
}

static int ringdev_open(struct inode *inode, struct file *file)
{
	struct ringdev_client *client;

	client = kzalloc(sizeof(*client), GFP_KERNEL);
	if (!client)
		return -ENOMEM;
	kref_init(&client->ref);
	client->limit = RINGDEV_PAYLOAD;
	client->watermark = 1;
	client->verbose = !!verbose;

	mutex_lock(&ringdev_clients_lock);
	client->id = next_id++;
	list_add_tail(&client->node, &ringdev_clients);
	mutex_unlock(&ringdev_clients_lock);
	file->private_data = client;
	dev_dbg(ringdev_misc.this_device, "client %u\n", client->id);
	return nonseekable_open(inode, file);
}

static int ringdev_release(struct inode *inode, struct file *file)
{
	struct ringdev_client *client = file->private_data;

	mutex_lock(&ringdev_clients_lock);
	list_del(&client->node);
	mutex_unlock(&ringdev_clients_lock);
	kref_put(&client->ref, client_free);
	return 0;
}

static ssize_t ringdev_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct ringdev_record record;
	size_t done = 0;
	int ret = 0;

	if (count < sizeof(record))
		return -EINVAL;
	while (done + sizeof(record) <= count) {
		ret = ring_pop(&ringdev_ring, &record);
		if (ret && (done || (file->f_flags & O_NONBLOCK)))
			break;
		if (ret) {
			ret = ring_wait(&ringdev_ring);
			if (ret)
				break;
			continue;
		}
		if (copy_to_user(buf + done, &record, sizeof(record))) {
			ret = -EFAULT;
			break;
		}
		done += sizeof(record);
	}
	if (done && !ring_used(&ringdev_ring))
		ringdev_tell(RING_EVENT_DRAINED, done / sizeof(record));
	return done ? done : ret;
}

static ssize_t ringdev_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct ringdev_client *client = file->private_data;
	struct ringdev_record record = { };
	int ret;

	if (!count)
		return 0;
	if (count > client_limit(client))
		return -EMSGSIZE;
	if (copy_from_user(record.bytes, buf, count))
		return -EFAULT;
	record.stamp.kind = ring_classify(record.bytes, count);
	record.stamp.length = count;
	record.stamp.cls = FIELD_GET(PRIORITY_CLASS, client->priority);
	transforms[client->mode].apply(record.bytes, count);
	/* Before a reader can see the record: what it logs comes after. */
	if (verbose > 1)
		print_hex_dump(KERN_INFO, "ringdev: ", DUMP_PREFIX_OFFSET, 16, 1, record.bytes, count, true);

	ret = ring_push(&ringdev_ring, &record);
	if (ret == -ENOSPC)
		ringdev_tell(RING_EVENT_FULL, ring_used(&ringdev_ring));
	if (ret)
		return ret;
	client->bytes += count;
	return count;
}

static __poll_t ringdev_poll(struct file *file, poll_table *wait)
{
	struct ringdev_client *client = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &ringdev_ring.readers, wait);
	if (ring_used(&ringdev_ring) >= client->watermark)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (ringdev_ring.overwrite || ring_used(&ringdev_ring) < READ_ONCE(ringdev_ring.size))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

static int ioctl_get_config(struct ringdev_client *client, struct ringdev_config __user *arg)
{
	struct ringdev_config config = {
		.slots = READ_ONCE(ringdev_ring.size),
		.mode = client->mode,
		.overwrite = ringdev_ring.overwrite,
		.priority = client->priority,
		.balance = client->balance,
		.limit = client->limit,
	};

	return copy_to_user(arg, &config, sizeof(config)) ? -EFAULT : 0;
}

static int ioctl_set_config(struct ringdev_client *client, const struct ringdev_config __user *arg)
{
	struct ringdev_config config;
	int ret;

	if (copy_from_user(&config, arg, sizeof(config)))
		return -EFAULT;
	if (config.mode >= RINGDEV_MODES || !config.limit)
		return -EINVAL;
	if (config.slots && config.slots != READ_ONCE(ringdev_ring.size)) {
		ret = ring_resize(&ringdev_ring, config.slots);
		if (ret)
			return ret;
		ringdev_tell(RING_EVENT_RESIZED, ringdev_ring.size);
	}
	client->mode = config.mode;
	client->priority = config.priority;
	client->balance = config.balance;
	client->limit = config.limit;
	spin_lock_irq(&ringdev_ring.lock);
	ringdev_ring.overwrite = config.overwrite;
	spin_unlock_irq(&ringdev_ring.lock);
	pr_info("client %u: mode %s, priority %u, balance %d, limit %u\n", client->id,
		transforms[client->mode].name, client->priority, client->balance, client->limit);
	return 0;
}

static int ioctl_transform(struct ringdev_client *client, struct ringdev_transform __user *arg)
{
	struct ringdev_transform work;

	if (copy_from_user(&work, arg, sizeof(work)))
		return -EFAULT;
	if (work.length > sizeof(work.data))
		return -EMSGSIZE;
	transforms[client->mode].apply(work.data, work.length);
	work.sum = ringdev_fold(work.data, work.length, 0);
	return copy_to_user(arg, &work, sizeof(work)) ? -EFAULT : 0;
}

static int ioctl_watermark(struct ringdev_client *client, u32 __user *arg)
{
	u32 wanted, before = client->watermark;

	if (get_user(wanted, arg))
		return -EFAULT;
	if (wanted > ringdev_ring.size)
		return -ERANGE;
	if (wanted)
		client->watermark = wanted;
	return put_user(before, arg);
}

static int ioctl_batch(struct ringdev_client *client, struct ringdev_batch __user *arg)
{
	struct ringdev_batch *batch;
	u32 count, i;
	int ret = 0;

	if (get_user(count, &arg->count))
		return -EFAULT;
	if (!count || count > RINGDEV_BATCH_MAX)
		return -EINVAL;
	batch = kmalloc(struct_size(batch, records, count), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	if (copy_from_user(batch, arg, struct_size(batch, records, count))) {
		ret = -EFAULT;
		goto out_free;
	}
	for (i = 0; i < count; i++) {
		struct ringdev_record *record = &batch->records[i];

		record->stamp.length = min_t(u16, record->stamp.length, RINGDEV_PAYLOAD);
		record->stamp.kind = ring_classify(record->bytes, record->stamp.length);
		ret = ring_push(&ringdev_ring, record);
		if (ret)
			break;
	}
	if (put_user(i, &arg->done))
		ret = -EFAULT;
out_free:
	kfree(batch);
	return ret;
}

static long ringdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ringdev_client *client = file->private_data;
	void __user *user = (void __user *)arg;
	struct ringdev_stats stats;
	long ret;

	kref_get(&client->ref);
	switch (cmd) {
	case RINGDEV_IOC_FLUSH:
		ret = ring_flush(&ringdev_ring);
		break;
	case RINGDEV_IOC_GET_CONFIG:
		ret = ioctl_get_config(client, user);
		break;
	case RINGDEV_IOC_SET_CONFIG:
		ret = ioctl_set_config(client, user);
		break;
	case RINGDEV_IOC_TRANSFORM:
		ret = ioctl_transform(client, user);
		break;
	case RINGDEV_IOC_WATERMARK:
		ret = ioctl_watermark(client, user);
		break;
	case RINGDEV_IOC_BATCH:
		ret = ioctl_batch(client, user);
		break;
	case RINGDEV_IOC_STATS:
		ringdev_fill_stats(&stats);
		ret = copy_to_user(user, &stats, sizeof(stats)) ? -EFAULT : 0;
		break;
	case RINGDEV_IOC_TICK:
		ringdev_tick_after(arg);
		ret = 0;
		break;
	default:
		ret = -ENOTTY;
	}
	kref_put(&client->ref, client_free);
	return ret;
}

static ssize_t label_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", label);
}
static DEVICE_ATTR_RO(label);

static ssize_t overwrite_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", ringdev_ring.overwrite);
}

static ssize_t overwrite_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	bool value;
	int ret = kstrtobool(buf, &value);

	if (ret)
		return ret;
	spin_lock_irq(&ringdev_ring.lock);
	ringdev_ring.overwrite = value;
	spin_unlock_irq(&ringdev_ring.lock);
	return count;
}
static DEVICE_ATTR_RW(overwrite);

static struct attribute *ringdev_attrs[] = {
	&dev_attr_label.attr,
	&dev_attr_overwrite.attr,
	NULL
};
ATTRIBUTE_GROUPS(ringdev);

static const struct file_operations ringdev_fops = {
	.owner = THIS_MODULE,
	.open = ringdev_open,
	.release = ringdev_release,
	.read = ringdev_read,
	.write = ringdev_write,
	.poll = ringdev_poll,
	.unlocked_ioctl = ringdev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

struct miscdevice ringdev_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = RINGDEV_NAME,
	.fops = &ringdev_fops,
	.groups = ringdev_groups,
	.mode = 0600,
};

static int __init ringdev_init(void)
{
	int ret;

	BUILD_BUG_ON(sizeof(struct ringdev_stamp) != 16);
	BUILD_BUG_ON(offsetof(struct ringdev_stamp, sequence) != 1);

	ret = ring_init(&ringdev_ring, slots, overwrite);
	if (ret)
		return ret;
	ret = ringdev_platform_start();
	if (ret)
		goto err_ring;
	ret = misc_register(&ringdev_misc);
	if (ret)
		goto err_platform;
	pr_info("%s: %u slots of %zu bytes\n", label, ringdev_ring.size, sizeof(struct ringdev_record));
	return 0;

err_platform:
	ringdev_platform_stop();
err_ring:
	ring_destroy(&ringdev_ring);
	return ret;
}

static void __exit ringdev_exit(void)
{
	misc_deregister(&ringdev_misc);
	ringdev_platform_stop();
	pr_info("%u records left behind\n", ring_flush(&ringdev_ring));
	ring_destroy(&ringdev_ring);
}

module_init(ringdev_init);
module_exit(ringdev_exit);

MODULE_AUTHOR("kport contributors");
MODULE_DESCRIPTION("A misc device that keeps small records in a ring");
MODULE_LICENSE("GPL");
MODULE_VERSION("1.0");
MODULE_ALIAS("devname:" RINGDEV_NAME);
