/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prints one line: a name, and the nanoseconds of one round in the fastest of many short stretches, which is the one that nothing else
 * disturbed.
 */
#include <stdio.h>
#include <time.h>

#define STRETCHES	40

static void measure(const char *name, int rounds, int (*round)(void))
{
	double best = 0;

	for (int s = 0; s < STRETCHES; s++) {
		struct timespec from, to;
		double took;

		clock_gettime(CLOCK_MONOTONIC, &from);
		for (int i = 0; i < rounds; i++) {
			if (round() < 0) {
				perror(name);
				return;
			}
		}
		clock_gettime(CLOCK_MONOTONIC, &to);
		took = ((to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec)) / rounds;
		if (best == 0 || took < best)
			best = took;
	}
	printf("%s %.1f\n", name, best);
}
