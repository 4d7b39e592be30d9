// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the mitigations of cores, few of which are emulated: what
 * Arm's security bulletin and the host's own mitigation say of each that has the
 * Virtualization Extensions.
 */
#include <kunit/test.h>
#include <asm/kvm_hyp.h>
#include <asm/spectre.h>

#include "spectre.h"

#define ACTLR_IBE	BIT(0)
/* All that is not IBE */
#define ACTLR_NO_IBE	(~ACTLR_IBE)

enum predictor {
	LEFT_ALONE,
	INVALIDATED_BY_ICIALLU,
	INVALIDATED_BY_BPIALL,
};

struct core_case {
	const char *name;
	u32 midr;
	u32 actlr;
	enum predictor predictor;
	int v2;
	int v4;
};

static const struct core_case core_cases[] = {
	/* In-order cores */
	{ "Cortex-A7", 0x410fc075, 0,
	  LEFT_ALONE, SPECTRE_UNAFFECTED, SPECTRE_UNAFFECTED },
	{ "Cortex-A32", 0x411fd011, 0,
	  LEFT_ALONE, SPECTRE_UNAFFECTED, SPECTRE_UNAFFECTED },
	{ "Cortex-A35", 0x410fd042, 0,
	  LEFT_ALONE, SPECTRE_UNAFFECTED, SPECTRE_UNAFFECTED },
	{ "Cortex-A53", 0x410fd034, 0,
	  LEFT_ALONE, SPECTRE_UNAFFECTED, SPECTRE_UNAFFECTED },
	{ "Cortex-A55", 0x412fd050, 0,
	  LEFT_ALONE, SPECTRE_UNAFFECTED, SPECTRE_UNAFFECTED },
	{ "Brahma-B53", 0x420f1000, 0,
	  LEFT_ALONE, SPECTRE_UNAFFECTED, SPECTRE_UNAFFECTED },

	{ "Cortex-A12", 0x410fc0d1, 0,
	  INVALIDATED_BY_BPIALL, SPECTRE_MITIGATED, SPECTRE_UNAFFECTED },
	{ "Cortex-A17", 0x411fc0e1, 0,
	  INVALIDATED_BY_BPIALL, SPECTRE_MITIGATED, SPECTRE_UNAFFECTED },
	{ "Cortex-A73", 0x410fd092, 0,
	  INVALIDATED_BY_BPIALL, SPECTRE_MITIGATED, SPECTRE_VULNERABLE },
	{ "Cortex-A75", 0x413fd0a1, 0,
	  INVALIDATED_BY_BPIALL, SPECTRE_MITIGATED, SPECTRE_VULNERABLE },

	/* It is up to firmware whether ICIALLU is about the predictor, too */
	{ "Cortex-A15", 0x412fc0f1, ACTLR_IBE,
	  INVALIDATED_BY_ICIALLU, SPECTRE_MITIGATED, SPECTRE_UNAFFECTED },
	{ "Cortex-A15 without IBE", 0x412fc0f1, ACTLR_NO_IBE,
	  INVALIDATED_BY_ICIALLU, SPECTRE_VULNERABLE, SPECTRE_UNAFFECTED },
	{ "Brahma-B15", 0x420f00f3, ACTLR_IBE,
	  INVALIDATED_BY_ICIALLU, SPECTRE_MITIGATED, SPECTRE_UNAFFECTED },
	{ "Brahma-B15 without IBE", 0x420f00f3, ACTLR_NO_IBE,
	  INVALIDATED_BY_ICIALLU, SPECTRE_VULNERABLE, SPECTRE_UNAFFECTED },

	/* Firmware would have to be called */
	{ "Cortex-A57", 0x411fd073, 0,
	  LEFT_ALONE, SPECTRE_VULNERABLE, SPECTRE_VULNERABLE },
	{ "Cortex-A72", 0x410fd083, 0,
	  LEFT_ALONE, SPECTRE_VULNERABLE, SPECTRE_VULNERABLE },

	/* Somebody else's, one with the part number of a Cortex-A53 */
	{ "Krait", 0x511f06f1, 0,
	  LEFT_ALONE, SPECTRE_VULNERABLE, SPECTRE_VULNERABLE },
	{ "another implementer", 0x510fd034, 0,
	  LEFT_ALONE, SPECTRE_VULNERABLE, SPECTRE_VULNERABLE },
};

KUNIT_ARRAY_PARAM_DESC(core_case, core_cases, name);

static char *vectors_for(enum predictor predictor)
{
	/* Others are not there otherwise */
	if (!IS_ENABLED(CONFIG_HARDEN_BRANCH_PREDICTOR))
		return __kvm_hyp_vector;

	switch (predictor) {
	case INVALIDATED_BY_ICIALLU:
		return __kvm_hyp_vector_ic_inv;
	case INVALIDATED_BY_BPIALL:
		return __kvm_hyp_vector_bp_inv;
	default:
		return __kvm_hyp_vector;
	}
}

static int v2_with(const struct core_case *c)
{
	if (!IS_ENABLED(CONFIG_HARDEN_BRANCH_PREDICTOR) &&
	    c->v2 == SPECTRE_MITIGATED)
		return SPECTRE_VULNERABLE;

	return c->v2;
}

static void mitigation_of_core(struct kunit *test)
{
	const struct core_case *c = test->param_value;
	const struct kvm_spectre_core core =
		kvm_spectre_core_of(c->midr, c->actlr);

	KUNIT_EXPECT_PTR_EQ(test, core.vector, vectors_for(c->predictor));
	KUNIT_EXPECT_EQ(test, core.v2, v2_with(c));
	KUNIT_EXPECT_EQ(test, core.v4, c->v4);
}

static struct kunit_case spectre_cases[] = {
	KUNIT_CASE_PARAM(mitigation_of_core, core_case_gen_params),
	{ }
};

static struct kunit_suite spectre_suite = {
	.name = "kvm_arm_spectre",
	.test_cases = spectre_cases,
};

kunit_test_suite(spectre_suite);
