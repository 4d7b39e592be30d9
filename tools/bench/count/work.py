# SPDX-License-Identifier: GPL-2.0-only
"""What the same work takes on the machine and in a guest, by the samples that
plugin.c has taken of bench-work on both.

  work.py DIRECTORY HOST-VMLINUX GUEST-VMLINUX KVM-OBJECTS

DIRECTORY has, of each run, RUN.samples, which the plugin has written, and RUN.log, in
which the program has said of the units. Prints instructions by the unit, of host, HYP
mode and guest together, and what idle guests take in a second; says where a row is
above its limit. The file "work" there takes what each row is made of, and its
functions, those first that have most beyond the same work on the machine.
"""
import collections
import os
import subprocess
import sys

from report import PAGE_OFFSET, Symbols

# Work, what it is; where it is done, and where it is the machine's own; the ratio
# that is to be reached
ROWS = (
    ("compute", "sum of 128 KiB", "guest", "machine", 1.03),
    ("syscall", "system call", "guest", "machine", 1.03),
    ("pipe", "to another process and back", "guest", "machine", 1.03),
    ("touch", "first touch of a page", "guest", "machine", None),
    ("compile", "compile of a program", "programs-guest", "programs-machine", 1.03),
    ("database", "database", "programs-guest", "programs-machine", 1.03),
    ("messages", "perf's sched messaging", "programs-guest", "programs-machine", 1.03),
    ("read-small", "kvm-vmm's disk, read 4 KiB", "guest", "host", 1.5),
    ("read-large", "kvm-vmm's disk, read 128 KiB", "guest", "host", 1.5),
    ("write-small", "kvm-vmm's disk, write 4 KiB", "guest", "host", 1.5),
    ("write-large", "kvm-vmm's disk, write 128 KiB", "guest", "host", 1.5),
    ("read-small", "QEMU's disk, read 4 KiB", "qemu", "host", 1.5),
    ("read-large", "QEMU's disk, read 128 KiB", "qemu", "host", 1.5),
    ("write-small", "QEMU's disk, write 4 KiB", "qemu", "host", 1.5),
    ("write-large", "QEMU's disk, write 128 KiB", "qemu", "host", 1.5),
    ("net-send", "network, send 1 MiB", "qemu", "host", None),
    ("net-receive", "network, receive 1 MiB", "qemu", "host", None),
    ("net-send", "with vhost, send 1 MiB", "qemu-vhost", "host", 1.5),
    ("net-receive", "with vhost, receive 1 MiB", "qemu-vhost", "host", 1.5),
)
# Run, what it is, number of guests, what is to be reached
IDLE = (
    ("machine", "the guest's Linux on the machine", 0, None),
    ("idle-0-0", "the host alone", 0, None),
    ("idle-1-1", "a guest", 1, None),
    ("idle-1-2", "a guest of two vCPUs", 1, 200000),
    ("idle-4-1", "4 guests", 4, None),
    ("idle-16-1", "16 guests", 16, None),
)
HOST_ALONE = "idle-0-0"
WFI = 0xe320f003
# Who executes an instruction; "kernel" is the host or the guest, in code that is not
# in their images. Both have user space.
PLACES = ("host", "KVM", "HYP", "guest", "user", "kernel")
# Of a row, into the file
MOST = 24


