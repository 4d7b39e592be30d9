// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvm/hyp_fault in debugfs: what is written there says which unexpected
 * exception HYP mode is to take. Each is the end of the kernel, but for an
 * abort that is a guest's.
 */
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/kvm_host.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/kvm_mmu.h>

#include "hyp_fault_test.h"

static const char * const fault_names[] = {
	[KVM_HYP_FAULT_UNDEF]		= "undef",
	[KVM_HYP_FAULT_HVC]		= "hvc",
	[KVM_HYP_FAULT_FETCH]		= "fetch",
	[KVM_HYP_FAULT_EXECUTE]		= "execute",
	[KVM_HYP_FAULT_READ]		= "read",
	[KVM_HYP_FAULT_WRITE]		= "write",
	[KVM_HYP_FAULT_OVERFLOW]	= "overflow",
};

/*
 * Nor is this a fault, but what would be done about an asynchronous abort, which
 * the guest that is left may have caused: in the window of two instructions in
 * which it is taken, and behind it.
 */
static const struct {
	const char	*name;
	int		offset;
} aborts[] = {
	{ "abort-first", 0 },
	{ "abort-last", 4 },
	{ "abort-late", 8 },
};

#define FAULT_NAME_SIZE	16

/* Not a fault of the kernel's call, but of the next exit of a guest */
static const char guest_fault_name[] = "guest";

static void release_hyp(void *unused)
{
	kvm_call_hyp(__kvm_release_cpu);
}

static int write_protect_vcpus(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;
	int ret = 0;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		ret = kvm_hyp_write_protect(vcpu, vcpu + 1);
		if (ret)
			break;
	}

	return ret;
}

/*
 * HYP mode reads a vCPU to load it and to enter the guest, and writes to it when
 * the guest leaves. No guest runs when the memory changes, and none has the VFP,
 * so that the first write is that of the exit.
 */
static int fault_guests(void)
{
	struct kvm *kvm;
	int ret = -ESRCH;

	mutex_lock(&kvm_lock);

	list_for_each_entry(kvm, &vm_list, vm_list)
		kvm_arm_halt_guest(kvm);
	on_each_cpu(release_hyp, NULL, true);

	list_for_each_entry(kvm, &vm_list, vm_list) {
		ret = write_protect_vcpus(kvm);
		if (ret)
			break;
	}

	list_for_each_entry(kvm, &vm_list, vm_list)
		kvm_arm_resume_guest(kvm);

	mutex_unlock(&kvm_lock);

	return ret;
}

static int abort_exit(int offset)
{
	int exit = kvm_call_hyp_ret(__kvm_hyp_abort, offset);

	return exit == ARM_EXIT_ABORT_PENDING ? 0 : -EIO;
}

static int fault_by_name(const char *name)
{
	int fault, i;

	if (sysfs_streq(name, guest_fault_name))
		return fault_guests();

	for (i = 0; i < ARRAY_SIZE(aborts); i++)
		if (sysfs_streq(name, aborts[i].name))
			return abort_exit(aborts[i].offset);

	fault = sysfs_match_string(fault_names, name);
	if (fault < 0)
		return fault;

	kvm_call_hyp(__kvm_hyp_fault, fault);
	return -EIO;
}

static ssize_t hyp_fault_write(struct file *file, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	char name[FAULT_NAME_SIZE];
	int ret;

	if (count >= sizeof(name))
		return -EINVAL;

	if (copy_from_user(name, buf, count))
		return -EFAULT;
	name[count] = '\0';

	ret = fault_by_name(name);
	return ret ?: count;
}

static int hyp_fault_show(struct seq_file *m, void *v)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(fault_names); i++)
		seq_printf(m, "%s\n", fault_names[i]);
	for (i = 0; i < ARRAY_SIZE(aborts); i++)
		seq_printf(m, "%s\n", aborts[i].name);
	seq_printf(m, "%s\n", guest_fault_name);

	return 0;
}

static int hyp_fault_open(struct inode *inode, struct file *file)
{
	return single_open(file, hyp_fault_show, NULL);
}

static const struct file_operations hyp_fault_fops = {
	.owner		= THIS_MODULE,
	.open		= hyp_fault_open,
	.read		= seq_read,
	.write		= hyp_fault_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int __init hyp_fault_test_init(void)
{
	struct dentry *dir = debugfs_lookup("kvm", NULL);

	if (dir && kvm_hyp_enabled())
		debugfs_create_file("hyp_fault", 0600, dir, NULL,
				    &hyp_fault_fops);
	dput(dir);

	return 0;
}

/* After KVM, which makes the directory */
late_initcall(hyp_fault_test_init);
