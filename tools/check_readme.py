#!/usr/bin/env python3
"""Executes the commands that the manual shows.

usage: check_readme.py FILE.md…

Every fenced block opened by ```sh test is run with bash -e in an empty folder that holds a copy of the repository's demo/
folder, with the built program (environment MINDGAP, else build/mindgap) on the PATH as `mindgap`. Blocks of one file share
the folder, so that a tour may build on its earlier steps. Prints "ok FILE:LINE" or "not ok FILE:LINE".
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```sh test\n(.*?)^```$", re.M | re.S)
ROOT = pathlib.Path(__file__).resolve().parent.parent
LIMIT_SECONDS = 120


def run_blocks(path, binary):
    """Runs a file's blocks; yields (line, whether it worked, output)."""
    text = path.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        work, bin_folder = pathlib.Path(folder, "work"), pathlib.Path(folder, "bin")
        work.mkdir()
        bin_folder.mkdir()
        (bin_folder / "mindgap").symlink_to(binary)
        if (ROOT / "demo").is_dir():
            shutil.copytree(ROOT / "demo", work / "demo")
        environment = dict(os.environ, PATH=f"{bin_folder}:{os.environ['PATH']}", HOME=folder)
        for match in BLOCK.finditer(text):
            result = subprocess.run(["bash", "-e", "-c", match[1]], cwd=work, env=environment, capture_output=True,
                                    text=True, timeout=LIMIT_SECONDS, stdin=subprocess.DEVNULL)
            yield text.count("\n", 0, match.start()) + 1, result.returncode == 0, result.stdout + result.stderr


def main():
    binary = pathlib.Path(os.environ.get("MINDGAP", "build/mindgap")).resolve()
    failed = 0
    for name in sys.argv[1:]:
        for line, worked, output in run_blocks(pathlib.Path(name), binary):
            failed += not worked
            if not worked:
                print(output)
            print("ok" if worked else "not ok", f"{name}:{line}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
