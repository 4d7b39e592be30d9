# SPDX-License-Identifier: GPL-2.0-only
"""What the same work takes on the machine and in a guest, by the samples that
plugin.c has taken of bench-work on both.

  work.py PROFILE HOST-VMLINUX GUEST-VMLINUX MACHINE GUEST [GUEST]

MACHINE and GUEST are names to which .samples and .log are added: what the plugin
has written, and what the program has said of the units. Of the second guest there
is one row. Prints instructions by the unit, of host, HYP mode and guest together,
and fails where a row is above its limit. PROFILE takes the functions of each row,
those first that have most beyond the same work on the machine.
"""
import collections
import subprocess
import sys

from report import PAGE_OFFSET, Symbols

# What it is; what is to be reached, as ratio to the machine or as instructions
ROWS = {
    "compute": ("sum of 128 KiB", 1.03, None),
    "syscall": ("system call", 1.03, None),
    "pipe": ("to another process and back", 1.03, None),
    "touch": ("first touch of a page", None, None),
    "read-small": ("disk, read 4 KiB", None, None),
    "read-large": ("disk, read 128 KiB", None, None),
    "write-small": ("disk, write 4 KiB", None, None),
    "write-large": ("disk, write 128 KiB", None, None),
    "idle": ("idle for a second", None, None),
    "idle-2": ("idle for a second, two vCPUs", None, 200000),
}
# Of a row, into PROFILE
MOST = 24


class Kernel(Symbols):
    """A kernel's code, to tell whose an instruction at an address is."""

    def __init__(self, vmlinux):
        super().__init__(vmlinux)
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


def place_of(address, opcode, host, guest):
    """Who executes that, and in which function"""
    if host.by_name["__hyp_text_start"] <= address < host.by_name["__hyp_text_end"]:
        return "HYP", host.find(address)
    if address < PAGE_OFFSET:
        return "user", "-"
    for name, kernel in (("guest", guest), ("host", host)):
        if kernel.has(address, opcode):
            return name, kernel.find(address)
    return "kernel", "-"


def read_units(path):
    with open(path, errors="replace") as log:
        fields = [line.split() for line in log if line.startswith("work ")]
    return {name: int(units) for _, name, units in fields}


def read(name, host, guest):
    """Instructions by unit of work, place and function"""
    units = read_units(f"{name}.log")
    work = collections.defaultdict(collections.Counter)
    row = None
    with open(f"{name}.samples") as samples:
        for line in samples:
            fields = line.split()
            if fields[0] == "sample":
                row = fields[1]
                continue
            address, opcode, times = (int(fields[0], 16), int(fields[1], 16),
                                      int(fields[2]))
            work[row][place_of(address, opcode, host, guest)] += times / units[row]
    return work


def main(profile, host, guest, machine, *guests):
    host, guest = Kernel(host), Kernel(guest)
    # On the machine, what the guest runs is all there is.
    machine = read(machine, host, guest)
    seen = read(guests[0], host, guest)
    for name in guests[1:]:
        seen["idle-2"] = read(name, host, guest)["idle"]
    print(f"{'instructions':30} {'machine':>10} {'guest':>10} {'ratio':>7}  to reach")
    with open(profile, "w") as out:
        for row, (what, aim, most) in ROWS.items():
            alone = sum(machine[row].values())
            virtual = sum(seen[row].values())
            line = f"{what:30} {alone or '-':>10{'.0f' if alone else ''}} {virtual:10.0f}"
            if alone:
                line += f" {virtual / alone:7.3f}"
            if aim:
                line += f"  {aim:<6} {'above' if virtual > aim * alone else 'ok'}"
            elif most:
                line += f"{'':9} {most:<6} {'above' if virtual > most else 'ok'}"
            print(line)
            more = collections.Counter(seen[row])
            more.subtract(machine[row])
            print(f"{row}: {sum(more.values()):.1f} instructions more", file=out)
            for (place, function), times in sorted(
                    more.items(), key=lambda item: -abs(item[1]))[:MOST]:
                print(f"{times:12.1f}  {place:6} {function}", file=out)


if __name__ == "__main__":
    main(*sys.argv[1:])
