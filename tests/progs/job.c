// SPDX-License-Identifier: GPL-2.0-only
/*
 * job foreground|background COMMAND...: run it with a terminal of its own as
 * standard input, as the job that the terminal is for, or as another. The status is
 * that of the command; when it is stopped by a signal, 128 and the signal.
 */
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STOPPED		128

static int run(char **command, bool background)
{
	pid_t job = fork();
	int status;

	if (job < 0)
		err(1, "fork");
	if (!job) {
		if (background && setpgid(0, 0))
			err(1, "setpgid");
		execvp(command[0], command);
		err(1, "%s", command[0]);
	}
	if (waitpid(job, &status, WUNTRACED) != job)
		err(1, "waitpid");
	if (!WIFSTOPPED(status))
		return WIFEXITED(status) ? WEXITSTATUS(status) :
					   STOPPED + WTERMSIG(status);
	kill(job, SIGKILL);
	return STOPPED + WSTOPSIG(status);
}

int main(int argc, char **argv)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	int terminal;

	if (argc < 3)
		errx(2, "usage: job foreground|background COMMAND...");
	if (master < 0 || grantpt(master) || unlockpt(master))
		err(1, "terminal");
	/* A process that leads a group cannot begin a session. */
	if (fork()) {
		int status;

		wait(&status);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	}
	if (setsid() < 0)
		err(1, "setsid");
	terminal = open(ptsname(master), O_RDWR);
	if (terminal < 0 || dup2(terminal, STDIN_FILENO) < 0)
		err(1, "terminal");
	close(terminal);
	return run(argv + 2, !strcmp(argv[1], "background"));
}
