"""A file read as somebody says: preview, gaps before anything is kept, and import obey the same reading."""
import os
import pathlib
import unittest

from support import ApiTest, upload

FILES = pathlib.Path(os.environ.get("MG_SHARED", pathlib.Path(__file__).parents[2] / "../shared")) / "data/files"

STUDY = {"study": "read", "title": "Read", "scale": {"min": 1, "max": 5}, "items": [{"code": "room", "expectation": "E1", "perception": "P1"}]}


def column(preview, name):
    return next(c for c in preview["columns"] if c["name"] == name)


def values(preview, name):
    return {v["text"]: (v["n"], v["read"], v.get("value")) for v in column(preview, name)["values"]}


class Reading(ApiTest):
    def look(self, upload_id, **reading):
        answer = self.owner.post(f"/uploads/{upload_id}/preview", {"reading": reading} if reading else {})
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def gaps(self, upload_id, study, **reading):
        answer = self.owner.post(f"/uploads/{upload_id}/gaps", {"study": study, "reading": reading})
        self.assertEqual(answer.status, 200, answer.body)
        return {row["code"]: row for row in answer.json["items"]}

    def words(self, name="words.csv"):
        return upload(self.owner, ("E1,P1\n" + ("非常满意,满意\n满意,一般\n非常满意,满意\n满意,不满意\n" * 12 + "非常满意,还行吧\n满意,还行吧\n")).encode(), name)

    def test_without_a_reading_it_is_as_before(self):
        upload_id = self.words()
        before = self.owner.get(f"/uploads/{upload_id}/preview").json
        self.assertEqual(self.look(upload_id), before)
        self.assertEqual((before["title_rows"], before["header_rows"], before["foot_rows"], before["irregular"]), (0, 1, 0, 0))
        self.assertEqual(before["left_out"], {"unfinished": 0, "previews": 0, "spam": 0, "repeats": 0})
        self.assertEqual(values(before, "P1")["还行吧"], (2, "not_understood", None))
        self.assertEqual(values(before, "P1")["满意"][:2], (24, "value"))
        self.assertEqual(column(before, "P1")["family"], "satisfaction")

    def test_a_corrected_label_is_obeyed_by_preview_gaps_and_import(self):
        upload_id = self.words()
        labels = [{"text": "还行吧", "value": 3}, {"text": "一般", "value": None}]
        reading = {"columns": [{"column": "P1", "labels": labels}]}
        seen = self.look(upload_id, **reading)
        self.assertEqual(values(seen, "P1")["还行吧"], (2, "value", 3))
        self.assertEqual(values(seen, "P1")["一般"], (12, "missing", None))
        self.assertEqual(column(seen, "P1")["not_understood"], 0)
        row = self.gaps(upload_id, STUDY, **reading)["room"]
        good, plain = values(seen, "P1")["满意"][2], values(seen, "E1")
        bad = values(seen, "P1")["不满意"][2]
        high, low = plain["非常满意"][2], plain["满意"][2]
        self.assertEqual(row["n"], 38)
        self.assertAlmostEqual(row["gap"]["value"], (24 * (good - high) + (3 - high) + (3 - low) + 12 * (bad - low)) / 38, places=9)
        made = self.owner.post("/imports", {"upload_id": upload_id, "new_study": {**STUDY, "study": "obeyed"}, "reading": reading})
        self.assertEqual(made.status, 202, made.body)
        self.assertEqual(self.owner.wait_job(made.json["job_id"])["state"], "done")
        done = self.owner.get(f"/imports/{made.json['id']}").json
        self.assertEqual((done["imported"], done["errors"]), (50, 0))
        kept = self.owner.get(f"/studies/{done['study_id']}/gaps").json["items"][0]
        self.assertEqual((kept["n"], kept["gap"]["value"]), (row["n"], row["gap"]["value"]))
        self.assertEqual(self.owner.get(f"/uploads/{upload_id}/preview").json["columns"][1]["not_understood"], 2, "the file's own reading stays")

    def test_a_flip_turns_the_words_round(self):
        upload_id = self.words()
        before = values(self.look(upload_id), "P1")
        seen = self.look(upload_id, columns=[{"column": "P1", "flipped": True}])
        after = values(seen, "P1")
        self.assertEqual(before["满意"][2] + after["满意"][2], before["不满意"][2] + after["不满意"][2])
        self.assertGreater(after["不满意"][2], after["满意"][2])
        self.assertTrue(column(seen, "P1")["flipped"])
        self.assertFalse(column(seen, "E1")["flipped"])

    def test_a_number_may_be_no_answer(self):
        upload_id = upload(self.owner, b"E1,P1\n" + b"5,4\n4,5\n5,2\n" * 10)
        seen = self.look(upload_id, columns=[{"column": "P1", "labels": [{"text": "5", "value": None}]}])
        self.assertEqual((values(seen, "P1")["5"][1], column(seen, "P1")["missing"]), ("missing", 10))
        self.assertEqual(self.gaps(upload_id, STUDY, columns=[{"column": "P1", "labels": [{"text": "5", "value": None}]}])["room"]["n"], 20)
        refused = self.owner.post(f"/uploads/{upload_id}/preview", {"reading": {"columns": [{"column": "P1", "labels": [{"text": "5", "value": 1}]}]}})
        self.assert_problem(refused, 422, "invalid")
        self.assertEqual(refused.json["field"], "/reading/columns/0")

    def test_dates_and_decimals_are_read_as_told(self):
        rows = "".join(f"0{1 + i % 9}/0{1 + i % 7}/2026;1,{100 + i}\n" for i in range(300))
        upload_id = upload(self.owner, ("when;amount\n" + rows).encode())
        self.assertTrue(column(self.look(upload_id), "when")["date_order_open"])
        seen = self.look(upload_id, columns=[{"column": "when", "date_order": "mdy"}, {"column": "amount", "decimal": "point", "kind": "number"}])
        self.assertEqual(column(seen, "when")["date_order"], "mdy")
        self.assertEqual((column(seen, "amount")["min"], column(seen, "amount")["max"]), (1100, 1399), "more values than are kept: read once more")
        self.assertFalse(column(seen, "amount")["values_complete"])
        seen = self.look(upload_id, columns=[{"column": "amount", "decimal": "comma", "kind": "number"}])
        self.assertEqual((column(seen, "amount")["min"], column(seen, "amount")["max"]), (1.1, 1.399))

    def test_the_shape_follows_what_is_told(self):
        upload_id = upload(self.owner, b"A;B\n1;2\n3;4\nsum;6\n")
        seen = self.look(upload_id, header_rows=0, delimiter=";", foot_rows=1)
        self.assertEqual((seen["header_rows"], seen["foot_rows"], seen["rows"]), (0, 1, 3))
        seen = self.look(upload_id, header_rows=1, title_rows=1, foot_rows=0)
        self.assertEqual(([c["name"] for c in seen["columns"]], seen["rows"]), (["1", "2"], 2)) if seen["title_rows"] == 1 else self.fail(seen)

    def test_the_tool_is_told_and_what_it_leaves_out(self):
        content = (FILES / "case08-qualtrics-three-headers.csv").read_bytes()
        seen = self.look(upload(self.owner, content, "qualtrics.csv"))
        self.assertEqual((seen["tool"], seen["tool_name"], seen["header_rows"], seen["rows"]), ("qualtrics", "Qualtrics", 3, 60))
        found = self.gaps(upload(self.owner, content, "qualtrics.csv"), seen["proposed_study"])
        self.assertEqual(sorted(round(row["gap"]["value"], 4) for row in found.values()), [-2.9333, -2.1833, -1.8333])

    def test_irregular_rows_are_named(self):
        seen = self.look(upload(self.owner, b"A,B\n1,2\n3\n4,5\n6,7,8\n"))
        self.assertEqual((seen["irregular"], [r["line"] for r in seen["irregular_rows"]]), (2, [3, 5]))

    def test_what_cannot_be_is_refused_where_it_stands(self):
        upload_id = self.words()
        for reading, field in (({"columns": [{"column": "nowhere", "flipped": True}]}, "/reading/columns/0"), ({"delimiter": '"'}, "/reading/delimiter")):
            answer = self.owner.post(f"/uploads/{upload_id}/preview", {"reading": reading})
            self.assert_problem(answer, 422, "invalid")
            self.assertEqual(answer.json["field"], field)
        answer = self.owner.post(f"/uploads/{upload_id}/gaps", {"study": {**STUDY, "items": [{"code": "room", "expectation": "E1", "perception": "P9"}]}})
        self.assert_problem(answer, 422, "invalid")
        answer = self.owner.post(f"/uploads/{upload_id}/gaps", {"study": {"study": "x"}})
        self.assert_problem(answer, 422, "invalid")
        self.assertTrue(answer.json["field"].startswith("/study"), answer.json)


if __name__ == "__main__":
    unittest.main()
