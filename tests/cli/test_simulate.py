"""mindgap simulate and import: the files, the same bytes for a seed, the way into a data folder, what is refused."""
import csv
import filecmp
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("MINDGAP", str(ROOT / "build/mindgap"))
FILES = {"responses.csv", "customers.csv", "crisis.csv", "study.json", "crisis.study.json", "truth.json", "README.txt"}


def mindgap(*words, stdin=None):
    return subprocess.run([BINARY, *map(str, words), "--lang", "en"], capture_output=True, text=True, input=stdin, timeout=120)


class Simulate(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def simulate(self, name, *options):
        result = mindgap("simulate", "--output", self.folder / name, *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return self.folder / name

    def test_same_seed_same_bytes(self):
        a, b = (self.simulate(name, "--customers", 300, "--seed", 5) for name in "ab")
        self.assertEqual({path.name for path in a.iterdir()}, FILES)
        self.assertEqual(set(filecmp.cmpfiles(a, b, FILES, shallow=False)[0]), FILES)
        c = self.simulate("c", "--customers", 300, "--seed", 6)
        self.assertFalse(filecmp.cmp(a / "responses.csv", c / "responses.csv", shallow=False))

    def test_every_industry_says_that_it_is_simulated(self):
        for industry in ("heating", "power", "insurance", "retail", "airline"):
            folder = self.simulate(industry, "--industry", industry, "--customers", 200, "--waves", 2)
            self.assertIn("SIMULATED", (folder / "README.txt").read_text("utf-8"))
            self.assertIn("模拟数据", (folder / "README.txt").read_text("utf-8"))
            self.assertTrue(json.loads((folder / "study.json").read_text("utf-8"))["simulated"])

    def test_the_crisis_file_holds_one_wave_and_region(self):
        folder = self.simulate("heating", "--customers", 1000)
        with open(folder / "crisis.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertTrue(rows)
        self.assertEqual({(row["wave"], row["region"]) for row in rows}, {("2025-12", "East Town")})

    def test_gap_shows_the_planted_truth_inside_the_interval(self):
        folder = self.simulate("heating", "--customers", 6000, "--seed", 2)
        result = mindgap("gap", folder / "crisis.csv", "--study", folder / "crisis.study.json", "--format", "json")
        self.assertEqual(result.returncode, 0, result.stderr)
        report = json.loads(result.stdout)
        crisis = next(item for item in report["items"] if item["code"] == "q10")
        self.assertLess(crisis["truth"], -3)
        self.assertTrue(crisis["gap"]["low"] <= crisis["truth"] <= crisis["gap"]["high"])

    def test_truth_is_silent_where_only_a_part_is_measured(self):
        folder = self.simulate("heating", "--customers", 1000)
        result = mindgap("gap", folder / "responses.csv", "--study", folder / "study.json", "--filter", "region=East Town",
                         "--format", "json")
        self.assertTrue(all(item.get("truth") is None for item in json.loads(result.stdout)["items"]))

    def report(self, folder):
        result = mindgap("gap", folder / "responses.csv", "--study", folder / "study.json", "--format", "json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def rows(self, folder):
        with open(folder / "responses.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_before_and_after_are_two_rows_of_an_episode(self):
        folder = self.simulate("two", "--customers", 3000, "--waves", 2, "--design", "prepost")
        rows = self.rows(folder)
        before = {row["episode"]: row for row in rows if row["response_id"].endswith("-E")}
        after = {row["episode"]: row for row in rows if row["response_id"].endswith("-P")}
        self.assertEqual(len(before) + len(after), len(rows))
        self.assertTrue(set(after) < set(before))
        for episode, row in after.items():
            self.assertEqual(row["customer_id"], before[episode]["customer_id"])
            self.assertLess(before[episode]["answered_at"], row["answered_at"])
            self.assertFalse(any(row[f"E{i:02}"] or before[episode][f"P{i:02}"] for i in range(1, 23)))
        report = self.report(folder)
        self.assertEqual((report["pairing"]["by_episode"], report["pairing"]["by_customer"]), (len(after), 0))
        self.assertEqual(report["pairing"]["expectations_alone"], len(before) - len(after))

    def test_truth_of_pairs_lies_inside_the_intervals(self):
        for design in ("prepost", "panel"):
            report = self.report(self.simulate(design, "--customers", 3000, "--waves", 2, "--design", design, "--seed", 4))
            inside = [item["gap"]["low"] <= item["truth"] <= item["gap"]["high"] for item in report["items"]]
            self.assertGreaterEqual(sum(inside), 19, design)

    def test_a_panel_asks_the_same_customers(self):
        rows = self.rows(self.simulate("panel", "--customers", 2000, "--waves", 4, "--design", "panel"))
        waves = {}
        for row in rows:
            waves.setdefault(row["wave"], set()).add(row["customer_id"])
        sizes = [waves[wave] for wave in sorted(waves)]
        for earlier, later in zip(sizes, sizes[1:]):
            self.assertTrue(later < earlier)

    def test_the_truth_says_how_it_was_made(self):
        truth = json.loads((self.simulate("t", "--customers", 10, "--waves", 1, "--design", "prepost") / "truth.json").read_text("utf-8"))
        self.assertEqual((truth["design"], truth["parameters"]["returns"]), ("prepost", {"mean": 0.75, "tilt": 0.2}))
        whole = truth["truth"][0]["overall"]
        self.assertLess(whole["gap_of_all"], whole["gap"])

    def test_into_a_data_folder_and_measured_there(self):
        data = self.folder / "data"
        result = mindgap("simulate", "--customers", 400, "--waves", 2, "--data", data, "--org", "Probe")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("Probe (simulated)", mindgap("org", "list", "--data", data).stdout)
        self.assertEqual(mindgap("check", "--data", data).returncode, 0)

        def kept():
            out = self.folder / "kept.csv"
            self.assertEqual(mindgap("export", study, out, "--data", data).returncode, 0)
            return out.read_text("utf-8").count("\n")
        study = json.loads((data / "simulated" / "study.json").read_text("utf-8"))["study"]
        once = kept()
        self.assertGreater(once, 100)
        again = mindgap("simulate", "--customers", 400, "--waves", 2, "--data", data, "--org", "Probe")
        self.assertEqual((again.returncode, again.stderr), (0, ""))
        self.assertEqual(kept(), once)  # by their ids the same answers are left as they are

    def test_import_counts_its_rows(self):
        folder = self.simulate("files", "--customers", 300, "--waves", 1)
        rows = (folder / "responses.csv").read_text("utf-8").count("\n") - 1
        data = self.folder / "data"
        self.assertEqual(mindgap("org", "add", "Probe", "--data", data).returncode, 0)
        result = mindgap("import", folder / "responses.csv", "--study", folder / "study.json", "--data", data)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout, f"{rows} rows read, {rows} imported, 0 left out, 0 errors\n")

    def test_wrong_usage_is_one_sentence_and_status_2(self):
        for words in (["simulate", "--industry", "mining"], ["simulate", "--customers", "0"], ["simulate", "extra"],
                      ["simulate", "--waves", "1.5"], ["simulate", "--design", "cohort"], ["import"], ["import", "a.csv"]):
            result = mindgap(*words)
            self.assertEqual(result.returncode, 2, words)
            self.assertEqual((result.stdout, result.stderr.count("\n")), ("", 1), words)

    def test_an_unwritable_folder_is_said(self):
        blocked = self.folder / "file"
        blocked.write_text("")
        result = mindgap("simulate", "--customers", 10, "--output", blocked / "inside")
        self.assertEqual(result.returncode, 1)
        self.assertIn("inside", result.stderr)


if __name__ == "__main__":
    unittest.main()
