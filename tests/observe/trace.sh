#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The trace events of KVM, as lines that people read and as fields that
# programs read (kvm_stat, perf kvm), while a guest does what causes them.
. ../lib.sh

tracing=/sys/kernel/tracing
KIB_PER_CPU=8192

cd $tracing || fail "no tracing"

# has_fields EVENT FIELD...: programs find them by these names
has_fields() {
	event=$1
	shift
	for field; do
		grep -Eq "field:.*[ *]$field;" "events/kvm/$event/format" ||
			fail "$event has no field $field"
	done
}

has_fields kvm_entry vcpu_pc
has_fields kvm_exit ret esr_ec vcpu_pc
has_fields kvm_userspace_exit reason errno
has_fields kvm_mmio type len gpa val
has_fields kvm_guest_fault vcpu_pc hsr hxfar ipa
has_fields kvm_irq_line type vcpu_idx irq_num level
has_fields kvm_hvc vcpu_pc r0 imm
has_fields kvm_wfx vcpu_pc is_wfe
has_fields kvm_vcpu_wakeup ns waited valid
has_fields kvm_halt_poll_ns grow vcpu_id new old

# A guest that has booted takes a CPU away and gives it back, prints a line, and
# ends.
mkfifo /tmp/in /tmp/out
exec 3<>/tmp/in 4<>/tmp/out
kvm-vmm -c 2 -m "$GUEST_MEMORY" -k /guest/zImage -i /guest/initramfs \
	-p 'console=ttyS0 loglevel=5 run="echo at work; read x; cd /sys/devices/system/cpu/cpu1; echo 0 > online; echo 1 > online; usleep 20000; echo a line"' \
	</tmp/in >/tmp/out 2>&1 &
vmm=$!
while read -r line <&4; do
	case $line in
	*"at work"*)
		break
		;;
	esac
done
echo $KIB_PER_CPU > buffer_size_kb
echo > trace
echo 1 > events/kvm/enable
echo 1 > tracing_on
echo >&3
wait $vmm || fail "the VMM ended with status $?"
echo 0 > tracing_on
echo 0 > events/kvm/enable
grep -h overrun per_cpu/cpu*/stats
grep -qh 'overrun: [1-9]' per_cpu/cpu*/stats && fail "the buffer is too small"
cat trace > /tmp/trace
echo > trace
echo "# $(wc -l < /tmp/trace) lines"

# says PATTERN: a line of the trace
says() {
	if ! grep -Em1 "$1" /tmp/trace; then
		grep -E "${1%%:*}" /tmp/trace | tail -n 5
		fail "no line like: $1"
	fi
}

pc='0x[0-9a-f]+'
says "kvm_entry: PC: $pc"
says "kvm_exit: IRQ: HSR_EC: 0x0000 \(UNKNOWN\), PC: $pc"
says "kvm_exit: TRAP: HSR_EC: 0x0001 \(WFx\), PC: $pc"
says "kvm_exit: TRAP: HSR_EC: 0x0003 \(CP15_32\), PC: $pc"
says "kvm_exit: TRAP: HSR_EC: 0x0012 \(HVC\), PC: $pc"
says "kvm_exit: TRAP: HSR_EC: 0x0024 \(DABT\), PC: $pc"
says "kvm_wfx: guest executed wfi at: $pc"
says "kvm_hvc: HVC at $pc \(r0: 0x84000003, imm: 0x0\)" # PSCI CPU_ON
says "kvm_hvc: HVC at $pc \(r0: 0x84000002, imm: 0x0\)" # PSCI CPU_OFF
says "kvm_hvc: HVC at $pc \(r0: 0x84000008, imm: 0x0\)" # PSCI SYSTEM_OFF
says "kvm_cp_access: (read|write) [A-Z0-9]+ $pc p15,[0-7],c[0-9]+,c[0-9]+,[0-7] at $pc"
says "kvm_guest_fault: ipa 0x1000000, hsr 0x9[0-9a-f]+, hxfar $pc, pc $pc"
says "kvm_mmio: mmio write len 1 gpa 0x1000000 val 0x61" # 'a'
says "kvm_mmio: mmio read len 1 gpa 0x1000005 val 0x60" # line status
says "kvm_mmio: mmio unsatisfied-read len 1 gpa 0x1000005 val 0x0"
says "kvm_userspace_exit: reason KVM_EXIT_MMIO \(6\)"
says "kvm_userspace_exit: reason KVM_EXIT_SYSTEM_EVENT \(24\)"
says "kvm_irq_line: Inject VGIC SPI interrupt \(1\), vcpu->idx: [0-9]+, num: 32, level: 1"
says "vgic_update_irq_pending: VCPU: [0-9]+, IRQ 27, level: [01]"
says "kvm_timer_update_irq: VCPU: [0-9]+, IRQ 27, level [01]"

# Every class is one that has a name, or it would be printed as a number.
if grep -E "kvm_exit: .*\((0x[0-9a-f]+)\)|kvm_exit: 0x" /tmp/trace; then
	fail "an exit without a name"
fi

# An exit follows each entry: exits of a vCPU thread, before its next entry
awk '$1 ~ /^vcpu[0-9]+-/ || $1 ~ /^<\.\.\.>-/ {
	if (/ kvm_entry:/) {
		if (inside[$1]) bad++
		inside[$1] = 1
	} else if (/ kvm_exit:/) {
		inside[$1] = 0
		exits++
	} else if (/ kvm_userspace_exit:/ && inside[$1]) {
		bad++
	}
} END {
	print "# " exits " exits, " bad + 0 " out of order"
	exit bad || exits < 100
}' /tmp/trace || fail "entries and exits do not alternate"
