// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * QEMU plugin: what the emulated machine executes, for the rules of the
 * architecture. It watches and changes nothing.
 *
 *   -plugin arch-check.so,out=FILE[,walks=incoherent]
 *
 * In HYP mode every instruction and access is followed, elsewhere what
 * decode.h has a class for. The mode is known when an instruction is
 * translated: the emulator has another translation for each.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch-check.h"
#include "cache.h"
#include "qemu-plugin.h"

EXPORT int qemu_plugin_version = PLUGIN_VERSION;

#define HASH_SIZE	0x10000

/* Where Linux has its vectors (SCTLR.V) */
#define HIGH_VECTORS	0xffff0000
#define VECTORS_SIZE	0x20
#define STUBS_SIZE	0x2000

static const struct module *const modules[] = {
	&entry_module, &regime_module, &exit_module, &reset_module,
	&context_module, &complete_module, &tlb_module, &cache_module,
	&gic_module, &debug_module, &ras_module, &mismatch_module,
};

/* call(HOOK, ARGUMENT...) of each module that has it */
#define call(hook, ...)							\
	do {								\
		for (size_t i_ = 0; i_ < ARRAY_SIZE(modules); i_++)	\
			if (modules[i_]->hook)				\
				modules[i_]->hook(__VA_ARGS__);		\
	} while (0)

#define STATE_NAME(id, name)	[STATE_##id] = name,

static const char *const state_names[NR_STATES] = {
	"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10",
	"r11", "r12", "sp", "lr",
	STATE(STATE_NAME)
};

struct known_insn {
	struct insn insn;
	struct known_insn *next;
};

static struct qemu_plugin_register *states[NR_STATES];
static struct known_insn *known[HASH_SIZE];
static struct cpu cpus[MAX_CPUS];
/* By page, enum watch */
static uint8_t watched[NR_PAGES];
static bool watching_all;
/* Where the emulator would have the physical address 0 */
static uintptr_t ram_at;
bool walks_coherent = true;
static GByteArray *buffer;
/* The emulator has a thread for each CPU */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void die(const char *what, const char *name)
{
	fprintf(stderr, "arch-check: %s: %s\n", name, what);
	exit(EXIT_FAILURE);
}

bool has_vfp(void)
{
	return states[STATE_FPEXC];
}

uint64_t read_state(enum state state)
{
	uint64_t value = 0;

	if (!states[state])
		return 0;
	g_byte_array_set_size(buffer, 0);
	if (qemu_plugin_read_register(states[state], buffer) <= 0 ||
	    buffer->len > sizeof(value))
		die("this emulator does not show it", state_names[state]);
	memcpy(&value, buffer->data, buffer->len);
	return value;
}

uint64_t value_written(const struct insn *insn)
{
	uint64_t value = read_state(STATE_R0 + insn->rt);

	if (insn->class == INSN_CP_WRITE && insn->rt2)
		value |= read_state(STATE_R0 + insn->rt2) << 32;
	return value;
}

uint32_t return_address(void)
{
	return read_state(STATE_R14);
}

bool read_code(uint32_t address, void *to, unsigned int size)
{
	g_byte_array_set_size(buffer, 0);
	if (!qemu_plugin_read_memory_vaddr(address, buffer, size))
		return false;
	memcpy(to, buffer->data, size);
	return true;
}

/* ---- what is executed ---- */

static void remember(struct cpu *cpu, const struct insn *insn)
{
	struct step *step = &cpu->history[cpu->steps++ % HISTORY];

	step->insn = insn;
	step->world = cpu->world;
	step->value = 0;
	if (insn->class == INSN_CP_WRITE || insn->class == INSN_MSR_SPSR ||
	    insn->class == INSN_MSR_ELR_HYP || insn->class == INSN_VMSR_FPEXC)
		step->value = value_written(insn);
}

