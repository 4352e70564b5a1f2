#!/usr/bin/env python3
"""The server: how soon it is ready, what it weighs, and how fast the overview of many responses comes.

    bench_server.py [--build DIR] [--customers N]

Simulates a heating company (about two responses a customer), imports it in the ordinary way, starts `mindgap serve` on it and
measures; DuckDB alone then sums the columns of the same file. Prints Markdown rows: medians.
"""
import os
import statistics
import subprocess
import tempfile
import time

import common

FIRST_S = 0.25  # of an overview that nobody has asked for before
MEANWHILE_S = 0.6  # the same while answers come, each of which changes it
RATE = 2000  # answers a second
PASSWORD = "a long pass phrase"


def fill(binary, data, customers):
    """Simulated responses and a user; the seconds that the import took are those of the whole command."""
    started = time.monotonic()
    subprocess.run([binary, "simulate", "--customers", str(customers), "--data", data, "--org", "Bench"], check=True, capture_output=True)
    seconds = time.monotonic() - started
    subprocess.run([binary, "user", "add", "bench@example.org", "--data", data, "--org", "Bench", "--role", "owner", "--name", "Bench"],
                   check=True, capture_output=True, input=PASSWORD.encode())
    return seconds


def ready_and_weight(support, data, rounds=7):
    """Milliseconds until the line that says so, and MB once it has idled."""
    times, weights = [], []
    for _ in range(rounds):
        started = time.monotonic()
        with support.Server("--log", "warn", data=data) as server:
            times.append((time.monotonic() - started) * 1e3)
            server.wait_ready()
            time.sleep(0.5)
            weights.append(common.memory(server))
    return statistics.median(times), statistics.median(weights)


def overview_times(support, data, rounds=20):
    """Number of responses, seconds of the first overview, of one by another filter, and milliseconds of the same again."""
    with support.Server("--log", "warn", data=data) as server:
        server.wait_ready()
        client = support.Client(server)
        assert client.post("/session", {"email": "bench@example.org", "password": PASSWORD}).status == 201
        study = client.get("/studies").json["studies"][0]
        path = f"/studies/{study['id']}/overview"

        def timed(address):
            started = time.monotonic()
            assert client.get(address).status == 200
            return time.monotonic() - started
        first = timed(path)
        wave = client.get(f"/studies/{study['id']}/facets").json["waves"][0]["value"]
        other = timed(f"{path}?wave={wave}")
        again = statistics.median(timed(path) for _ in range(rounds)) * 1e3
    return study["responses"], first, other, again


def overview_meanwhile(support, args, data, seconds=20):
    """Seconds of an overview, asked for one after another, while RATE answers a second come into the study; and what came."""
    with support.Server("--log", "warn", data=data) as server, tempfile.TemporaryDirectory() as folder:
        server.wait_ready()
        client = support.Client(server)
        assert client.post("/session", {"email": "bench@example.org", "password": PASSWORD}).status == 201
        study = client.get("/studies").json["studies"][0]
        document = client.get(f"/studies/{study['id']}").json["document"]
        answers = {item[side]: 5 for item in document["items"] for side in ("expectation", "perception")}
        wave = client.get(f"/studies/{study['id']}/overview").json["wave"]
        body = common.body_file(folder, "answer", {"wave": wave, "answers": answers})
        load = common.Load(args, server, folder, [common.flow("posted", 32, RATE, "POST", f"/studies/{study['id']}/responses", 201,
                                                              common.key(client, "intake"), body)], seconds)
        times = []
        while load.running():
            started = time.monotonic()
            assert client.get(f"/studies/{study['id']}/overview").status == 200
            times.append(time.monotonic() - started)
            time.sleep(0.1)  # a person may not ask as often as the machine could answer
        return statistics.median(times), load.wait()["posted"]["answers"] / seconds


def own_sums(args, data):
    """Seconds in which DuckDB alone sums the same columns."""
    printed = subprocess.run([f"{args.build}/bench/column_sums", f"{data}/columns.duckdb", str(os.cpu_count())], check=True,
                             capture_output=True, text=True).stdout.split()
    return float(printed[0]), int(printed[1])


def main():
    args = common.options(__doc__, customers=505_000)
    import support
    binary = os.environ["MINDGAP"]
    with tempfile.TemporaryDirectory() as data:
        seconds = fill(binary, data, args.customers)
        n, first, other, again = overview_times(support, data)
        sums, columns = own_sums(args, data)
        ready, weight = ready_and_weight(support, data)
        meanwhile, rate = overview_meanwhile(support, args, data)
    common.row(f"simulate, write and import {n:,} responses of 69 answers ({n / seconds:,.0f} a second): s", seconds)
    common.limit(f"overview of {n:,} responses, the first time: s", first, FIRST_S)
    common.row(f"the same (peer: DuckDB sums its {columns} columns): s", first, sums, at_most=3)
    common.limit(f"an overview of them while {rate:,.0f} answers/s come into the study: s", meanwhile, MEANWHILE_S)
    common.limit("the same for another wave, the first time: s", other, FIRST_S)
    common.limit(f"overview of {n:,} responses, after the first: ms", again, 50)
    common.limit("serve is ready: ms", ready, 150)
    common.limit("serve idles at: MB", weight, 60)


if __name__ == "__main__":
    main()
