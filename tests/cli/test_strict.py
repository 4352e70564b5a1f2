"""Nothing of a file vanishes: what wasn't understood is said by column, and --strict makes it a status."""
import json
import unittest
import zipfile

from survey_support import SurveyCase, run

SOUND = "id,E1,P1\n" + "".join(f"r{i},{5 + i % 3},{1 + i % 7}\n" for i in range(30))
ODD = SOUND + "r30,7,banana\nr31,7,kiwi\n"
RAGGED = SOUND + "r30,7\n"
DATES = "id,when,E1,P1\n" + "".join(f"r{i},{1 + i % 12:02}/{1 + i % 9:02}/2026,{5 + i % 3},{1 + i % 7}\n" for i in range(30))
STUDY = {"study": "s", "scale": {"min": 1, "max": 7}, "items": [{"code": "1", "expectation": "E1", "perception": "P1"}]}
SAID = "“P1”: values that are no answers and count as missing: 2 (banana × 1, from row 31; kiwi × 1, from row 32)."


class Strict(SurveyCase):
    def setUp(self):
        super().setUp()
        self.study = self.file("s.json", STUDY)

    def status(self, *words):
        return run(*words).returncode

    def test_gap(self):
        for name, text, status in (("sound", SOUND, 0), ("odd", ODD, 3), ("ragged", RAGGED, 3), ("dates", DATES, 0)):
            with self.subTest(name):
                data = self.file(f"{name}.csv", text)
                self.assertEqual(self.status("gap", data, "--study", self.study), 0)
                strict = run("gap", data, "--study", self.study, "--strict")
                self.assertEqual(strict.returncode, status, strict.stderr)
                self.assertEqual(strict.stdout, self.succeed("gap", data, "--study", self.study))
                self.assertEqual("Strict:" in strict.stderr, status == 3)

    def test_values_off_the_scale_count(self):
        data = self.file("nine.csv", SOUND + "r30,7,9\n")
        self.assertEqual(self.status("gap", data, "--study", self.study, "--strict"), 3)
        self.assertEqual(self.status("study", "check", self.study, data, "--strict"), 3)

    def test_dates_count_where_the_study_reads_them(self):
        study = self.file("t.json", {**STUDY, "time": "when"})
        data = self.file("dates.csv", DATES)
        self.assertEqual(self.status("gap", data, "--study", study, "--strict"), 3)
        self.assertEqual(self.status("study", "check", study, data, "--strict"), 3)
        self.assertEqual(self.status("study", "check", study, data), 0)

    def test_every_format_names_the_column_its_count_and_values(self):
        data = self.file("odd.csv", ODD)
        words = ("gap", data, "--study", self.study, "--format")
        for form in ("table", "csv", "html"):
            with self.subTest(form):
                self.assertIn(SAID, self.succeed(*words, form).replace("&#39;", "'"))
        report = json.loads(self.succeed(*words, "json"))
        stray = report["strays"][0]
        self.assertEqual((stray["column"], stray["n"], [v["value"] for v in stray["examples"]]), ("P1", 2, ["banana", "kiwi"]))
        book = self.folder / "gaps.xlsx"
        self.succeed(*words, "xlsx", "-o", book)
        with zipfile.ZipFile(book) as parts:
            self.assertIn(SAID, "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml")))

    def test_each_of_many_columns_is_named(self):
        n = 90
        head = ",".join(["id", *(f"E{i},P{i}" for i in range(n))])
        rows = [",".join([f"r{r}", *(f"{5 + r % 3},{1 + (r + i) % 7}" for i in range(n))]) for r in range(20)]
        rows.append(",".join(["r20", *(f"7,odd{i}" for i in range(n))]))
        items = [{"code": str(i), "expectation": f"E{i}", "perception": f"P{i}"} for i in range(n)]
        out = self.succeed("gap", self.file("wide.csv", "\n".join([head, *rows]) + "\n"), "--study",
                           self.file("wide.json", {**STUDY, "items": items}))
        for i in range(n):
            self.assertIn(f"“P{i}”: values that are no answers and count as missing: 1 (odd{i} × 1, from row 21).", out)

    def test_study_init(self):
        data = self.file("odd.csv", ODD)
        done = run("study", "init", data, "--strict")
        self.assertEqual(done.returncode, 3)
        self.assertIn("“P1”: cells that weren't understood: 2 – “banana”, “kiwi”\n", done.stderr)
        self.assertEqual(done.stdout, self.succeed("study", "init", data))
        self.assertEqual(self.status("study", "init", self.file("sound.csv", SOUND), "--strict"), 0)
        self.assertEqual(self.status("study", "init", self.file("dates.csv", DATES), "--strict"), 3)

    def test_convert(self):
        to = self.folder / "out.csv"
        done = run("convert", self.file("odd.csv", ODD), to, "--strict")
        self.assertEqual(done.returncode, 3)
        self.assertIn("“P1”: cells that weren't understood: 2 – “banana”, “kiwi”\n", done.stderr)
        self.assertIn("banana", to.read_text("utf-8"))
        self.assertEqual(self.status("convert", self.file("sound.csv", SOUND), to, "--strict"), 0)

    def test_convert_reads_as_told(self):
        to = self.folder / "out.csv"
        self.succeed("convert", self.file("a.csv", "a note\n" + SOUND), to, "--title-rows", "1", "--header-rows", "1")
        self.assertTrue(to.read_text("utf-8").lstrip("\ufeff").startswith("id,E1,P1"))

    def test_import(self):
        data = self.folder / "data"
        self.succeed("org", "add", "One", "--data", data)
        done = run("import", self.file("odd.csv", ODD), "--study", self.study, "--data", data, "--strict")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("32 rows read", done.stdout)
        self.assertIn("“P1”: ", done.stderr)
        self.assertIn("cells not understood: 2", done.stderr)
        more = self.file("more.csv", "a note\n" + SOUND)
        done = run("import", more, "--study", self.study, "--data", data, "--strict", "--title-rows", "1")
        self.assertEqual((done.returncode, done.stdout[:12]), (0, "30 rows read"), done.stderr)


if __name__ == "__main__":
    unittest.main()
