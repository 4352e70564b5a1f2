"""Files that come again: what a check says before, what an import does by id, what its undo brings back; and that readers of
the record and of the columns agree on it all along."""
import contextlib
import csv
import io
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
import zlib

from support import BINARY, ApiTest, Client, Server, import_survey, make_study, upload, wait_rows

SHARED = pathlib.Path(os.environ.get("MG_SHARED", pathlib.Path(__file__).parents[2] / "../shared")) / "data/files"
DOCUMENT = {"study": "again", "scale": {"min": 1, "max": 7}, "id": "no", "wave": "wave", "customer": "who", "time": "given",
            "items": [{"code": "A", "expectation": "E1", "perception": "P1"}, {"code": "B", "expectation": "E2", "perception": "P2"}],
            "groups": [{"column": "region"}]}
HEAD = ["no", "who", "E1", "P1", "E2", "P2", "region"]
MET = ("rows", "kept", "skipped", "errors", "error_kinds", "added", "replaced", "left")


def table(rows, head=HEAD):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    return out.getvalue().encode()


def respondent(number, perception=4, region="north"):
    return [f"R{number}", f"C{number}", 6, perception, 5, 3, region]


class ReimportTest(ApiTest):
    def setUp(self):
        super().setUp()
        self.study = make_study(self.owner, {**DOCUMENT, "study": self.id().rsplit(".", 1)[1][-40:]})

    def check(self, content, **more):
        return self.owner.post("/imports/check", {"upload_id": upload(self.owner, content), "study_id": self.study, **more})

    def bring(self, content, **more):
        """Checks, imports, and finds that the one said what the other did."""
        said = self.check(content, **more)
        self.assertEqual(said.status, 200, said.body)
        before = self.answers()
        done = import_survey(self.owner, self.study, content, **more)
        did = {**done, "kept": done["added"] + done["replaced"] + done["left"]}
        self.assertEqual({name: said.json[name] for name in MET}, {name: did.get(name, []) for name in MET})
        self.assertEqual(done["imported"], done["added"] + done["replaced"])
        self.assertEqual(len(self.answers()), len(before) + done["added"])
        return done

    def counts(self, made):
        return made["added"], made["replaced"], made["left"]

    def answers(self):
        """Of all readers of the record: the list, one by one, counts, customers, the search by time."""
        rows = self.owner.get(f"/studies/{self.study}/responses?limit=1000").json
        found = {row["id"]: row for row in rows["responses"]}
        self.assertEqual(rows["total"], len(found))
        searched = self.owner.get(f"/studies/{self.study}/responses/search?limit=200").json
        self.assertEqual((searched["total"], {row["id"] for row in searched["responses"]}), (len(found), set(found)))
        listed = next(row for row in self.owner.get("/studies").json["studies"] if row["id"] == self.study)
        self.assertEqual(listed["responses"], len(found))
        for row in list(found.values())[:5]:
            self.assertEqual(self.owner.get(f"/responses/{row['id']}").json, row)
        return found

    def perceived(self):
        """Customer → P1."""
        return {row.get("customer"): row["answers"]["P1"] for row in self.answers().values()}

    def columns(self):
        """The same from the columns, once they are level."""
        rows = self.answers()
        report = wait_rows(self.owner, self.study, len(rows))
        item = next(item for item in report["items"] if item["code"] == "A")
        mean = sum(row["answers"]["P1"] for row in rows.values()) / len(rows)
        for _ in range(100):
            if abs(item["perception"]["value"] - mean) < 1e-9:
                break
            time.sleep(0.1)
            item = next(item for item in self.owner.get(f"/studies/{self.study}/gaps").json["items"] if item["code"] == "A")
        self.assertAlmostEqual(item["perception"]["value"], mean, 9)
        highest = self.owner.get(f"/studies/{self.study}/responses/search?order=highest&column=P1&limit=200").json
        self.assertEqual({row["id"] for row in highest["responses"]}, set(rows))
        exported = self.owner.get(f"/studies/{self.study}/responses/export?format=csv")
        self.assertEqual(len(exported.body.decode("utf-8-sig").strip().splitlines()) - 1, len(rows))

    def undo(self, made):
        answer = self.owner.delete(f"/imports/{made['id']}")
        self.assertEqual(answer.status, 200, answer.body)


