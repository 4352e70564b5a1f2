#!/usr/bin/env python3
"""Whether clang takes every C file without a warning, beside the compiler that the build uses.

usage: check_clang.py [BUILD]      (default: build; its compile_commands.json lists the files)

Only the front end runs, so it takes a fraction of a build. Without clang the check is skipped.
"""
import concurrent.futures
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys


def front_end(entry):
    """The entry's command as clang's, without its outputs."""
    command = shlex.split(entry["command"])
    while command and not command[0].startswith("-"):  # the compiler, and what launches it
        command.pop(0)
    words = iter(command)
    kept = ["clang", "-fsyntax-only", "-Wno-unknown-warning-option"]
    for word in words:
        if word in ("-o", "-MF", "-MQ"):
            next(words)
        elif word not in ("-MD", "-c"):
            kept.append(word)
    return kept


def check(entry):
    found = subprocess.run(front_end(entry), cwd=entry["directory"], capture_output=True, text=True)
    return found.stderr if found.returncode else ""


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MG_BUILD", "build"))
    if not shutil.which("clang"):
        print("skipped: there is no clang")
        return 0
    entries = {entry["file"]: entry for entry in json.loads((build / "compile_commands.json").read_text())}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = [text for text in pool.map(check, entries.values()) if text]
    for text in problems:
        print(text, end="")
    return 1 if problems or not entries else 0


if __name__ == "__main__":
    sys.exit(main())
