// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fork server, as afl-fuzz sees it: each input that it asks for is run once, by
 * however many processes that takes, and by another one after one that aborted.
 */
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "afl.h"
#include "coverage.h"
#include "util.h"

#define COMMAND_FD	198
#define STATUS_FD	199
#define MAP_VARIABLE	"__AFL_SHM_ID"

/* More than any process runs */
#define INPUTS		2500
#define ABORTING	1700

/* What coverage_enable() gets here */
struct map {
	uint32_t input;
	uint32_t runs;
};

static struct map *map;

void coverage_enable(uint8_t *bytes)
{
	map = (struct map *)bytes;
}

static void start(void)
{
}

static void run(const uint8_t *data, size_t size)
{
	if (size != sizeof(map->input))
		abort();
	memcpy(&map->input, data, size);
	map->runs++;
	if (map->input == ABORTING)
		abort();
}

static void expect(bool condition, const char *what, uint32_t input)
{
	if (condition)
		return;
	printf("not ok - %s: input %u\n", what, input);
	exit(EXIT_FAILURE);
}

static uint32_t get_word(int fd, uint32_t input)
{
	uint32_t word;

	expect(read(fd, &word, sizeof(word)) == sizeof(word), "answered", input);

	return word;
}

static void put_word(int fd, uint32_t word)
{
	if (write(fd, &word, sizeof(word)) != sizeof(word))
		die("the fork server");
}

static void serve(int commands[2], int states[2], int file)
{
	if (dup2(file, STDIN_FILENO) < 0 || dup2(commands[0], COMMAND_FD) < 0 ||
	    dup2(states[1], STATUS_FD) < 0)
		die("dup2");
	close(commands[0]);
	close(commands[1]);
	close(states[0]);
	close(states[1]);
	afl_serve(start, run);
	exit(EXIT_SUCCESS);
}

static void ask(int commands, int states, int file, uint32_t input)
{
	int status;

	if (pwrite(file, &input, sizeof(input), 0) != sizeof(input))
		die("the input's file");
	map->input = 0;
	map->runs = 0;
	put_word(commands, 0);
	expect(get_word(states, input), "a process ran", input);
	status = get_word(states, input);
	expect(map->input == input && map->runs == 1, "it was run once", input);
	if (input == ABORTING)
		expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
		       "it aborted", input);
	else
		expect(!status || WIFSTOPPED(status), "it ended well", input);
}

int main(void)
{
	FILE *file = tmpfile();
	int commands[2], states[2];
	char number[16];
	uint32_t input;
	int id, status;
	pid_t server;

	id = shmget(IPC_PRIVATE, COVERAGE_SIZE, IPC_CREAT | 0600);
	if (!file || id < 0 || pipe(commands) || pipe(states))
		die("what afl-fuzz has");
	map = shmat(id, NULL, 0);
	snprintf(number, sizeof(number), "%d", id);
	setenv(MAP_VARIABLE, number, 1);
	fflush(stdout);
	server = fork();
	if (!server)
		serve(commands, states, fileno(file));
	/* It is gone with the last process that has it. */
	shmctl(id, IPC_RMID, NULL);
	close(commands[0]);
	close(states[1]);

	get_word(states[0], 0);
	for (input = 1; input <= INPUTS; input++)
		ask(commands[1], states[0], fileno(file), input);
	close(commands[1]);
	if (waitpid(server, &status, 0) != server)
		die("waitpid");
	expect(!status, "the fork server ended", INPUTS);
	printf("ok - %u inputs\n", INPUTS);

	return EXIT_SUCCESS;
}
