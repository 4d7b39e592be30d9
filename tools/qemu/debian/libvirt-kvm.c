// SPDX-License-Identifier: GPL-2.0-only
/*
 * Debian's libvirt for armhf is built where <linux/kvm.h> does not compile, as
 * there is no <asm/kvm.h>. One function of it is then a stub that fails, and
 * with it "virsh domcapabilities". This one takes its place in libvirtd.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <linux/kvm.h>

/* The number of vCPUs that a VM may have, or -1 */
int virHostCPUGetKVMMaxVCPUs(void);

int virHostCPUGetKVMMaxVCPUs(void)
{
	int fd = open("/dev/kvm", O_RDONLY | O_CLOEXEC);
	int max;

	if (fd < 0)
		return -1;
	max = ioctl(fd, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS);
	close(fd);
	return max > 0 ? max : -1;
}

/* What libvirtd starts has no use for this. */
static void __attribute__((constructor)) leave_children_alone(void)
{
	unsetenv("LD_PRELOAD");
}
