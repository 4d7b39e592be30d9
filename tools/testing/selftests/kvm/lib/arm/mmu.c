// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage 1 of 32-bit ARM guests: long descriptors, TTBR0 for all of the 4 GiB
 */
#include "kvm_util.h"
#include "processor.h"

#define PGTABLE_LEVELS		3
#define PTRS_PER_PGD		4	/* 1 GiB each */
#define PTRS_PER_TABLE		512
#define LEVEL_BITS		9

static unsigned int pte_index(struct kvm_vm *vm, vm_vaddr_t gva, int level)
{
	unsigned int shift = vm->page_shift +
			     (PGTABLE_LEVELS - level) * LEVEL_BITS;

	return (gva >> shift) & (PTRS_PER_TABLE - 1);
}

static uint64_t *table_hva(struct kvm_vm *vm, uint64_t pte)
{
	return addr_gpa2hva(vm, pte & PTE_ADDR_MASK);
}

void virt_arch_pgd_alloc(struct kvm_vm *vm)
{
	if (vm->pgd_created)
		return;

	vm->pgd = vm_alloc_page_table(vm);
	vm->pgd_created = true;
}

void virt_arch_pg_map(struct kvm_vm *vm, uint64_t vaddr, uint64_t paddr)
{
	uint64_t *ptep;
	int level;

	TEST_ASSERT(!(vaddr % vm->page_size) && !(paddr % vm->page_size),
		    "Address not on page boundary,\n"
		    "  vaddr: 0x%" PRIx64 " paddr: 0x%" PRIx64, vaddr, paddr);
	TEST_ASSERT(sparsebit_is_set(vm->vpages_valid, vaddr >> vm->page_shift),
		    "Invalid virtual address, vaddr: 0x%" PRIx64, vaddr);
	TEST_ASSERT((paddr >> vm->page_shift) <= vm->max_gfn,
		    "Physical address beyond maximum supported,\n"
		    "  paddr: 0x%" PRIx64 " vm->max_gfn: 0x%" PRIx64,
		    paddr, vm->max_gfn);

	ptep = table_hva(vm, vm->pgd) + pte_index(vm, vaddr, 1);
	for (level = 2; level <= PGTABLE_LEVELS; level++) {
		if (!*ptep)
			*ptep = vm_alloc_page_table(vm) | PTE_TABLE;
		ptep = table_hva(vm, *ptep) + pte_index(vm, vaddr, level);
	}

	*ptep = paddr | PTE_AF | PTE_SH_INNER | PTE_ATTR_INDX(MT_NORMAL) |
		PTE_PAGE;
}

static uint64_t *walk(struct kvm_vm *vm, vm_vaddr_t gva, int last_level)
{
	uint64_t *ptep;
	int level;

	TEST_ASSERT(vm->pgd_created, "No page tables yet");

	ptep = table_hva(vm, vm->pgd) + pte_index(vm, gva, 1);
	for (level = 2; level <= last_level; level++) {
		TEST_ASSERT(*ptep,
			    "No mapping for vm virtual address, gva: 0x%" PRIx64,
			    gva);
		ptep = table_hva(vm, *ptep) + pte_index(vm, gva, level);
	}

	return ptep;
}

uint64_t *virt_get_pte_hva(struct kvm_vm *vm, vm_vaddr_t gva)
{
	return walk(vm, gva, PGTABLE_LEVELS);
}

uint64_t *virt_get_table_pte_hva(struct kvm_vm *vm, vm_vaddr_t gva)
{
	return walk(vm, gva, PGTABLE_LEVELS - 1);
}

void virt_map_device(struct kvm_vm *vm, uint64_t vaddr, uint64_t paddr,
		     unsigned int npages)
{
	uint64_t *ptep;

	virt_map(vm, vaddr, paddr, npages);

	for (; npages; npages--, vaddr += vm->page_size) {
		ptep = virt_get_pte_hva(vm, vaddr);
		*ptep &= ~PTE_ATTR_INDX_MASK;
		*ptep |= PTE_ATTR_INDX(MT_DEVICE) | PTE_XN;
	}
}

vm_paddr_t addr_arch_gva2gpa(struct kvm_vm *vm, vm_vaddr_t gva)
{
	uint64_t pte = *virt_get_pte_hva(vm, gva);

	TEST_ASSERT(pte, "No mapping for vm virtual address, gva: 0x%" PRIx64,
		    gva);

	return (pte & PTE_ADDR_MASK) | (gva & (vm->page_size - 1));
}

static void dump_table(FILE *stream, struct kvm_vm *vm, uint8_t indent,
		       const uint64_t *table, unsigned int nr, int level)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (!table[i])
			continue;

		fprintf(stream, "%*slevel %d [%3u]: 0x%.16" PRIx64 "\n",
			indent, "", level, i, table[i]);
		if (level < PGTABLE_LEVELS)
			dump_table(stream, vm, indent + 1,
				   table_hva(vm, table[i]), PTRS_PER_TABLE,
				   level + 1);
	}
}

void virt_arch_dump(FILE *stream, struct kvm_vm *vm, uint8_t indent)
{
	if (vm->pgd_created)
		dump_table(stream, vm, indent, table_hva(vm, vm->pgd),
			   PTRS_PER_PGD, 1);
}

void vm_vaddr_populate_bitmap(struct kvm_vm *vm)
{
	sparsebit_set_num(vm->vpages_valid, 0,
			  (1ULL << vm->va_bits) >> vm->page_shift);
}
