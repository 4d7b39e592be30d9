// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first process of a big-endian guest, with nolibc of the kernel's tree. On
 * each CPU it takes the sum of the first half of the disk and sleeps now and then,
 * and copies that half to the second. "cpus=N" on the command line says how many
 * CPUs there have to be.
 */
#define BLOCK		65536
#define MAX_BLOCKS	64
#define NAPS		20
#define NAP_MS		10

static unsigned char buffer[BLOCK];

static void check(int ok, const char *what)
{
	if (ok)
		return;
	printf("be: %s FAILED\n", what);
	exit(1);
}

static unsigned int cpus(void)
{
	unsigned long mask = 0;
	unsigned int n;

	check(my_syscall3(__NR_sched_getaffinity, 0, sizeof(mask), &mask) > 0,
	      "sched_getaffinity");
	for (n = 0; mask & 1; n++)
		mask >>= 1;
	return n;
}

static void run_on(unsigned int cpu)
{
	unsigned long mask = 1UL << cpu;

	check(!my_syscall3(__NR_sched_setaffinity, 0, sizeof(mask), &mask),
	      "sched_setaffinity");
}

static void move(int fd, unsigned int block, int write_it)
{
	ssize_t done;

	check(lseek(fd, block * BLOCK, SEEK_SET) >= 0, "lseek");
	done = write_it ? write(fd, buffer, BLOCK) : read(fd, buffer, BLOCK);
	check(done == BLOCK, write_it ? "write" : "read");
}

/* Fletcher's: it tells an order of bytes from another. */
static unsigned int sum(int fd, unsigned int blocks)
{
	unsigned int a = 1, b = 0, i, j;

	for (i = 0; i < blocks; i++) {
		move(fd, i, 0);
		for (j = 0; j < BLOCK; j++) {
			a += buffer[j];
			b += a;
		}
	}
	return a ^ b;
}

static unsigned int halves(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);

	check(size > 0 && size / BLOCK / 2 <= MAX_BLOCKS, "size of the disk");
	return size / BLOCK / 2;
}

/* As a process of its own: what it finds is what it says, and its status. */
static int on_cpu(unsigned int cpu, unsigned int expected)
{
	int fd = open("/dev/vda", O_RDONLY), i;

	check(fd >= 0, "open");
	run_on(cpu);
	for (i = 0; i < NAPS; i++)
		msleep(NAP_MS);
	check(sum(fd, halves(fd)) == expected, "sum");
	return 0;
}

static void work(unsigned int wanted)
{
	unsigned int expected, cpu, i, n = cpus();
	int fd = open("/dev/vda", O_RDWR), status;

	printf("be: %u CPUs\n", n);
	check(n == wanted, "number of CPUs");
	check(fd >= 0, "open");
	expected = sum(fd, halves(fd));
	for (cpu = 0; cpu < n; cpu++)
		if (!fork())
			exit(on_cpu(cpu, expected));
	for (cpu = 0; cpu < n; cpu++)
		check(wait(&status) > 0 && !status, "child");
	for (i = 0; i < halves(fd); i++) {
		move(fd, i, 0);
		move(fd, halves(fd) + i, 1);
	}
	check(!my_syscall1(__NR_fsync, fd), "fsync");
}

static int is_big_endian(void)
{
	const union {
		unsigned int word;
		unsigned char byte[4];
	} one = { 1 };

	return one.byte[3];
}

int main(void)
{
	const char *wanted = getenv("cpus");
	int pid, status;

	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	pid = fork();
	if (!pid) {
		check(is_big_endian(), "order of bytes");
		work(wanted ? atoi(wanted) : 1);
		exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		status = -1;
	printf("guest: status %d\n", status);
	reboot(LINUX_REBOOT_CMD_POWER_OFF);
	return 0;
}
