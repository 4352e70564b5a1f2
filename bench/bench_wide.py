#!/usr/bin/env python3
"""Very wide files: the preview of 4,096 columns, alone and four at once.

    bench_wide.py [--build DIR] [--columns N] [--rows N] [--signed N]

A CSV file of whole numbers, decimals, words and times, and the same as Parquet, are uploaded and previewed, each in a server of its
own: the preview's seconds, and the most memory that the server had. The limit of that is what the headers say: the column engine's
256 MB and 128 MB a thread, 64 MiB of profiles, 120 MiB of a reader, and what an idle server has.

Then four previews run at all times, two of each file, by four keys, while a user signs in --signed times, one after the other, twice a second.
"""
import os
import statistics
import subprocess
import tempfile
import threading
import time

import common

ENGINE_MB = 256 + 128 * os.cpu_count()
PROFILE_MB, READER_MB = 64 * 1.048576, 120 * 1.048576


def cell(row, column):
    n = row * 31 + column * 17
    kinds = (str(n % 7 + 1), f"{n % 1000 / 8}", ("north", "south", "east", "west")[n % 4], f"2026-01-{n % 28 + 1:02} 10:00:00", "")
    return kinds[column % 4 if n % 50 else 4]


def write_csv(path, columns, rows):
    with open(path, "w", encoding="ascii") as out:
        out.write(",".join(f"column{c:04}" for c in range(columns)) + "\n")
        for row in range(rows):
            out.write(",".join(cell(row, c) for c in range(columns)) + "\n")


def preview(client, upload, columns):
    started = time.monotonic()
    answer = client.get(f"/uploads/{upload}/preview")
    assert answer.status == 200, answer.body[:500]
    assert len(answer.json["columns"]) == columns
    return time.monotonic() - started


def alone(support, path, columns, rounds=3):
    """Seconds; the most MB; those of the idle server."""
    with support.Server("--log", "warn") as server:
        owner = support.Client(server)
        owner.set_up()
        server.wait_ready()
        idle = common.memory(server)
        upload = common.upload_file(owner, path)
        seconds = [preview(owner, upload, columns) for _ in range(rounds)]
        return statistics.median(seconds), common.memory(server, "VmHWM"), idle


def previewing(support, server, owner, path, columns, ended, done):
    client = support.Client(server, key=common.key(owner, "read"))
    upload = common.upload_file(owner, path)

    def run():
        while not ended.is_set():
            done.append(preview(client, upload, columns))
    return threading.Thread(target=run)


def sign_in(support, server):
    client = support.Client(server)
    started = time.monotonic()
    answer = client.sign_in("owner@example.com")
    assert answer.status == 201, answer.body
    return time.monotonic() - started


def signing_in(support, files, columns, signed):
    """Seconds of each sign-in, those of the previews meanwhile, and the most MB."""
    with support.Server("--log", "warn") as server:
        owner = support.Client(server)
        owner.set_up()
        server.wait_ready()
        ended, done = threading.Event(), []
        threads = [previewing(support, server, owner, path, columns, ended, done) for path in files * 2]
        for thread in threads:
            thread.start()
        waits = []
        try:
            for _ in range(signed):
                waits.append(sign_in(support, server))
                time.sleep(max(0, 0.5 - waits[-1]))
        finally:
            ended.set()
            for thread in threads:
                thread.join()
        return waits, done, common.memory(server, "VmHWM")


def main():
    args = common.options(__doc__, columns=4096, rows=1000, signed=100)
    import support
    with tempfile.TemporaryDirectory() as folder:
        csv, parquet = f"{folder}/wide.csv", f"{folder}/wide.parquet"
        write_csv(csv, args.columns, args.rows)
        subprocess.run([f"{args.build}/bench/to_parquet", csv, parquet], check=True)
        for name, path in (("CSV", csv), ("Parquet", parquet)):
            seconds, most, idle = alone(support, path, args.columns)
            what = f"preview of {args.columns:,} columns × {args.rows:,} rows of {name}"
            common.limit(f"{what}: s", seconds, 2)
            common.limit(f"… the most memory of the server, MB (idle: {idle:.0f})", most, ENGINE_MB + PROFILE_MB + READER_MB + idle)
        waits, done, most = signing_in(support, [csv, parquet], args.columns, args.signed)
    common.limit(f"sign-in while four such previews run ({len(done)} of {statistics.median(done):.1f} s each, {most:.0f} MB at most); "
                 f"{len(waits)} times, p50 {statistics.median(waits) * 1e3:.0f} ms: p99, s", common.percentile(waits, .99), 1)


if __name__ == "__main__":
    main()