class ById(ReimportTest):
    def test_what_went_out_comes_back_as_it_was(self):
        self.bring(table([respondent(k) for k in range(12)]))
        was = self.answers()
        self.assertEqual({row["respondent"] for row in was.values()}, {f"R{k}" for k in range(12)})
        for form in ("csv", "xlsx", "sav", "dta", "jsonl", "parquet"):
            with self.subTest(form):
                out = self.owner.get(f"/studies/{self.study}/responses/export?format={form}")
                upload_id = upload(self.owner, out.body, f"out.{form}")
                columns = self.owner.get(f"/uploads/{upload_id}/preview?study={self.study}").json["columns"]
                mapping = [{"source": column["name"], "target": column["target"]} for column in columns if "target" in column]
                made = self.owner.post("/imports", {"upload_id": upload_id, "study_id": self.study, "mapping": mapping})
                self.assertEqual(made.status, 202, made.body)
                self.owner.wait_job(made.json["job_id"])
                self.assertEqual(self.counts(self.owner.get(f"/imports/{made.json['id']}").json), (0, 0, 12))
        self.assertEqual(self.answers(), was)

    def test_customers_filled_in_are_stored(self):
        def rows(customers):
            return table([[f"R{k}", customer, *respondent(k)[2:]] for k, customer in enumerate(customers)])
        self.bring(rows(["", "", "C2", "C3"]))
        self.assertEqual(self.counts(self.bring(rows(["N0", "C2", "C2", ""]))), (0, 3, 1))
        self.assertEqual({row["respondent"]: row.get("customer") for row in self.answers().values()},
                         {"R0": "N0", "R1": "C2", "R2": "C2", "R3": None})

    def test_the_same_command_twice_takes_the_same_columns(self):
        """Into a study that the first import makes, and into the one that is there then: else the same rows would be of another
        wave, or given at another time."""
        plain = {name: value for name, value in DOCUMENT.items() if name not in ("wave", "customer", "time")}
        head = ["no", "Customer", "E1", "P1", "E2", "P2", "region", "wave", "Time", "weight"]
        content = table([[*respondent(n), f"w{n % 2}", f"2025-03-0{n + 1}", 2] for n in range(5)], head)
        first = self.unmapped(content, new_study={**plain, "study": "same-command"})
        self.assertEqual(self.counts(first), (5, 0, 0))
        self.assertEqual(self.counts(self.unmapped(content, study_id=first["study_id"])), (0, 0, 5))

    def unmapped(self, content, **into):
        answer = self.owner.post("/imports", {"upload_id": upload(self.owner, content), **into})
        self.assertEqual(answer.status, 202, answer.body)
        self.assertEqual(self.owner.wait_job(answer.json["job_id"])["state"], "done")
        return self.owner.get(f"/imports/{answer.json['id']}").json

    def test_a_corrected_and_longer_file(self):
        first = self.bring(table([respondent(k) for k in range(20)]))
        self.assertEqual(self.counts(first), (20, 0, 0))
        self.columns()
        before = self.answers()
        second = self.bring(table([respondent(k, 7 if k < 5 else 4) for k in range(30)]))
        self.assertEqual(self.counts(second), (10, 5, 15))
        self.assertEqual(self.perceived(), {f"C{k}": 7 if k < 5 else 4 for k in range(30)})
        self.columns()
        self.assertEqual({row["responses"] for row in self.owner.get("/customers?limit=200").json["customers"]}, {1})
        self.assertEqual(self.owner.get(f"/studies/{self.study}/responses/search?customer=C1&limit=200").json["total"], 11)
        self.undo(second)
        self.assertEqual(self.answers(), before)
        self.columns()

    def test_the_same_file_changes_nothing(self):
        content = table([respondent(k) for k in range(12)])
        first = self.bring(content)
        before = self.answers()
        said = self.check(content)
        self.assertEqual(said.json["same_file"], first["id"])
        self.assertNotIn("message", said.json)
        again = self.bring(content)
        self.assertEqual(self.counts(again), (0, 0, 12))
        self.assertEqual(self.answers(), before)
        self.assert_problem(self.owner.post("/imports", {"upload_id": upload(self.owner, content), "study_id": self.study,
                                                         "existing": "add"}), 409, "conflict")
        self.assertIn("already", self.check(content, existing="add").json["message"])
        self.undo(again)
        self.assertEqual(self.answers(), before)
        self.columns()

    def test_leave_and_add(self):
        self.bring(table([respondent(k) for k in range(6)]))
        changed = table([respondent(k, 7) for k in range(8)])
        left = self.bring(changed, existing="leave")
        self.assertEqual(self.counts(left), (2, 0, 6))
        self.assertEqual(self.perceived()["C0"], 4)
        added = self.bring(changed, existing="add", again=True)
        self.assertEqual(self.counts(added), (8, 0, 0))
        self.columns()
        self.undo(added)
        self.undo(left)
        self.assertEqual(len(self.answers()), 6)
        self.columns()

    def test_undone_in_the_order_that_brings_back_what_was(self):
        first = self.bring(table([respondent(k) for k in range(9)]))
        states = [self.answers()]
        second = self.bring(table([respondent(k, 5) for k in range(6)]))
        states.append(self.answers())
        third = self.bring(table([respondent(k, 6) for k in range(3)]))
        for made in (first, second):
            refused = self.owner.delete(f"/imports/{made['id']}")
            self.assert_problem(refused, 409, "conflict")
            self.assertIn("survey.csv", refused.body.decode())
        self.columns()
        self.undo(third)
        self.assertEqual(self.answers(), states[1])
        self.columns()
        self.undo(second)
        self.assertEqual(self.answers(), states[0])
        self.columns()
        self.undo(first)
        self.assertEqual(self.answers(), {})

    def test_the_same_number_in_another_wave_is_another_answer(self):
        rows = [respondent(k) for k in range(5)]
        self.bring(table(rows), wave="2025")
        self.assertEqual(self.counts(self.bring(table([respondent(k, 6) for k in range(5)]), wave="2026")), (5, 0, 0))
        self.assertEqual(self.counts(self.bring(table([respondent(k, 6) for k in range(6)]), wave="2026")), (1, 0, 5))
        self.columns()

    def test_halves_are_no_versions(self):
        self.bring(table([["R1", "C1", 6, 5], ["R2", "C2", 6, 5]], ["no", "who", "E1", "E2"]))
        after = self.bring(table([["R1", "C1", 4, 3], ["R2", "C2", 4, 3]], ["no", "who", "P1", "P2"]))
        self.assertEqual(self.counts(after), (2, 0, 0))
        again = self.bring(table([["R1", "C1", 5, 3], ["R2", "C2", 4, 3]], ["no", "who", "P1", "P2"]))
        self.assertEqual(self.counts(again), (0, 1, 1))

    def test_ids_that_come_again_in_the_file(self):
        rows = [respondent(1), respondent(2), respondent(1, 6), respondent(2), respondent(3)]
        said = self.check(table(rows)).json
        self.assertEqual((said["repeated_ids"], said["repeated_alike"], said["same_content"]), (2, 1, 0))
        self.assertEqual(self.counts(self.bring(table(rows))), (5, 0, 0))
        self.assertEqual(self.counts(self.bring(table(rows[::-1]))), (0, 0, 5))
        self.assertEqual(self.counts(self.bring(table([respondent(1, 6), respondent(1, 7)]))), (0, 1, 1))
        self.columns()

    def test_a_file_of_several_waves_has_each_id_once_a_wave(self):
        head = [*HEAD, "wave"]
        rows = [[*respondent(k), wave] for wave in ("W1", "W2") for k in range(4)]
        said = self.check(table([*rows, [*respondent(1), "W2"]], head)).json
        self.assertEqual((said["repeated_ids"], said["errors"]), (1, 1))
        self.assertEqual(self.bring(table(rows, head))["errors"], 0)

    def test_answers_customer_time_and_wave_are_what_a_row_says(self):
        head = [*HEAD, "given", "wave"]
        rows = [[*respondent(k), f"2026-01-{k + 10} 08:00", "W1"] for k in range(6)]
        self.bring(table(rows, head))
        self.assertEqual(self.counts(self.bring(table(rows[:3], head))), (0, 0, 3))
        had = self.owner.get("/customers?q=C0").json["customers"][0]["responses"]
        rows[0][1], rows[1][-2], rows[2][6], rows[3][4] = "C99", "2026-01-11 09:00", "south", ""
        self.assertEqual(self.counts(self.bring(table(rows, head))), (0, 4, 2))
        self.assertEqual(self.owner.get("/customers?q=C0").json["customers"][0]["responses"], had - 1)
        spans = [self.owner.get(f"/studies/{self.study}/responses/search?from=2026-01-1{k}&below=2026-01-1{k + 1}").json["total"]
                 for k in range(6)]
        self.assertEqual(spans, [1] * 6)
        self.columns()

    def test_two_at_once_go_one_after_the_other(self):
        head = table([]).decode()
        started = []
        for perceived in (3, 5, 7):
            lines = "".join(f"R{k},C{k},6,{perceived},5,3,north\n" for k in range(4000))
            started.append(self.owner.post("/imports", {"upload_id": upload(self.owner, (head + lines).encode()), "study_id": self.study}))
        for answer in started:
            self.assertEqual(self.owner.wait_job(answer.json["job_id"])["state"], "done")
        made = [self.owner.get(f"/imports/{answer.json['id']}").json for answer in started]
        self.assertEqual(sorted(self.counts(one) for one in made), [(0, 4000, 0), (0, 4000, 0), (4000, 0, 0)])
        self.assertEqual(wait_rows(self.owner, self.study, 4000)["rows"], 4000)

    def test_many_in_no_order(self):
        rng = random.Random(4)
        rows = [respondent(k) for k in range(900)]
        rng.shuffle(rows)
        self.bring_many(table(rows), (900, 0, 0))
        changed = {k for k in range(900) if rng.random() < 0.3}
        rows = [respondent(k, 6 if k in changed else 4) for k in range(950)]
        rng.shuffle(rows)
        made = self.bring_many(table(rows), (50, len(changed), 900 - len(changed)))
        self.assertEqual(sum(value == 6 for value in self.perceived_of_all().values()), len(changed))
        wait_rows(self.owner, self.study, 950)
        self.undo(made)
        self.assertEqual(set(self.perceived_of_all().values()), {4})
        wait_rows(self.owner, self.study, 900)

    def bring_many(self, content, counts):
        made = import_survey(self.owner, self.study, content)
        self.assertEqual(self.counts(made), counts)
        return made

    def perceived_of_all(self):
        rows = self.owner.get(f"/studies/{self.study}/responses?limit=1000").json["responses"]
        return {row["customer"]: row["answers"]["P1"] for row in rows}