/* Of no use in a report */
static bool is_noise(const struct insn *insn)
{
	return insn->class == INSN_OTHER || insn->class == INSN_LDREX ||
		insn->class == INSN_STREX || insn->class == INSN_DMB ||
		insn->class == INSN_SVC || insn->class == INSN_RETURN ||
		(insn->class == INSN_VFP && !insn->hyp);
}

/* Not by a vector means from reset */
static void enter_hyp(struct cpu *cpu, const struct insn *insn, bool vector)
{
	cpu->from = vector ? cpu->world : WORLD_RESET;
	cpu->world = WORLD_HYP;
	cpu->spsr_written = false;
	cpu->elr_written = false;
	remember(cpu, insn);
	if (!vector)
		call(reset, cpu);
	call(enter_hyp, cpu, insn);
}

static void take_hyp_exception(struct cpu *cpu, const struct insn *insn)
{
	cpu->spsr = PSR_MODE_HYP;
	cpu->spsr_written = true;
	cpu->elr_written = false;
	call(hyp_exception, cpu, insn);
}

static void follow_hyp(struct cpu *cpu, const struct insn *insn)
{
	bool vector = insn->pc - (uint32_t)read_state(STATE_HVBAR) <
		VECTORS_SIZE;

	if (cpu->world != WORLD_HYP)
		enter_hyp(cpu, insn, vector);
	else if (vector && insn->pc != cpu->last_pc + insn->size)
		take_hyp_exception(cpu, insn);
	cpu->last_pc = insn->pc;
}

static void note_return(struct cpu *cpu, const struct insn *insn)
{
	/* The mask has the mode in its lowest bit (B9.3.12) */
	if (insn->class == INSN_MSR_SPSR && insn->option & 1) {
		cpu->spsr = value_written(insn);
		cpu->spsr_written = true;
	} else if (insn->class == INSN_MSR_ELR_HYP) {
		cpu->elr = value_written(insn);
		cpu->elr_written = true;
	}
}

bool is_mode_below_hyp(uint32_t psr)
{
	switch (psr & PSR_MODE_MASK) {
	case PSR_MODE_USR:
	case PSR_MODE_FIQ:
	case PSR_MODE_IRQ:
	case PSR_MODE_SVC:
	case PSR_MODE_ABT:
	case PSR_MODE_UND:
	case PSR_MODE_SYS:
		return true;
	}
	return false;
}

static void leave_hyp(struct cpu *cpu, const struct insn *insn)
{
	enum world to = WORLD_HYP;

	if (!cpu->spsr_written || is_mode_below_hyp(cpu->spsr))
		to = read_state(STATE_HCR) & HCR_VM ? WORLD_GUEST : WORLD_HOST;
	call(leave_hyp, cpu, insn, to);
	if (to == WORLD_HYP)
		return;
	cpu->world = to;
	cpu->guest_ran = to == WORLD_GUEST;
}

static void execute(struct cpu *cpu, const struct insn *insn)
{
	if (insn->hyp)
		follow_hyp(cpu, insn);
	else if (cpu->world == WORLD_HYP || cpu->world == WORLD_RESET)
		cpu->world = WORLD_HOST;

	if (insn->cond != COND_AL &&
	    !condition_holds(insn->cond, read_state(STATE_CPSR)))
		return;
	if (!is_noise(insn) && cpu->world != WORLD_GUEST)
		remember(cpu, insn);
	if (insn->hyp)
		note_return(cpu, insn);
	call(insn, cpu, insn);
	if (insn->hyp && insn->class == INSN_ERET)
		leave_hyp(cpu, insn);
}

static void on_exec(unsigned int index, void *data)
{
	pthread_mutex_lock(&lock);
	execute(&cpus[index], data);
	pthread_mutex_unlock(&lock);
}

