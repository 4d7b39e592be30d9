// SPDX-License-Identifier: GPL-2.0-only
/* The command line. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "util.h"

static const char usage[] =
"Usage: kvm-vmm [option]... -k KERNEL\n"
"\n"
"Run a 32-bit ARM guest on KVM, with this terminal as its console.\n"
"Ctrl-A x ends the guest, Ctrl-A r prints the registers of all vCPUs,\n"
"Ctrl-A s saves or moves it, Ctrl-A Ctrl-A sends Ctrl-A.\n"
"\n"
"  -c, --cpus N            number of vCPUs, 1 to 8, with a GICv3 64 (default 1)\n"
"  -m, --mem MIB           guest memory, 16 to 2048 MiB (default 256)\n"
"  -k, --kernel FILE       zImage or raw image\n"
"  -i, --initrd FILE       initial RAM disk\n"
"  -d, --disk FILE[,ro]    virtio block device, may be repeated\n"
"  -p, --params STRING     kernel command line\n"
"      --gic KIND          v2, v3, or v3-its (default v2, or v3 where there is none)\n"
"      --console KIND      serial (ttyS0, the default) or virtio (hvc0)\n"
"      --pmu               performance monitors for the guest, as the host's\n"
"      --psci-0.1              the guest's firmware as of 2013: no power-off, no\n"
"                              reset; such a guest cannot leave\n"
"      --reboot            start again when the guest resets, do not end\n"
"      --dump-dtb FILE     write the guest's device tree; the end without -k\n"
"      --hugetlbfs DIR     take guest memory from a mounted hugetlbfs\n"
"      --no-thp            no transparent huge pages for guest memory\n"
"      --no-irqfd          virtio interrupts by KVM_IRQ_LINE\n"
"      --no-ioeventfd      virtio doorbells by MMIO exits\n"
"      --save FILE         on SIGUSR2 or Ctrl-A s, save the guest and end\n"
"      --restore FILE      go on with a saved guest, in place of -k\n"
"      --migrate-to ADDR   on SIGUSR2 or Ctrl-A s, move the guest and end\n"
"      --incoming ADDR     wait for a guest and go on with it, in place of -k\n"
"  -h, --help              this text\n"
"\n"
"ADDR is unix:PATH or tcp:ADDRESS:PORT, of a network that is trusted. A guest\n"
"brings the number of its vCPUs, its memory, the kinds of its console and GIC, and\n"
"its PMU along; its disks have to be given again, the same and in the same order.\n"
"A saved guest goes with its disks as they were: it is restored once, unless they\n"
"are all read only or there are none. To go back, keep copies of FILE and disks.\n"
"Where it cannot leave, it goes on here. A disk that something else uses, QEMU or\n"
"another of these, is refused; with ,ro several may read it.\n"
"\n"
"Exit status: 0 after power-off, reset, Ctrl-A x, or when the guest has left,\n"
"1 after an error.\n";

static unsigned long number(const char *text, const char *what,
			    unsigned long min, unsigned long max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' ||
	    value < min || value > max)
		die("%s: '%s' is not a number from %lu to %lu", what, text,
		    min, max);
	return value;
}

static void set_cpus(struct options *opt, char *arg)
{
	opt->nr_vcpus = number(arg, "--cpus", 1, MAX_VCPUS);
}

static void set_mem(struct options *opt, char *arg)
{
	opt->ram_size = (uint64_t)number(arg, "--mem", RAM_MIN_SIZE / SZ_1M,
					 RAM_MAX_SIZE / SZ_1M) * SZ_1M;
}

static void set_kernel(struct options *opt, char *arg)
{
	opt->kernel = arg;
}

static void set_initrd(struct options *opt, char *arg)
{
	opt->initrd = arg;
}

static void add_disk(struct options *opt, char *arg)
{
	static const char suffix[] = ",ro";
	size_t len = strlen(arg);
	bool read_only;

	if (opt->nr_disks == MAX_DISKS)
		die("--disk: more than %u of them", MAX_DISKS);
	read_only = len > strlen(suffix) &&
		    !strcmp(arg + len - strlen(suffix), suffix);
	if (read_only)
		arg[len - strlen(suffix)] = '\0';
	opt->disk[opt->nr_disks].path = arg;
	opt->disk[opt->nr_disks++].read_only = read_only;
}

static void set_params(struct options *opt, char *arg)
{
	opt->cmdline = arg;
}

static void set_console(struct options *opt, char *arg)
{
	opt->virtio_console = !strcmp(arg, "virtio");
	if (!opt->virtio_console && strcmp(arg, "serial"))
		die("--console: '%s' is neither serial nor virtio", arg);
}

static void set_gic(struct options *opt, char *arg)
{
	static const char *const names[GIC_NR_KINDS] = {
		[GIC_V2]	= "v2",
		[GIC_V3]	= "v3",
		[GIC_V3_ITS]	= "v3-its",
	};
	enum gic_kind kind;

	for (kind = GIC_V2; kind < GIC_NR_KINDS; kind++)
		if (!strcmp(arg, names[kind]))
			break;
	if (kind == GIC_NR_KINDS)
		die("--gic: '%s' is none of v2, v3, v3-its", arg);
	opt->gic = kind;
}

static void set_pmu(struct options *opt, char *arg)
{
	(void)arg;
	opt->pmu = true;
}

static void set_psci_0_1(struct options *opt, char *arg)
{
	(void)arg;
	opt->psci_0_1 = true;
}

static void set_reboot(struct options *opt, char *arg)
{
	(void)arg;
	opt->reboot = true;
}

static void set_dump_dtb(struct options *opt, char *arg)
{
	opt->dump_dtb = arg;
}

static void set_hugetlbfs(struct options *opt, char *arg)
{
	opt->hugetlbfs = arg;
}

static void set_no_thp(struct options *opt, char *arg)
{
	(void)arg;
	opt->thp = false;
}

static void set_no_irqfd(struct options *opt, char *arg)
{
	(void)arg;
	opt->irqfd = false;
}

static void set_no_ioeventfd(struct options *opt, char *arg)
{
	(void)arg;
	opt->ioeventfd = false;
}

static void set_save(struct options *opt, char *arg)
{
	opt->save = arg;
}

static void set_restore(struct options *opt, char *arg)
{
	opt->restore = arg;
}

static void set_migrate_to(struct options *opt, char *arg)
{
	opt->migrate_to = arg;
}

static void set_incoming(struct options *opt, char *arg)
{
	opt->incoming = arg;
}

static void show_help(struct options *opt, char *arg)
{
	(void)opt;
	(void)arg;
	fputs(usage, stdout);
	exit(EXIT_SUCCESS);
}

static const struct {
	const char *name;
	char letter;
	int has_arg;
	void (*set)(struct options *opt, char *arg);
} option_table[] = {
	{ "cpus",	  'c', required_argument, set_cpus },
	{ "mem",	  'm', required_argument, set_mem },
	{ "kernel",	  'k', required_argument, set_kernel },
	{ "initrd",	  'i', required_argument, set_initrd },
	{ "disk",	  'd', required_argument, add_disk },
	{ "params",	  'p', required_argument, set_params },
	{ "gic",	  0,   required_argument, set_gic },
	{ "console",	  0,   required_argument, set_console },
	{ "pmu",	  0,   no_argument,	  set_pmu },
	{ "psci-0.1",	  0,   no_argument,	  set_psci_0_1 },
	{ "reboot",	  0,   no_argument,	  set_reboot },
	{ "dump-dtb",	  0,   required_argument, set_dump_dtb },
	{ "hugetlbfs",	  0,   required_argument, set_hugetlbfs },
	{ "no-thp",	  0,   no_argument,	  set_no_thp },
	{ "no-irqfd",	  0,   no_argument,	  set_no_irqfd },
	{ "no-ioeventfd", 0,   no_argument,	  set_no_ioeventfd },
	{ "save",	  0,   required_argument, set_save },
	{ "restore",	  0,   required_argument, set_restore },
	{ "migrate-to",	  0,   required_argument, set_migrate_to },
	{ "incoming",	  0,   required_argument, set_incoming },
	{ "help",	  'h', no_argument,	  show_help },
};

#define NR_OPTIONS	ARRAY_SIZE(option_table)
/* What getopt_long() returns for table entry 0: not a letter, not '?' */
#define FIRST_VALUE	0x100

