#!/usr/bin/env python3
"""Durable intake over HTTP, against SQLite alone on the same disk in the same run.

    bench_intake.py [--build DIR] [--seconds S] [--rounds R] [--connections C]

Alternates R times: (a) C kept connections to a real `mindgap serve`, each posting one response of 48 answers at a time and
waiting until it is on disk, while a dashboard asks for the overview over and over; (b) bench_intake_store, whose peer
is SQLite's C API alone with the same SQL, the same settings and as many responses a commit. Prints Markdown rows: medians.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/api"))


def study():
    items = [{"code": f"i{k:02}", "expectation": f"E{k:02}", "perception": f"P{k:02}"} for k in range(1, 25)]
    return {"study": "bench", "scale": {"min": 1, "max": 7}, "items": items}


def answers():
    return {f"{side}{k:02}": k * f % 7 + 1 for k in range(1, 25) for side, f in (("E", 1), ("P", 3))}


class Dashboard(threading.Thread):
    """Asks for the overview until told to stop, as an open screen does."""

    def __init__(self, client, study_id):
        super().__init__()
        self.client, self.path = client, f"/studies/{study_id}/overview"
        self.stopped, self.waits, self.failed = threading.Event(), [], 0

    def run(self):
        while not self.stopped.wait(0.25):
            started = time.monotonic()
            answer = self.client.get(self.path)
            self.waits.append(time.monotonic() - started)
            if answer.status not in (200, 422):
                self.failed += 1
                print(answer.status, answer.body, file=sys.stderr)


def over_http(support, args, folder):
    """rate, p50, p99 in ms, and the dashboard's median wait in ms."""
    body = pathlib.Path(folder) / "response.json"
    body.write_text(json.dumps({"answers": answers()}))
    with support.Server("--log", "warn") as server:
        owner = support.Client(server)
        owner.set_up()
        server.wait_ready()
        study_id = support.make_study(owner, study())
        key = owner.post("/keys", {"name": "bench", "scopes": ["intake"]}).json["secret"]
        owner.post(f"/studies/{study_id}/responses", {"answers": answers()})
        dashboard = Dashboard(owner, study_id)
        dashboard.start()
        printed = subprocess.run([f"{args.build}/bench/load", str(server.port), f"/api/v1/studies/{study_id}/responses", key,
                                  str(body), str(args.connections), str(args.seconds)], check=True, capture_output=True, text=True)
        dashboard.stopped.set()
        dashboard.join()
        n, _, rate, p50, p99, failed = map(float, printed.stdout.split())
        kept = owner.get(f"/studies/{study_id}/responses?limit=1").json["total"]
        metrics = owner.raw("GET", "/metrics").body.decode()
        assert failed == 0 and dashboard.failed == 0, (printed.stdout, dashboard.failed)
        assert kept >= n + 1, f"{kept} kept of {n} acknowledged"
        group = float(re.search(r"(?m)^mindgap_store_batch_mean (\S+)", metrics)[1])
    return rate, p50, p99, statistics.median(dashboard.waits) * 1e3 if dashboard.waits else 0, group


def sqlite_alone(args, group):
    printed = subprocess.run([f"{args.build}/bench/bench_intake_store", "--seconds", str(args.seconds), "--rounds", "1",
                              "--group", f"{group:.1f}"], check=True, capture_output=True, text=True)
    return float(printed.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=str(ROOT / "build"))
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    args = parser.parse_args()
    os.environ.setdefault("MINDGAP", f"{args.build}/mindgap")
    import support  # tests/api: server and client
    ours, peer = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(args.rounds):
            ours.append(over_http(support, args, folder))
            peer.append(sqlite_alone(args, ours[-1][-1]))
    rate, p50, p99, dashboard, group = (statistics.median(column) for column in zip(*ours))
    alone = statistics.median(peer)
    print(f"| durable intake over HTTP, {args.connections} connections, p50 {p50:.1f} ms, p99 {p99:.1f} ms, {group:.1f} a commit, "
          f"overview meanwhile {dashboard:.0f} ms: responses/s (peer: SQLite alone) | {rate:.0f} | {alone:.0f} | {rate / alone:.2f} |")


if __name__ == "__main__":
    main()
