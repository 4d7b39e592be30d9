# SPDX-License-Identifier: GPL-2.0-only
"""Where the instructions of make bench's memory and VM rows go, from the
samples that plugin.c takes of bench-profile.

  host.py SAMPLES VMLINUX PAGES

prints the functions of each row with their instructions, the most first. Those
of a fault are by the page, PAGES in a sample, less what the host's own take.
"""
import collections
import sys

from report import Symbols, least_samples, read_samples


def show(name, profile, least):
    print("%s: %.1f instructions" % (name, sum(profile.values())))
    for (place, function), times in sorted(profile.items(),
                                           key=lambda item: -abs(item[1])):
        if abs(times) >= least:
            print("%10.2f  %-6s  %s" % (times, place, function))


def faults(best, pages):
    """What a guest's faults take beyond the same of the host."""
    profile = collections.Counter()
    for name, sign in (("guest-first", 1), ("guest-again", -1),
                       ("host-first", -1), ("host-again", 1)):
        for key, times in best[name].profile.items():
            profile[key] += sign * times / pages
    return profile


def main(path, vmlinux, pages):
    best = least_samples(read_samples(path, Symbols(vmlinux)))
    show("touch-4k", faults(best, int(pages)), 1)
    show("vm-create", best["create"].profile, 100)
    show("vm-destroy", best["destroy"].profile, 100)


main(*sys.argv[1:])
