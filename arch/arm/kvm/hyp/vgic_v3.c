// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtual CPU interface of a GICv3, whose control registers only HYP mode
 * can access (IHI 0069, 12.4 and 12.5).
 *
 *  - VMCR and the active priorities move when the vCPU is loaded and put
 *  - list registers and HCR move at each entry and exit, of a vCPU that has
 *    something there: see __vgic_v3_is_switched(). The interface is off
 *    otherwise, and the list registers are empty
 *  - ICC_HSRE.Enable, without which accesses to ICC_SRE trap, is off while a
 *    guest runs, see switch.c
 *
 * Writes here are for what follows the exception return, which synchronises
 * the context, as the exception does that comes before the reads: no barrier
 * is needed but where the order of two accesses matters, or a guest sees the
 * interface in memory.
 */
#include <linux/bitfield.h>
#include <linux/irqchip/arm-gic-v3.h>
#include <linux/kvm_host.h>
#include <asm/kvm_gicv3.h>
#include <asm/kvm_hyp.h>

#include "../compat.h"

/* The list registers by number, for as many as there are in use */
#define FOR_EACH_LR(lr) \
	lr(0, LOW, 0) lr(1, LOW, 1) lr(2, LOW, 2) lr(3, LOW, 3) \
	lr(4, LOW, 4) lr(5, LOW, 5) lr(6, LOW, 6) lr(7, LOW, 7) \
	lr(8, HIGH, 0) lr(9, HIGH, 1) lr(10, HIGH, 2) lr(11, HIGH, 3) \
	lr(12, HIGH, 4) lr(13, HIGH, 5) lr(14, HIGH, 6) lr(15, HIGH, 7)

