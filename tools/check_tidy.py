#!/usr/bin/env python3
"""Checks what a reader would trip over: long functions and files, unfinished marks, stray whitespace, misplaced SQL.

usage: check_tidy.py [ROOT]

Rules: a C function has at most 70 lines; a source file at most 800; no unfinished marks; no trailing whitespace or tabs
in C and Python; SQL only under src/store and src/column; lock files name no download address; no file above 1 MB; Chinese takes full-width
punctuation.
Prints a line per violation; exit 1 if there is any.
"""
import pathlib
import re
import subprocess
import sys

FUNCTION_LINES = 70
FILE_LINES = 800
FILE_BYTES = 1_000_000
MARKS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
SQL = re.compile(r'"\s*(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|'
                 r'CREATE\s+(TABLE|INDEX|UNIQUE)|DROP\s+TABLE|ALTER\s+TABLE|PRAGMA\s)')
# A half-width mark behind a Chinese character, in what users read.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,:;!?](?![A-Za-z0-9])")
CHINESE_FOLDERS = ("po/", "src/", "web/src/", "README.zh-CN.md", "demo/", "script/")
SQL_FOLDERS = ("src/store/", "src/column/", "tests/", "bench/", "fuzz/")
SOURCE = {".c", ".h", ".py", ".ts", ".vue", ".mjs", ".js", ".css", ".sql", ".sh", ".yaml", ".build", ""}
LONG_BY_NATURE = {"LICENSE"}
TEXT = SOURCE | {".md", ".json", ".po", ".txt", ".html"}


def tracked_files(root):
    """Files that git knows or would add; all files where there is no repository (the tests)."""
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    if listing.returncode == 0:
        return [name for name in listing.stdout.splitlines() if (root / name).is_file()]
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def long_functions(lines):
    """(first line, length) of each function whose body is too long: from a "{" to a "}", both in the first column."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            if number - start - 1 > FUNCTION_LINES:
                yield start, number - start - 1
            start = None


def check_lines(name, lines, suffix):
    for number, line in enumerate(lines, 1):
        if MARKS.search(line):
            yield f"{name}:{number}: unfinished mark"
        if name.startswith(CHINESE_FOLDERS) and HALF_WIDTH.search(line):
            yield f"{name}:{number}: half-width punctuation in Chinese text"
        if suffix in (".c", ".h", ".py") and (line != line.rstrip() or "\t" in line):
            yield f"{name}:{number}: trailing whitespace or tab"
        if suffix in (".c", ".h") and not name.startswith(SQL_FOLDERS) and SQL.search(line):
            yield f"{name}:{number}: SQL outside src/store and src/column"


def check_file(root, name):
    path = root / name
    suffix = path.suffix
    if path.stat().st_size > FILE_BYTES and path.name != "package-lock.json":
        yield f"{name}: larger than {FILE_BYTES} bytes"
    if path.name == "package-lock.json" and '"resolved"' in path.read_text("utf-8"):
        yield f"{name}: names download addresses; make it anew with omit-lockfile-registry-resolved"
    if suffix not in TEXT or path.name in ("package-lock.json", "LICENSE"):
        return
    try:
        lines = path.read_text("utf-8").split("\n")
    except UnicodeDecodeError:
        return  # a binary file without a suffix, such as a fuzz corpus entry
    if suffix in SOURCE and name not in LONG_BY_NATURE and len(lines) > FILE_LINES + 1:
        yield f"{name}: {len(lines)} lines; at most {FILE_LINES}"
    if suffix in (".c", ".h"):
        for start, length in long_functions(lines):
            yield f"{name}:{start}: function of {length} lines; at most {FUNCTION_LINES}"
    yield from check_lines(name, lines, suffix)


def check(root):
    skipped = ("fuzz/corpus/", "tests/data/", "tests/fuzz/")
    return [problem for name in tracked_files(root) if not name.startswith(skipped) for problem in check_file(root, name)]


def main():
    problems = check(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    print("\n".join(problems) if problems else "tidy: nothing to say")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