class WithoutIds(ReimportTest):
    def test_all_are_added_and_repeats_are_told(self):
        rows = [["C1", 5, 4], ["C1", 5, 4], ["C2", 5, 4], ["", 5, 4], ["C1", 5, 3]]
        content = table(rows, ["who", "E1", "P1"])
        said = self.check(content).json
        self.assertEqual((said["same_content"], said["repeated_ids"], said["kept"]), (1, 0, 5))
        self.assertEqual((said["customers_known"], said["customers_new"], said["customers_none"]), (0, 4, 1))
        self.assertEqual(self.counts(self.bring(content)), (5, 0, 0))
        said = self.check(content).json
        self.assertEqual((said["customers_known"], said["customers_new"], said["customers_none"]), (4, 0, 1))
        self.assertIn("already", said["message"])
        self.assert_problem(self.owner.post("/imports", {"upload_id": upload(self.owner, content), "study_id": self.study}),
                            409, "conflict")
        self.assertEqual(self.counts(self.bring(content, again=True)), (5, 0, 0))

    def test_a_check_keeps_nothing_and_says_what_is_wrong(self):
        content = table([["R1", 9, 4], ["R2", "x", 4], ["R3", "", ""], ["R4", 5, 4, 6]], ["no", "E1", "P1"])
        said = self.check(content).json
        self.assertEqual((said["rows"], said["kept"], said["skipped"], said["errors"], said["irregular"]), (4, 2, 2, 4, 1))
        self.assertEqual(len(said["error_kinds"]), 4)
        self.assertEqual(self.check(content, bad_rows="skip").json["kept"], 0)
        self.assertIn("Not one of the 4 rows", self.check(content, bad_rows="skip").json["message"])
        self.assertEqual(self.answers(), {})
        self.assertEqual([made for made in self.owner.get("/imports?limit=200").json["imports"] if made["study_id"] == self.study], [])
        self.assert_problem(self.check(content, mapping=[{"source": "nowhere", "target": "E1"}]), 422, "invalid")

    def test_a_new_study(self):
        document = {**DOCUMENT, "study": "made.by.it", "wave": None, "time": None, "groups": []}
        document = {name: value for name, value in document.items() if value is not None}
        content = table([row[:-1] for row in map(respondent, range(4))], HEAD[:-1])
        answer = self.owner.post("/imports/check", {"upload_id": upload(self.owner, content), "new_study": document})
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual((answer.json["added"], answer.json["left"], answer.json["kept"]), (4, 0, 4))
        self.assertNotIn("made.by.it", [row["code"] for row in self.owner.get("/studies").json["studies"]])


