"""Nothing is half seen and nothing stays broken, from outside: who asks for an analysis while an import, an undo or a change of
the study goes on sees the state before or the state after; columns that were damaged come back by themselves; what waits is told."""
import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

from support import BINARY, PASSWORD, STUDY, ApiTest, Client, Server, import_survey, make_study, survey_csv, upload, wait_rows

ROWS = 40_000


def wide_csv(rows):
    lines = ["E1,P1,E2,P2,REC,region,wave"]
    lines += [f"{i % 7 + 1},{i % 5 + 1},{i % 6 + 1},{i % 4 + 1},{i % 11},{'north' if i % 2 else 'south'},2025" for i in range(rows)]
    return "\n".join(lines).encode() + b"\n"


class Watcher(threading.Thread):
    """Asks for the gaps over and over; notes each number of rows as it first comes, and everything that isn't an answer."""

    def __init__(self, server, study):
        super().__init__()
        self.client, self.path = Client(server), f"/studies/{study}/gaps"
        self.client.sign_in("owner@example.com")
        self.seen, self.problems, self.stopped = [], [], threading.Event()

    def run(self):
        number = 0
        while not self.stopped.is_set():
            number += 1
            answer = self.client.get(f"{self.path}?seed={number}")  # another address each time: not from the cache
            rows = answer.json["rows"] if answer.status == 200 else 0 if answer.json["code"] == "inestimable" else None
            if rows is None:
                self.problems.append(answer.body)
            elif not self.seen or self.seen[-1] != rows:
                self.seen.append(rows)

    def stop_at(self, rows):
        for _ in range(600):
            if self.seen and self.seen[-1] == rows:
                break
            time.sleep(0.1)
        self.stopped.set()
        self.join()


class Whole(ApiTest):
    def test_imports_undos_and_changed_studies_are_seen_whole(self):
        study = make_study(self.owner, {**STUDY, "study": "whole"})
        watcher = Watcher(self.server, study)
        watcher.start()
        made = import_survey(self.owner, study, wide_csv(ROWS))
        wait_rows(self.owner, study, ROWS)
        whole = self.owner.get(f"/studies/{study}").json
        document = dict(whole["document"], groups=STUDY["groups"] + [{"column": "age"}])
        answer = self.owner.put(f"/studies/{study}", {"document": document, "version": whole["version"]})
        self.assertEqual(answer.status, 200, answer.body)
        wait_rows(self.owner, study, ROWS)
        time.sleep(1)
        self.assertEqual(self.owner.delete(f"/imports/{made['id']}").status, 200)
        watcher.stop_at(0)
        self.assertEqual(watcher.problems, [])
        self.assertEqual(watcher.seen, [0, ROWS, 0])

    def test_who_sees_the_import_done_sees_its_answers(self):
        study = make_study(self.owner, {**STUDY, "study": "done"})
        for rows in (3000, 2000):
            import_survey(self.owner, study, wide_csv(rows))
            total = self.owner.get(f"/studies/{study}").json["responses"]
            self.assertEqual(self.owner.get(f"/studies/{study}/gaps").json["rows"], total)


    def test_a_changed_study_is_analysed_as_it_is_now(self):
        study = make_study(self.owner, {**STUDY, "study": "edited"})
        import_survey(self.owner, study, wide_csv(700))
        address = f"/studies/{study}/gaps"
        before = {row["code"]: row["n"] for row in self.owner.get(address).json["items"]}
        self.assertEqual(self.owner.get(address).status, 200)
        whole = self.owner.get(f"/studies/{study}").json
        document = dict(whole["document"], missing={"codes": [7]})  # no column changes
        self.assertEqual(self.owner.put(f"/studies/{study}", {"document": document, "version": whole["version"]}).status, 200)
        after = {row["code"]: row["n"] for row in self.owner.get(address).json["items"]}
        self.assertLess(after["i1"], before["i1"])
        self.assertEqual(self.owner.delete(f"/studies/{study}").status, 204)
        for path in ("gaps", "overview", "facets"):
            self.assert_problem(self.owner.get(f"/studies/{study}/{path}"), 404, "not_found")

    def test_a_study_that_is_being_removed_takes_nothing_in(self):
        """It is gone whole, or it stays whole: never refused with a part of it gone."""
        rows, refused = 30000, 0
        for round_ in range(4):
            study = make_study(self.owner, {**STUDY, "study": f"removed{round_}"})
            import_survey(self.owner, study, survey_csv(rows, seed=round_))
            upload_id, other = upload(self.owner, survey_csv(200, seed=99)), Client(self.server)
            other.sign_in("owner@example.com")
            self.assertEqual(self.owner.get(f"/uploads/{upload_id}/preview?study={study}").status, 200)
            removed = []
            remover = threading.Thread(target=lambda: removed.append(other.delete(f"/studies/{study}")))
            remover.start()
            time.sleep(0.02 * round_)
            begun = self.owner.post("/imports", {"upload_id": upload_id, "study_id": study})
            remover.join()
            if begun.status == 202:
                self.assertIn(removed[0].status, (204, 409))
            else:
                refused += 1
                self.assert_problem(begun, 404, "not_found")
                self.assertEqual(removed[0].status, 204, removed[0].body)
            if removed[0].status == 409:
                self.assertEqual(self.owner.wait_job(begun.json["job_id"])["state"], "done")
                self.assertEqual(self.owner.get(f"/studies/{study}").json["responses"], rows + 200)
            else:
                self.assert_problem(self.owner.get(f"/studies/{study}"), 404, "not_found")
        self.assertGreater(refused, 0, "some came between")


