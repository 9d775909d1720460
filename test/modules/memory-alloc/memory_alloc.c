// SPDX-License-Identifier: GPL-2.0
// Copyright (C) 2026 kport contributors
// Memory: caches with a constructor, kmalloc and its kin, vmalloc, pages, pools.
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/gfp.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct object {
	u32 magic;
	char name[20];
};

static struct kmem_cache *cache;
static mempool_t *pool;
static volatile size_t seed = 9;

static void object_new(void *p)
{
	((struct object *)p)->magic = 0xfeed;
}

static int __init memory_init(void)
{
	struct object *o, *many[3] = { };
	u32 *numbers;
	unsigned long page;
	struct page *pages;
	size_t bytes;
	u8 *big;
	int i, n = 0;

	cache = kmem_cache_create("kport_fixture", sizeof(struct object), __alignof__(struct object), SLAB_HWCACHE_ALIGN, object_new);
	if (!cache)
		return -ENOMEM;
	o = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("constructed %x, size %u\n", o ? o->magic : 0, kmem_cache_size(cache));
	kmem_cache_free(cache, o);
	if (!kmem_cache_alloc_bulk(cache, GFP_KERNEL, 3, (void **)many))
		return -ENOMEM;
	for (i = 0; i < 3; i++)
		n += many[i]->magic == 0xfeed;
	kmem_cache_free_bulk(cache, 3, (void **)many);
	numbers = kcalloc(seed, sizeof(*numbers), GFP_KERNEL);
	numbers = krealloc(numbers, 2 * seed * sizeof(*numbers), GFP_KERNEL | __GFP_ZERO);
	if (!numbers)
		return -ENOMEM;
	numbers[17] = n;
	pr_info("bulk %u, overflow %d, room %d\n", numbers[17], check_mul_overflow(seed, SIZE_MAX / 2, &bytes), ksize(numbers) >= 72);
	kfree(numbers);
	big = vmalloc(3 * PAGE_SIZE + 1);
	if (big) {
		memset(big, 0x5a, 3 * PAGE_SIZE + 1);
		pr_info("vmalloc %x, is %d %d\n", big[3 * PAGE_SIZE], is_vmalloc_addr(big), is_vmalloc_addr(&n));
	}
	vfree(big);
	page = get_zeroed_page(GFP_KERNEL);
	pages = alloc_pages(GFP_KERNEL, 1);
	if (page && pages)
		pr_info("page %d %d, order %u\n", ((u8 *)page)[100], virt_to_page((void *)page) == pfn_to_page(page_to_pfn(virt_to_page((void *)page))), get_order(5000));
	free_page(page);
	if (pages)
		__free_pages(pages, 1);
	pool = mempool_create_slab_pool(2, cache);
	o = pool ? mempool_alloc(pool, GFP_KERNEL) : NULL;
	if (o)
		mempool_free(o, pool);
	kvfree(kvzalloc(seed << 16, GFP_KERNEL));
	pr_info("pool %d, too big %d\n", o != NULL, kmalloc_array(SIZE_MAX / 2, seed, GFP_KERNEL | __GFP_NOWARN) == NULL);
	return 0;
}

static void __exit memory_exit(void)
{
	mempool_destroy(pool);
	kmem_cache_destroy(cache);
}

module_init(memory_init);
module_exit(memory_exit);

MODULE_DESCRIPTION("memory-alloc");
MODULE_LICENSE("GPL");
