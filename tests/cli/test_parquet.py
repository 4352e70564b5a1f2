"""Parquet is read like every other file: what a CSV file says, its Parquet says too."""
import json

from survey_support import FILES, SurveyCase, needs, run

CASES = ["case09-csat-3-point", "case10-dont-know-9", "case10b-not-applicable-0", "case11-lowest-item-dropped", "case12-bipolar-scale",
         "case15-kobo-groups", "case20-psych-bfi-1-6"]
WORDS = "id,期望,感知\n" + "".join(f"{i},{'很满意' if i % 3 else '满意'},{'一般' if i % 2 else '不满意'}\n" for i in range(30))


class Parquet(SurveyCase):
    def as_parquet(self, source):
        path = self.folder / (source.stem + ".parquet")
        done = run("convert", source, path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def of(self, path, *words):
        return json.loads(self.succeed(*words, path, "--format", "json"))

    def assert_same_gaps(self, source):
        parquet = self.as_parquet(source)
        study = self.file("study.json", self.succeed("study", "init", source))
        self.assertEqual(self.succeed("study", "init", parquet), study.read_text("utf-8"))
        tables = []
        for path in (source, parquet):
            report = json.loads(self.succeed("gap", path, "--study", study, "--format", "json").replace(str(path), "FILE").replace(path.name, "FILE"))
            tables.append([{key: item.get(key) for key in ("code", "n", "expectation", "perception", "gap", "low", "high")} for item in report["items"]])
        self.assertTrue(tables[0])
        self.assertEqual(tables[0], tables[1])

    @needs(FILES)
    def test_gap_tables_are_those_of_the_csv(self):
        for name in CASES:
            with self.subTest(name):
                self.assert_same_gaps(FILES / f"{name}.csv")

    def test_answers_in_words_are_read(self):
        parquet = self.as_parquet(self.file("words.csv", WORDS))
        columns = {column["name"]: column for column in self.of(parquet, "look")["columns"]}
        self.assertEqual(columns["期望"]["reading"]["kind"], "number")
        self.assert_same_gaps(self.folder / "words.csv")

    def test_strict_and_told_readings(self):
        source = self.file("odd.csv", "id,E1,P1\n" + "".join(f"{i},{i % 7 + 1},{'blue' if i == 9 else i % 5 + 1}\n" for i in range(40)))
        parquet = self.as_parquet(source)
        self.assertEqual(run("look", parquet, "--strict").returncode, run("look", source, "--strict").returncode)
        self.assertEqual(self.of(parquet, "look")["file"]["format"], "Parquet")
        self.assertEqual(self.of(parquet, "look", "--foot-rows", "2")["file"]["rows"], 38)

    def test_it_becomes_every_format(self):
        source = self.file("a.csv", "id,E1\n1,5\n2,6\n3,\n")
        parquet = self.as_parquet(source)
        for ending in ("csv", "xlsx", "sav", "dta", "jsonl", "parquet"):
            back = self.folder / f"back.{ending}"
            self.assertEqual(run("convert", parquet, back).returncode, 0)
            self.assertEqual([column["name"] for column in self.of(back, "look")["columns"]], ["id", "E1"], ending)

    def test_import_strict_reads_it(self):
        text = "id,E1,P1\n" + "".join(f"{i},{i % 7 + 1},{i % 5 + 1}\n" for i in range(40))
        parquet = self.as_parquet(self.file("b.csv", text))
        study = self.file("b.json", self.succeed("study", "init", parquet))
        self.succeed("org", "add", "One", "--data", self.folder / "data")
        done = run("import", parquet, "--study", study, "--data", self.folder / "data", "--strict")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("40", done.stdout)
