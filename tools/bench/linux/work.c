// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first process of a Linux whose work is followed: on the machine itself and
 * as a guest, with the same kernel and the same initramfs.
 *
 * Each function work_NAME() is followed by QEMU's plugin from its call to its
 * return to run(), and says how many units of work that is. The arguments name
 * what is wanted, in that order.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_DISK	"/dev/vda"
#define DISK_BYTES	(16 << 20)
#define SMALL_PIECE	4096
#define LARGE_PIECE	(128 << 10)

#define DEFAULT_DEVICE	"eth0"
#define NET_PORT	2000
#define NET_MIB		64

#define SUMS		200
#define SYSCALLS	20000
#define PASSES		2000
#define MAPPED_PAGES	2048
#define REPEATS		5
#define IDLE_SECONDS	60
#define SETTLE_SECONDS	60

struct work {
	const char *name;
	/* Returns the number of units, 0 where they do not count */
	unsigned long (*run)(void);
};

static uint8_t *buffer;

/* Followed by its address, so that it has to have one */
#define FOLLOWED	__attribute__((noipa))

FOLLOWED unsigned long work_compute(void)
{
	uint32_t a = 1, b = 0;
	unsigned int i, j;

	for (i = 0; i < SUMS; i++) {
		for (j = 0; j < LARGE_PIECE; j++) {
			a += buffer[j];
			b += a;
		}
	}
	/* The compiler may not take it for superfluous. */
	asm volatile("" : : "r" (a ^ b));
	return SUMS;
}

FOLLOWED unsigned long work_syscall(void)
{
	unsigned int i;

	for (i = 0; i < SYSCALLS; i++)
		syscall(SYS_getppid);
	return SYSCALLS;
}

static void pass_on(int from, int to)
{
	char byte;

	if (read(from, &byte, 1) != 1 || write(to, &byte, 1) != 1)
		_exit(EXIT_FAILURE);
}

/* From one process to another and back */
FOLLOWED unsigned long work_pipe(void)
{
	int there[2], back[2], status;
	unsigned int i;
	pid_t pid;

	if (pipe(there) || pipe(back))
		err(EXIT_FAILURE, "pipe");
	pid = fork();
	if (pid < 0)
		err(EXIT_FAILURE, "fork");
	if (!pid) {
		for (i = 0; i < PASSES; i++)
			pass_on(there[0], back[1]);
		_exit(EXIT_SUCCESS);
	}
	if (write(there[1], "", 1) != 1)
		err(EXIT_FAILURE, "write");
	for (i = 1; i < PASSES; i++)
		pass_on(back[0], there[1]);
	if (waitpid(pid, &status, 0) != pid || status)
		errx(EXIT_FAILURE, "the other ended with status %x", status);
	return PASSES;
}

/* Memory that the process has not had before, and the guest may not have, either */
FOLLOWED unsigned long work_touch(void)
{
	char *pages = mmap(NULL, MAPPED_PAGES * SMALL_PIECE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned int i;

	if (pages == MAP_FAILED)
		err(EXIT_FAILURE, "mmap");
	for (i = 0; i < MAPPED_PAGES; i++)
		pages[i * SMALL_PIECE] = 1;
	if (munmap(pages, MAPPED_PAGES * SMALL_PIECE))
		err(EXIT_FAILURE, "munmap");
	return MAPPED_PAGES;
}

/* This file, by tcc */
static char *const compiler[] = {
	"/usr/bin/tcc", "-D_GNU_SOURCE", "-c", "-o", "/work.o", "/work.c", NULL
};

/* Creates tables in memory, fills them, asks for what there is and changes it */
static char *const database[] = {
	"/usr/bin/sqlite3", "-batch", "-bail", "-init", "/dev/null", ":memory:",
	".read /database.sql", NULL
};

/* Makes 40 processes, 20 of which write to each of the others, by sockets */
static char *const messages[] = {
	"/usr/bin/perf", "bench", "sched", "messaging", "-g", "1", "-l", "20", NULL
};

/*
 * Another program, which is not where run() is. Where it is instead is not left to
 * chance: what it takes to copy an address space varies with that.
 */
static void execute(char *const program[])
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(EXIT_FAILURE, "fork");
	if (!pid) {
		if (dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO) < 0)
			_exit(EXIT_FAILURE);
		personality(ADDR_NO_RANDOMIZE);
		execv(program[0], program);
		_exit(EXIT_FAILURE);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		errx(EXIT_FAILURE, "%s ended with status %x", program[0], status);
}

