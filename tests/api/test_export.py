"""Files out over the API: the responses of a study and the error list of an import in each format, whole and labelled."""
import csv
import io
import json
import os
import unittest
import urllib.parse
import zipfile

from support import STUDY, ApiTest, import_survey, survey_csv, wait_rows

FORMATS = {"csv": ("text/csv; charset=utf-8", b"\xef\xbb\xbfresponse_id,"), "jsonl": ("application/x-ndjson", b'{"response_id":'),
           "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
           "sav": ("application/x-spss-sav", b"$FL2"), "dta": ("application/x-stata-dta", b"<stata_dta>"),
           "parquet": ("application/vnd.apache.parquet", b"PAR1")}


class Export(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        made = cls.owner.post("/studies", {"document": {**STUDY, "study": "出口"}})
        assert made.status == 201, made.body
        cls.id = made.json["id"]
        for i in range(3):
            cls.owner.post(f"/studies/{cls.id}/responses", {"answers": {"E1": 5, "P1": i + 1}, "customer": f"c{i}", "wave": "W1"})

    def export(self, **query):
        return self.owner.get(f"/studies/{self.id}/responses/export?" + urllib.parse.urlencode(query))

    def leftovers(self):
        folder = os.path.join(self.server.data, "uploads")
        return [name for name in os.listdir(folder) if name.startswith("mindgap-")]

    def test_every_format_comes_whole(self):
        for name, (media, begin) in FORMATS.items():
            with self.subTest(format=name):
                answer = self.export(format=name)
                self.assertEqual(answer.status, 200, answer.body)
                self.assertEqual(answer.headers["content-type"], media)
                self.assertTrue(answer.body.startswith(begin), answer.body[:40])
                self.assertEqual(int(answer.headers["content-length"]), len(answer.body))
                self.assertEqual(answer.headers["mindgap-rows"], "3")
                self.assertEqual(answer.headers["content-disposition"], f"attachment; filename*=UTF-8''%E5%87%BA%E5%8F%A3.{name}")
        self.assertEqual(self.leftovers(), [])

    def test_newest_first_as_the_record_has_them(self):
        rows = list(csv.DictReader(io.StringIO(self.export().body.decode("utf-8-sig"), newline="")))
        self.assertEqual([(row["customer"], row["E1"], row["P1"]) for row in rows], [("c2", "5", "3"), ("c1", "5", "2"), ("c0", "5", "1")])
        lines = [json.loads(line) for line in self.export(format="jsonl").body.splitlines()]
        self.assertEqual([line["P1"] for line in lines], [3, 2, 1])
        kept = self.owner.get(f"/responses/{rows[0]['response_id']}").json
        self.assertEqual((kept["customer"], kept["answers"]["P1"]), ("c2", 3))

    def test_losses_are_said_in_the_language_asked_for(self):
        said = urllib.parse.unquote(self.export().headers["mindgap-losses"]).split(",")
        self.assertIn("CSV keeps no labels of columns", said[0])
        answer = self.owner.raw("GET", f"/api/v1/studies/{self.id}/responses/export", headers={"Accept-Language": "zh-CN", "Cookie": self.owner.cookie})
        self.assertIn("CSV 不保存列标签", urllib.parse.unquote(answer.headers["mindgap-losses"]))
        self.assertNotIn("mindgap-losses", self.export(format="xlsx").headers)

    def test_it_stands_in_the_audit_log(self):
        self.export(format="sav")
        entry = self.owner.get("/audit?limit=1").json["entries"][0]
        self.assertEqual((entry["action"], entry["entity"], entry["entity_id"]), ("export", "study", self.id))

    def test_what_is_refused(self):
        self.assert_problem(self.export(format="xls"), 422, "invalid")
        self.assert_problem(self.owner.get("/studies/01ARZ3NDEKTSV4RRFFQ69G5FAV/responses/export"), 404, "not_found")
        self.assertEqual(self.leftovers(), [])

    def test_gaps_as_a_workbook_with_charts(self):
        study = self.owner.post("/studies", {"document": {**STUDY, "study": "gaps"}}).json["id"]
        import_survey(self.owner, study, survey_csv(60))
        wait_rows(self.owner, study, 60)
        answer = self.owner.get(f"/studies/{study}/gaps/export?wave=*&filter=region:north")
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.headers["content-disposition"], "attachment; filename*=UTF-8''gaps-gaps.xlsx")
        with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
            self.assertEqual(len([name for name in book.namelist() if name.startswith("xl/charts/")]), 2)
            self.assertIn("region:north", book.read("xl/sharedStrings.xml").decode())
        text = self.owner.get(f"/studies/{study}/gaps/export?wave=*&format=csv")
        self.assertEqual(text.headers["content-type"], "text/csv; charset=utf-8")
        self.assertIn("# Wave: all waves", text.body.decode("utf-8-sig"))
        self.assert_problem(self.owner.get(f"/studies/{study}/gaps/export?by=nothing"), 422, "invalid")
        self.assertEqual(self.leftovers(), [])

    def test_labels_of_values_are_those_of_the_last_import(self):
        """What a file says its numbers mean goes in, out as SPSS, and is there when that is looked at again."""
        study = self.owner.post("/studies", {"document": {**STUDY, "study": "labels"}}).json["id"]
        words = ("strongly disagree", "disagree", "neutral", "agree", "strongly agree")
        rows = "".join(f"{words[k % 5]},{words[k * 3 % 5]}\n" for k in range(40))
        import_survey(self.owner, study, f"E1,P1\n{rows}".encode())
        for form in ("sav", "dta"):
            with self.subTest(form):
                out = self.owner.get(f"/studies/{study}/responses/export?format={form}").body
                for word in words:
                    self.assertIn(word.encode(), out)
        said = urllib.parse.unquote(self.owner.get(f"/studies/{study}/responses/export?format=csv").headers["mindgap-losses"])
        self.assertIn("CSV keeps no labels of values: those of 2 columns", said)

    def test_a_list_of_errors_as_a_sheet(self):
        study = self.owner.post("/studies", {"document": {**STUDY, "study": "errors"}}).json["id"]
        made = import_survey(self.owner, study, b"E1,P1\n5,4\n,=1+x\n5,no\n")
        self.assertGreater(made["errors"], 0)
        text = self.owner.get(f"/imports/{made['id']}/errors?format=csv")
        self.assertEqual(text.headers["mindgap-rows"], str(made["errors"]))
        sheet = self.owner.get(f"/imports/{made['id']}/errors?format=xlsx")
        self.assertEqual(sheet.status, 200, sheet.body)
        with zipfile.ZipFile(io.BytesIO(sheet.body)) as book:
            xml = book.read("xl/worksheets/sheet1.xml").decode()
        self.assertIn("=1+x", xml)
        self.assertNotIn("<f>", xml)


if __name__ == "__main__":
    unittest.main()
