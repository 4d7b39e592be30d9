// SPDX-License-Identifier: GPL-2.0-only
/* The sections of a whole guest, written and read. */
#include <string.h>

#include "host_timer.h"
#include "ram_state.h"
#include "snapshot.h"
#include "util.h"

/**
 * struct snapshot_section - how one kind of section is written and read
 * @nr: how many there are; NULL for memory, of which there is any number
 * @write: put number @i into a section
 * @read: take it from there
 *
 * Both return false with &state_stream.error set on failure. In the order of
 * the sections, which is that of restoring:
 *  - the configuration makes the VM with all its vCPUs, without which the GIC
 *    cannot be initialised, nor then have a state for each of them;
 *  - memory before devices, which look at their rings at once;
 *  - vCPUs before the GIC: it kicks those for which something is pending, and
 *    they have to be what they were, running or switched off;
 *  - the GIC before devices, which raise their lines and repeat edges: the GIC
 *    would forget an edge when it got its state afterwards;
 *  - the counters last, since time passes from there on. Timers are registers
 *    of the vCPUs; what they say of the present counts when a vCPU runs.
 */
struct snapshot_section {
	unsigned int (*nr)(const struct vm *vm);
	bool (*write)(struct state_stream *stream, struct section *section,
		      struct vm *vm, unsigned int i);
	bool (*read)(struct state_stream *stream, struct section *section,
		     struct vm *vm, unsigned int i);
};

static unsigned int nr_one(const struct vm *vm)
{
	(void)vm;
	return 1;
}

static unsigned int nr_vcpus(const struct vm *vm)
{
	return vm->nr_vcpus;
}

static unsigned int nr_virtio(const struct vm *vm)
{
	return vm->nr_virtio;
}

static bool read_ram(struct state_stream *stream, struct section *section,
		     struct vm *vm, unsigned int i)
{
	(void)i;
	return ram_load_data(section, &vm->ram) ||
	       state_fail(stream, "a page of memory is not valid");
}

static bool read_zero(struct state_stream *stream, struct section *section,
		      struct vm *vm, unsigned int i)
{
	(void)i;
	return ram_load_zero(section, &vm->ram) ||
	       state_fail(stream, "a page of memory is not valid");
}

static bool write_vcpu(struct state_stream *stream, struct section *section,
		       struct vm *vm, unsigned int i)
{
	vcpu_save(&vm->vcpu[i], section);
	return state_write(stream, section);
}

static bool read_vcpu(struct state_stream *stream, struct section *section,
		      struct vm *vm, unsigned int i)
{
	return vcpu_load(&vm->vcpu[i], section, stream);
}

static bool write_gic(struct state_stream *stream, struct section *section,
		      struct vm *vm, unsigned int i)
{
	(void)i;
	return gic_save(&vm->gic, section, stream) &&
	       state_write(stream, section);
}

static bool read_gic(struct state_stream *stream, struct section *section,
		     struct vm *vm, unsigned int i)
{
	(void)i;
	return gic_load(&vm->gic, section, stream);
}

static bool write_serial(struct state_stream *stream, struct section *section,
			 struct vm *vm, unsigned int i)
{
	(void)i;
	serial_save(&vm->serial, section);
	return state_write(stream, section);
}

static bool read_serial(struct state_stream *stream, struct section *section,
			struct vm *vm, unsigned int i)
{
	(void)i;
	return serial_load(&vm->serial, section) ||
	       state_fail(stream, "the serial port is not valid");
}

static bool write_virtio(struct state_stream *stream, struct section *section,
			 struct vm *vm, unsigned int i)
{
	virtio_save(vm->virtio[i], section);
	return state_write(stream, section);
}

static bool read_virtio(struct state_stream *stream, struct section *section,
			struct vm *vm, unsigned int i)
{
	return virtio_load(vm->virtio[i], section) ||
	       state_fail(stream, "virtio device %u is not the one given here",
			  i);
}

static bool write_clock(struct state_stream *stream, struct section *section,
			struct vm *vm, unsigned int i)
{
	(void)i;
	clock_save(&vm->clock, section);
	return state_write(stream, section);
}

static bool read_clock(struct state_stream *stream, struct section *section,
		       struct vm *vm, unsigned int i)
{
	(void)i;
	return clock_load(&vm->clock, section) ||
	       state_fail(stream, "the clock is not valid");
}

static const struct snapshot_section sections[STATE_NR_TYPES] = {
	[STATE_RAM]	= { NULL, NULL, read_ram },
	[STATE_ZERO]	= { NULL, NULL, read_zero },
	[STATE_VCPU]	= { nr_vcpus, write_vcpu, read_vcpu },
	[STATE_GIC]	= { nr_one, write_gic, read_gic },
	[STATE_SERIAL]	= { nr_one, write_serial, read_serial },
	[STATE_VIRTIO]	= { nr_virtio, write_virtio, read_virtio },
	[STATE_CLOCK]	= { nr_one, write_clock, read_clock },
};

/**
 * snapshot_write_config() - write what machine a guest needs
 * @stream: a stream of which only the header was written
 * @section: room for a section
 * @vm: the VM
 *
 * Return: false with &state_stream.error set on failure.
 */