/**
 * options_parse() - parse the command line or end the process
 * @opt: filled in, defaults included
 * @argc: of main()
 * @argv: of main(), modified
 */
void options_parse(struct options *opt, int argc, char **argv)
{
	struct option longs[NR_OPTIONS + 1] = { 0 };
	char shorts[2 * NR_OPTIONS + 1], *s = shorts;
	int value;
	unsigned int i;

	*opt = (struct options) {
		.nr_vcpus = 1,
		.ram_size = 256ULL * SZ_1M,
		.cmdline = "",
		.thp = true,
		.irqfd = true,
		.ioeventfd = true,
	};
	for (i = 0; i < NR_OPTIONS; i++) {
		longs[i].name = option_table[i].name;
		longs[i].has_arg = option_table[i].has_arg;
		longs[i].val = FIRST_VALUE + i;
		if (!option_table[i].letter)
			continue;
		*s++ = option_table[i].letter;
		if (option_table[i].has_arg == required_argument)
			*s++ = ':';
	}
	*s = '\0';

	while ((value = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		for (i = 0; i < NR_OPTIONS; i++)
			if (value == option_table[i].letter ||
			    value == (int)(FIRST_VALUE + i))
				break;
		if (i == NR_OPTIONS)
			die("try --help");
		option_table[i].set(opt, optarg);
	}
	if (optind != argc)
		die("'%s' is not an option: try --help", argv[optind]);
	if (opt->save && opt->migrate_to)
		die("--save or --migrate-to, not both");
	if (opt->restore && opt->incoming)
		die("--restore or --incoming, not both");
	if (opt->psci_0_1 && (opt->save || opt->migrate_to || opt->restore ||
			      opt->incoming))
		die("--psci-0.1: such a guest cannot leave");
	if ((opt->restore || opt->incoming) && opt->reboot && !opt->kernel)
		die("--reboot needs -k");
	if (!opt->kernel && !opt->dump_dtb && !opt->restore && !opt->incoming)
		die("no kernel image: try --help");
}
