#!/usr/bin/env python3
"""Durable intake over HTTP, against SQLite alone on the same disk in the same run.

    bench_intake.py [--build DIR] [--runs N] [--pairs N] [--seconds S] [--connections C]

A run is a server of its own, --pairs times: (a) C kept connections to a real `mindgap serve`, each posting one response of 48
answers at a time and waiting until it is on disk, while a dashboard asks for the overview over and over; once the columns have them, (b)
bench_intake_store, whose peer is SQLite's C API alone with the same SQL, the same settings and as many responses a commit as (a) had.
Turns are short, since the disk and the neighbours of a shared machine change within seconds. A run's ratio is the median of its
pairs'; the target is held when every run holds it.
"""
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import common


def study():
    items = [{"code": f"i{k:02}", "expectation": f"E{k:02}", "perception": f"P{k:02}"} for k in range(1, 25)]
    return {"study": "bench", "scale": {"min": 1, "max": 7}, "items": items}


def answers():
    return {f"{side}{k:02}": k * f % 7 + 1 for k in range(1, 25) for side, f in (("E", 1), ("P", 3))}


class Dashboard(threading.Thread):
    """Asks for the overview until told to stop, as an open screen does."""

    def __init__(self, client, study_path):
        super().__init__()
        self.client, self.path = client, f"{study_path}/overview"
        self.stopped, self.waits, self.failed = threading.Event(), [], 0

    def run(self):
        while not self.stopped.wait(0.25):
            started = time.monotonic()
            answer = self.client.get(self.path)
            self.waits.append(time.monotonic() - started)
            if answer.status not in (200, 422):
                self.failed += 1
                print(answer.status, answer.body, file=sys.stderr)


def commits(client):
    return common.metric(client, "mindgap_store_writes_total"), common.metric(client, "mindgap_store_commits_total")


class Run:
    """A server with a study, and a dashboard while it is posted to."""

    def __init__(self, support, args, folder, server):
        self.args, self.folder, self.server, self.posted = args, folder, server, 1
        self.owner = support.Client(server)
        self.owner.set_up()
        server.wait_ready()
        self.path = f"/studies/{support.make_study(self.owner, study())}"
        self.owner.post(f"{self.path}/responses", {"answers": answers()})
        self.flow = common.flow("posted", args.connections, 0, "POST", f"{self.path}/responses", 201, common.key(self.owner, "intake"),
                                common.body_file(folder, "answer", {"answers": answers()}))

    def over_http(self):
        """What the load generator found, responses a commit, and the dashboard's waits in seconds."""
        dashboard = Dashboard(self.owner, self.path)
        writes, groups = commits(self.owner)
        dashboard.start()
        found = common.Load(self.args, self.server, self.folder, [self.flow], self.args.seconds).wait()["posted"]
        dashboard.stopped.set()
        dashboard.join()
        more_writes, more_groups = commits(self.owner)
        assert found["failed"] == 0 and dashboard.failed == 0, (found, dashboard.failed)
        self.posted += found["answers"]
        kept = self.owner.get(f"{self.path}/responses?limit=1").json["total"]
        assert kept >= self.posted, f"{kept} kept of {self.posted} acknowledged"
        self.posted = kept  # those under way at the end
        common.wait_followed(self.owner)
        return found, (more_writes - writes) / (more_groups - groups), dashboard.waits

    def sqlite_alone(self, group):
        """Responses a second, on the disk that the server's data are on."""
        printed = subprocess.run([f"{self.args.build}/bench/bench_intake_store", "--seconds", str(self.args.seconds), "--rounds", "1",
                                  "--group", f"{group:.1f}", "--folder", self.server.data], check=True, capture_output=True, text=True)
        return float(printed.stdout)

    def pair(self):
        found, group, waits = self.over_http()
        return {"ours": found["answers"] / found["seconds"], "peer": self.sqlite_alone(group), "group": group, "p50": found["p50"],
                "p99": found["p99"], "overview": statistics.median(waits) * 1e3 if waits else 0}


def run_once(support, args):
    with tempfile.TemporaryDirectory() as folder, support.Server("--log", "warn") as server:
        run = Run(support, args, folder, server)
        return [run.pair() for _ in range(args.pairs)]


def main():
    args = common.options(__doc__, runs=3, pairs=5, seconds=2.5, connections=64)
    import support
    runs = [run_once(support, args) for _ in range(args.runs)]
    ratios = sorted(pair["ours"] / pair["peer"] for pairs in runs for pair in pairs)
    of_runs = [statistics.median(pair["ours"] / pair["peer"] for pair in pairs) for pairs in runs]

    def middle(name):
        return statistics.median(pair[name] for pairs in runs for pair in pairs)
    common.row(f"durable intake over HTTP, {args.connections} connections, p50 {middle('p50'):.1f} ms, p99 {middle('p99'):.1f} ms, "
               f"{middle('group'):.1f} a commit, overview meanwhile {middle('overview'):.0f} ms: responses/s (peer: SQLite alone, as many a "
               f"commit); runs {', '.join(f'{ratio:.2f}' for ratio in of_runs)}; their pairs from {ratios[0]:.2f} to {ratios[-1]:.2f}",
               middle("ours"), middle("peer"), at_least=0.75, ratio=statistics.median(of_runs), held=min(of_runs) >= 0.75)


if __name__ == "__main__":
    main()
