// SPDX-License-Identifier: GPL-2.0-only
/*
 * What gdb does with hardware breakpoints and watchpoints: set them for another
 * process by ptrace, and see where that stops. A process beside it, which runs
 * the same code at the same addresses, goes on and on.
 */
#include <err.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of Linux: numbers of registers are positive for breakpoints */
#define ADDRESS(n)		(2 * (n) + 1)
#define CONTROL(n)		(2 * (n) + 2)
#define INFO			0
#define NR_BREAKPOINTS(info)	((info) & 0xff)
#define NR_WATCHPOINTS(info)	((info) >> 8 & 0xff)

#define CONTROL_ON		1
#define CONTROL_USER		(2 << 1)
#define CONTROL_EXECUTE		(0 << 3)
#define CONTROL_STORE		(2 << 3)
#define CONTROL_BYTES(mask)	((mask) << 5)
#define THUMB_BYTES		3
#define WORD_BYTES		0xf

#define NR_ROUNDS		20
#define NR_BESIDE		1000

static volatile uint32_t watched;
/* How often the process beside it has run the code, in memory of both */
static volatile uint32_t *beside_rounds;

/* Of two halfwords, it may be at any: by default, a breakpoint is of a word. */
static __attribute__((noinline, aligned(4))) void function(void)
{
	asm volatile("" : : : "memory");
}

static void run(unsigned int rounds)
{
	unsigned int i;

	for (i = 0; i < rounds; i++) {
		function();
		watched = i + 1;
	}
}

static void set(pid_t pid, long reg, uint32_t value)
{
	if (ptrace(PTRACE_SETHBPREGS, pid, reg, &value))
		err(1, "PTRACE_SETHBPREGS, register %ld", reg);
}

/* Goes on, to a SIGTRAP for this address */
static void expect_stop(pid_t pid, const char *what, uintptr_t address)
{
	siginfo_t info;
	int status;

	if (ptrace(PTRACE_CONT, pid, 0, 0) || waitpid(pid, &status, 0) != pid)
		err(1, "%s", what);
	if (!WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP)
		errx(1, "%s: status %#x", what, status);
	if (ptrace(PTRACE_GETSIGINFO, pid, 0, &info))
		err(1, "%s: PTRACE_GETSIGINFO", what);
	if (info.si_code != TRAP_HWBKPT ||
	    (uintptr_t)info.si_addr != address)
		errx(1, "%s: code %d at %p, not at %#zx", what, info.si_code,
		     info.si_addr, (size_t)address);
}

static uint32_t peek_watched(pid_t pid)
{
	return ptrace(PTRACE_PEEKDATA, pid, &watched, 0);
}

/* Both stop before what they are for has happened. */
static void debug(pid_t pid)
{
	const uint32_t execute = CONTROL_USER | CONTROL_EXECUTE |
		CONTROL_BYTES((uintptr_t)function & 1 ? THUMB_BYTES : WORD_BYTES);
	const uint32_t store = CONTROL_USER | CONTROL_STORE |
		CONTROL_BYTES(WORD_BYTES);
	unsigned int i;

	set(pid, ADDRESS(0), (uintptr_t)function & ~1u);
	set(pid, -ADDRESS(0), (uintptr_t)&watched);
	for (i = 0; i < NR_ROUNDS; i++) {
		set(pid, CONTROL(0), execute | CONTROL_ON);
		expect_stop(pid, "breakpoint", (uintptr_t)function & ~1u);
		set(pid, CONTROL(0), execute);
		set(pid, -CONTROL(0), store | CONTROL_ON);
		expect_stop(pid, "watchpoint", (uintptr_t)&watched);
		if (peek_watched(pid) != i)
			errx(1, "round %u: the store has happened", i);
		set(pid, -CONTROL(0), store);
	}
}

static pid_t start_debugged(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		run(NR_ROUNDS);
		_exit(0);
	}
	if (waitpid(pid, NULL, 0) != pid)
		err(1, "waitpid");
	return pid;
}

static pid_t start_beside(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		for (;;) {
			run(NR_BESIDE);
			++*beside_rounds;
			if (getppid() == 1)
				_exit(0);
		}
	}
	return pid;
}

static void expect_end(pid_t pid, const char *who, int signal)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || WTERMSIG(status) != signal ||
	    (!signal && WEXITSTATUS(status)))
		errx(1, "%s: status %#x", who, status);
}

static void expect_progress(void)
{
	uint32_t rounds = *beside_rounds;

	while (*beside_rounds - rounds < 2)
		sched_yield();
}

static void share_memory(void)
{
	beside_rounds = mmap(NULL, sizeof(*beside_rounds),
			     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			     -1, 0);
	if (beside_rounds == MAP_FAILED)
		err(1, "mmap");
}

int main(void)
{
	pid_t beside, debugged;
	unsigned long info;

	share_memory();
	beside = start_beside();
	debugged = start_debugged();
	if (ptrace(PTRACE_GETHBPREGS, debugged, INFO, &info))
		err(1, "PTRACE_GETHBPREGS");
	printf("%lu breakpoints, %lu watchpoints\n", NR_BREAKPOINTS(info),
	       NR_WATCHPOINTS(info));
	if (!NR_BREAKPOINTS(info) || !NR_WATCHPOINTS(info))
		errx(1, "too few");

	debug(debugged);
	expect_progress();
	if (ptrace(PTRACE_CONT, debugged, 0, 0))
		err(1, "PTRACE_CONT");
	expect_end(debugged, "debugged", 0);
	kill(beside, SIGTERM);
	expect_end(beside, "beside", SIGTERM);
	return 0;
}
