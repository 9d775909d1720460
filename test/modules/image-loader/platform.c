// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <il_platform.h>

static DEFINE_MUTEX(g_mutex);

void platform_printk(const char *level, const char *who, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_info(KBUILD_MODNAME ": %s %s: %pV", level, who, &vaf);
	va_end(args);
}

void *platform_alloc_rw(uint64_t len)
{
	void *addr = IL_NULL;

	if (len == 0) {
		PLATFORM_ALERT("invalid length\n");
		return addr;
	}

	addr = vmalloc(len);
	if (addr == IL_NULL)
		PLATFORM_ALERT("failed to vmalloc rw mem: %llu\n", (unsigned long long)len);
	return addr;
}

void platform_free_rw(const void *addr, uint64_t len)
{
	IL_IGNORED(len);

	if (addr == IL_NULL) {
		PLATFORM_ALERT("invalid address\n");
		return;
	}
	vfree(addr);
}

void *platform_memset(void *ptr, char value, uint64_t num)
{
	return ptr == IL_NULL ? IL_NULL : memset(ptr, value, num);
}

int64_t platform_memcpy(void *dst, uint64_t dst_size, const void *src, uint64_t src_size, uint64_t num)
{
	if (dst == IL_NULL || src == IL_NULL || num > dst_size || num > src_size)
		return IL_ERROR_INVALID_ARG;
	memcpy(dst, src, num);
	return IL_SUCCESS;
}

void platform_acquire(void)
{
	mutex_lock(&g_mutex);
}

void platform_release(void)
{
	mutex_unlock(&g_mutex);
}

int64_t platform_num_cpus(void)
{
	return num_online_cpus();
}

/* The pages of a vmalloc'd region, one address each. */
il_status_t platform_map(struct il_pages *pages, const void *addr, uint64_t len)
{
	uint64_t i;

	pages->count = DIV_ROUND_UP(len, PAGE_SIZE);
	pages->virt = kcalloc(pages->count, sizeof(*pages->virt), GFP_KERNEL);
	if (!pages->virt)
		return IL_ERROR_NO_MEMORY;
	for (i = 0; i < pages->count; i++) {
		struct page *page = vmalloc_to_page((const char *)addr + i * PAGE_SIZE);

		if (!page)
			goto failed;
		pages->virt[i] = page_address(page);
	}
	return IL_SUCCESS;

failed:
	kfree(pages->virt);
	pages->virt = NULL;
	return IL_ERROR_INVALID_ARG;
}

void platform_unmap(struct il_pages *pages)
{
	kfree(pages->virt);
	platform_memset(pages, 0, sizeof(*pages));
}

struct call {
	il_status_t (*call)(void *, int64_t);
	void *data;
	il_status_t status;
};

static void run_call(void *info)
{
	struct call *c = info;

	c->status = c->call(c->data, smp_processor_id());
}

il_status_t platform_call_on_cpu(int64_t cpu, il_status_t (*call)(void *, int64_t), void *data)
{
	struct call c = { call, data, IL_ERROR_INVALID_STATE };

	if (smp_call_function_single((int)cpu, run_call, &c, 1))
		return IL_ERROR_INVALID_ARG;
	return c.status;
}
