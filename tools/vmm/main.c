// SPDX-License-Identifier: GPL-2.0-only
/* kvm-vmm: a small KVM virtual machine monitor for 32-bit ARM hosts. */
#include <stdlib.h>

#include "options.h"
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

int main(int argc, char **argv)
{
	enum vm_end end;

	options_parse(&options, argc, argv);
	if (!options.kernel) {
		dump_dtb_without_kvm();
		return EXIT_SUCCESS;
	}

	term_init();
	vcpu_init_signals();
	do {
		vm_create(&machine, &options);
		end = vm_run(&machine);
		vm_destroy(&machine);
	} while (end == VM_RESET && options.reboot);
	return end == VM_ERROR ? EXIT_FAILURE : EXIT_SUCCESS;
}
