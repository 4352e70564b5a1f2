"""What nobody can know of a file is asked, and said on the command line: the order of dates, the decimal mark, how the last wave was read."""
import json
import unittest

from survey_support import SurveyCase, run

DATES = "id,when,E1,P1\n" + "".join(f"r{i},{1 + i % 12:02}/{1 + i % 9:02}/2026,{5 + i % 3},{1 + i % 7}\n" for i in range(30))
MARKS = 'id;E1;P1;spent\n' + "".join(f'r{i};{5 + i % 3};{1 + i % 7};{1 + i % 4},{100 + i}\n' for i in range(30))
STUDY = {"study": "s", "scale": {"min": 1, "max": 7}, "items": [{"code": "1", "expectation": "E1", "perception": "P1"}]}


def words(seed, flip=False):
    names = ["strongly disagree", "disagree", "somewhat disagree", "neutral", "somewhat agree", "agree", "strongly agree"]
    rows = [(names[4 + (i + seed) % 3], names[1 + (i * seed) % 5]) for i in range(60)]
    return "E1,P1,region\n" + "".join(f"{e},{p},{'north' if i % 2 else 'south'}\n" for i, (e, p) in enumerate(rows))


class OpenQuestions(SurveyCase):
    def look(self, data, *options):
        return {c["name"]: c for c in json.loads(self.succeed("look", data, "--format", "json", *options))["columns"]}

    def test_the_order_of_dates_is_asked_and_told(self):
        data = self.file("dates.csv", DATES)
        asked = run("look", data)
        self.assertIn("“when”: whether days or months come first can't be known; --date-order dmy or --date-order mdy says it.", asked.stderr)
        self.assertIn("Columns in which it can't be known whether days or months come first: 1 (when).", asked.stdout)
        self.assertTrue(self.look(data)["when"]["date_order_open"])
        for order, read in (("dmy", "dmy"), ("mdy", "mdy")):
            told = self.look(data, "--date-order", order)["when"]
            self.assertFalse(told["date_order_open"])
            self.assertEqual(told["reading"]["order"], read)
        self.assertNotIn("--date-order", run("look", data, "--date-order", "mdy").stderr)
        self.assertIn("--date-order", run("study", "init", data).stderr)
        self.assertEqual(run("look", data, "--strict").returncode, 3)
        self.assertEqual(run("look", data, "--strict", "--date-order", "dmy").returncode, 0)
        self.assertEqual(run("look", data, "--date-order", "ydm").returncode, 2)

    def test_dates_told_are_times_of_the_converted_file(self):
        data = self.file("dates.csv", DATES)
        def when(*options):
            out = self.folder / "out.jsonl"
            out.unlink(missing_ok=True)
            self.succeed("convert", data, out, *options)
            return json.loads(out.read_text().splitlines()[9])["when"]

        self.assertTrue(when("--date-order", "dmy").startswith("2026-01-10"))
        self.assertTrue(when("--date-order", "mdy").startswith("2026-10-01"))
        self.assertEqual(when(), "10/01/2026", "what isn't known is left as it is")

    def test_an_open_decimal_mark_is_asked_and_said_in_the_report(self):
        data = self.file("marks.csv", MARKS)
        study = self.file("s.json", {**STUDY, "outcomes": [{"code": "spent", "kind": "index", "column": "spent", "scale": {"min": 0, "max": 5000, "step": 0}}]})
        self.assertTrue(self.look(data)["spent"]["decimal_open"], "else this file asks nothing")
        asked = run("gap", data, "--study", study)
        self.assertIn("“spent”: whether 1,234 is above a thousand can't be known; --decimal point", asked.stderr)
        note = "Columns in which it can't be known whether 1,234 is above a thousand: 1, the first “spent”"
        self.assertIn(note, asked.stdout)
        self.assertIn(note, json.dumps(json.loads(self.succeed("gap", data, "--study", study, "--format", "json")), ensure_ascii=False))
        for mark, mean in (("point", 2500), ("comma", 2.5)):
            told = self.succeed("gap", data, "--study", study, "--decimal", mark, "--format", "json")
            self.assertNotIn("above a thousand", told)
            low, high = self.look(data, "--decimal", mark)["spent"]["min"], self.look(data, "--decimal", mark)["spent"]["max"]
            self.assertTrue(low < mean < high, (low, high))
        self.assertEqual(run("gap", data, "--study", study, "--strict").returncode, 3)
        # a column that the study doesn't read asks nothing
        other = self.file("o.json", STUDY)
        self.assertNotIn("--decimal", run("gap", data, "--study", other).stderr)
        self.assertNotIn("above a thousand", self.succeed("gap", data, "--study", other))


class LastWave(SurveyCase):
    def setUp(self):
        super().setUp()
        self.study = self.file("s.json", {**STUDY, "groups": [{"column": "region"}]})
        self.data = self.folder / "data"
        self.succeed("org", "add", "Ours", "--data", self.data)

    def load(self, name, text, *options):
        return run("import", self.file(name, text), "--study", self.study, "--data", self.data, *options)

    def test_differences_to_the_last_import_are_said(self):
        first = self.load("one.csv", words(1))
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertNotIn("last import", first.stderr, "there is none yet")
        second = self.load("two.csv", words(2))
        self.assertIn("Differences to the last import (one.csv, ", second.stderr)
        self.assertIn("): 0\n", second.stderr)
        third = self.load("three.csv", words(3).replace("region", "area"))
        self.assertIn("Differences to the last import (two.csv, ", third.stderr)
        self.assertIn("  “region” is gone: the last import took answers from it.\n  “area” is new", third.stderr)

    def test_the_reading_of_the_last_import_is_obeyed(self):
        refused = self.load("none.csv", words(1), "--as-last")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("The study has no import whose reading could be taken over.", refused.stderr)
        titled = "Survey of the year\n" + words(4)
        self.assertEqual(self.load("titled.csv", titled, "--title-rows", "1", "--delimiter", ",").returncode, 0)
        both = self.load("both.csv", words(5), "--as-last", "--title-rows", "2")
        self.assertEqual(both.returncode, 2, both.stderr)
        self.assertIn("not both", both.stderr)
        # one row too many is taken for a title: as it was told last time, although this file has none
        again = self.load("again.csv", "E1,P1,region\n" + words(6), "--as-last")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("60 rows read, 60 imported", again.stdout)
        self.assertIn("): 0\n", again.stderr)


if __name__ == "__main__":
    unittest.main()
