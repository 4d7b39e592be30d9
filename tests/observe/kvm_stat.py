#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""kvm_stat.py ROOT LINUX: do kvm_stat and perf kvm know this architecture?

kvm_stat runs on the build machine, told that it is a 32-bit ARM host. What it
and perf would say of exits has to be what the kernel's headers say.
"""
import collections
import ctypes
import importlib.machinery
import importlib.util
import os
import pathlib
import re
import sys

root, linux = map(pathlib.Path, sys.argv[1:3])
sys.dont_write_bytecode = True

Uname = collections.namedtuple("Uname", "sysname nodename release version machine")
os.uname = lambda: Uname("Linux", "host", "6.12", "#1", "armv7l")

path = str(linux / "tools/kvm/kvm_stat/kvm_stat")
loader = importlib.machinery.SourceFileLoader("kvm_stat", path)
kvm_stat = importlib.util.module_from_spec(
    importlib.util.spec_from_loader("kvm_stat", loader))
loader.exec_module(kvm_stat)
arch = kvm_stat.ARCH

header = (root / "arch/arm/include/asm/kvm_arm.h").read_text()
number = dict(re.findall(r"#define (HSR_EC_\w+)\s+(0x[0-9a-f]+)", header))
names = re.findall(r"\{ (HSR_EC_\w+), \"(\w+)\" \}", header)
classes = {name: int(number[ec], 16) for ec, name in names}

syscalls = (linux / "arch/arm/tools/syscall.tbl").read_text()
perf_event_open = int(re.search(r"^(\d+)\tcommon\tperf_event_open", syscalls,
                                re.MULTILINE)[1])

trace = (linux / "arch/arm64/kvm/trace_arm.h").read_text()
kvm_exit = trace[trace.index("TRACE_EVENT(kvm_exit"):]
kvm_exit = kvm_exit[:kvm_exit.index("TP_printk")]

perf = (root / "tools/perf/arch/arm/util/arm_exception_types.h").read_text()
perf_classes = perf[perf.index("define kvm_arm_exception_class"):]
perf_classes = {name: int(ec, 16) for ec, name in re.findall(
    r"\{ (0x[0-9a-f]+), \"(\w+)\" \}", perf_classes)}

checks = {
    "architecture": type(arch).__name__ == "ArchARM",
    "exit reasons": arch.exit_reasons == classes and len(classes) > 15,
    "exit reasons of perf": perf_classes == classes,
    "exit reason field": re.search(rf"\b{arch.exit_reason_field}\b", kvm_exit),
    "perf_event_open": arch.sc_perf_evt_open == perf_event_open,
    "ioctl": arch.ioctl_numbers["SET_FILTER"] ==
             0x40002406 | ctypes.sizeof(ctypes.c_char_p) << 16,
}
print(f"TAP version 13\n1..{len(checks)}")
for n, (name, good) in enumerate(checks.items(), 1):
    print(f"{'' if good else 'not '}ok {n} {name}")
sys.exit(0 if all(checks.values()) else 1)