class Erasure(ReimportTest):
    """What was replaced is hidden, not gone: an erasure has to find it."""

    def bytes_of_record(self):
        path = f"{self.server.data}/record.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as record:
            record.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            rows = record.execute("SELECT number, head, data FROM response_chunk").fetchall()
        return b"".join(head + zlib.decompress(data[11:]) for _, head, data in rows) + pathlib.Path(path).read_bytes()

    def test_of_a_response_takes_all_its_versions(self):
        first = self.bring(table([["R1", "C1", 6, 5, 5, 3, "old Secret"], ["R2", "C2", 6, 5, 5, 3, "other"]]))
        second = self.bring(table([["R1", "C1", 6, 6, 5, 3, "middle Secret"]]))
        third = self.bring(table([["R1", "C1", 6, 7, 5, 3, "new Secret"]]))
        self.assertTrue(b"old Secret" in self.bytes_of_record())
        one = next(id for id, row in self.answers().items() if row["answers"]["region"] == "new Secret")
        self.assertEqual(self.owner.delete(f"/responses/{one}").status, 204)
        self.assertEqual([row["answers"]["region"] for row in self.answers().values()], ["other"])
        self.assertFalse(b"Secret" in self.bytes_of_record())
        self.columns()
        for made in (third, second, first):
            self.undo(made)
            self.assertEqual(len(self.answers()), 0 if made is first else 1)

    def test_error_lists_say_no_more_what_stood_there(self):
        def values(made):
            listed = self.owner.get(f"/imports/{made['id']}/errors").body.decode("utf-8-sig").strip().splitlines()[1:]
            self.assertEqual(len(listed), 1)
            return "Secret" in listed[0]
        made = [self.bring(table([[f"R{at}", f"C{at}", 6, 5, 5, f"bad Secret {at}", "a"]])) for at in range(3)]
        self.assertEqual([values(one) for one in made], [True] * 3)
        response = next(id for id, row in self.answers().items() if row["customer"] == "C0")
        self.assertEqual(self.owner.delete(f"/responses/{response}").status, 204)
        customer = self.owner.get("/customers?q=C1").json["customers"][0]["id"]
        self.assertEqual(self.owner.delete(f"/customers/{customer}").status, 204)
        self.undo(made[2])
        self.assertEqual([values(one) for one in made], [False] * 3)

    def test_of_a_hidden_one_there_is_none(self):
        self.bring(table([respondent(1)]))
        hidden = next(iter(self.answers()))
        self.bring(table([respondent(1, 7)]))
        self.assert_problem(self.owner.delete(f"/responses/{hidden}"), 404, "not_found")
        self.assert_problem(self.owner.get(f"/responses/{hidden}"), 404, "not_found")

    def test_of_a_customer_takes_the_person_from_all_versions(self):
        self.bring(table([["R-Secret", "C-Secret", 6, 5, 5, 3, "a"], respondent(2)]))
        second = self.bring(table([["R-Secret", "C-Secret", 6, 7, 5, 3, "a"]]))
        customer = self.owner.get("/customers?q=C-Secret").json["customers"][0]["id"]
        self.assertEqual(self.owner.delete(f"/customers/{customer}").status, 204)
        self.assertFalse(b"-Secret" in self.bytes_of_record())
        self.columns()
        self.undo(second)
        self.assertEqual({row.get("customer") for row in self.answers().values()}, {None, "C2"})
        self.columns()

    def test_of_a_customer_takes_the_number_from_lists_of_imports_that_brought_nothing_of_theirs(self):
        document = {**DOCUMENT, "study": "number-as-id", "customer": "no"}
        study = make_study(self.owner, document)
        import_survey(self.owner, study, table([["V-Secret", "x", 6, 5, 5, 3, "a"], respondent(2)]))
        other = import_survey(self.owner, study, table([respondent(3), ["R4", "x", "V-Secret", 5, 5, 3, "a"]]))
        listed = lambda: self.owner.get(f"/imports/{other['id']}/errors").body
        self.assertIn(b"V-Secret", listed())
        customer = self.owner.get("/customers?q=V-Secret").json["customers"][0]["id"]
        self.assertEqual(self.owner.delete(f"/customers/{customer}").status, 204)
        self.assertNotIn(b"V-Secret", listed())
        self.assertIn(b"E1", listed(), "what was wrong stays")

    def test_takes_what_is_kept_of_the_file_of_few(self):
        def kept(made):
            with contextlib.closing(sqlite3.connect(f"file:{self.server.data}/record.sqlite?mode=ro", uri=True)) as record:
                row = record.execute("SELECT profile FROM import_profile WHERE import_id = ?", (made["id"],)).fetchone()
            return row and row[0]
        few = self.bring(table([respondent(n, 7) for n in range(4)]))
        for word in ('"min"', '"max"', '"mean"'):
            self.assertNotIn(word, kept(few), "of four")
        more = self.bring(table([respondent(n, 7) for n in range(10, 15)]))
        self.assertIn('"mean"', kept(more), "of five")
        self.assertEqual(self.owner.delete(f"/responses/{next(iter(self.answers()))}").status, 204)
        self.assertEqual(len([made for made in (few, more) if kept(made)]), 1)

    def test_of_an_import_takes_customers_that_it_made_and_no_other(self):
        self.bring(table([respondent(1)]))
        self.assertEqual(self.owner.post("/customers", {"reference": "C3", "attributes": []}).status, 200)
        before = self.references()
        second = self.bring(table([["R9", "C1", 6, 4, 5, 3, "a"], respondent(2), respondent(3), respondent(4), respondent(5)]))
        customer = {"reference": "C4", "attributes": [{"name": "segment", "value": "gold"}]}
        known = self.owner.get("/customers?q=C4").json["customers"][0]
        self.assertEqual(self.owner.post("/customers", {**customer, "version": known["version"]}).status, 200)
        self.assertEqual(self.owner.post(f"/studies/{self.study}/responses", {"answers": {"E1": 6, "P1": 5}, "customer": "C5"}).status, 201)
        self.assertEqual(self.references(), before | {"C2", "C4", "C5", "C3"})
        self.undo(second)
        for _ in range(200):
            if "C2" not in self.references():
                break
            time.sleep(0.1)
        self.assertEqual(self.references(), before | {"C4", "C5"}, "with an attribute, with another response")

    def references(self):
        return {one["reference"] for one in self.owner.get("/customers?q=C").json["customers"]}


