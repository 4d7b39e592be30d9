// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * QEMU plugin: the instructions that the emulated machine executes from the
 * guest's call of an operation to its return, and the accesses to the GIC's
 * virtual interface control registers among them.
 *
 * Arguments:
 *
 *   out=FILE
 *   gich=ADDRESS:SIZE		physical
 *   skip=NUMBER		of times that an operation is not followed first
 *   return=ADDRESS:SIZE	code that calls the operations
 *   NAME=ADDRESS		where an operation begins, for each of them
 *
 * Writes, for each sample of an operation, "sample NAME READS WRITES", which
 * are those of GICH, and then "ADDRESS OPCODE TIMES" for each instruction.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu-plugin.h"

EXPORT int qemu_plugin_version = PLUGIN_VERSION;

#define MAX_OPERATIONS	32
#define HASH_SIZE	0x10000

#define SAMPLES		5

struct range {
	uint64_t begin;
	uint64_t size;
};

struct operation {
	char name[64];
	uint64_t begin;
	unsigned int runs;
};

struct insn {
	struct insn *next;
	uint64_t address;
	uint32_t opcode;
	struct operation *begins;
	unsigned int sample;
	unsigned int times;
};

static struct insn *insns[HASH_SIZE];
static struct operation operations[MAX_OPERATIONS];
static unsigned int nr_operations;
static unsigned int skip;
static struct range gich, caller;
static FILE *out;

static struct operation *current;
static unsigned int sample;
static unsigned int gich_accesses[2];

static bool in_range(const struct range *r, uint64_t address)
{
	return address - r->begin < r->size;
}

static struct operation *find_operation(uint64_t address)
{
	unsigned int i;

	for (i = 0; i < nr_operations; i++)
		if (operations[i].begin == address)
			return &operations[i];
	return NULL;
}

static struct insn *find_insn(uint64_t address, uint32_t opcode)
{
	struct insn **head = &insns[address / 2 % HASH_SIZE];
	struct insn *insn;

	for (insn = *head; insn; insn = insn->next)
		if (insn->address == address && insn->opcode == opcode)
			return insn;

	insn = calloc(1, sizeof(*insn));
	if (!insn)
		abort();
	insn->next = *head;
	insn->address = address;
	insn->opcode = opcode;
	insn->begins = find_operation(address);
	*head = insn;
	return insn;
}

static void begin_sample(struct operation *op)
{
	op->runs++;
	if (op->runs <= skip || op->runs > skip + SAMPLES)
		return;
	current = op;
	sample++;
	memset(gich_accesses, 0, sizeof(gich_accesses));
}

static void end_sample(void)
{
	struct insn *insn;
	size_t i;

	fprintf(out, "sample %s %u %u\n", current->name, gich_accesses[0],
		gich_accesses[1]);
	for (i = 0; i < HASH_SIZE; i++)
		for (insn = insns[i]; insn; insn = insn->next)
			if (insn->sample == sample)
				fprintf(out, "%" PRIx64 " %" PRIx32 " %u\n",
					insn->address, insn->opcode,
					insn->times);
	fflush(out);
	current = NULL;
}

static void on_exec(unsigned int cpu, void *data)
{
	struct insn *insn = data;

	if (!current) {
		if (!insn->begins)
			return;
		begin_sample(insn->begins);
		if (!current)
			return;
	} else if (in_range(&caller, insn->address)) {
		end_sample();
		return;
	}

	if (insn->sample != sample) {
		insn->sample = sample;
		insn->times = 0;
	}
	insn->times++;
}

static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info,
		      uint64_t vaddr, void *data)
{
	struct qemu_plugin_hwaddr *addr;

	if (!current)
		return;
	addr = qemu_plugin_get_hwaddr(info, vaddr);
	if (addr && in_range(&gich, qemu_plugin_hwaddr_phys_addr(addr)))
		gich_accesses[qemu_plugin_mem_is_store(info)]++;
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);
	size_t i;

	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint32_t opcode = 0;

		plugin_read_insn(insn, &opcode, qemu_plugin_insn_size(insn));
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_exec, CB_NO_REGS,
						       find_insn(qemu_plugin_insn_vaddr(insn),
								 opcode));
		qemu_plugin_register_vcpu_mem_cb(insn, on_access, CB_NO_REGS,
						 MEM_RW, NULL);
	}
}

static int use_argument(const char *name, const char *value)
{
	if (!strcmp(name, "out")) {
		out = fopen(value, "w");
		return out ? 0 : -1;
	}
	if (!strcmp(name, "gich"))
		return sscanf(value, "%" SCNi64 ":%" SCNi64, &gich.begin,
			      &gich.size) == 2 ? 0 : -1;
	if (!strcmp(name, "skip"))
		return sscanf(value, "%u", &skip) == 1 ? 0 : -1;
	if (!strcmp(name, "return"))
		return sscanf(value, "%" SCNi64 ":%" SCNi64, &caller.begin,
			      &caller.size) == 2 ? 0 : -1;
	if (nr_operations == MAX_OPERATIONS)
		return -1;
	snprintf(operations[nr_operations].name,
		 sizeof(operations[nr_operations].name), "%s", name);
	operations[nr_operations++].begin = strtoull(value, NULL, 0);
	return 0;
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
			       const struct qemu_info_t *info, int argc,
			       char **argv)
{
	int i;

	for (i = 0; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (!value)
			return -1;
		*value++ = '\0';
		if (use_argument(argv[i], value))
			return -1;
	}
	if (!out)
		return -1;

	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	return 0;
}
