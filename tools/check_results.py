#!/usr/bin/env python3
"""Checks that a failure can't go unseen.

usage: check_results.py [ROOT]

A function that can fail and says why (returns int, takes `struct mg_error *error`) is declared MG_CHECKED in its header, so
that the compiler names a caller that drops the result; a file's own functions need no mark: their dropped results are found
here. Prints a line per violation; exit 1 if there is any.
"""
import pathlib
import re
import sys

ARGUMENTS = r"\([^;{}]*?(?<!const )struct mg_error \*error\)"
FAILS_ALWAYS = {"mg_fail_memory"}
PROTOTYPE = re.compile(r"^(?P<marks>(?:\w+ )*?)int (?P<name>\w+)" + ARGUMENTS + r"[^;{}]*;", re.M)
OWN = re.compile(r"^static int (\w+)" + ARGUMENTS + r"\s*[;{]", re.M)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def unmarked(name, text):
    for found in PROTOTYPE.finditer(text):
        if not {"MG_CHECKED", "static", "typedef"} & set(found["marks"].split()) and found["name"] not in FAILS_ALWAYS:
            yield f"{name}:{line_of(text, found.start())}: {found['name']} can fail: declare it MG_CHECKED"


def dropped(name, text):
    own = set(OWN.findall(text))
    for found in re.finditer(r"(?:[;{}]|\belse|\))\n\s+(\w+)\(", text):
        if found[1] in own:
            yield f"{name}:{line_of(text, found.start(1))}: the result of {found[1]} is dropped; look at it, or say mg_ignore(…)"


def check(root):
    problems = []
    for path in sorted((root / "src").rglob("*.[ch]")):
        name, text = path.relative_to(root).as_posix(), path.read_text("utf-8")
        problems += unmarked(name, text) if path.suffix == ".h" else dropped(name, text)
    return problems


def main():
    problems = check(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    print("\n".join(problems) if problems else "results: nothing to say")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