class Kernel(Symbols):
    """A kernel's code, to tell whose an instruction at an address is."""

    def __init__(self, vmlinux, kvm=frozenset()):
        super().__init__(vmlinux)
        self.kvm = kvm
        self.text = {}
        listing = subprocess.run(["readelf", "-SW", vmlinux], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
        with open(vmlinux, "rb") as image:
            for line in listing.splitlines():
                fields = line.replace("[ ", "[").split()
                if len(fields) < 8 or fields[2] != "PROGBITS" or "X" not in fields[7]:
                    continue
                image.seek(int(fields[4], 16))
                self.text[int(fields[3], 16)] = image.read(int(fields[5], 16))

    def has(self, address, opcode):
        for begin, code in self.text.items():
            at = address - begin
            if 0 <= at < len(code):
                return code[at:at + 4] == opcode.to_bytes(4, "little")
        return False


def functions_of(objects):
    """The names of all functions that an archive has"""
    listing = subprocess.run(["nm", objects], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    fields = [line.split() for line in listing.splitlines()]
    return {name for _, kind, name in filter(lambda field: len(field) == 3, fields)
            if kind in "tT"}


def place_of(address, opcode, host, guest):
    """Who executes that, and in which function"""
    if host.by_name["__hyp_text_start"] <= address < host.by_name["__hyp_text_end"] \
            and host.has(address, opcode):
        return "HYP", host.find(address)
    if address < PAGE_OFFSET:
        return "user", "-"
    for name, kernel in (("guest", guest), ("host", host)):
        if kernel.has(address, opcode):
            function = kernel.find(address)
            return "KVM" if function in kernel.kvm else name, function
    return "kernel", "-"


def read_units(path):
    with open(path, errors="replace") as log:
        fields = [line.split() for line in log if line.startswith("work ")]
    return {name: int(units) for _, name, units in fields}


class Run:
    """Instructions by work, place and function, of which there are what the guest
    and the host execute to wait, and the entries into the guest; all by the unit."""

    def __init__(self, name, host, guest):
        units = read_units(f"{name}.log")
        self.work = collections.defaultdict(collections.Counter)
        self.waits = collections.defaultdict(collections.Counter)
        self.entries = collections.Counter()
        row = None
        with open(f"{name}.samples") as samples:
            for line in samples:
                fields = line.split()
                if fields[0] == "sample":
                    row = fields[1]
                    continue
                address, opcode = int(fields[0], 16), int(fields[1], 16)
                times = int(fields[2]) / units[row]
                place, function = place_of(address, opcode, host, guest)
                self.work[row][place, function] += times
                if opcode == WFI:
                    self.waits[row][place] += times
                if address == host.by_name["__kvm_vcpu_run"]:
                    self.entries[row] += times

    def total(self, row, place=None):
        return sum(times for (where, _), times in self.work[row].items()
                   if place in (None, where))


def verdict(value, limit):
    if not limit:
        return ""
    return f"  {limit:<6} {'above' if value > limit else 'ok'}"


def rows_of(runs):
    """Less those of a guest that was not wanted"""
    return [row for row in ROWS if row[2] in runs]


def print_work(runs):
    print(f"{'instructions':30} {'machine':>10} {'guest':>10} {'ratio':>7}  to reach")
    for row, what, where, machine, limit in rows_of(runs):
        virtual, alone = runs[where].total(row), runs[machine].total(row)
        print(f"{what:30} {alone:10.0f} {virtual:10.0f} {virtual / alone:7.3f}"
              f"{verdict(virtual / alone, limit)}")


def print_idle(runs):
    """What the machine executes when it is idle is the host's, whoever it is."""
    print(f"{'idle for a second':32} {'all':>8} {'host':>8} {'HYP':>6} {'guest':>8}"
          f" {'wakes':>6} {'entries':>7} {'each':>8}  to reach")
    alone = runs[HOST_ALONE].total("idle")
    for name, what, guests, limit in IDLE:
        run = runs[name]
        total, hyp = run.total("idle"), run.total("idle", "HYP")
        inside = run.total("idle", "guest") if guests else 0
        wakes = run.waits["idle"]["host" if name != "machine" else "guest"]
        each = f"{(total - alone) / guests:8.0f}" if guests else f"{'-':>8}"
        print(f"{what:32} {total:8.0f} {total - hyp - inside:8.0f} {hyp:6.0f}"
              f" {inside:8.0f} {wakes:6.1f} {run.entries['idle']:7.1f} {each}"
              f"{verdict(total, limit)}")


def write_functions(path, runs):
    rows = [(f"{row} {where}", row, where, machine) for row, _, where, machine, _
            in rows_of(runs)]
    rows += [(name, "idle", name, HOST_ALONE) for name, _, guests, _ in IDLE if guests]
    with open(path, "w") as out:
        for title, row, where, machine in rows:
            more = collections.Counter(runs[where].work[row])
            more.subtract(runs[machine].work[row])
            print(f"{title}: {sum(more.values()):.1f} instructions more; in all",
                  ", ".join(f"{place} {runs[where].total(row, place):.0f}"
                            for place in PLACES), file=out)
            for (place, function), times in sorted(
                    more.items(), key=lambda item: -abs(item[1]))[:MOST]:
                print(f"{times:12.1f}  {place:6} {function}", file=out)


def main(directory, host, guest, kvm):
    host, guest = Kernel(host, functions_of(kvm)), Kernel(guest)
    names = {name for row in ROWS for name in row[2:4]} | {name for name, *_ in IDLE}
    runs = {name: Run(f"{directory}/{name}", host, guest) for name in sorted(names)
            if os.path.exists(f"{directory}/{name}.samples")}
    print_work(runs)
    print()
    print_idle(runs)
    write_functions(f"{directory}/work", runs)


if __name__ == "__main__":
    main(*sys.argv[1:])