static uint64_t low_half(qemu_plugin_mem_value value)
{
	switch (value.type) {
	case MEM_VALUE_U8:
		return value.data.u8;
	case MEM_VALUE_U16:
		return value.data.u16;
	case MEM_VALUE_U32:
		return value.data.u32;
	case MEM_VALUE_U64:
		return value.data.u64;
	case MEM_VALUE_U128:
		return value.data.u128.low;
	}
	return 0;
}

void watch_page(uint64_t physical, enum watch why, bool on)
{
	uint64_t page = physical >> PAGE_SHIFT;

	if (page >= ARRAY_SIZE(watched))
		return;
	watched[page] = on ? watched[page] | why : watched[page] & ~why;
}

void watch_all_stores(bool on)
{
	watching_all = on;
}

static bool is_watched(const struct qemu_plugin_hwaddr *addr)
{
	uint64_t page = addr ? qemu_plugin_hwaddr_phys_addr(addr) >> PAGE_SHIFT :
		ARRAY_SIZE(watched);

	return page < ARRAY_SIZE(watched) && (watched[page] || watching_all);
}

static struct access describe(qemu_plugin_meminfo_t info, uint64_t vaddr,
			      const struct qemu_plugin_hwaddr *addr)
{
	return (struct access){
		.address = vaddr,
		.physical = addr ? qemu_plugin_hwaddr_phys_addr(addr) : 0,
		.size = 1u << qemu_plugin_mem_size_shift(info),
		.store = qemu_plugin_mem_is_store(info),
		.io = addr && qemu_plugin_hwaddr_is_io(addr),
		.value = low_half(qemu_plugin_mem_get_value(info)),
	};
}

static bool is_ram(const struct qemu_plugin_hwaddr *addr)
{
	return addr && !qemu_plugin_hwaddr_is_io(addr);
}

static void on_access(unsigned int index, qemu_plugin_meminfo_t info,
		      uint64_t vaddr, void *data)
{
	struct qemu_plugin_hwaddr *addr = qemu_plugin_get_hwaddr(info, vaddr);
	struct access access = describe(info, vaddr, addr);

	pthread_mutex_lock(&lock);
	call(access, &cpus[index], data, &access);
	if (access.store && is_ram(addr) &&
	    (is_watched(addr) ||
	     cache_store_is_news(index, WORLD_HYP, access.physical)))
		call(store, &cpus[index], data, &access);
	pthread_mutex_unlock(&lock);
}

/* ---- what is translated ---- */

static struct insn *find_insn(const struct insn *insn)
{
	struct known_insn **head = &known[insn->pc / 2 % HASH_SIZE];
	struct known_insn *k;

	for (k = *head; k; k = k->next)
		if (k->insn.pc == insn->pc && k->insn.opcode == insn->opcode &&
		    k->insn.cond == insn->cond && k->insn.hyp == insn->hyp &&
		    k->insn.thumb == insn->thumb)
			return &k->insn;

	k = calloc(1, sizeof(*k));
	if (!k)
		abort();
	k->insn = *insn;
	k->next = *head;
	*head = k;
	return &k->insn;
}

/*
 * Of another's stores nothing is kept but what a pointer has room for: there
 * are many, and few are to a page that is watched.
 */
#define STORE_THUMB	1u

static void *pack_store(const struct insn *insn)
{
	uint32_t pc = insn->pc | (insn->thumb ? STORE_THUMB : 0);

	return (void *)(uintptr_t)((uint64_t)pc << 32 | insn->opcode);
}

static const struct insn *unpack_store(void *data)
{
	uint64_t packed = (uintptr_t)data;
	uint32_t pc = packed >> 32;
	struct insn *insn = find_insn(&(struct insn){
		.pc = pc & ~STORE_THUMB,
		.opcode = packed,
		.thumb = pc & STORE_THUMB,
		.cond = COND_AL,
	});

	if (!insn->text)
		insn->text = g_strdup_printf("store (%#x)", insn->opcode);
	return insn;
}

