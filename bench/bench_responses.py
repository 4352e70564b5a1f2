#!/usr/bin/env python3
"""Responses of an import: how fast they come in, what they take, how soon one is read, and how soon a person is gone from them.

    bench_responses.py [--build DIR] [--rows N] [--read N]

A file of --rows rows × 69 columns (66 ratings, an outcome, a region, a time) is imported by the server: from the request until the
record and the columns have it. The record's bytes a row stand beside those of the file as gzip has it, once they are in the record's file.
The file is checked, and imported again with every tenth row changed: by their ids those are replaced, the others left; no limit.
The same rows with a customer's number each are another study. Then --read responses of the one are read by their ids, and pages of 50
from places all over it, by id and by time, where the file is in order of time and where it isn't; and as many customers are erased.
"""
import gzip
import os
import pathlib
import random
import tempfile
import time

import common

ITEMS = 33
PAGE = 50


def study(code, customer=None, ids=None):
    return {"study": code, "scale": {"min": 1, "max": 7},
            "items": [{"code": f"i{k}", "expectation": f"E{k}", "perception": f"P{k}"} for k in range(1, ITEMS + 1)],
            "outcomes": [{"code": "nps", "kind": "nps", "column": "REC", "scale": {"min": 0, "max": 10}}],
            "groups": [{"column": "region"}], "time": "time", **({"customer": "customer"} if customer else {}), **({"id": "no"} if ids else {})}


def write_rows(path, rows, customers=False, ordered=True, ids=False, changed=0):
    """Ratings of 10,000 rows again and again: making others would take longer than the benchmark."""
    rng = random.Random(8)
    bodies = []
    for _ in range(min(rows, 10_000)):
        base = rng.choice([4, 5, 6])
        ratings = [min(7, max(1, base + rng.choice([-2, -1, 0, 0, 0, 1, 1]))) for _ in range(2 * ITEMS)]
        bodies.append(",".join(map(str, ratings)) + f",{rng.randint(0, 10)},{rng.choice(['north', 'south', 'east', 'west'])}")
    head = [f"{side}{k}" for k in range(1, ITEMS + 1) for side in "EP"] + ["REC", "region", "time"] + ["customer"] * customers + ["no"] * ids
    with open(path, "w", encoding="ascii") as out:
        out.write(",".join(head) + "\n")
        for at in range(rows):
            seconds = (at if ordered else rng.randrange(rows)) * 7
            day, rest = divmod(seconds, 86400)
            moment = f"{2023 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02} {rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
            body = bodies[(at + (changed and at % changed == 0)) % len(bodies)]
            out.write(f"{body},{moment}" + (f",C{at * 7919 % rows:07}" if customers else "") + (f",R{at:07}" if ids else "") + "\n")


def record_bytes(server):
    """Of the record's file, once its log is in it."""
    import contextlib
    import sqlite3
    path = f"{server.data}/record.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as record:
        record.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return os.path.getsize(path)


def bring_in(support, owner, code, path, customers=False, ids=False):
    """The study, and seconds."""
    made = support.make_study(owner, study(code, customers, ids))
    return made, bring_into(owner, made, path)[0]


def bring_into(owner, made, path, check=False):
    """Seconds, and the import or what a check says of it."""
    upload = common.upload_file(owner, path)
    preview = owner.get(f"/uploads/{upload}/preview?study={made}")
    assert preview.status == 200, preview.body
    mapping = [{"source": c["name"], "target": c["target"]} for c in preview.json["columns"] if "target" in c]
    body = {"upload_id": upload, "study_id": made, "mapping": mapping}
    started = time.monotonic()
    answer = owner.post("/imports/check" if check else "/imports", body)
    assert answer.status == (200 if check else 202), answer.body
    if check:
        return time.monotonic() - started, answer.json
    done = owner.wait_job(answer.json["job_id"], 1800)
    assert done["state"] == "done", done
    return time.monotonic() - started, owner.get(f"/imports/{answer.json['id']}").json


def again(support, owner, server, folder, rows):
    """By their ids: the first time, a check, and again with every tenth row changed."""
    path = f"{folder}/again.csv"
    write_rows(path, rows, ids=True)
    made, seconds = bring_in(support, owner, "again", path, ids=True)
    common.row(f"import of {rows:,} rows with an id each: rows/s", rows / seconds)
    write_rows(path, rows, ids=True, changed=10)
    common.reset_peak(server)
    seconds, said = bring_into(owner, made, path, check=True)
    common.row("… a check of it with every tenth row changed: rows/s", rows / seconds)
    seconds, done = bring_into(owner, made, path)
    assert done["left"] + done["replaced"] == rows and done["replaced"] == said["replaced"], (said, done)
    common.row(f"… and its import, {done['replaced']:,} replaced: rows/s", rows / seconds)
    common.row("… the most memory of the server, MB", common.memory(server, "VmHWM"))
    started = time.monotonic()
    assert owner.delete(f"/imports/{done['id']}").status == 200
    common.row("… and its undo, ms", (time.monotonic() - started) * 1000)