static unsigned long repeat(char *const program[])
{
	unsigned int i;

	for (i = 0; i < REPEATS; i++)
		execute(program);
	return REPEATS;
}

FOLLOWED unsigned long work_compile(void)
{
	return repeat(compiler);
}

FOLLOWED unsigned long work_database(void)
{
	return repeat(database);
}

FOLLOWED unsigned long work_messages(void)
{
	return repeat(messages);
}

/* At first they take memory that is new to the guest: that is work_touch(). */
static unsigned long try_programs(void)
{
	repeat(compiler);
	repeat(database);
	repeat(messages);
	return 0;
}

static unsigned long transfer(bool is_write, size_t piece)
{
	const char *name = getenv("disk") ? : DEFAULT_DISK;
	int disk = open(name, O_RDWR | O_DIRECT);
	off_t at;

	if (disk < 0)
		err(EXIT_FAILURE, "%s", name);
	for (at = 0; at < DISK_BYTES; at += piece) {
		ssize_t done = is_write ? pwrite(disk, buffer, piece, at) :
					  pread(disk, buffer, piece, at);

		if (done != (ssize_t)piece)
			err(EXIT_FAILURE, "%s", name);
	}
	close(disk);
	return DISK_BYTES / piece;
}

FOLLOWED unsigned long work_read_small(void)
{
	return transfer(false, SMALL_PIECE);
}

FOLLOWED unsigned long work_read_large(void)
{
	return transfer(false, LARGE_PIECE);
}

FOLLOWED unsigned long work_write_small(void)
{
	return transfer(true, SMALL_PIECE);
}

FOLLOWED unsigned long work_write_large(void)
{
	return transfer(true, LARGE_PIECE);
}

static struct sockaddr_in address_of(const char *address)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_port = htons(NET_PORT),
	};

	if (!address || !inet_pton(AF_INET, address, &in.sin_addr))
		errx(EXIT_FAILURE, "no address");
	return in;
}

static void send_all(int connection)
{
	unsigned int i;

	for (i = 0; i < (NET_MIB << 20) / LARGE_PIECE; i++)
		if (send(connection, buffer, LARGE_PIECE, 0) != LARGE_PIECE)
			err(EXIT_FAILURE, "send");
}

static void receive_all(int connection)
{
	size_t left = NET_MIB << 20;
	ssize_t got;

	for (; left; left -= got) {
		got = recv(connection, buffer, LARGE_PIECE, MSG_WAITALL);
		if (got <= 0)
			err(EXIT_FAILURE, "recv");
	}
}

static int connect_to_peer(void)
{
	struct sockaddr_in to = address_of(getenv("peer"));
	int connection = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(connection, (struct sockaddr *)&to, sizeof(to)))
		err(EXIT_FAILURE, "peer");
	return connection;
}

/*
 * The first word says which way it goes, the last byte that all has come. It is a
 * word because Linux puts what follows behind it, and copies what is not aligned
 * by a loop that is four times as long.
 */
static int begin_transfer(uint32_t is_send)
{
	int connection = connect_to_peer();

	if (send(connection, &is_send, sizeof(is_send), 0) != sizeof(is_send))
		err(EXIT_FAILURE, "send");
	return connection;
}

FOLLOWED unsigned long work_net_send(void)
{
	int connection = begin_transfer(true);

	send_all(connection);
	if (recv(connection, buffer, 1, 0) != 1)
		err(EXIT_FAILURE, "recv");
	close(connection);
	return NET_MIB;
}