static __always_inline void write_lrs(const u64 *lrs, unsigned int used)
{
	/* The half with the state makes it valid, and comes last */
#define WRITE_LR(nr, half, n) \
	if (used == (nr)) \
		return; \
	write_sysreg(lower_32_bits(lrs[nr]), ICH_LR_##half(n)); \
	write_sysreg(upper_32_bits(lrs[nr]), ICH_LRC_##half(n));

	FOR_EACH_LR(WRITE_LR)
}

/* Of a list register the hardware changes the state, which is in LRC */
static __always_inline void save_and_clear_lrs(u64 *lrs, unsigned int used)
{
	u32 low;

#define SAVE_LR(nr, half, n) \
	if (used == (nr)) \
		return; \
	low = lower_32_bits(lrs[nr]); \
	lrs[nr] = (u64)read_sysreg(ICH_LRC_##half(n)) << 32 | low; \
	write_sysreg(0, ICH_LRC_##half(n));

	FOR_EACH_LR(SAVE_LR)
}

static __always_inline void clear_lrs(unsigned int used)
{
#define CLEAR_LR(nr, half, n) \
	if (used == (nr)) \
		return; \
	write_sysreg(0, ICH_LRC_##half(n)); \
	write_sysreg(0, ICH_LR_##half(n));

	FOR_EACH_LR(CLEAR_LR)
}

static __always_inline unsigned int nr_lrs(u32 vtr)
{
	return FIELD_GET(ICH_VTR_LIST_REGS, vtr) % VGIC_V3_MAX_LRS + 1;
}

/* A bit for each priority that can preempt, of a group: 32, 64 or 128 */
#define PRE_BITS_TWO_APRS	6
#define PRE_BITS_FOUR_APRS	7

static __always_inline unsigned int nr_pre_bits(void)
{
	return FIELD_GET(ICH_VTR_PRE_BITS_MASK, read_sysreg(ICH_VTR)) + 1;
}

/* A GICv2, by the interface in memory: it is not seen by system registers */
static __always_inline bool is_gicv2(const struct vgic_v3_cpu_if *cpu_if)
{
	return !cpu_if->vgic_sre && cpu_if->vgic_hcr & ICH_HCR_EN;
}

/*
 * VMCR.VFIQEn is RES1 while SRE is set, so SRE comes first, and for SRE to be
 * clear the guest's HCR has to be there (IHI 0069, ICC_SRE).
 */
static __always_inline void enter_gicv2(const struct vgic_v3_cpu_if *cpu_if)
{
	isb();
	write_sysreg(0, ICC_SRE);
	isb();
	write_sysreg(cpu_if->vgic_vmcr, ICH_VMCR);
}

/* Before HCR is the host's: SRE cannot be clear without its overrides */
static __always_inline void leave_gicv2(struct vgic_v3_cpu_if *cpu_if)
{
	cpu_if->vgic_vmcr = read_sysreg(ICH_VMCR);
	write_sysreg(ICC_SRE_EL1_SRE, ICC_SRE);
	isb();
}

/*
 * How many interrupts that are in no list register the guest has ended, and
 * what decides on those that are there next
 */
static __always_inline void save_evicted(struct vgic_v3_cpu_if *cpu_if)
{
	cpu_if->vgic_vmcr = read_sysreg(ICH_VMCR);
	if (cpu_if->vgic_hcr & ICH_HCR_LRENPIE)
		cpu_if->vgic_hcr = read_sysreg(ICH_HCR);
}

/**
 * __vgic_v3_restore_state - give a vCPU its interrupts
 * @cpu_if: its CPU interface
 *
 * Context: HYP mode, right before the guest is entered, with its HCR.
 */
void __hyp_text __vgic_v3_restore_state(struct vgic_v3_cpu_if *cpu_if)
{
	bool gicv2 = is_gicv2(cpu_if);

	if (gicv2)
		enter_gicv2(cpu_if);

	write_sysreg(cpu_if->vgic_hcr, ICH_HCR);
	write_lrs(cpu_if->vgic_lr, cpu_if->used_lrs);

	/* Seen by what the guest accesses in memory */
	if (gicv2) {
		isb();
		dsb(sy);
	}
}

/**
 * __vgic_v3_save_state - take what is left of its interrupts from a vCPU
 * @cpu_if: its CPU interface
 *
 * The interface is off afterwards, and with it its maintenance interrupt.
 *
 * Context: HYP mode, with the guest's HCR still there.
 */
void __hyp_text __vgic_v3_save_state(struct vgic_v3_cpu_if *cpu_if)
{
	bool gicv2 = is_gicv2(cpu_if);

	/* What the guest has accessed in memory is seen by system registers */
	if (gicv2) {
		dsb(sy);
		isb();
	}

	if (VGIC_V3_EVICTS)
		save_evicted(cpu_if);
	write_sysreg(0, ICH_HCR);
	save_and_clear_lrs(cpu_if->vgic_lr, cpu_if->used_lrs);

	if (gicv2)
		leave_gicv2(cpu_if);
}

/**
 * __vgic_v3_restore_vmcr_aprs - load what stays there while a vCPU is loaded
 * @cpu_if: its CPU interface
 *
 * Of a GICv2, VMCR moves with SRE.
 *
 * Context: HYP mode, by kvm_call_hyp().
 */
void __hyp_text __vgic_v3_restore_vmcr_aprs(struct vgic_v3_cpu_if *cpu_if)
{
	unsigned int bits = nr_pre_bits();

	if (cpu_if->vgic_sre)
		write_sysreg(cpu_if->vgic_vmcr, ICH_VMCR);

	/* Those of group 0 first (IHI 0069, ICH_AP1R<n>) */
	write_sysreg(cpu_if->vgic_ap0r[0], ICH_AP0R(0));
	if (bits >= PRE_BITS_TWO_APRS)
		write_sysreg(cpu_if->vgic_ap0r[1], ICH_AP0R(1));
	if (bits >= PRE_BITS_FOUR_APRS) {
		write_sysreg(cpu_if->vgic_ap0r[2], ICH_AP0R(2));
		write_sysreg(cpu_if->vgic_ap0r[3], ICH_AP0R(3));
	}

	write_sysreg(cpu_if->vgic_ap1r[0], ICH_AP1R(0));
	if (bits >= PRE_BITS_TWO_APRS)
		write_sysreg(cpu_if->vgic_ap1r[1], ICH_AP1R(1));
	if (bits >= PRE_BITS_FOUR_APRS) {
		write_sysreg(cpu_if->vgic_ap1r[2], ICH_AP1R(2));
		write_sysreg(cpu_if->vgic_ap1r[3], ICH_AP1R(3));
	}
}

/**
 * __vgic_v3_save_vmcr_aprs - undo __vgic_v3_restore_vmcr_aprs()
 * @cpu_if: the CPU interface of a vCPU
 *
 * Context: HYP mode, by kvm_call_hyp().
 */
void __hyp_text __vgic_v3_save_vmcr_aprs(struct vgic_v3_cpu_if *cpu_if)
{
	unsigned int bits = nr_pre_bits();

	if (cpu_if->vgic_sre)
		cpu_if->vgic_vmcr = read_sysreg(ICH_VMCR);

	cpu_if->vgic_ap0r[0] = read_sysreg(ICH_AP0R(0));
	cpu_if->vgic_ap1r[0] = read_sysreg(ICH_AP1R(0));
	if (bits >= PRE_BITS_TWO_APRS) {
		cpu_if->vgic_ap0r[1] = read_sysreg(ICH_AP0R(1));
		cpu_if->vgic_ap1r[1] = read_sysreg(ICH_AP1R(1));
	}
	if (bits >= PRE_BITS_FOUR_APRS) {
		cpu_if->vgic_ap0r[2] = read_sysreg(ICH_AP0R(2));
		cpu_if->vgic_ap0r[3] = read_sysreg(ICH_AP0R(3));
		cpu_if->vgic_ap1r[2] = read_sysreg(ICH_AP1R(2));
		cpu_if->vgic_ap1r[3] = read_sysreg(ICH_AP1R(3));
	}
}

/**
 * __vgic_v3_init_lrs - have nothing in the virtual interface of this CPU
 *
 * A kernel that crashed under its guests may have left something there.
 *
 * Context: HYP mode, by kvm_call_hyp().
 */
void __hyp_text __vgic_v3_init_lrs(void)
{
	write_sysreg(0, ICH_HCR);
	clear_lrs(nr_lrs(read_sysreg(ICH_VTR)));
}

/**
 * __vgic_v3_reset - give the host the CPU interface back, for a HYP panic
 * @sre: the host's ICC_SRE
 *
 * Context: HYP mode.
 */
void __hyp_text __vgic_v3_reset(u32 sre)
{
	write_sysreg(0, ICH_HCR);
	write_sysreg(sre, ICC_SRE);
	isb();
}

/**
 * __vgic_v3_read_config - find out what this CPU's virtual interface can
 *
 * Interrupts are masked in HYP mode, so none meets the interface with SRE
 * clear, which it can be only with all of HCR's overrides (IHI 0069, ICC_SRE).
 *
 * Context: HYP mode, by kvm_call_hyp_ret().
 *
 * Return: ICH_VTR, with VGIC_V3_CONFIG_MMIO if there is an interface in memory,
 * too; 0 if firmware has left HYP mode without system registers.
 */
u64 __hyp_text __vgic_v3_read_config(void)
{
	u32 hcr = read_sysreg(HCR);
	u64 config;
	u32 sre;

	if (!(read_sysreg(ICC_HSRE) & ICC_SRE_EL2_SRE))
		return 0;

	config = read_sysreg(ICH_VTR);
	sre = read_sysreg(ICC_SRE);

	write_sysreg(hcr | HCR_AMO | HCR_FMO | HCR_IMO, HCR);
	isb();
	write_sysreg(0, ICC_SRE);
	isb();
	if (!(read_sysreg(ICC_SRE) & ICC_SRE_EL1_SRE))
		config |= VGIC_V3_CONFIG_MMIO;

	write_sysreg(sre, ICC_SRE);
	isb();
	write_sysreg(hcr, HCR);
	isb();

	return config;
}
