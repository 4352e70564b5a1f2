#!/usr/bin/env python3
"""Files in and out: how fast they are read, described and written, and what that takes of memory.

    bench_files.py [--build DIR] [--rows N] [--sheet N] [--gigabytes N] [--rounds N]

--rows rows of CSV × 48 ratings become a gap table (the whole process), beside DuckDB's own reader and sums; --rows × 50 columns are
described beside DuckDB's reading them into a table. The same 50 columns as .sav and, --sheet rows of them, as XLSX are written and looked at.
A CSV of --gigabytes is looked at, and its gap table made, for the most memory of the process. Seconds are the best of --rounds, in turn with
the peer: other work on the machine only adds to them.
"""
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time

import common

ITEMS = [f"{k:02}" for k in range(1, 25)]
COLUMNS = [side + k for side in "EP" for k in ITEMS]
MEMORY_MB = 300
# The program before it had a reader of its own took so many times DuckDB's reader and sums (3.4 s by 0.95, in turn on one machine).
BEFORE = 3.5


def write_csv(path, rows, more=(), gigabytes=0):
    """10,000 rows again and again; --gigabytes: until the file has so many."""
    rng = random.Random(1)
    bodies = []
    for _ in range(min(rows, 10_000)):
        leaning = rng.gauss(0, 1)
        cells = [str(min(7, max(1, round(5.5 - (n >= 24) + leaning * 0.6 + rng.gauss(0, 1))))) for n in range(48)]
        cells += [str(make(rng)) for _, make in more]
        bodies.append(",".join(cells) + "\n")
    block = "".join(bodies)
    with open(path, "w", encoding="ascii") as out:
        out.write(",".join(COLUMNS + [name for name, _ in more]) + "\n")
        if gigabytes:
            for _ in range(int(gigabytes * 1e9 / len(block)) + 1):
                out.write(block)
            return
        for at in range(0, rows, len(bodies)):
            out.writelines(bodies[:rows - at])


def run(*words):
    """Seconds, and the most MB that the process had."""
    started = time.monotonic()
    with subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    return time.monotonic() - started, used.ru_maxrss / 1024


def best(rounds, *words):
    return min(run(*words)[0] for _ in range(rounds))


def helper(args, what, path):
    done = subprocess.run([f"{args.build}/bench/files", what, path, "1"], check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def gap_table(args, binary, path, study):
    ours, theirs = [], []
    for _ in range(args.rounds):
        ours.append(run(binary, "gap", path, "--study", study, "--format", "json")[0])
        theirs.append(helper(args, "sum", path)[1])
    common.row(f"gap table of 24 pairs from CSV, {args.rows:,} rows × 48, the whole process: s (peer: DuckDB's read_csv and sums; before: {BEFORE:g} times that)",
               min(ours), min(theirs), at_most=1.2 * BEFORE)


def describing(args, path):
    found = [helper(args, "describe", path) for _ in range(args.rounds)]
    common.row(f"describing CSV, {args.rows:,} rows × 50, every cell: s (peer: DuckDB's read_csv into a table)",
               min(f[0] for f in found), min(f[1] for f in found), at_most=1.5)


def sheets(args, binary, folder, more):
    path, book, sav = f"{folder}/sheet.csv", f"{folder}/sheet.xlsx", f"{folder}/all.sav"
    write_csv(path, args.sheet, more)
    share = args.sheet / 100_000
    common.limit(f"writing XLSX, {args.sheet:,} rows × 50: s", best(args.rounds, binary, "convert", path, book), 9 * share)
    common.limit("… its size, MB", os.path.getsize(book) / 1e6, 20 * share)
    common.limit(f"looking at XLSX, {args.sheet:,} rows × 50: s", best(args.rounds, binary, "look", book), 3 * share)
    common.row(f"writing .sav, {args.rows:,} rows × 50: s", best(1, binary, "convert", f"{folder}/all.csv", sav))
    common.limit(f"looking at .sav, {args.rows:,} rows × 50: s", best(args.rounds, binary, "look", sav), 5 * args.rows / 1e6)


def large(args, binary, folder, study):
    path = f"{folder}/large.csv"
    write_csv(path, 10_000, gigabytes=args.gigabytes)
    seconds, most = run(binary, "look", path)
    common.limit(f"looking at a CSV of {args.gigabytes:g} GB ({seconds:.1f} s): most memory, MB", most, MEMORY_MB)
    seconds, most = run(binary, "gap", path, "--study", study)
    common.limit(f"its gap table ({seconds:.1f} s): most memory, MB", most, MEMORY_MB)


def main():
    args = common.options(__doc__, rows=1_000_000, sheet=100_000, gigabytes=5.0, rounds=3)
    binary = f"{args.build}/mindgap"
    more = [("region", lambda rng: rng.choice(["north", "south", "east", "west"])), ("score", lambda rng: f"{rng.random() * 100:.2f}")]
    with tempfile.TemporaryDirectory() as folder:
        ratings, mixed, study = f"{folder}/ratings.csv", f"{folder}/all.csv", pathlib.Path(folder) / "study.json"
        items = [{"code": k, "expectation": f"E{k}", "perception": f"P{k}"} for k in ITEMS]
        study.write_text(json.dumps({"study": "bench", "scale": {"min": 1, "max": 7}, "items": items}))
        write_csv(ratings, args.rows)
        write_csv(mixed, args.rows, more)
        gap_table(args, binary, ratings, study)
        describing(args, mixed)
        sheets(args, binary, folder, more)
        large(args, binary, folder, study)


if __name__ == "__main__":
    main()
