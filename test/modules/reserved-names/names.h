/* SPDX-License-Identifier: GPL-2.0 */
int final(int loop);
extern int unsized;
int virtual_of(int i);
int u_all(int i);
