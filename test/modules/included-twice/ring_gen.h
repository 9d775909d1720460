/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) 2026 kport contributors */
/* A ring of ELEMENT, whose functions begin with RING; included once for each kind, as net/netfilter/ipset does with its hashes. */
#define RING_TOKEN(a, b) CONCATENATE(a, b)
#undef ring_type
#undef ring_push
#undef ring_sum
#define ring_type RING_TOKEN(RING, _ring)
#define ring_push RING_TOKEN(RING, _push)
#define ring_sum RING_TOKEN(RING, _sum)

struct ring_type {
	unsigned int head, tail;
	ELEMENT slots[4];
};

static int
RING_TOKEN(RING, _print)(const void *ring, const char *title,
			 unsigned int width);

static int
RING_TOKEN(RING, _drop)(void *ring,
			unsigned int n);

static const struct ring_ops RING_TOKEN(RING, _ops) = {
	.print = RING_TOKEN(RING, _print),
	.drop = RING_TOKEN(RING, _drop),
};

static bool ring_push(struct ring_type *ring, ELEMENT e)
{
	unsigned int head = READ_ONCE(ring->head);

	if (head - smp_load_acquire(&ring->tail) >= ARRAY_SIZE(ring->slots))
		return false;
	ring->slots[head % ARRAY_SIZE(ring->slots)] = e;
	smp_store_release(&ring->head, head + 1);
	return true;
}

static noinline u64 ring_sum(const struct ring_type *ring)
{
	u64 sum = STEP;
	unsigned int i;

	for (i = ring->tail; i != ring->head; i++) {
		u64 swapped = ring->slots[i % ARRAY_SIZE(ring->slots)];

		asm("bswap %0" : "+r"(swapped));
		sum = sum * 31 + (swapped >> 32) + (u32)swapped;
	}
	return sum;
}

static int RING_TOKEN(RING, _print)(const void *of, const char *title, unsigned int width)
{
	const struct ring_type *ring = of;

	smp_mb();
	pr_info("%s: %u of %zu bytes, sum %0*llx\n", title, ring->head - ring->tail, sizeof(ring->slots[0]), width, ring_sum(ring));
	return ring->head - ring->tail;
}

static int RING_TOKEN(RING, _drop)(void *of, unsigned int n)
{
	struct ring_type *ring = of;

	for (; n > 0 && ring->tail != ring->head; n--)
		smp_store_release(&ring->tail, ring->tail + 1);
	return n;
}
#undef RING_TOKEN
