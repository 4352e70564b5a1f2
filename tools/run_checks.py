#!/usr/bin/env python3
"""Runs the checks of the sources, one line each: "ok NAME" or "not ok NAME" after what the check found.

usage: run_checks.py [NAME…]
"""
import subprocess
import sys

PYTHON = "/usr/bin/python3"
CHECKS = {
    "layers": [PYTHON, "tools/check_layers.py"],
    "tidy": [PYTHON, "tools/check_tidy.py"],
    "results": [PYTHON, "tools/check_results.py"],
    "format": ["script/fmt", "--check"],
    "messages": [PYTHON, "tools/gen/messages.py", "po/zh-CN", "--check", "src"],
    "api": [PYTHON, "tools/check_api.py"],
    "clang": [PYTHON, "tools/check_clang.py"],
    "links": [PYTHON, "tools/check_links.py"],
    "client": ["npm", "--prefix", "web", "run", "--silent", "check"],
}


def main():
    failed = 0
    for name in sys.argv[1:] or CHECKS:
        result = subprocess.run(CHECKS[name], capture_output=True, text=True)
        if result.returncode:
            failed += 1
            print(result.stdout + result.stderr, end="")
        print("not ok" if result.returncode else "ok", name, flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
