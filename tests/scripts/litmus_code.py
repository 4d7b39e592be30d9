#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The code has what the litmus tests say that it has.

A test for the kernel's memory model has, in its comment,

 * Code: FILE FUNCTION()
 *	TEXT

for what it stands for: the function has TEXT, but for white space and comments,
and anything in place of "...". There are as many of these as there are lines
that the test needs, or more. And each barrier of the port's own is in a function
that a test names.
"""
import functools
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(os.environ["ROOT"])
LINUX = pathlib.Path(os.environ["BUILD"]) / "linux"
TESTS = "Documentation/litmus-tests/kvm-arm/*.litmus"
OURS = ("arch/arm/kvm/**/*.[ch]", "arch/arm/include/asm/kvm*.h")
CODE = re.compile(r"^ \* Code: (\S+) (\w+)\(\)\n((?: \*\t.*\n)+)", re.M)
# As scripts/litmus has it: lines with one name are one
NEEDED = re.compile(r"/\* needed(?: ([a-z]+) \*/$|.*\*/$)", re.M)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
FUNCTION = re.compile(r"^(?:\w[^\n;(]*[ *])?(\w+)\([^;{}]*\)\s*\n\{\n(.*?)^\}", re.M | re.S)
BARRIER = re.compile(r"\bsmp_(?:[rw]?mb|store_\w+|load_acquire)\w*\(")


def squeeze(text):
    return " ".join(text.split())


@functools.cache
def functions(path):
    """The functions of a file: {name: body without comments}"""
    ours = ROOT / path
    text = (ours if ours.exists() else LINUX / path).read_text()
    return {name: squeeze(body) for name, body in FUNCTION.findall(COMMENT.sub("", text))}


def has(body, text):
    pattern = ".*".join(re.escape(part.strip()) for part in squeeze(text).split("..."))
    return re.search(pattern, body)


def check(test, named):
    """What is wrong with a test, or with what it stands for"""
    text = test.read_text()
    code = CODE.findall(text)
    needed = {match[1] or match.start() for match in NEEDED.finditer(text)}
    if not code or len(code) < len(needed):
        yield f"it needs {len(needed)} lines, and names {len(code)} places"
    for path, name, wanted in code:
        wanted = squeeze(wanted.replace(" *\t", ""))
        named.add((path, name))
        body = functions(path).get(name)
        if body is None:
            yield f"{path} has no {name}()"
        elif not has(body, wanted):
            yield f"{path}: {name}() has no '{wanted}'"


def barriers():
    """The functions of the port that have some: (file, name)"""
    for pattern in OURS:
        for path in sorted(ROOT.glob(pattern)):
            path = str(path.relative_to(ROOT))
            for name, body in functions(path).items():
                if BARRIER.search(body):
                    yield path, name


def main():
    named, results = set(), []
    for test in sorted(ROOT.glob(TESTS)):
        results.append((test.stem, list(check(test, named))))
    results.append(("tests", [] if results else ["there are none"]))
    ours = list(barriers())
    wrong = [f"{path}: {name}() has a barrier and is in no test"
             for path, name in ours if (path, name) not in named]
    results.append(("barriers", wrong if ours else ["there are none"]))

    for number, (what, wrong) in enumerate(results, 1):
        for line in wrong:
            print(f"# {line}")
        print(f"{'not ok' if wrong else 'ok'} {number} - {what}")
    return any(wrong for _, wrong in results)


if __name__ == "__main__":
    sys.exit(main())
