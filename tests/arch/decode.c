// SPDX-License-Identifier: GPL-2.0-only
/*
 * Print what tools/arch-check makes of the instructions of a file: class,
 * register of a coprocessor, condition.
 *
 *   decode [-t] FILE	-t: T32
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

#define NAME(class)	[INSN_##class] = #class

static const char *const names[] = {
	NAME(OTHER), NAME(CP_READ), NAME(CP_WRITE), NAME(VFP),
	NAME(VMSR_FPEXC), NAME(VMRS), NAME(DSB), NAME(DMB), NAME(ISB), NAME(SB),
	NAME(CLREX), NAME(LDREX), NAME(STREX), NAME(ERET), NAME(RETURN),
	NAME(HVC), NAME(SMC), NAME(SVC), NAME(UDF), NAME(CPS), NAME(MSR),
	NAME(MSR_SPSR), NAME(MSR_ELR_HYP),
};

/* The first halfword of a T32 instruction of two (A6.1) */
static bool has_two_halfwords(uint16_t first)
{
	return first >= 0xe800;
}

static bool next(FILE *file, struct insn *insn)
{
	uint16_t half[2];

	if (fread(&half[0], sizeof(half[0]), 1, file) != 1)
		return false;
	insn->size = insn->thumb && !has_two_halfwords(half[0]) ? 2 : 4;
	insn->opcode = half[0];
	if (insn->size == 2)
		return true;
	if (fread(&half[1], sizeof(half[1]), 1, file) != 1)
		return false;
	insn->opcode = insn->thumb ? (uint32_t)half[0] << 16 | half[1] :
		(uint32_t)half[1] << 16 | half[0];
	return true;
}

int main(int argc, char **argv)
{
	bool thumb = argc == 3 && !strcmp(argv[1], "-t");
	FILE *file = fopen(argv[argc - 1], "rb");
	uint8_t it = 0;

	if (argc < 2 || !file)
		return EXIT_FAILURE;

	for (;;) {
		struct insn insn = {
			.thumb = thumb, .cond = it & 0xf ? it >> 4 : COND_AL,
		};

		if (!next(file, &insn))
			break;
		decode(&insn);
		it = thumb && it_begin(insn.opcode, insn.size) ?
			it_begin(insn.opcode, insn.size) : it_advance(it);
		printf("%s %s %x\n", names[insn.class],
		       *sysreg_name(insn.sysreg) ? sysreg_name(insn.sysreg) : "-",
		       insn.cond);
	}
	return EXIT_SUCCESS;
}