static void on_store(unsigned int index, qemu_plugin_meminfo_t info,
		     uint64_t vaddr, void *data)
{
	struct qemu_plugin_hwaddr *addr = qemu_plugin_get_hwaddr(info, vaddr);
	struct access access;

	if (!is_ram(addr) ||
	    !(is_watched(addr) ||
	      cache_store_is_news(index, cpus[index].world,
				  qemu_plugin_hwaddr_phys_addr(addr))))
		return;
	access = describe(info, vaddr, addr);
	pthread_mutex_lock(&lock);
	call(store, &cpus[index], unpack_store(data), &access);
	pthread_mutex_unlock(&lock);
}

static void on_load(unsigned int index, qemu_plugin_meminfo_t info,
		    uint64_t vaddr, void *data)
{
	struct qemu_plugin_hwaddr *addr;
	uint64_t physical;

	if (cpus[index].world != WORLD_GUEST || !cache_load_may_be_news(index))
		return;
	addr = qemu_plugin_get_hwaddr(info, vaddr);
	if (!is_ram(addr))
		return;
	physical = qemu_plugin_hwaddr_phys_addr(addr);
	if (!cache_load_is_news(index, physical))
		return;
	pthread_mutex_lock(&lock);
	call(load, &cpus[index], (uintptr_t)data, physical);
	pthread_mutex_unlock(&lock);
}

/* A line, by virtual and physical address */
static void on_fetch(unsigned int index, void *data)
{
	uint64_t packed = (uintptr_t)data;
	uint32_t physical = packed;

	if (cpus[index].world != WORLD_GUEST ||
	    !cache_fetch_is_news(index, physical))
		return;
	pthread_mutex_lock(&lock);
	call(fetch, &cpus[index], packed >> 32, physical);
	pthread_mutex_unlock(&lock);
}

static uint32_t read_opcode(const struct qemu_plugin_insn *insn, size_t size,
			    bool thumb)
{
	uint32_t opcode = 0;

	qemu_plugin_insn_data(insn, &opcode, size);
	return thumb && size == 4 ? opcode << 16 | opcode >> 16 : opcode;
}

static bool is_followed(const struct insn *insn, unsigned int mode)
{
	switch (insn->class) {
	case INSN_LDREX:
	case INSN_STREX:
	case INSN_CLREX:
		return true;
	case INSN_OTHER:
		return insn->hyp || insn->vector;
	default:
		return mode != PSR_MODE_USR;
	}
}

static void follow(struct qemu_plugin_insn *qinsn, const struct insn *new,
		   unsigned int mode)
{
	struct insn *insn = find_insn(new);
	bool regs = insn->hyp || insn->cond != COND_AL ||
		insn->class == INSN_CP_WRITE;

	if (!insn->text)
		insn->text = qemu_plugin_insn_disas(qinsn);
	qemu_plugin_register_vcpu_insn_exec_cb(qinsn, on_exec,
					       regs ? CB_R_REGS : CB_NO_REGS,
					       insn);
	if (insn->hyp)
		qemu_plugin_register_vcpu_mem_cb(qinsn, on_access, CB_R_REGS,
						 MEM_RW, insn);
}

/* Out of reset the MMU is off, which says where memory is */
static void learn_ram(const struct qemu_plugin_insn *qinsn,
		      const struct insn *insn)
{
	void *at = qemu_plugin_insn_haddr(qinsn);

	if (!ram_at && at && insn->pc >= RAM_START)
		ram_at = (uintptr_t)at - insn->pc;
}

/* Of a guest's code: each line, and what it loads */
static void follow_guest(struct qemu_plugin_insn *qinsn,
			 const struct insn *insn, uint64_t *line)
{
	uint64_t physical = (uintptr_t)qemu_plugin_insn_haddr(qinsn) - ram_at;
	void *data = (void *)(uintptr_t)insn->pc;

	qemu_plugin_register_vcpu_mem_cb(qinsn, on_load, CB_NO_REGS, MEM_R,
					 data);
	if (physical >> 32 || physical >> LINE_SHIFT == *line)
		return;
	*line = physical >> LINE_SHIFT;
	data = (void *)(uintptr_t)((uint64_t)insn->pc << 32 | physical);
	qemu_plugin_register_vcpu_insn_exec_cb(qinsn, on_fetch, CB_NO_REGS,
					       data);
}

