#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What the plugin found in one or more runs, in words.

  report.py [--ours FILE] [--not-asked-ok] [--not-asked RULE...]
            [--alias FROM:SIZE:TO...] ELF OUT...

ELF is what was run, OUT what the plugin wrote. --ours names a file with the
names of the functions that are judged; what others do is counted, and no more.
--alias says where else the memory is that the symbols of ELF name: at FROM what
is at TO, which is an address or a symbol. Fails if a rule is violated, or was
never asked.
"""
import argparse
import bisect
import collections
import os
import pathlib
import re
import subprocess
import sys

# Right as it is: rule, function, why
EXCEPTIONS = pathlib.Path(__file__).with_name("exceptions")


class Symbols:
    # No function is larger
    NEAR = 0x4000

    def __init__(self, path, aliases):
        nm = os.environ.get("CROSS_COMPILE", "arm-linux-gnueabihf-") + "nm"
        text = subprocess.run([nm, path], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        table, known = [], {}
        for line in text.splitlines():
            value, kind, name = line.split()[-3:]
            if kind in "tT" and not name.startswith("$"):
                table.append((int(value, 16), name))
            known[name] = int(value, 16) if kind != "U" else 0
        table.sort()
        self.values = [value for value, _ in table]
        self.names = [name for _, name in table]
        self.aliases = []
        for alias in aliases:
            start, size, target = alias.split(":")
            self.aliases.append((int(start, 0), int(size, 0), known.get(target)
                                 if target in known else int(target, 0)))

    def find(self, pc):
        """The function, and the function with an offset, that has this PC."""
        for start, size, target in self.aliases:
            if start <= pc < start + size:
                pc = target + pc - start
                break
        i = bisect.bisect_right(self.values, pc) - 1
        if i < 0 or pc - self.values[i] > self.NEAR:
            return "", ""
        offset = pc - self.values[i]
        return self.names[i], self.names[i] + (f"+{offset:#x}" if offset else "")


class Violation:
    def __init__(self, cpu, world, pc, caller, source):
        self.cpu, self.world, self.pc, self.caller = cpu, world, pc, caller
        self.source = source
        self.missing, self.steps, self.times = "", [], 0


def read(path, rules, violations, asked):
    current = None
    ended = False
    for line in path.read_text(errors="replace").splitlines():
        word, _, rest = line.partition(" ")
        if word == "rule":
            name, *texts = rest.split("|")
            rules[name] = texts
        elif word == "violation":
            name, cpu, world, pc, caller = rest.split()
            key = name, int(pc, 16)
            current = Violation(int(cpu), world, int(pc, 16), int(caller, 16),
                                path.name)
            current = violations.setdefault(key, current)
        elif word == "missing":
            current.missing = current.missing or rest
        elif word == "step" and current.source == path.name:
            current.steps.append(rest.split(" ", 3))
        elif word == "times":
            name, pc, times = rest.split()
            violations[name, int(pc, 16)].times += int(times)
        elif word == "asked":
            name, times = rest.split()
            asked[name] += int(times)
            ended = True
    return ended


def step_text(step, symbols):
    world, pc, value, text = step
    pc = int(pc, 16)
    text = text.replace("\t", "  ", 1).replace("\t", " ")
    if int(value, 16):
        text += f" = {int(value, 16):#x}"
    return f"    {world:5} {pc:08x} {symbols.find(pc)[1]:36} {text}"


def named(text, symbols):
    """The text, in which addresses have their symbols."""
    def name(match):
        symbol = symbols.find(int(match[0], 16))[1]
        return f"{match[0]} ({symbol})" if symbol else match[0]
    return re.sub(r"0x[0-9a-f]{8}\b", name, text)


def show(name, rule, violation, symbols):
    section, watched, what = rule
    where = f"{violation.pc:#010x} {symbols.find(violation.pc)[1]}"
    if violation.caller:
        where += f" (for {symbols.find(violation.caller)[1] or '?'})"
    print(f"{name}: violated at {where}, CPU {violation.cpu}, "
          f"{violation.times or 'many'} times, {violation.source}")
    print(f"  rule: {watched}")
    print(f"  fault: {what} ({section})")
    print(f"  missing: {named(violation.missing, symbols)}")
    print("  what led there:")
    for step in violation.steps:
        print(step_text(step, symbols))
    print()


def read_exceptions():
    lines = [line for line in EXCEPTIONS.read_text().splitlines()
             if line and not line.startswith("#")] if EXCEPTIONS.exists() else []
    return {tuple(line.split(None, 2)[:2]) for line in lines}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", type=pathlib.Path)
    parser.add_argument("--not-asked-ok", action="store_true")
    parser.add_argument("--not-asked", nargs="+", default=[], metavar="RULE")
    parser.add_argument("--alias", action="append", default=[])
    parser.add_argument("elf")
    parser.add_argument("out", type=pathlib.Path, nargs="+")
    args = parser.parse_args()

    symbols = Symbols(args.elf, args.alias)
    ours = set(args.ours.read_text().split()) if args.ours else None
    exceptions = read_exceptions()
    rules, violations, asked = {}, {}, collections.Counter()
    cut = [path.name for path in args.out
           if not read(path, rules, violations, asked)]

    judged, other = collections.Counter(), collections.defaultdict(set)
    for (name, pc), violation in sorted(violations.items()):
        functions = {symbols.find(pc)[0], symbols.find(violation.caller)[0]}
        if any((name, function) in exceptions for function in functions) or \
                ours is not None and not functions & ours:
            other[name].add(symbols.find(pc)[0] or f"{pc:#x}")
            continue
        judged[name] += 1
        show(name, rules[name], violation, symbols)

    print(f"{'rule':16} {'asked':>10} {'violated at':>12}  not judged")
    for name in rules:
        print(f"{name:16} {asked[name]:10} {judged[name]:12}  "
              f"{' '.join(sorted(other[name]))}".rstrip())
    status = 0
    for path in cut:
        print(f"the emulator did not end well: {path}")
        status = 1
    never = [name for name in rules
             if not asked[name] and name not in args.not_asked]
    if never and not args.not_asked_ok:
        print(f"never asked: {' '.join(never)}")
        status = 1
    if judged:
        print(f"{sum(judged.values())} violations of {len(judged)} rules")
        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