class EveryFile(ApiTest):
    def test_a_check_and_its_import_say_the_same(self):
        folders = [pathlib.Path(__file__).parents[1] / "data/files"]
        if SHARED.exists():
            folders.append(SHARED)
        files = [path for folder in folders for path in sorted(folder.iterdir())
                 if path.suffix not in (".md", ".R", ".py", ".sps") and not path.name.startswith("case-study")]
        compared, by_id = [], []
        for path in files:
            uploaded = self.owner.post(f"/uploads?name={path.name}", path.read_bytes(), headers={"Content-Type": "application/octet-stream"})
            preview = self.owner.get(f"/uploads/{uploaded.json['id']}/preview")
            document = preview.json.get("proposed_study") if preview.status == 200 else None
            if not document or not document.get("items"):
                continue
            body = {"upload_id": uploaded.json["id"], "new_study": {**document, "study": f"f{len(compared)}"}}
            said = self.owner.post("/imports/check", body)
            started = self.owner.post("/imports", body)
            self.assertEqual(said.status, 200 if started.status == 202 else started.status, (path.name, said.body, started.body))
            if said.status != 200:
                continue
            done = self.finished(started)
            self.same(path.name, said.json, done)
            self.assertEqual(preview.json["irregular"], said.json["irregular"], path.name)
            compared.append(path.name)
            if "id" not in document:
                continue
            body = {"upload_id": uploaded.json["id"], "study_id": done["study_id"]}
            said = self.owner.post("/imports/check", body).json
            again = self.finished(self.owner.post("/imports", body))
            self.same(path.name, said, again)
            self.assertEqual((again["added"], again["replaced"]), (0, 0), (path.name, again))
            by_id.append(path.name)
        self.assertGreaterEqual(len(compared), 5)
        if SHARED.exists():
            self.assertGreaterEqual(len(by_id), 3, compared)

    def finished(self, started):
        self.owner.wait_job(started.json["job_id"])
        return self.owner.get(f"/imports/{started.json['id']}").json

    def same(self, name, said, done):
        if "message" in said:
            self.assertEqual((done["state"], done["message"]), ("failed", said["message"]), name)
            return
        self.assertEqual(done["state"], "done", (name, done))
        self.assertEqual({key: said[key] for key in MET if key != "kept"}, {key: done.get(key, []) for key in MET if key != "kept"}, name)
        self.assertEqual(said["kept"], done["added"] + done["replaced"] + done["left"], name)


