"""Expectations on a scale of their own over the API: checked, kept and given out on it; compared on the perceptions'."""
import csv
import io
import random
import unittest
import zipfile

from support import ApiTest, import_survey, make_study, wait_rows

DOCUMENT = {"study": "scales", "scale": {"min": 1, "max": 7}, "expectation_scale": {"min": 0, "max": 10},
            "items": [{"code": "a", "label": {"en": "Wait", "zh-CN": "等候"}, "expectation": "E1", "perception": "P1", "adequate": "A1"},
                      {"code": "b", "expectation": "E2", "perception": "P2", "expectation_scale": {"min": 1, "max": 7}}],
            "wave": "wave"}


def onto(x):
    return 1 + x * 6 / 10


class Rescale(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dice = random.Random(4)
        cls.rows = [{"E1": dice.randrange(11), "P1": dice.randrange(1, 8), "A1": dice.randrange(11), "E2": dice.randrange(1, 8),
                     "P2": dice.randrange(1, 8), "wave": f"W{1 + i % 2}"} for i in range(60)]
        cls.id = make_study(cls.owner, DOCUMENT)
        lines = [",".join(cls.rows[0]), *(",".join(map(str, row.values())) for row in cls.rows), "11,4,5,5,5,W1", "8,8,11,10,5,W2"]
        cls.brought = import_survey(cls.owner, cls.id, "\n".join(lines).encode())
        cls.report = wait_rows(cls.owner, cls.id, 62)

    def valid(self, *names):
        rows = [*self.rows, {"P1": 4, "A1": 5, "E2": 5, "P2": 5, "wave": "W1"}, {"E1": 8, "P2": 5, "wave": "W2"}]
        return [[row[name] for name in names] for row in rows if all(name in row for name in names)]

    def test_cells_are_checked_on_their_own_scale(self):
        errors = self.owner.get(f"/imports/{self.brought['id']}/errors").body.decode("utf-8-sig")
        told = {(e["column"], e["value"]) for e in csv.DictReader(io.StringIO(errors))}
        self.assertEqual(told, {("E1", "11"), ("P1", "8"), ("A1", "11"), ("E2", "10")})
        self.assertIn("from 0 to 10", errors)
        self.assertIn("from 1 to 7", errors)

    def test_a_posted_answer_is_too(self):
        study = make_study(self.owner, {**DOCUMENT, "study": "posted"})
        made = self.owner.post(f"/studies/{study}/responses", {"answers": {"E1": 0, "A1": 10}, "wave": "W9"})
        self.assertEqual(made.status, 201, made.body)
        self.assertFalse(made.json.get("warnings"), made.body)
        kept = self.owner.get(f"/responses/{made.json['id']}").json["answers"]
        self.assertEqual((kept["E1"], kept["A1"]), (0, 10))
        off = self.owner.post(f"/studies/{study}/responses", {"answers": {"E1": 11, "P1": 8}, "wave": "W9"})
        self.assertEqual(off.json["warnings"], ["E1: It is not on the scale from 0 to 10.", "P1: It is not on the scale from 1 to 7."])

    def test_gaps_and_zones_are_of_the_rescaled(self):
        item = next(row for row in self.report["items"] if row["code"] == "a")
        pairs = self.valid("E1", "P1")
        self.assertAlmostEqual(item["gap"]["value"], sum(p - onto(e) for e, p in pairs) / len(pairs), 10)
        zone = self.valid("A1", "P1")
        self.assertAlmostEqual(item["msa"]["value"], sum(p - onto(a) for a, p in zone) / len(zone), 10)
        self.assertTrue(item["rescaled"])
        other = next(row for row in self.report["items"] if row["code"] == "b")
        self.assertNotIn("rescaled", other)
        self.assertEqual([note["en"].count("Wait (0…10 → 1…7)") for note in self.report["notes"] if "rescaled" in note["en"]], [1])

    def test_each_wave_and_the_distribution_too(self):
        wave = self.owner.get(f"/studies/{self.id}/gaps?wave=W2").json
        row = next(r for r in wave["items"] if r["code"] == "a")
        pairs = [(e, p) for e, p, w in self.valid("E1", "P1", "wave") if w == "W2"]
        self.assertAlmostEqual(row["gap"]["value"], sum(p - onto(e) for e, p in pairs) / len(pairs), 10)
        spread = self.owner.get(f"/studies/{self.id}/items/a/distribution?wave=*").json
        self.assertEqual(spread["scale"], {"min": 1, "max": 7})
        told = {round(v["value"], 9): v["n"] for v in spread["expectation"]}
        given = [e for e, in self.valid("E1")]
        self.assertEqual(told, {round(onto(x), 9): given.count(x) for x in set(given)})

    def test_they_go_out_as_they_were_given(self):
        out = self.owner.get(f"/studies/{self.id}/responses/export").body.decode("utf-8-sig")
        kept = sorted(int(row["E1"]) for row in csv.DictReader(io.StringIO(out)) if row["E1"])
        self.assertEqual(kept, sorted(e for e, in self.valid("E1")))
        with zipfile.ZipFile(io.BytesIO(self.owner.get(f"/studies/{self.id}/responses/export?format=xlsx").body)) as book:
            codebook = book.read("xl/worksheets/sheet2.xml").decode()
        self.assertEqual(codebook.count("Expected: Wait (answered on 0 to 10, compared on 1 to 7)"), 1)
        self.assertEqual(codebook.count("Adequate: Wait (answered on 0 to 10, compared on 1 to 7)"), 1)
        self.assertEqual(codebook.count("compared on"), 2)
        self.assertEqual(codebook.count("作答量表 0 至 10，换算到 1 至 7 比较"), 2)

    def test_a_choice_taken_back_is_told_before_it_costs_answers(self):
        study = self.owner.get(f"/studies/{self.id}").json
        narrow = {**DOCUMENT, "expectation_scale": {"min": 1, "max": 7}}
        told = self.owner.post(f"/studies/{self.id}/check", {"document": narrow, "version": study["version"]})
        self.assertEqual(told.status, 200, told.body)
        losses = {loss["column"]: loss for loss in told.json["losses"]}
        self.assertEqual(set(losses), {"E1", "A1"})
        self.assertEqual(losses["E1"]["lost"], sum(not 1 <= e <= 7 for e, in self.valid("E1")))


if __name__ == "__main__":
    unittest.main()
