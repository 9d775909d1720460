/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LENGTHS_H
#define LENGTHS_H
#include <linux/types.h>
extern const u8 pattern[];
extern const char *const names[];
int exported_sum(int *list);
size_t room(size_t have);
#endif
