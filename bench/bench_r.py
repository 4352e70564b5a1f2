#!/usr/bin/env python3
"""The gap table of 24 pairs from one CSV file: `mindgap gap` as a whole process, against R.

    bench_r.py [--build DIR] [--rows N] [--rounds R]

The peer, bench/peer_psych.R, reads the same file with data.table and computes the same table with base R and psych (t.test, cov,
alpha); the start of R is not counted. Both must find the same first gap and the same α. Prints a Markdown row: medians.
"""
import json
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

import common

HERE = pathlib.Path(__file__).resolve().parent
ITEMS = [f"{k:02}" for k in range(1, 25)]


def write_answers(path, rows):
    """Answers on 1–7 that agree within a respondent, so that α is neither 0 nor 1."""
    rng = random.Random(1)
    with open(path, "w", encoding="ascii") as out:
        out.write(",".join(f"{side}{k}" for side in "EP" for k in ITEMS) + "\n")
        for _ in range(rows):
            leaning = rng.gauss(0, 1)
            cells = (round(5.5 - (n >= 24) + leaning * 0.6 + rng.gauss(0, 1)) for n in range(48))
            out.write(",".join(str(min(7, max(1, c))) for c in cells) + "\n")


def write_study(path):
    items = [{"code": k, "expectation": f"E{k}", "perception": f"P{k}"} for k in ITEMS]
    path.write_text(json.dumps({"study": "bench", "scale": {"min": 1, "max": 7}, "items": items}))


def ours(binary, answers, study):
    started = time.monotonic()
    done = subprocess.run([binary, "gap", answers, "--study", study, "--format", "json"], check=True, capture_output=True, text=True)
    seconds = time.monotonic() - started
    report = json.loads(done.stdout)
    first = next(row for row in report["items"] if row["code"] == "01")
    overall = next(row for row in report["reliability"] if row["code"] == "overall")
    return seconds, first["gap"]["value"], overall["alpha_expectation"]


def peer(answers):
    done = subprocess.run(["Rscript", HERE / "peer_psych.R", answers], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout[done.stdout.index("{"):])
    return found["read_s"] + found["compute_s"], found["gap_1"], found["alpha_e"]


def main():
    args = common.options(__doc__, rows=1_000_000, rounds=3)
    with tempfile.TemporaryDirectory() as folder:
        answers, study = pathlib.Path(folder) / "answers.csv", pathlib.Path(folder) / "study.json"
        write_answers(answers, args.rows)
        write_study(study)
        rounds = [(ours(f"{args.build}/mindgap", answers, study), peer(answers)) for _ in range(args.rounds)]
    for mine, theirs in rounds:
        assert abs(mine[1] - theirs[1]) < 1e-8 and abs(mine[2] - theirs[2]) < 1e-8, (mine, theirs)
    mine, theirs = (statistics.median(found[side][0] for found in rounds) for side in (0, 1))
    common.row(f"gap table of 24 pairs from CSV, {args.rows:,} rows: s (peer: R with data.table and psych)", mine, theirs)


if __name__ == "__main__":
    main()
