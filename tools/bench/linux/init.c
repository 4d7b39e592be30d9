// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first process of a Linux whose boot and whose work is counted: on the
 * machine itself and as a guest, with the same kernel and the same initramfs.
 *
 * The virtual counter runs at a nanosecond an instruction where QEMU was
 * started with -icount shift=0. On the machine it begins with the reset, in a
 * guest when the virtual machine is made.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define NS_PER_SEC	1000000000ULL
#define ROUNDS		500
#define CHILD		"child"

static uint64_t now(void)
{
	uint32_t frequency;
	uint64_t ticks;

	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14"
		     : "=r" (ticks) : : "memory");
	asm volatile("mrc p15, 0, %0, c14, c0, 0" : "=r" (frequency));
	return ticks * (NS_PER_SEC / frequency);
}

/* What a shell does for a command, less the command */
static void fork_exec(void)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(EXIT_FAILURE, "fork");
	if (!pid) {
		execl("/init", CHILD, NULL);
		_exit(1);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		errx(EXIT_FAILURE, "the child ended with status %x", status);
}

static void measure(uint64_t booted)
{
	uint64_t begin;
	int i;

	/* The first takes the file into the page cache. */
	fork_exec();
	begin = now();
	for (i = 0; i < ROUNDS; i++)
		fork_exec();
	begin = now() - begin;
	printf("bench boot %llu\nbench fork-exec %llu\n",
	       (unsigned long long)booted, (unsigned long long)begin / ROUNDS);
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
}

int main(int argc, char **argv)
{
	uint64_t booted = now();

	if (!strcmp(argv[0], CHILD))
		return 0;
	measure(booted);
	reboot(RB_POWER_OFF);
	return 1;
}