static void translate(struct qemu_plugin_tb *tb)
{
	bool guest = read_state(STATE_HCR) & HCR_VM;
	uint64_t line = ~0ull;
	uint32_t psr = read_state(STATE_CPSR);
	unsigned int mode = psr & PSR_MODE_MASK;
	size_t n = qemu_plugin_tb_n_insns(tb);
	uint8_t it = psr & PSR_T ? (psr >> 8 & 0xfc) | (psr >> 25 & 3) : 0;
	size_t i;

	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *qinsn = qemu_plugin_tb_get_insn(tb, i);
		struct insn insn = {
			.pc = qemu_plugin_insn_vaddr(qinsn),
			.size = qemu_plugin_insn_size(qinsn),
			.thumb = psr & PSR_T,
			.cond = it & 0xf ? it >> 4 : COND_AL,
			.hyp = mode == PSR_MODE_HYP,
		};

		insn.vector = !insn.hyp && insn.pc - HIGH_VECTORS < VECTORS_SIZE;
		insn.stub = !insn.hyp && insn.pc - HIGH_VECTORS < STUBS_SIZE;
		insn.opcode = read_opcode(qinsn, insn.size, insn.thumb);
		decode(&insn);
		it = insn.thumb && it_begin(insn.opcode, insn.size) ?
			it_begin(insn.opcode, insn.size) : it_advance(it);
		if (is_followed(&insn, mode))
			follow(qinsn, &insn, mode);
		if (!insn.hyp)
			qemu_plugin_register_vcpu_mem_cb(qinsn, on_store,
							 CB_NO_REGS, MEM_W,
							 pack_store(&insn));
		if (!insn.hyp && guest)
			follow_guest(qinsn, &insn, &line);
		learn_ram(qinsn, &insn);
	}
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	pthread_mutex_lock(&lock);
	translate(tb);
	pthread_mutex_unlock(&lock);
}

/* ---- from the emulator's start to its end ---- */

static void learn_states(void)
{
	GArray *registers = qemu_plugin_get_registers();
	unsigned int i, j;

	for (i = 0; i < registers->len; i++) {
		const qemu_plugin_reg_descriptor *reg =
			&g_array_index(registers, qemu_plugin_reg_descriptor, i);

		for (j = 0; j < NR_STATES; j++)
			if (!strcmp(reg->name, state_names[j]))
				states[j] = reg->handle;
	}
	g_array_free(registers, TRUE);

	for (j = 0; j < NR_STATES; j++)
		if (!states[j] && j != STATE_FPEXC)
			die("this CPU does not have it", state_names[j]);
}

static void on_vcpu(qemu_plugin_id_t id, unsigned int index)
{
	if (index >= MAX_CPUS)
		die("too many", "CPUs");
	pthread_mutex_lock(&lock);
	cpus[index].index = index;
	learn_states();
	pthread_mutex_unlock(&lock);
}

static void on_end(qemu_plugin_id_t id, void *data)
{
	end_reports();
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
			       const struct qemu_info_t *info, int argc,
			       char **argv)
{
	if (argc < 1 || strncmp(argv[0], "out=", 4))
		return -1;
	if (argc > 1 && !strcmp(argv[1], "walks=incoherent"))
		walks_coherent = false;
	else if (argc > 1)
		return -1;
	if (start_reports(argv[0] + 4))
		return -1;

	buffer = g_byte_array_new();
	qemu_plugin_register_vcpu_init_cb(id, on_vcpu);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
