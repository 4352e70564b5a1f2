#!/usr/bin/env python3
"""Runs the test suites and adds up what they counted.

usage: run_tests.py [SUITE…]      (script/test builds first and then calls this)

Each suite is a command whose output is kept in build/test-logs/<suite>.log and whose counts are read from what its runner
prints. A suite that exits non-zero without naming a failure counts as one failure; so does one that ran no test.
The last line is "N passed, N failed, N skipped".
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import time

# How many times slower the build is than a release: script/sanitize says so.
SLOWER = os.environ.get("MG_SLOWER", "1")
BUILD = pathlib.Path(os.environ.get("MG_BUILD", "build"))
LOGS = pathlib.Path("build/test-logs")
PYTHON = "/usr/bin/python3"

Counts = collections.namedtuple("Counts", "passed failed skipped")


def last_number(pattern, text):
    found = re.findall(pattern, text, re.M)
    return int(found[-1]) if found else 0


def count_unittest(output):
    """Python's unittest: "Ran 12 tests in …" and "FAILED (failures=1, errors=2, skipped=3)"."""
    ran = last_number(r"^Ran (\d+) tests? in", output)
    failed = last_number(r"\bfailures=(\d+)", output) + last_number(r"\berrors=(\d+)", output)
    skipped = last_number(r"\bskipped=(\d+)", output)
    return Counts(ran - failed - skipped, failed, skipped)


def count_node(output):
    """node --test, once or several times: "# pass 3" (TAP) or "ℹ pass 3" (spec); cancelled ones are failures."""
    number = {word: sum(map(int, re.findall(rf"^(?:#|ℹ) {word} (\d+)$", output, re.M)))
              for word in ("pass", "fail", "cancelled", "skipped", "todo")}
    return Counts(number["pass"], number["fail"] + number["cancelled"], number["skipped"] + number["todo"])


def count_lines(output):
    """Lines "ok NAME", "not ok NAME", "skipped NAME": the checks, and whatever prints the same."""
    return Counts(*(len(re.findall(rf"^{word}\b", output, re.M)) for word in ("ok", "not ok", "skipped")))


def count_cmocka(output):
    """One cmocka program: "[  PASSED  ] 5 test(s)." and so on."""
    return Counts(*(sum(map(int, re.findall(rf"\[\s+{word}\s+\] (\d+) test", output)))
                    for word in ("PASSED", "FAILED", "SKIPPED")))


def count_meson(output):
    """Programs that meson ran: read from its log. One that isn't cmocka's counts as one test."""
    total = Counts(0, 0, 0)
    log = BUILD / "meson-logs/testlog.json"
    for line in log.read_text("utf-8", "replace").splitlines() if log.exists() else []:
        run = json.loads(line)
        counts = count_cmocka(run.get("stdout", "") + "\n" + run.get("stderr", ""))
        if run["result"] == "SKIP":
            counts = Counts(0, 0, 1)
        elif run["result"] != "OK" and counts.failed == 0:
            counts = counts._replace(failed=1)
        elif sum(counts) == 0:
            counts = Counts(1, 0, 0)
        total = Counts(*map(sum, zip(total, counts)))
    return total


def meson(suite):
    return ["meson", "test", "-C", str(BUILD), "--no-rebuild", "--suite", suite, "--num-processes", "2",
            "--timeout-multiplier", SLOWER, "--print-errorlogs"]


def unittest(folder):
    return [PYTHON, "-m", "unittest", "discover", "-v", "-s", folder, "-t", folder]


# One browser at a time: a small machine that runs two is too slow for their time limits.
BROWSER_TESTS = "status=0; for file in tests/e2e/*.test.mjs; do node --test \"$file\" || status=1; done; exit $status"

# name → (command, how its output is counted). Quick ones first.
SUITES = {
    "checks": ([PYTHON, "tools/run_checks.py"], count_lines),
    "tools": (unittest("tests/tools"), count_unittest),
    "unit": (meson("unit"), count_meson),
    "fuzz": (meson("fuzz"), count_meson),
    "cli": (unittest("tests/cli"), count_unittest),
    "api": (unittest("tests/api"), count_unittest),
    "recipe": (unittest("tests/recipe"), count_unittest),
    "readme": ([PYTHON, "tools/check_readme.py", "README.md", "README.zh-CN.md"], count_lines),
    "web": (["npm", "--prefix", "web", "test"], count_node),
    "e2e": (["sh", "-c", BROWSER_TESTS], count_node),
}


def run(name):
    """Runs one suite and returns its counts."""
    command, count = SUITES[name]
    log = LOGS / f"{name}.log"
    (BUILD / "meson-logs/testlog.json").unlink(missing_ok=True)
    environment = dict(os.environ, MINDGAP=str((BUILD / "mindgap").resolve()), MG_BUILD=str(BUILD.resolve()))
    started = time.monotonic()
    with open(log, "wb") as out:
        code = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment).returncode
    output = log.read_text("utf-8", "replace")
    counts = count(output)
    if counts.passed + counts.failed == 0:
        print(f"{name}: ran no test")
    if (code != 0 or counts.passed == 0) and counts.failed == 0:
        counts = counts._replace(failed=1)
    print(f"{name}: {counts.passed} ok, {counts.failed} not ok, {counts.skipped} left out, "
          f"{time.monotonic() - started:.0f} s", flush=True)
    if counts.failed:
        print("\n".join(output.splitlines()[-60:]), f"\n(all of it: {log})", flush=True)
    return counts


def main():
    names = sys.argv[1:] or list(SUITES)
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        sys.exit(f"run_tests.py: no suite {unknown[0]!r}; there are {', '.join(SUITES)}")
    LOGS.mkdir(parents=True, exist_ok=True)
    total = Counts(*map(sum, zip(*(run(name) for name in names))))
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    sys.exit(1 if total.failed else 0)


if __name__ == "__main__":
    main()
