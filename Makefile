# SPDX-License-Identifier: GPL-2.0-only
# The front door. All output goes to build/.
#
#   BASE=7.3       the port on that kernel, in build/7.3; else on 6.12
#   LINUX=path     another tree of that kernel than Debian's linux-source-6.12
#   CONFIG=name    a variant of the host kernel: scripts/config/name.config
#   TESTS='glob'   the tests that make check and make soak run
#   FLAVOUR=name   of Debian's kernels, the one that make deb builds; else both
#   BOARD=name     the board that make image makes a card for: tools/image/boards
#   WORKLOADS=name what make check-arch runs: tests/arch/workloads
#   MINUTES=number how long make fuzz takes for each of FUZZ: scripts/fuzz

export BASE LINUX CONFIG TESTS BOARD MINUTES FUZZ STORE

# The steps of which the scripts say that they begin, by target: scripts/lib.sh
KERNEL := packages sources $(or $(CONFIG),host)-kernel
GUEST := $(KERNEL) guest-kernel guest-programs
steps-kernel := $(KERNEL)
steps-guest := $(GUEST)
steps-run := $(GUEST) host-programs run
steps-shell := $(GUEST) host-programs shell
steps-gdb := $(GUEST) gdb-kernel host-programs gdb
steps-check := $(GUEST) host-programs tests
steps-soak := $(steps-check)
steps-bench := $(GUEST) bench bench-count
steps-lint := $(KERNEL) lint

once = $(if $1,$(firstword $1) $(call once,$(filter-out $(firstword $1),$1)))
export PLAN := $(strip $(call once,$(foreach goal,$(MAKECMDGOALS),$(steps-$(goal)))))

help:
	@echo 'make run         boot the host kernel in QEMU, and a Linux guest on its KVM'
	@echo 'make check       build all and run the tests   (TESTS=glob for some)'
	@echo 'make check-list  name the tests'
	@echo 'make soak        run the long tests'
	@echo 'make bench       measure the world switch and exits, in instructions'
	@echo 'make bench-linux compare a Linux on the machine with one in a guest'
	@echo 'make bench-work  the same, for work that it does, and for idling'
	@echo 'make bench-scale measure what each VM, vCPU and MiB of memory costs'
	@echo 'make bench-profile  find the functions where a fault and a VM spend theirs'
	@echo 'make kernel      build the host kernel: build/zImage, vmlinux, config'
	@echo 'make guest       build the guest kernel and its user space'
	@echo 'make qemu        build QEMU of Debian 13 for this KVM: build/qemu   (FETCH=1 for what is new of it)'
	@echo 'make qemu-deb    package it for Debian 13 armhf'
	@echo 'make qemu-compare  show that it is as before for other hosts'
	@echo 'make lint        check style, sparse, warnings, documentation'
	@echo 'make series      write the series for git am: build/series'
	@echo 'make series-build  prove that each of its patches builds, and the last boots'
	@echo 'make deb         build Debian packages of the kernel and the VMM: build/deb   (FLAVOUR=name for one)'
	@echo 'make image       make a card image with it, and a guest   (BOARD=name)'
	@echo 'make check-image boot such images in QEMU, and use them'
	@echo 'make coverage    say what of KVM the tests run, and what not'
	@echo 'make fuzz        look for faults of KVM, by inputs that reach new code   (MINUTES=number)'
	@echo 'make check-boards  boot the boards that QEMU emulates, and a guest on each'
	@echo 'make check-arch  check the rules of the architecture   (WORKLOADS=name for some)'
	@echo 'make check-arm64  run the KVM selftests of arm64 with our patches and without'
	@echo 'make check-litmus  ask the memory model about code without locks'
	@echo 'make check-matrix  build with other compilers and configurations'
	@echo 'make shell       boot the host kernel to a shell'
	@echo 'make gdb         boot it, and a guest, under gdb'
	@echo 'make clean       remove build/'

run check bench bench-linux bench-scale bench-profile bench-work: kernel guest
	@scripts/$@

soak: kernel guest
	@scripts/check --tier soak

shell: kernel guest
	@scripts/run shell

gdb: kernel guest
	@PLAN='$(patsubst sources,-,$(PLAN))' CONFIG=gdb scripts/kernel
	@CONFIG=gdb scripts/run gdb

check-list: deps
	@scripts/check --list

kernel guest: deps
	@scripts/$@

# Both lay out the source trees.
guest: kernel

qemu qemu-deb qemu-compare: deps
	@scripts/$@

lint: kernel
	@scripts/lint

series: deps
	@scripts/series

series-build: kernel guest series
	@scripts/series-build

check-boards check-matrix fuzz: kernel guest
	@scripts/$@

deb: deps
	@scripts/deb $(FLAVOUR)

image: deps
	@scripts/$@

check-arm64: deps
	@scripts/$@

check-litmus: deps
	@scripts/assemble
	@scripts/litmus

check-image:
	@scripts/$@

coverage: guest
	@scripts/coverage

check-arch: kernel guest
	@scripts/check-arch $(or $(WORKLOADS),all)

deps:
	@scripts/deps

clean:
	rm -rf build

.PHONY: help run check check-list check-arch check-arm64 check-boards check-image \
	check-litmus check-matrix coverage fuzz soak bench bench-linux bench-scale bench-profile bench-work kernel guest qemu \
	qemu-compare qemu-deb deb image lint series series-build shell gdb deps clean