bool snapshot_write_config(struct state_stream *stream, struct section *section,
			   const struct vm *vm)
{
	section_begin(section, STATE_CONFIG, 0);
	section_put32(section, vm->nr_vcpus);
	section_put64(section, vm->ram.size);
	section_put32(section, vm->nr_virtio);
	section_put8(section, vm->opt->virtio_console);
	section_put8(section, vm->gic.kind);
	section_put8(section, vm->opt->pmu);
	section_put32(section, host_counter_frequency());
	return state_write(stream, section);
}

/* The machine is the guest's, whatever the command line says of it. */
static bool read_config(struct state_stream *stream, struct section *section,
			struct options *opt)
{
	uint32_t vcpus = section_get32(section);
	uint64_t ram_size = section_get64(section);
	uint32_t virtio = section_get32(section);
	uint8_t virtio_console = section_get8(section);
	uint8_t gic = section_get8(section);
	uint8_t pmu = section_get8(section);
	uint32_t hz = section_get32(section);

	if (section->type != STATE_CONFIG || !section_done(section) ||
	    !vcpus || vcpus > MAX_VCPUS || ram_size < RAM_MIN_SIZE ||
	    ram_size > RAM_MAX_SIZE || ram_size % SZ_1M || virtio_console > 1 ||
	    virtio < virtio_console || virtio > VIRTIO_MAX_DEVICES ||
	    gic == GIC_ANY || gic >= GIC_NR_KINDS || pmu > 1)
		return state_fail(stream, "has no valid configuration");
	if (virtio - virtio_console != opt->nr_disks)
		return state_fail(stream, "is of a guest with %u disks, not %u",
				  virtio - virtio_console, opt->nr_disks);
	if (!clock_fits(hz, stream))
		return false;
	opt->nr_vcpus = vcpus;
	opt->ram_size = ram_size;
	opt->virtio_console = virtio_console;
	opt->gic = gic;
	opt->pmu = pmu;
	return true;
}

/**
 * snapshot_settle() - have what the guest wrote to its disks be on them
 * @stream: the stream, for &state_stream.error
 * @vm: the VM
 *
 * Safe in any thread.
 *
 * Return: false with &state_stream.error set on failure.
 */
bool snapshot_settle(struct state_stream *stream, struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < vm->nr_virtio; i++)
		if (!virtio_settle(vm->virtio[i], stream))
			return false;
	return true;
}

/**
 * snapshot_write() - write all but the configuration and memory
 * @stream: the stream
 * @section: room for a section
 * @vm: a VM that is paused
 *
 * A stream has an end only where the disks are as new as what it says: this
 * host may lose its power once that is in a file, and another one reads the
 * disks as soon as it has that.
 *
 * Return: false with &state_stream.error set on failure.
 */
bool snapshot_write(struct state_stream *stream, struct section *section,
		    struct vm *vm)
{
	unsigned int type, i;

	if (!snapshot_settle(stream, vm))
		return false;
	for (type = 0; type < STATE_NR_TYPES; type++) {
		if (!sections[type].nr)
			continue;
		for (i = 0; i < sections[type].nr(vm); i++) {
			section_begin(section, type, i);
			if (!sections[type].write(stream, section, vm, i))
				return false;
		}
	}
	return state_write_end(stream, section);
}

/**
 * struct progress - which section may come next
 * @type: kind of the last one
 * @instance: number that the next of this kind has
 */
struct progress {
	unsigned int type;
	unsigned int instance;
};

static bool is_memory(unsigned int type)
{
	return type == STATE_RAM || type == STATE_ZERO;
}

/* Every section once and in order; of memory, any number in any order. */
static bool is_next(struct progress *at, const struct vm *vm,
		    const struct section *section)
{
	unsigned int type;

	if (is_memory(section->type))
		return !section->instance && is_memory(at->type);
	if (at->type == section->type)
		return section->instance == at->instance++;
	if (section->type < at->type || section->instance)
		return false;
	for (type = at->type; type < section->type; type++)
		if (sections[type].nr &&
		    (type == at->type ? at->instance : 0) !=
		    sections[type].nr(vm))
			return false;
	*at = (struct progress) { .type = section->type, .instance = 1 };
	return true;
}

static bool read_sections(struct state_stream *stream, struct section *section,
			  struct vm *vm)
{
	struct progress at = { .type = STATE_RAM };
	const struct snapshot_section *kind;

	for (;;) {
		if (!state_read(stream, section))
			return false;
		if (!is_next(&at, vm, section))
			return state_fail(stream, "section %u.%u is out of place",
					  section->type, section->instance);
		if (section->type == STATE_END)
			return state_read_end(stream, section);
		kind = &sections[section->type];
		if (!kind->read ||
		    (kind->nr && section->instance >= kind->nr(vm)))
			return state_fail(stream, "section %u.%u is one too many",
					  section->type, section->instance);
		if (!kind->read(stream, section, vm, section->instance))
			return false;
	}
}

/**
 * snapshot_read() - make the VM that a stream describes
 * @stream: the stream, from its start
 * @section: room for a section
 * @vm: filled in; where the stream is not valid, the process is to end
 * @opt: the command line; what the stream says of the machine replaces it
 *
 * Return: false with &state_stream.error set on failure.
 */
bool snapshot_read(struct state_stream *stream, struct section *section,
		   struct vm *vm, struct options *opt)
{
	if (!state_read_header(stream) || !state_read(stream, section) ||
	    !read_config(stream, section, opt))
		return false;
	vm_create(vm, opt);
	if (!read_sections(stream, section, vm))
		return false;
	/* Before somebody hears that the guest is here, or its state is used. */
	vm_prepare(vm);
	return true;
}
