// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fork server: a process that afl-fuzz tells, by a pipe, to run what it has put
 * into the file that is our standard input, and that answers with the number and
 * the status of the process which has.  That one stops after each input and goes
 * on with the next, until it has run so many that another takes its place.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "afl.h"
#include "coverage.h"
#include "util.h"

#define COMMAND_FD	198
#define STATUS_FD	199
#define MAP_VARIABLE	"__AFL_SHM_ID"

#define INPUTS_PER_PROCESS	1000

static bool get_word(uint32_t *word)
{
	return read(COMMAND_FD, word, sizeof(*word)) == sizeof(*word);
}

static void put_word(uint32_t word)
{
	if (write(STATUS_FD, &word, sizeof(word)) != sizeof(word))
		die("afl-fuzz");
}

static void attach_map(void)
{
	const char *id = getenv(MAP_VARIABLE);
	uint8_t *map;

	if (!id) {
		fprintf(stderr, "%s is not set: this is for afl-fuzz\n",
			MAP_VARIABLE);
		exit(EXIT_FAILURE);
	}
	map = shmat(atoi(id), NULL, 0);
	if (map == (void *)-1)
		die(MAP_VARIABLE);
	coverage_enable(map);
}

static void run_inputs(void (*start)(void),
		       void (*run)(const uint8_t *data, size_t size))
{
	static uint8_t data[AFL_MAX_INPUT];
	unsigned int i;
	ssize_t size;

	close(COMMAND_FD);
	close(STATUS_FD);
	start();
	for (i = 0; i < INPUTS_PER_PROCESS; i++) {
		/* Each time that it goes on there is an input to run. */
		if (i)
			raise(SIGSTOP);
		size = pread(STDIN_FILENO, data, sizeof(data), 0);
		run(data, size < 0 ? 0 : size);
	}
	_exit(EXIT_SUCCESS);
}

void afl_serve(void (*start)(void),
	       void (*run)(const uint8_t *data, size_t size))
{
	uint32_t was_killed;
	pid_t child = 0;
	int status;

	attach_map();
	put_word(0);
	while (get_word(&was_killed)) {
		/* It may have stopped just before. */
		if (child && was_killed) {
			waitpid(child, &status, 0);
			child = 0;
		}
		if (child) {
			kill(child, SIGCONT);
		} else {
			child = fork();
			if (child < 0)
				die("fork");
			if (!child)
				run_inputs(start, run);
		}
		put_word(child);
		if (waitpid(child, &status, WUNTRACED) != child)
			die("waitpid");
		if (!WIFSTOPPED(status))
			child = 0;
		put_word(status);
	}
}
