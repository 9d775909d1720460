// SPDX-License-Identifier: GPL-2.0
/*
 * ringdev: where the driver meets the rest of the kernel: notifiers, CPU hotplug, per-CPU counters, delayed work, /proc.
 *
 * Copyright (C) 2026 kport contributors
 */
#define pr_fmt(fmt) "ringdev: " fmt

#include <linux/atomic.h>
#include <linux/cpuhotplug.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/reboot.h>
#include <linux/seq_file.h>
#include <linux/workqueue.h>

#include "ringdev.h"

struct ringdev_percpu {
	u64 counts[RINGDEV_COUNTERS];
	unsigned int seen;
};

static DEFINE_PER_CPU(struct ringdev_percpu, ringdev_percpu);
static BLOCKING_NOTIFIER_HEAD(ringdev_chain);
static atomic_t loopback_ups = ATOMIC_INIT(0);
static atomic_t chain_events;
static int hotplug_state;

static void tick_work(struct work_struct *work);

static struct {
	struct delayed_work work;
	unsigned long started;
	unsigned int period_ms;
	atomic_t count;
} tick = {
	.work = __DELAYED_WORK_INITIALIZER(tick.work, tick_work, 0),
	.count = ATOMIC_INIT(0),
};

void ringdev_count(enum ringdev_counter counter)
{
	this_cpu_inc(ringdev_percpu.counts[counter]);
}

void ringdev_fill_stats(struct ringdev_stats *stats)
{
	u64 sums[RINGDEV_COUNTERS] = { 0 };
	int cpu, i;

	memset(stats, 0, sizeof(*stats));
	for_each_possible_cpu(cpu) {
		const struct ringdev_percpu *p = per_cpu_ptr(&ringdev_percpu, cpu);

		for (i = 0; i < ARRAY_SIZE(sums); i++)
			sums[i] += READ_ONCE(p->counts[i]);
		stats->cpus_seen += p->seen;
	}
	stats->pushed = sums[RINGDEV_PUSHED];
	stats->popped = sums[RINGDEV_POPPED];
	stats->dropped = sums[RINGDEV_DROPPED];
	stats->loopback_ups = atomic_read(&loopback_ups);
	stats->events = atomic_read(&chain_events);
	stats->high_water = ringdev_ring.high_water;
}

int ringdev_register_listener(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&ringdev_chain, nb);
}
EXPORT_SYMBOL_GPL(ringdev_register_listener);

int ringdev_unregister_listener(struct notifier_block *nb)
{
	return blocking_notifier_chain_unregister(&ringdev_chain, nb);
}

void ringdev_tell(enum ring_event event, u32 value)
{
	blocking_notifier_call_chain(&ringdev_chain, event, &value);
}

static int own_listener(struct notifier_block *nb, unsigned long event, void *data)
{
	static const char *const names[] = {
		[RING_EVENT_FULL] = "full",
		[RING_EVENT_DRAINED] = "drained",
		[RING_EVENT_RESIZED] = "resized",
	};

	if (event >= ARRAY_SIZE(names) || !names[event])
		return NOTIFY_DONE;
	atomic_inc(&chain_events);
	pr_info("event %s, value %u\n", names[event], *(u32 *)data);
	return NOTIFY_OK;
}

static int netdev_listener(struct notifier_block *nb, unsigned long event, void *data)
{
	struct net_device *dev = netdev_notifier_info_to_dev(data);

	if (!(dev->flags & IFF_LOOPBACK))
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UP:
		atomic_inc(&loopback_ups);
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static int reboot_listener(struct notifier_block *nb, unsigned long event, void *data)
{
	pr_info("%u records lost to a restart\n", ring_used(&ringdev_ring));
	return NOTIFY_DONE;
}

static struct notifier_block own_nb = { .notifier_call = own_listener, .priority = 10 };
static struct notifier_block netdev_nb = { .notifier_call = netdev_listener };
static struct notifier_block reboot_nb = { .notifier_call = reboot_listener };

static int ringdev_cpu_online(unsigned int cpu)
{
	per_cpu(ringdev_percpu, cpu).seen = 1;
	return 0;
}

static void tick_work(struct work_struct *work)
{
	struct delayed_work *delayed = to_delayed_work(work);
	struct ringdev_record record = {
		.stamp = { .kind = RINGDEV_KIND_TICK, .length = sizeof(record.tick) },
		.tick = { .period_ms = tick.period_ms, .count = atomic_inc_return(&tick.count) },
	};

	WARN_ON_ONCE(delayed != &tick.work);
	if (time_before(jiffies, tick.started + msecs_to_jiffies(tick.period_ms)))
		pr_warn("tick came early\n");
	if (ring_push(&ringdev_ring, &record))
		pr_warn_ratelimited("tick lost\n");
}

void ringdev_tick_after(unsigned int milliseconds)
{
	tick.period_ms = min(milliseconds, 1000U);
	tick.started = jiffies;
	cancel_delayed_work(&tick.work);
	schedule_delayed_work(&tick.work, msecs_to_jiffies(tick.period_ms));
}

static void *clients_start(struct seq_file *m, loff_t *pos)
{
	mutex_lock(&ringdev_clients_lock);
	return seq_list_start_head(&ringdev_clients, *pos);
}

static void *clients_next(struct seq_file *m, void *v, loff_t *pos)
{
	return seq_list_next(v, &ringdev_clients, pos);
}

static void clients_stop(struct seq_file *m, void *v)
{
	mutex_unlock(&ringdev_clients_lock);
}

static int clients_show(struct seq_file *m, void *v)
{
	struct ringdev_client *client;

	if (v == &ringdev_clients) {
		seq_puts(m, "id mode priority balance limit bytes\n");
		return 0;
	}
	client = list_entry(v, struct ringdev_client, node);
	seq_printf(m, "%u %u %u %d %u %llu\n", client->id, client->mode, client->priority, client->balance,
		   client->limit, client->bytes);
	return 0;
}

static const struct seq_operations clients_seq_ops = {
	.start = clients_start,
	.next = clients_next,
	.stop = clients_stop,
	.show = clients_show,
};

int __init ringdev_platform_start(void)
{
	int ret;

	ret = ringdev_register_listener(&own_nb);
	if (ret)
		return ret;
	ret = register_netdevice_notifier(&netdev_nb);
	if (ret)
		goto err_own;
	ret = register_reboot_notifier(&reboot_nb);
	if (ret)
		goto err_netdev;
	hotplug_state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "misc/ringdev:online", ringdev_cpu_online, NULL);
	if (hotplug_state < 0) {
		ret = hotplug_state;
		goto err_reboot;
	}
	if (!proc_create_seq(RINGDEV_NAME, 0444, NULL, &clients_seq_ops)) {
		ret = -ENOMEM;
		goto err_hotplug;
	}
	return 0;

err_hotplug:
	cpuhp_remove_state(hotplug_state);
err_reboot:
	unregister_reboot_notifier(&reboot_nb);
err_netdev:
	unregister_netdevice_notifier(&netdev_nb);
err_own:
	ringdev_unregister_listener(&own_nb);
	return ret;
}

/* Also called when start succeeded and a later step of init failed: not __exit. */
void ringdev_platform_stop(void)
{
	cancel_delayed_work_sync(&tick.work);
	remove_proc_entry(RINGDEV_NAME, NULL);
	cpuhp_remove_state(hotplug_state);
	unregister_reboot_notifier(&reboot_nb);
	unregister_netdevice_notifier(&netdev_nb);
	ringdev_unregister_listener(&own_nb);
}
