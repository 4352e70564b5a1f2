#!/usr/bin/env python3
"""Checks that what the manuals link to, or name as a path or as a name of the code, is there.

usage: check_links.py [ROOT]

Looks at every relative link of *.md under ROOT and docs/, and at paths in `backquotes` that begin with a folder of the
repository, and at names in `backquotes` that begin with mg_ (without what stands for other things: `mg_<module>_<verb>`). The
records of decisions (docs/adr) tell of their time: their names aren't looked at. Prints a line per dead one; exit 1 if there is any.
"""
import pathlib
import re
import sys

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`((?:src|tools|tests|script|spec|docs|web|po|demo|bench|fuzz|deps)/[\w./-]+)`")
CODE = re.compile(r"`(?:struct )?(mg_\w+)(?:\(…\))?`")


def names_of_code(root):
    """All names that begin with mg_ in the sources."""
    sources = [path.read_text("utf-8", "replace") for path in (root / "src").rglob("*.[ch]")]
    return {name for text in sources for name in re.findall(r"\bmg_\w+", text)}


def dead_names(root, file, known):
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        for name in CODE.findall(line):
            if name not in known:
                yield f"{file.relative_to(root)}:{number}: names {name}, which isn't there"


def dead_links(root, file):
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        for target in LINK.findall(line):
            if "://" not in target and not target.startswith("mailto:") and not (file.parent / target).exists():
                yield f"{file.relative_to(root)}:{number}: links to {target}, which isn't there"
        for path in NAMED.findall(line):
            if not path.startswith(("web/dist", "demo/data")) and not (root / path).exists():
                yield f"{file.relative_to(root)}:{number}: names {path}, which isn't there"


def check(root):
    files = sorted(root.glob("*.md")) + sorted((root / "docs").rglob("*.md"))
    known = names_of_code(root)
    return [problem for file in files for problem in dead_links(root, file)] + [
        problem for file in files if "adr" not in file.parts for problem in dead_names(root, file, known)]


def main():
    problems = check(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    print("\n".join(problems) if problems else "links: all there")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
