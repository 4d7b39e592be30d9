// SPDX-License-Identifier: GPL-2.0-only
/* perf kvm stat: where a guest on 32-bit ARM enters and exits, and why. */
#include "../../../util/evsel.h"
#include "../../../util/kvm-stat.h"
#include "arm_exception_types.h"

define_exit_reasons_table(exception_types, kvm_arm_exception_type);
define_exit_reasons_table(exception_classes, kvm_arm_exception_class);

const char *vcpu_id_str = "id";
const char *kvm_exit_reason = "ret";
const char *kvm_entry_trace = "kvm:kvm_entry";
const char *kvm_exit_trace = "kvm:kvm_exit";

static const char exception_class[] = "esr_ec";

const char *kvm_events_tp[] = {
	"kvm:kvm_entry",
	"kvm:kvm_exit",
	NULL,
};

const char * const kvm_skip_events[] = {
	NULL,
};

static bool is_entry(struct evsel *evsel,
		     struct perf_sample *sample __maybe_unused,
		     struct event_key *key __maybe_unused)
{
	return evsel__name_is(evsel, kvm_entry_trace);
}

/* Of a trap the class is the reason, as its type says no more than that. */
static bool is_exit(struct evsel *evsel, struct perf_sample *sample,
		    struct event_key *key)
{
	if (!evsel__name_is(evsel, kvm_exit_trace))
		return false;

	key->info = 0;
	key->key = evsel__intval(evsel, sample, kvm_exit_reason);
	key->exit_reasons = exception_types;
	if (key->key != ARM_EXCEPTION_TRAP)
		return true;

	key->key = evsel__intval(evsel, sample, exception_class);
	key->exit_reasons = exception_classes;
	return true;
}

static struct kvm_events_ops exit_events = {
	.is_begin_event	= is_entry,
	.is_end_event	= is_exit,
	.decode_key	= exit_event_decode_key,
	.name		= "VM-EXIT",
};

struct kvm_reg_events_ops kvm_reg_events_ops[] = {
	{ .name = "vmexit", .ops = &exit_events },
	{ NULL, NULL },
};

int cpu_isa_init(struct perf_kvm_stat *kvm, const char *cpuid __maybe_unused)
{
	kvm->exit_reasons_isa = "arm";
	return 0;
}
