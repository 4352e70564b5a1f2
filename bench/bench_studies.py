#!/usr/bin/env python3
"""The list of studies where one of them has many answers that came one by one.

    bench_studies.py [--build DIR] [--answers N] [--asked N]

Posts the answers over 64 connections, as programs do, waits until the columns have them, and asks for the list --asked times, one
request after the other.
"""
import statistics
import tempfile
import time

import common


def main():
    args = common.options(__doc__, answers=2_000_000, asked=200)
    import support
    with tempfile.TemporaryDirectory() as folder, support.Server("--log", "warn") as server:
        owner = support.Client(server)
        owner.set_up()
        server.wait_ready()
        study = support.make_study(owner)
        body = common.body_file(folder, "answer", {"answers": {"E1": 7, "P1": 5, "E2": 6, "P2": 6, "REC": 9}})
        flow = common.flow("posted", 64, 0, "POST", f"/studies/{study}/responses", 201, common.key(owner, "intake"), body)
        posted = common.Load(args, server, folder, [flow], 3600, args.answers).wait()["posted"]
        assert posted["failed"] == 0, posted
        common.wait_followed(owner)
        waits = []
        for _ in range(args.asked):
            started = time.monotonic()
            listed = owner.get("/studies")
            waits.append((time.monotonic() - started) * 1e3)
            assert listed.json["studies"][0]["responses"] >= args.answers, listed.body
    common.limit(f"list of studies, one with {args.answers:,} single answers; p99 {common.percentile(waits, .99):.1f}: ms",
                 statistics.median(waits), 5)


if __name__ == "__main__":
    main()
