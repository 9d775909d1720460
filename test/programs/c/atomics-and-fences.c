// SPDX-License-Identifier: GPL-2.0
// Builtins of memory order, with values that are used and not.
#include "says.h"

static int v = 5;
static u64 w = 1;
static u8 flag;
static void *vp;

int atomics_and_fences(void)
{
	int old = 5, r;

	SHOW(__atomic_load_n(&v, __ATOMIC_ACQUIRE));
	__atomic_store_n(&v, 9, __ATOMIC_RELEASE);
	SHOW(__atomic_fetch_add(&v, 3, __ATOMIC_RELAXED) + v);
	SHOW(__atomic_add_fetch(&w, 1ull << 40, __ATOMIC_SEQ_CST));
	SHOW(__atomic_exchange_n(&v, 1, __ATOMIC_ACQ_REL));
	SHOW(__atomic_compare_exchange_n(&v, &old, 7, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
	SHOW(old);
	SHOW(__sync_fetch_and_or(&v, 6) + __sync_val_compare_and_swap(&v, 7, 8));
	SHOW(__sync_bool_compare_and_swap(&v, 8, 2));
	SHOW(__atomic_test_and_set(&flag, __ATOMIC_SEQ_CST));
	SHOW(__atomic_test_and_set(&flag, __ATOMIC_SEQ_CST));
	__atomic_clear(&flag, __ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	__sync_synchronize();
	__atomic_load(&v, &r, __ATOMIC_SEQ_CST);
	SHOW(r + flag);
	SHOW(__atomic_fetch_sub(&w, 2, __ATOMIC_SEQ_CST) + w);
	SHOW(__atomic_fetch_xor(&flag, 0xff, __ATOMIC_SEQ_CST) + flag);
	SHOW(__atomic_nand_fetch(&v, 1, __ATOMIC_SEQ_CST));
	SHOW(__atomic_exchange_n(&vp, &v, __ATOMIC_SEQ_CST) == NULL && vp == &v);
	SHOW(__atomic_always_lock_free(4, 0));
	return v & 15;
}