def timed(client, path):
    """Milliseconds; who is told to come slower does, outside of the time."""
    while True:
        started = time.monotonic()
        answer = client.raw("GET", common.PREFIX + path, headers={"Authorization": f"Bearer {client.key}"})
        seconds = time.monotonic() - started
        if answer.status == 200:
            return seconds * 1000
        assert answer.status == 429, answer.body
        time.sleep(1)


def some_ids(client, study_id, n):
    """Ids from all over a study: pages found by jumping in time."""
    answer = client.get(f"/studies/{study_id}/responses?limit=1")
    first = answer.json["responses"][0]["id"]
    ids, rng = [], random.Random(3)
    before = first
    while len(ids) < n:
        rows = client.get(f"/studies/{study_id}/responses?limit=1000&before={before}").json["responses"]
        if not rows:
            before = first
            continue
        ids += [row["id"] for row in rng.sample(rows, min(len(rows), 5))]
        before = rows[-1]["id"]
    return ids


def read_all(reader, study_id, ids, what):
    def told(name, path):
        waits = [timed(reader, path.format(id=id)) for id in ids]
        common.limit(f"{what}: {name}, p50 {common.percentile(waits, .5):.1f} ms: p99, ms", common.percentile(waits, .99), 5)
    told("one response by its id", "/responses/{id}")
    told(f"a page of {PAGE} by id", f"/studies/{study_id}/responses?limit={PAGE}&before={{id}}")
    told(f"a page of {PAGE} by time", f"/studies/{study_id}/responses/search?limit={PAGE}&order=newest&before={{id}}")


def erase(owner, reader, n, rows):
    waits = []
    for customer in random.Random(5).sample(range(rows), n):
        found = reader.get(f"/customers?q=C{customer:07}").json["customers"]
        started = time.monotonic()
        assert owner.delete(f"/customers/{found[0]['id']}").status == 204
        waits.append((time.monotonic() - started) * 1000)
    return waits


def main():
    args = common.options(__doc__, rows=1_000_000, read=200)
    import support
    with tempfile.TemporaryDirectory() as folder, support.Server("--log", "warn") as server:
        owner = support.Client(server)
        owner.set_up()
        server.wait_ready()
        reader = support.Client(server, key=common.key(owner, "read"))
        plain, mixed, known = f"{folder}/plain.csv", f"{folder}/mixed.csv", f"{folder}/known.csv"
        write_rows(plain, args.rows)
        with gzip.open(f"{plain}.gz", "wb", 6) as out:
            out.write(pathlib.Path(plain).read_bytes())
        packed = os.path.getsize(f"{plain}.gz") / args.rows
        before = record_bytes(server)
        common.reset_peak(server)
        made, seconds = bring_in(support, owner, "plain", plain)
        size = f"{args.rows:,} rows × 69 columns"
        common.row(f"import of {size} into record and columns: rows/s", args.rows / seconds, 100_000, at_least=1)
        common.row("… bytes a row of the record, beside the file's as gzip has it", (record_bytes(server) - before) / args.rows, packed, at_most=2)
        common.row("… the most memory of the server, MB", common.memory(server, "VmHWM"))
        ids = some_ids(reader, made, args.read)
        read_all(reader, made, ids, "in order of time")
        write_rows(mixed, args.rows, ordered=False)
        made, _ = bring_in(support, owner, "mixed", mixed)
        read_all(reader, made, some_ids(reader, made, args.read), "in no order of time")
        again(support, owner, server, folder, args.rows)
        write_rows(known, args.rows, customers=True)
        before = record_bytes(server)
        made, seconds = bring_in(support, owner, "known", known, customers=True)
        common.row(f"import of {size} and a new customer each: rows/s", args.rows / seconds)
        common.row("… bytes a row of the record, the customers' own rows too", (record_bytes(server) - before) / args.rows)
        waits = erase(owner, reader, args.read, args.rows)
        common.limit(f"erasing one of {args.rows:,} imported customers, p50 {common.percentile(waits, .5):.1f} ms: p99, ms",
                     common.percentile(waits, .99), 20)


if __name__ == "__main__":
    main()
