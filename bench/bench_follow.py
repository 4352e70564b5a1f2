#!/usr/bin/env python3
"""From the record to the columns while imports run: is a cached overview in time, and is a posted answer?

    bench_follow.py [--build DIR] [--rows N] [--import N] [--rate R]

Overview: a study of --rows answers is asked for its overview once, then 200 times a second over 8 keys, while --rate answers a
second come into another study and a third gets an import of as many rows, from its upload until the columns have it. Then the
same where the answers come into the study that is asked for: each answer changes what is asked for, so nothing is kept; no target.

Answer: an answer is posted every 50 ms to a small study and to the one that an import of --import rows goes into. From the
moment when it is sent until a watcher sees it among the rows of the gaps; it asks every 10 ms, filtered by the wave of these
answers, which costs little whatever else is in the study.
"""
import tempfile
import time

import common

KEYS = 8
ASKED = 200  # a second


def answer(wave="live"):
    return {"wave": wave, "answers": {**{f"{side}{k}": (k + (side == "E")) % 7 + 1 for k in range(1, 5) for side in "EP"},
                                      "REC": 9, "region": "north"}}


def made(support, owner, code):
    return support.make_study(owner, {**support.STUDY, "study": code})


def wait_import(client, job):
    """Until it has joined the columns; seconds."""
    started = time.monotonic()
    done = client.wait_job(job, 1200)
    assert done["state"] == "done", done
    while common.metric(client, "mindgap_follower_held"):
        time.sleep(0.05)
    return time.monotonic() - started


def ask(path, keys, rate, per_key=1):
    return [common.flow("overview", per_key, rate / len(keys), "GET", path, key=key) for key in keys]


def overview_meanwhile(support, args, folder, owner, file):
    shown, joining, other = (made(support, owner, code) for code in ("shown", "joining", "other"))
    keys = [common.key(owner, "read") for _ in range(KEYS)]
    intake = common.key(owner, "intake")
    body = common.body_file(folder, "answer", answer())
    wait_import(owner, common.start_import(owner, shown, file)[1])
    common.wait_followed(owner)
    path = f"/studies/{shown}/overview"
    owner.raw("GET", common.PREFIX + path, headers={"Authorization": f"Bearer {keys[0]}"})

    def posting(study):
        return common.flow("posted", 32, args.rate, "POST", f"/studies/{study}/responses", 201, intake, body)
    load = common.Load(args, owner.server, folder, [*ask(path, keys, ASKED), posting(other)], 1200)
    seconds = wait_import(owner, common.start_import(owner, joining, file)[1])
    kept = load.stop()
    load = common.Load(args, owner.server, folder, [*ask(path, keys[:1], 4, 2), posting(shown)], 15)
    return seconds, kept, load.wait()


class Watched:
    """A study into which answers are posted one by one, and what is seen of them."""

    def __init__(self, support, owner, study):
        self.study, self.sent, self.seen, self.posts = study, [], [], 0
        self.poster = support.Client(owner.server, key=common.key(owner, "intake"))
        self.watchers = [support.Client(owner.server, key=common.key(owner, "read")) for _ in range(4)]
        self.threads = [common.Repeating(self.post, 0.05), common.Repeating(self.look, 0.01)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def post(self):
        self.sent.append(time.monotonic())
        got = self.poster.post(f"/studies/{self.study}/responses", answer())
        assert got.status == 201, got.body

    def look(self):
        self.posts += 1
        got = self.watchers[self.posts % 4].get(f"/studies/{self.study}/gaps?wave=live")
        now = time.monotonic()
        if got.status == 200:
            self.seen += [now] * (got.json["rows"] - len(self.seen))
        else:
            assert got.status == 422, got.body  # nothing there yet

    def stop(self):
        self.threads[0].stop()
        end = time.monotonic() + 30
        while len(self.seen) < len(self.sent) and time.monotonic() < end:
            time.sleep(0.05)
        self.threads[1].stop()
        assert len(self.seen) == len(self.sent), (len(self.seen), len(self.sent))
        return [seen - sent for seen, sent in zip(self.seen, self.sent)]


def answers_meanwhile(support, owner, file):
    """Seconds of the import, and of each answer: those into a small study, and those into that of the import."""
    small, large = (Watched(support, owner, made(support, owner, code)) for code in ("small", "large"))
    for watched in (small, large):
        watched.start()
    seconds = wait_import(owner, common.start_import(owner, large.study, file)[1])
    time.sleep(2)
    return seconds, small.stop(), large.stop()


def told(waits):
    return f"{len(waits):,} answers, p50 {common.percentile(waits, .5):.2f} s, most {max(waits):.2f} s"


def main():
    args = common.options(__doc__, rows=200_000, rate=2000, imported=1_000_000)
    import support
    with tempfile.TemporaryDirectory() as folder:
        small, large = f"{folder}/small.csv", f"{folder}/large.csv"
        common.write_survey(support, small, args.rows)
        common.write_survey(support, large, args.imported)
        with support.Server("--log", "warn") as server:
            owner = support.Client(server)
            owner.set_up()
            server.wait_ready()
            seconds, kept, fresh = overview_meanwhile(support, args, folder, owner, small)
        with support.Server("--log", "warn") as server:
            owner = support.Client(server)
            owner.set_up()
            server.wait_ready()
            took, few, many = answers_meanwhile(support, owner, large)
    for found in (kept, fresh):
        assert all(flow["failed"] == 0 for flow in found.values()), found
    o, p = kept["overview"], kept["posted"]
    common.limit(f"cached overview of {args.rows:,} answers, {o['answers']:,.0f} times over {seconds:.0f} s, while {p['answers'] / p['seconds']:,.0f} "
                 f"answers/s come (p99 {p['p99']:.0f} ms) and an import of {args.rows:,} rows joins another study; p50 {o['p50']:.1f}, most "
                 f"{o['most']:.0f}: p99, ms", o["p99"], 20)
    o, p = fresh["overview"], fresh["posted"]
    common.row(f"the same where {p['answers'] / p['seconds']:,.0f} answers/s come into that study, so that none is kept: p50 "
               f"{o['p50']:.0f}: p99, ms", o["p99"])
    common.limit(f"posted answer is in the columns while {args.imported:,} rows are imported ({took:.0f} s) into another study; "
                 f"{told(few)}: p99, s", common.percentile(few, .99), 1)
    common.limit(f"the same into the study of the import; {told(many)}: p99, s", common.percentile(many, .99), 1)


if __name__ == "__main__":
    main()
