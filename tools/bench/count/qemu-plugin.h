/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What plugin.c uses of QEMU's plugin API (docs/devel/tcg-plugins.rst there):
 * Debian has no package with its header. QEMU_MAJOR is the version of the QEMU
 * that will load it, 7 of Debian 12 or 10 of Debian 13.
 */
#ifndef BENCH_QEMU_PLUGIN_H
#define BENCH_QEMU_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;
struct qemu_info_t;

enum { CB_NO_REGS };
enum { MEM_RW = 3 };

typedef void (*tb_cb_t)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*exec_cb_t)(unsigned int cpu, void *data);
typedef void (*mem_cb_t)(unsigned int cpu, qemu_plugin_meminfo_t info,
			 uint64_t vaddr, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, tb_cb_t cb);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
						 size_t idx);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    exec_cb_t cb, int flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
				      mem_cb_t cb, int flags, int rw,
				      void *data);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);
struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t info,
						  uint64_t vaddr);
uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *addr);

/* Neither loads a plugin of the other's version */
#if QEMU_MAJOR < 10
#define PLUGIN_VERSION 1

const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);

static inline void plugin_read_insn(const struct qemu_plugin_insn *insn,
				    void *to, size_t size)
{
	memcpy(to, qemu_plugin_insn_data(insn), size);
}
#else
#define PLUGIN_VERSION 4

size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to,
			     size_t size);

static inline void plugin_read_insn(const struct qemu_plugin_insn *insn,
				    void *to, size_t size)
{
	qemu_plugin_insn_data(insn, to, size);
}
#endif

#endif
