# SPDX-License-Identifier: GPL-2.0-only
"""What the operations of the guest are made of, from the samples of plugin.c.

  report.py SAMPLES PROFILE VMLINUX GUEST

prints a table: instructions by where they are executed, cp15 registers read
and written, banked registers moved, accesses to GICH, VFP registers moved.
PROFILE takes the instructions of each operation by function.
"""
import bisect
import collections
import subprocess
import sys

PAGE_OFFSET = 0xc0000000
COLUMNS = (
    ("instructions", "instructions"), ("guest", "guest"), ("hyp", "HYP"),
    ("kernel", "kernel"), ("user", "user"), ("cp15-reads", "cp15 read"),
    ("cp15-writes", "written"), ("banked", "banked"), ("gich-reads", "GICH read"),
    ("gich-writes", "written"), ("vfp", "VFP"),
)


class Symbols:
    """Functions of an ELF file, by address."""

    def __init__(self, name):
        output = subprocess.run(["nm", "-n", name], check=True, text=True,
                                stdout=subprocess.PIPE).stdout
        self.by_name = {}
        entries = []
        for line in output.splitlines():
            address, kind, symbol = line.rsplit(maxsplit=2)
            self.by_name[symbol] = int(address, 16)
            if kind in "tTwW" and symbol[0] != "$":
                entries.append((int(address, 16), symbol))
        self.starts = [address for address, _ in entries]
        self.names = [symbol for _, symbol in entries]

    def find(self, address):
        at = bisect.bisect_right(self.starts, address) - 1
        return self.names[at] if at >= 0 else "?"


class Sample:
    """The instructions of one operation."""

    def __init__(self, name, gich_reads, gich_writes):
        self.name = name
        self.count = collections.Counter()
        self.count["gich-reads"] = int(gich_reads)
        self.count["gich-writes"] = int(gich_writes)
        self.profile = collections.Counter()

    def add(self, place, function, opcode, times):
        self.count["instructions"] += times
        self.count[place] += times
        self.profile[place, function] += times
        if place in ("hyp", "kernel"):
            self.classify(opcode, times)

    def classify(self, opcode, times):
        """Count what an instruction moves, by the ARM encodings (A5.6)."""
        cp15 = opcode >> 8 & 0xf == 15
        to_core = opcode >> 20 & 1
        if cp15 and (opcode & 0x0f000010 == 0x0e000010 or
                     opcode & 0x0fe00000 == 0x0c400000):
            self.count["cp15-reads" if to_core else "cp15-writes"] += times
        elif opcode & 0x0f900ef0 == 0x01000200:
            self.count["banked"] += times
        elif opcode & 0x0e000f00 == 0x0c000b00 and \
                opcode & 0x01200000 != 0x01000000:
            # VLDM and VSTM of doubles: the immediate is in words
            self.count["vfp"] += times * (opcode & 0xff) // 2


def read_samples(path, kernel, guest=None):
    """The guest is that of make bench, if any: another is user space."""
    hyp = range(kernel.by_name["__hyp_text_start"],
                kernel.by_name["__hyp_text_end"])
    guest_text = range(0)
    if guest:
        guest_text = range(guest.by_name["_start"], guest.by_name["operations"])
    samples = []
    with open(path) as lines:
        for line in lines:
            fields = line.split()
            if fields[0] == "sample":
                samples.append(Sample(*fields[1:]))
                continue
            address, opcode, times = (int(fields[0], 16), int(fields[1], 16),
                                      int(fields[2]))
            if address in guest_text:
                place, function = "guest", guest.find(address)
            elif address in hyp:
                place, function = "hyp", kernel.find(address)
            elif address >= PAGE_OFFSET:
                place, function = "kernel", kernel.find(address)
            else:
                place, function = "user", "-"
            samples[-1].add(place, function, opcode, times)
    return samples


def least_samples(samples):
    """The least of an operation holds no tick of the host."""
    best = {}
    for sample in samples:
        if sample.name not in best or sample.count["instructions"] < \
                best[sample.name].count["instructions"]:
            best[sample.name] = sample
    return best


def main(path, profile, kernel, guest):
    best = least_samples(read_samples(path, Symbols(kernel), Symbols(guest)))

    print("%-22s" % "", *("%9s" % title for _, title in COLUMNS))
    with open(profile, "w") as out:
        for name, sample in best.items():
            print("%-22s" % name, *("%*d" % (max(9, len(title)), sample.count[key])
                                    for key, title in COLUMNS))
            print("%s: %d instructions" % (name, sample.count["instructions"]),
                  file=out)
            for (place, function), times in sample.profile.most_common():
                print("%8d  %-6s  %s" % (times, place, function), file=out)


if __name__ == "__main__":
    main(*sys.argv[1:])