class Damage(unittest.TestCase):
    def test_a_removal_that_was_cut_off_goes_on(self):
        with tempfile.TemporaryDirectory() as data:
            with Server(data=data) as server:
                owner = Client(server)
                owner.set_up()
                study = make_study(owner, STUDY)
                import_survey(owner, study, survey_csv(300))
            with contextlib.closing(sqlite3.connect(f"{data}/record.sqlite")) as record, record:
                record.execute("UPDATE study SET import_id = id WHERE id = ?", (study,))
            with Server(data=data) as server:
                owner = Client(server)
                owner.sign_in("owner@example.com")
                self.assertEqual((owner.get(f"/studies/{study}").status, owner.delete(f"/studies/{study}").status), (404, 404))
            pathlib.Path(data, "kiosk.csv").write_bytes(survey_csv(20, seed=8))
            pathlib.Path(data, "kiosk.json").write_text(json.dumps(STUDY))
            done = subprocess.run([BINARY, "import", f"{data}/kiosk.csv", "--study", f"{data}/kiosk.json", "--data", data],
                                  capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)  # its code is free: it sweeps before
            with contextlib.closing(sqlite3.connect(f"{data}/record.sqlite")) as record:
                self.assertEqual(record.execute("SELECT count(*) FROM import").fetchone()[0], 1)
                self.assertEqual(record.execute("SELECT sum(n_kept) FROM response_chunk").fetchone()[0], 20)

    def test_damaged_columns_come_back_by_themselves(self):
        with tempfile.TemporaryDirectory() as data:
            with Server(data=data) as server:
                owner = Client(server)
                owner.set_up()
                study = make_study(owner, STUDY)
                import_survey(owner, study, survey_csv(3000))
                before = wait_rows(owner, study, 3000)["items"]
            columns = pathlib.Path(data, "columns.duckdb")
            good = columns.read_bytes()
            for name, bad in (("garbage", os.urandom(len(good))), ("truncated", good[:len(good) // 3]), ("empty", b""),
                              ("flipped", good[:12288] + bytes(b ^ 0xFF for b in good[12288:]))):
                with self.subTest(name):
                    columns.write_bytes(bad)
                    with Server(data=data) as server:
                        owner = Client(server)
                        self.assertEqual(owner.sign_in("owner@example.com").status, 201)
                        after = wait_rows(owner, study, 3000)["items"]
                        self.assertEqual(after, before)
                        server.wait_ready()
                        told = owner.get("/system").json
                        self.assertTrue(told["columns"]["open"])
                        self.assertIn(told["columns"]["set_aside"], (0, 1) if name == "empty" else (1,))
                        self.assertNotEqual(told["followers"][0].get("note", ""), "")
                        self.assertIn("made anew", server.log_text())


class SetAside(ApiTest):
    def test_a_study_that_cannot_be_read_holds_up_nobody_and_is_tried_again(self):
        record = pathlib.Path(self.server.data, "record.sqlite")
        sick, well = (make_study(self.owner, {**STUDY, "study": code}) for code in ("sick", "well"))
        body = {"answers": {"E1": 6, "P1": 5}}
        self.assertEqual(self.owner.post(f"/studies/{sick}/responses", body).status, 201)
        wait_rows(self.owner, sick, 1)
        self.assertEqual(self.owner.post(f"/studies/{sick}/responses", body).status, 201)
        wait_rows(self.owner, sick, 2)
        with sqlite3.connect(record, timeout=20) as db:
            document, = db.execute("SELECT document FROM study WHERE id = ?", (sick,)).fetchone()
            db.execute("UPDATE study SET document = '{}', version = version + 1 WHERE id = ?", (sick,))
            db.execute("INSERT INTO event (org_id, kind, stream_id, subject_id, at) SELECT org_id, 'response', id, "
                       "(SELECT id FROM response WHERE study_id = study.id LIMIT 1), 1 FROM study WHERE id = ?", (sick,))
        held = self.wait_held(1)
        self.assertEqual((held[0]["study_id"], held[0]["state"], held[0]["kind"]), (sick, "set_aside", "response"))
        self.assertTrue(held[0]["message"])
        self.assertEqual(self.owner.post(f"/studies/{well}/responses", body).status, 201)
        wait_rows(self.owner, well, 1)
        self.assertIn('mindgap_follower_set_aside{follower="columns"} 1', self.owner.raw("GET", "/metrics").body.decode())
        retry = {"follower": "columns", "study_id": sick}
        self.assert_problem(self.owner.post("/system/retry", {**retry, "study_id": well}), 404, "not_found")
        with sqlite3.connect(record, timeout=20) as db:
            db.execute("UPDATE study SET document = ?, version = version + 1 WHERE id = ?", (document, sick))
        self.assertEqual(self.owner.post("/system/retry", retry).status, 204)
        self.wait_held(0)
        wait_rows(self.owner, sick, 2)

    def wait_held(self, n):
        for _ in range(200):
            held = self.owner.get("/system").json["held"]
            if len(held) == n:
                return held
            time.sleep(0.1)
        raise AssertionError(held)


if __name__ == "__main__":
    unittest.main()
