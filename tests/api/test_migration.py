"""A data folder of the spine (schema 1) opens with this program: nothing is lost, figures are the same, what its log still had
to tell is told. tests/data/spine-folder holds its record and what the old program said of it; its columns are made anew."""
import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest

from support import BINARY, Client, Server, run, wait_rows

KEPT = pathlib.Path(__file__).resolve().parents[1] / "data/spine-folder"
EXPECTED = json.loads((KEPT / "expected.json").read_text("utf-8"))


def rows(path, query, *values):
    with contextlib.closing(sqlite3.connect(path)) as record:
        return record.execute(query, values).fetchall()


class SpineFolder(unittest.TestCase):
    def setUp(self):
        self.data = tempfile.mkdtemp(prefix="mindgap-spine-")
        self.addCleanup(shutil.rmtree, self.data, ignore_errors=True)
        self.record = f"{self.data}/record.sqlite"
        shutil.copy(KEPT / "record.sqlite", self.record)
        os.chmod(self.record, 0o600)

    def test_the_log_and_the_counts_are_carried_over(self):
        old = rows(self.record, "SELECT sequence, org_id, kind, study_id, ref_id, at FROM outbox ORDER BY sequence")
        singles = rows(self.record, "SELECT study_id, count(*) FROM response WHERE import_id IS NULL GROUP BY 1")
        self.assertEqual(rows(self.record, "PRAGMA user_version"), [(1,)])
        with contextlib.closing(sqlite3.connect(self.record)) as record:  # as a removal of the study that was cut off left it
            record.execute("DELETE FROM response WHERE id = (SELECT max(id) FROM response WHERE import_id IS NOT NULL)")
            record.commit()
        checked = subprocess.run([BINARY, "check", "--data", self.data, "--lang", "en"], capture_output=True, text=True)
        self.assertIn("The record is sound.", checked.stdout, checked.stderr)
        self.assertEqual(checked.returncode, 0)
        self.assertGreater(len(old), 10)
        self.assertEqual(rows(self.record, "SELECT sequence, org_id, kind, stream_id, subject_id, at FROM event ORDER BY sequence"), old)
        self.assertEqual(rows(self.record, "SELECT study_id, singles FROM study_count WHERE singles > 0"), singles)

    def test_keys_of_removed_users_end_and_the_trail_says_so(self):
        run("check", "--data", self.data)
        keys = dict(rows(self.record, "SELECT name, made_by FROM api_key"))
        self.assertEqual(keys, {"till": "Ana Analyst", "leaver's": "Lena Leaver", "old": "Owner"})
        self.assertEqual(rows(self.record, "SELECT name FROM api_key WHERE revoked_at IS NULL"), [("till",)])
        trail = rows(self.record, """SELECT a.id, a.actor, k.name FROM audit a JOIN api_key k ON k.id = a.entity_id
                                     WHERE a.action = 'revoke' AND k.name = 'leaver''s'""")
        self.assertEqual([row[1:] for row in trail], [("mindgap", "leaver's")])
        self.assertRegex(trail[0][0], "^01[0-9A-HJKMNP-TV-Z]{24}$")
        self.assertEqual(rows(self.record, "SELECT max(id) FROM audit"), [(trail[0][0],)])

    def test_one_response_a_key_and_no_unused_tables(self):
        with contextlib.closing(sqlite3.connect(self.record)) as record:  # as no program of ours could have left it
            record.execute("UPDATE response SET idempotency_key = 'twice' WHERE id IN (SELECT id FROM response"
                           " WHERE idempotency_key IS NOT NULL AND study_id = (SELECT min(study_id) FROM response WHERE"
                           " idempotency_key IS NOT NULL) ORDER BY id LIMIT 2)")
            record.commit()
        oldest, count = rows(self.record, "SELECT min(id), count(*) FROM response WHERE idempotency_key = 'twice'")[0]
        self.assertEqual(count, 2)
        run("check", "--data", self.data)
        self.assertEqual(rows(self.record, "SELECT id FROM response WHERE idempotency_key = 'twice'"), [(oldest,)])
        tables = [name for name, in rows(self.record, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
        self.assertEqual([name for name in ("wave", "analysis") if name in tables], [])
        self.assertEqual(rows(self.record, "SELECT \"unique\" FROM pragma_index_list('response') WHERE name = 'response_by_key'"), [(1,)])

    def test_imports_of_before_added_all_that_they_kept(self):
        kept = dict(rows(self.record, "SELECT id, rows_kept FROM import WHERE state = 'done' AND study_id = ?", EXPECTED["study"]))
        with Server(data=self.data) as server:
            server.wait_ready()
            owner = Client(server)
            self.assertEqual(owner.sign_in("owner@example.com").status, 201)
            made = {row["id"]: row for row in owner.get("/imports?limit=200").json["imports"] if row["state"] == "done"}
            self.assertEqual({id: (row["added"], row["replaced"], row["left"]) for id, row in made.items()},
                             {id: (n, 0, 0) for id, n in kept.items()})
            self.assertTrue(kept)
            one = next(iter(made))
            self.assertEqual(owner.delete(f"/imports/{one}").status, 200)
            self.assertEqual(owner.get(f"/studies/{EXPECTED['study']}/responses?limit=1").json["total"], EXPECTED["rows"] - kept[one])
            wait_rows(owner, EXPECTED["study"], EXPECTED["rows"] - kept[one])
        self.assertEqual(rows(self.record, "SELECT count(*) FROM response_hidden"), [(0,)])

    def test_it_serves_as_before(self):
        sent = json.loads(rows(self.record, "SELECT document FROM response WHERE idempotency_key = 'key-number-3'")[0][0])
        of, wave = rows(self.record, """SELECT c.reference, r.wave FROM response r JOIN customer c ON c.id = r.customer_id
                                        WHERE r.idempotency_key = 'key-number-3'""")[0]
        with Server(data=self.data) as server:
            server.wait_ready()
            owner = Client(server)
            self.assertEqual(owner.sign_in("owner@example.com").status, 201)
            study = EXPECTED["study"]
            report = wait_rows(owner, study, EXPECTED["rows"])
            self.assertEqual(report["overall"]["n"], EXPECTED["overall"]["n"])
            self.assertAlmostEqual(report["overall"]["gap"]["value"], EXPECTED["overall"]["gap"], 12)
            for item in report["items"]:
                kept = EXPECTED["items"][item["code"]]
                self.assertEqual(item["n"], kept["n"])
                for name in ("expectation", "perception", "gap"):
                    self.assertAlmostEqual(item[name]["value"], kept[name], 12)
                self.assertAlmostEqual(item["gap"]["low"], kept["low"], 12)
                self.assertAlmostEqual(item["gap"]["high"], kept["high"], 12)
            listed = next(row for row in owner.get("/studies").json["studies"] if row["id"] == study)
            self.assertEqual(listed["responses"], EXPECTED["rows"])
            self.assertEqual(owner.get(f"/studies/{study}/responses?limit=1").json["total"], EXPECTED["rows"])
            self.assertEqual([view["name"] for view in owner.get("/views").json["views"]], ["North"])
            statuses = {name: Client(server, key=key).get("/studies").status for name, key in EXPECTED["keys"].items()}
            self.assertEqual(statuses, {"ana": 200, "lena": 401, "revoked": 401})
            repeated = {"answers": sent, "customer": of, "wave": wave, "idempotency_key": "key-number-3"}
            self.assertEqual(owner.post(f"/studies/{study}/responses", repeated).status, 201)
            self.assertEqual(owner.post(f"/studies/{study}/responses", {**repeated, "answers": {"E1": 1}}).status, 409)
            self.assertEqual(owner.get(f"/studies/{study}/responses?limit=1").json["total"], EXPECTED["rows"])

    def test_its_responses_become_light_and_stay_the_same(self):
        gap = rows(self.record, "SELECT id FROM response WHERE import_id IS NOT NULL ORDER BY id LIMIT 1 OFFSET 3")[0][0]
        with contextlib.closing(sqlite3.connect(self.record)) as record:  # one that was erased before
            record.execute("UPDATE import SET rows_kept = rows_kept - 1 WHERE id = (SELECT import_id FROM response WHERE id = ?)", (gap,))
            record.execute("DELETE FROM response WHERE id = ?", (gap,))
            record.commit()
        old = {row[0]: (json.loads(row[1]), *row[2:]) for row in rows(self.record, """
            SELECT r.id, r.document, r.study_id, r.import_id, c.reference, r.wave, r.weight, r.channel FROM response r
            LEFT JOIN import i ON i.id = r.import_id LEFT JOIN customer c ON c.id = r.customer_id
            WHERE r.import_id IS NULL OR i.state = 'done'""")}
        hidden = rows(self.record, "SELECT count(*) FROM response")[0][0] - len(old)
        with Server(data=self.data) as server:
            server.wait_ready()
            owner = Client(server)
            self.assertEqual(owner.sign_in("owner@example.com").status, 201)
            for _ in range(200):
                if rows(self.record, "SELECT count(*) FROM response WHERE answers IS NULL")[0][0] <= hidden:
                    break
                time.sleep(0.05)
            chunks, places, kept = rows(self.record, "SELECT count(*), sum(n_rows), sum(n_kept) FROM response_chunk")[0]
            self.assertEqual(kept, sum(row[2] is not None for row in old.values()))
            self.assertEqual(places, kept + 1)
            self.assertLess(chunks, kept / 20)
            self.assertEqual(rows(self.record, "SELECT DISTINCT document FROM response WHERE answers IS NOT NULL"), [("{}",)])
            found = {}
            before = ""
            while page := owner.get(f"/studies/{EXPECTED['study']}/responses?limit=30{before}").json["responses"]:
                before = f"&before={page[-1]['id']}"
                found.update({row["id"]: (row["answers"], row["study_id"], *(row.get(name) for name in (
                    "import_id", "customer", "wave", "weight", "channel"))) for row in page})
            self.assertEqual(found, {id: row for id, row in old.items() if row[1] == EXPECTED["study"]})
            self.assertEqual(owner.get(f"/responses/{gap}").status, 404)
            report = wait_rows(owner, EXPECTED["study"], EXPECTED["rows"] - 1)
            self.assertEqual(report["overall"]["n"], EXPECTED["overall"]["n"] - 1)
        checked = subprocess.run([BINARY, "check", "--data", self.data, "--lang", "en"], capture_output=True, text=True)
        self.assertIn("The record is sound.", checked.stdout, checked.stderr)
        self.assertEqual(checked.returncode, 0)


if __name__ == "__main__":
    unittest.main()
