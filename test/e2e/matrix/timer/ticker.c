// SPDX-License-Identifier: GPL-2.0
/* del_timer_sync() is timer_delete_sync() since 6.2; the old name went in 6.15. */
#include <linux/module.h>
#include <linux/timer.h>
#include <linux/jiffies.h>

static struct timer_list ticker;
static unsigned int ticks;

static void tick(struct timer_list *t)
{
	ticks++;
}

static int __init ticker_init(void)
{
	timer_setup(&ticker, tick, 0);
	mod_timer(&ticker, jiffies + 1);
	pr_info("ticker: %u ticks\n", ticks);
	return 0;
}

static void __exit ticker_exit(void)
{
	del_timer_sync(&ticker);
}

module_init(ticker_init);
module_exit(ticker_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("stops a timer by the name it had before 6.15");