class Cut(unittest.TestCase):
    """Killed at any moment, amid the last transaction of an import or amid an undo: it has happened or not."""

    def run_until(self, act, seconds):
        with tempfile.TemporaryDirectory() as data:
            with Server(data=data) as server:
                server.wait_ready()
                owner = Client(server)
                owner.set_up()
                study = make_study(owner, DOCUMENT)
                import_survey(owner, study, table([respondent(k) for k in range(3000)]))
                wanted = act(owner, study, 0)
                time.sleep(seconds)
                server.process.send_signal(signal.SIGKILL)
                server.process.wait(30)
            with Server(data=data) as server:
                server.wait_ready()
                owner = Client(server)
                owner.sign_in("owner@example.com")
                for _ in range(100):
                    state = owner.get(f"/imports/{wanted}").json["state"]
                    if state != "running":
                        break
                    time.sleep(0.1)
                rows, before = [], ""
                while page := owner.get(f"/studies/{study}/responses?limit=1000{before}").json["responses"]:
                    rows += page
                    before = f"&before={page[-1]['id']}"
                changed = sum(row["answers"]["P1"] == 7 for row in rows)
                self.assertEqual((len(rows), changed), (3000, 1500 if state == "done" else 0), state)
                report = wait_rows(owner, study, 3000, 30)
                self.assertEqual(report["rows"], 3000)
                for _ in range(100):
                    mean = next(item for item in owner.get(f"/studies/{study}/gaps").json["items"] if item["code"] == "A")
                    if abs(mean["perception"]["value"] - (5.5 if state == "done" else 4)) < 1e-9:
                        break
                    time.sleep(0.1)
                self.assertAlmostEqual(mean["perception"]["value"], 5.5 if state == "done" else 4, 9)
            checked = subprocess.run([BINARY, "check", "--data", data, "--lang", "en"], capture_output=True, text=True)
            self.assertIn("The record is sound.", checked.stdout, checked.stderr)
            return state

    @staticmethod
    def replace(owner, study, _):
        content = table([respondent(k, 7) for k in range(0, 3000, 2)])
        answer = owner.post("/imports", {"upload_id": upload(owner, content), "study_id": study})
        return answer.json["id"]

    @staticmethod
    def replace_and_undo(owner, study, _):
        content = table([respondent(k, 7) for k in range(0, 3000, 2)])
        made = import_survey(owner, study, content)
        assert owner.delete(f"/imports/{made['id']}").status == 200
        return made["id"]

    def test_an_import(self):
        for seconds in (0, 0.02, 0.05, 0.1):
            self.assertIn(self.run_until(self.replace, seconds), ("done", "failed"))

    def test_an_undo(self):
        for seconds in (0, 0.02):
            self.assertEqual(self.run_until(self.replace_and_undo, seconds), "undone")


if __name__ == "__main__":
    unittest.main()
