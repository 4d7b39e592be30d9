// SPDX-License-Identifier: GPL-2.0-only
/*
 * fifo PRIORITY COMMAND...: run a command, and all threads that it will have,
 * in real time (SCHED_FIFO).
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sched_param param;

	if (argc < 3) {
		fprintf(stderr, "usage: fifo PRIORITY COMMAND...\n");
		return 1;
	}

	param.sched_priority = atoi(argv[1]);
	if (sched_setscheduler(0, SCHED_FIFO, &param)) {
		perror("sched_setscheduler");
		return 1;
	}

	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 1;
}