FOLLOWED unsigned long work_net_receive(void)
{
	int connection = begin_transfer(false);

	receive_all(connection);
	close(connection);
	return NET_MIB;
}

/* Whom the two above talk to; not followed, and does not end */
static unsigned long be_peer(void)
{
	struct sockaddr_in any = address_of("0.0.0.0");
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	uint32_t is_send;
	int connection;

	if (bind(listener, (struct sockaddr *)&any, sizeof(any)) ||
	    listen(listener, 1))
		err(EXIT_FAILURE, "listen");
	puts("listening");
	fflush(stdout);
	for (;;) {
		connection = accept(listener, NULL, NULL);
		if (recv(connection, &is_send, sizeof(is_send), MSG_WAITALL) !=
		    sizeof(is_send)) {
			/* It was to connect alone. */
		} else if (is_send) {
			receive_all(connection);
			send(connection, "", 1, 0);
		} else {
			send_all(connection);
		}
		close(connection);
	}
	return 0;
}

/*
 * Gives the network device its address. The first connection takes what there is
 * to do once: Linux fills a table of 256 KiB with random numbers.
 */
static unsigned long use_net(void)
{
	struct sockaddr_in address = address_of(getenv("address"));
	const char *device = getenv("device") ? : DEFAULT_DEVICE;
	int control = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq request = { };

	snprintf(request.ifr_name, IFNAMSIZ, "%s", device);
	memcpy(&request.ifr_addr, &address, sizeof(address));
	if (ioctl(control, SIOCSIFADDR, &request))
		err(EXIT_FAILURE, "%s", device);
	request.ifr_flags = IFF_UP;
	if (ioctl(control, SIOCSIFFLAGS, &request))
		err(EXIT_FAILURE, "%s", device);
	close(control);
	close(connect_to_peer());
	return 0;
}

static void sleep_for(time_t seconds)
{
	const struct timespec time = { .tv_sec = seconds };

	if (nanosleep(&time, NULL))
		err(EXIT_FAILURE, "nanosleep");
}

FOLLOWED unsigned long work_idle(void)
{
	sleep_for(IDLE_SECONDS);
	return IDLE_SECONDS;
}

/* Until what a boot has left to do is done; not followed */
static unsigned long settle(void)
{
	sleep_for(SETTLE_SECONDS);
	return 0;
}

static unsigned long rest(void)
{
	puts("resting");
	fflush(stdout);
	pause();
	return 0;
}

static const struct work works[] = {
	{ "compute", work_compute },
	{ "syscall", work_syscall },
	{ "pipe", work_pipe },
	{ "touch", work_touch },
	{ "try-programs", try_programs },
	{ "compile", work_compile },
	{ "database", work_database },
	{ "messages", work_messages },
	{ "read-small", work_read_small },
	{ "read-large", work_read_large },
	{ "write-small", work_write_small },
	{ "write-large", work_write_large },
	{ "net-send", work_net_send },
	{ "net-receive", work_net_receive },
	{ "use-net", use_net },
	{ "be-peer", be_peer },
	{ "idle", work_idle },
	{ "settle", settle },
	{ "rest", rest },
	{ }
};

FOLLOWED void run(const char *name)
{
	const struct work *work;
	unsigned long units;

	for (work = works; work->run; work++)
		if (!strcmp(work->name, name))
			break;
	if (!work->run)
		errx(EXIT_FAILURE, "no work is called %s", name);
	units = work->run();
	if (units)
		printf("work %s %lu\n", name, units);
}

int main(int argc, char **argv)
{
	/* Nothing of it is written while work is followed. */
	setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
	if (getpid() == 1 && mount("dev", "/dev", "devtmpfs", 0, NULL))
		err(EXIT_FAILURE, "/dev");
	buffer = aligned_alloc(SMALL_PIECE, LARGE_PIECE);
	if (!buffer)
		err(EXIT_FAILURE, "no memory");
	memset(buffer, 1, LARGE_PIECE);
	while (*++argv)
		run(*argv);
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	if (getpid() == 1)
		reboot(RB_POWER_OFF);
	return EXIT_SUCCESS;
}
