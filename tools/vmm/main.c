// SPDX-License-Identifier: GPL-2.0-only
/* kvm-vmm: a small KVM virtual machine monitor for 32-bit ARM hosts. */
#include <stdlib.h>

#include "leave.h"
#include "migrate.h"
#include "options.h"
#include "snapshot.h"
#include "term.h"
#include "vm.h"

static struct options options;
static struct vm machine;

static void dump_dtb_without_kvm(void)
{
	struct guest_info info;

	vm_describe(&info, &options);
	boot_dump_dtb(options.dump_dtb, &info);
}

/* A guest comes from elsewhere once; when it resets, it boots its kernel. */
static void start(void)
{
	if (options.restore) {
		snapshot_restore(&machine, &options);
	} else if (options.incoming) {
		migrate_incoming(&machine, &options);
	} else {
		vm_create(&machine, &options);
		vm_boot(&machine);
	}
	options.restore = NULL;
	options.incoming = NULL;
}

int main(int argc, char **argv)
{
	enum vm_end end;

	options_parse(&options, argc, argv);
	if (!options.kernel && !options.restore && !options.incoming) {
		dump_dtb_without_kvm();
		return EXIT_SUCCESS;
	}

	term_init();
	vcpu_init_signals();
	leave_init(&options);
	do {
		start();
		do {
			end = vm_run(&machine);
		} while (end == VM_PAUSED && !leave_finish(&machine));
		vm_destroy(&machine);
	} while (end == VM_RESET && options.reboot);
	return end == VM_ERROR ? EXIT_FAILURE : EXIT_SUCCESS;
}
