#!/usr/bin/env python3
"""Many requests of all usual kinds: does the server's memory stay flat?

    bench_soak.py [--build DIR] [--requests N] [--rows N]

A study of --rows answers, imported, whose overview and list of responses are asked for; single answers into ten others; the lists of
studies, imports and customers; a sign-in now and then; a preview now and then. The server's resident memory is looked at four times a
second. Printed: how much it grew over the last two thirds of the requests, as the median of the last tenth less that of the tenth after
the first third. The limit is 16 MB: a leak of nine bytes a request breaks it.
"""
import statistics
import tempfile
import time

import common

STUDIES = 10


def prepare(support, owner, folder, rows):
    file = f"{folder}/survey.csv"
    common.write_survey(support, file, rows)
    study = support.make_study(owner)
    assert owner.wait_job(common.start_import(owner, study, file)[1], 600)["state"] == "done"
    others = [support.make_study(owner, {**support.STUDY, "study": f"other{n}"}) for n in range(STUDIES)]
    small = f"{folder}/preview.csv"
    common.write_survey(support, small, 1000)
    return study, others, common.upload_file(owner, small)


def flows(support, owner, folder, study, others, upload):
    """Intake takes what is left of the machine; the others come at their own pace."""
    read = [common.key(owner, "read") for _ in range(8)]
    intake = common.key(owner, "intake")
    answers = {"E1": 7, "P1": 5, "E2": 6, "P2": 6, "E3": 5, "P3": 4, "E4": 6, "P4": 3, "REC": 9, "region": "north"}
    body = common.body_file(folder, "answer", {"answers": answers})
    session = common.body_file(folder, "session", {"email": "owner@example.com", "password": support.PASSWORD})
    return [*(common.flow("posted", 4, 0, "POST", f"/studies/{s}/responses", 201, intake, body) for s in others),
            *(common.flow("overview", 1, 20, "GET", f"/studies/{study}/overview", key=k) for k in read),
            *(common.flow("listed", 1, 30, "GET", path, key=k) for k in read
              for path in ("/studies", f"/studies/{study}/responses?limit=20", "/imports", "/customers")),
            common.flow("signed in", 1, 0.5, "POST", "/session", 201, body=session),
            common.flow("previewed", 1, 0.5, "GET", f"/uploads/{upload}/preview?study={study}", key=read[0])]


def sample(load, client):
    samples = []
    while load.running():
        samples.append((common.memory(client.server), common.metric(client, "mindgap_columns_memory_bytes") / 2**20))
        time.sleep(0.25)
    return samples


def growth(samples):
    """From the tenth after the first third to the last one."""
    n, tenth = len(samples), len(samples) // 10
    return statistics.median(samples[-tenth:]) - statistics.median(samples[n // 3:n // 3 + tenth])


def told(samples):
    n = len(samples)
    return ", ".join(f"{statistics.median(samples[n * k // 10:n * (k + 1) // 10]):.0f}" for k in range(10))


def main():
    args = common.options(__doc__, requests=3_000_000, rows=100_000)
    import support
    with tempfile.TemporaryDirectory() as folder, support.Server("--log", "warn") as server:
        owner = support.Client(server)
        owner.set_up()
        server.wait_ready()
        plan = flows(support, owner, folder, *prepare(support, owner, folder, args.rows))
        load = common.Load(args, server, folder, [(name.replace(" ", "_"), *rest) for name, *rest in plan], 3600, args.requests)
        samples = sample(load, owner)
        found = load.wait()
    assert all(flow["failed"] == 0 for flow in found.values()), found
    resident, blocks = ([sample[k] for sample in samples] for k in (0, 1))
    rest = [whole - part for whole, part in samples]
    parts = ", ".join(f"{flow['answers']:,.0f} {name.replace('_', ' ')}" for name, flow in found.items())
    seconds = max(flow["seconds"] for flow in found.values())
    common.limit(f"soak of {sum(flow['answers'] for flow in found.values()):,.0f} requests in {seconds:.0f} s ({parts}); memory without the columns' "
                 f"blocks in tenths of the time {told(rest)} MB: growth over the last two thirds, MB", growth(rest), 16)
    common.row(f"… the columns' blocks, of an engine that keeps up to 512 MB of them: {told(blocks)} MB: the same", growth(blocks))
    common.row(f"… both: {told(resident)} MB, at most {max(resident):.0f}: the same", growth(resident))


if __name__ == "__main__":
    main()
