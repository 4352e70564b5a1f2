"""mindgap gap on small files that easily mislead (data/numbers of the shared data; its README says what is right)."""
import csv
import io
import json
import statistics
import unittest

from survey_support import SHARED, SurveyCase, needs

NUMBERS = SHARED / "data/numbers"


def by_code(rows):
    return {row["code"]: row for row in rows}


def columns(text):
    rows = list(csv.DictReader(io.StringIO(text)))
    return {name: [float(row[name]) if row[name] else None for row in rows] for name in rows[0] if name not in "gh"}


@needs(NUMBERS)
class Numbers(SurveyCase):
    def path(self, name):
        return NUMBERS / f"{name}.csv"

    def report(self, name, *words):
        return self.gaps(self.path(name), "--study", self.path(name).with_suffix(".json"), *words)

    def answers(self, name):
        return columns(self.path(name).read_text("utf-8"))

    def study(self, name):
        return json.loads(self.path(name).with_suffix(".json").read_text("utf-8"))

    def bounds(self, row):
        return [round(row["gap"][key], 2) for key in ("low", "value", "high")]


class Find(Numbers):
    """The largest gap is that of four people and may be chance."""

    def test_the_sentence_names_the_largest_that_is_certain(self):
        text = self.succeed("gap", self.path("find"), "--study", self.path("find").with_suffix(".json"), "--lang", "en")
        self.assertIn("The largest gap that is certain is at t1 · b: customers expect 5.7 and get 4.2.", text)
        self.assertNotIn("No gap is certain", text)

    def test_the_cell(self):
        cells = by_code(self.report("find")["cells"])
        self.assertEqual(self.bounds(cells["t1/b"]), [-1.74, -1.51, -1.29])
        self.assertLess(cells["t1/b"]["p_holm"], 0.001)
        self.assertEqual((cells["t1/b"]["verdict"], cells["t1/b"]["significant"]), ("short", True))
        few = cells["t2/b"]
        self.assertEqual((few["n"], few["gap"]["value"], few["verdict"], few["significant"]), (4, -3, "inconclusive", False))


class Link(Numbers):
    """Expectation and perception of a customer stand in two rows."""

    def test_paired_by_customer(self):
        report = self.report("link")
        row = by_code(report["items"])["i0"]
        self.assertEqual((report["rows"], report["pairing"]["by_customer"], report["design"]), (100, 100, "paired"))
        self.assertEqual((round(row["t"], 2), self.bounds(row)), (-8.41, [-1.54, -1.25, -0.96]))


class Overlap(Numbers):
    """100 expected, 100 others perceived, 2 did both."""

    def test_all_count(self):
        report, answers = self.report("overlap"), self.answers("overlap")
        self.assertEqual((report["design"], report["rows"]), ("overlap", 202))
        for row in report["items"]:
            e, p = ([v for v in answers[side + row["code"][1:]] if v is not None] for side in "EP")
            self.assertEqual([row[key] for key in ("n", "n_expectation", "n_perception", "n_both")], [202, 102, 102, 2])
            self.assertAlmostEqual(row["gap"]["value"], statistics.mean(p) - statistics.mean(e), places=12)
            # The two who did both hardly correlate the sides: near Welch's width, far from that of two people.
            welch = (statistics.variance(e) / len(e) + statistics.variance(p) / len(p)) ** 0.5
            self.assertAlmostEqual(row["gap"]["value"] / row["t"], welch, delta=0.05 * welch)
            self.assertTrue(175 < row["df"] < 203)
        self.assertIn("100 answered only expectations, 100 only perceptions, 2 both", json.dumps(report["notes"]))


class Collinear(Numbers):
    """Sum follows from Agriculture and Examination; Education lowers the outcome most."""

    def test_ranked_by_squared_correlation_and_the_set_named(self):
        drivers = self.report("coll", "--drivers", "fert")["drivers"]
        answers = self.answers("coll")
        self.assertEqual(drivers["importance_source"], "correlation")
        self.assertEqual(drivers["collinear"], [{"codes": ["Agriculture", "Examination", "Sum"], "exact": True}])
        self.assertIn("collinear", drivers["note"])
        for row in drivers["rows"]:
            r = statistics.correlation(answers[row["code"]], answers["Fertility"])
            self.assertAlmostEqual(row["correlation"], r, places=12)
            self.assertAlmostEqual(row["importance"], r * r, places=12)
        ranks = sorted(drivers["rows"], key=lambda row: -row["importance"])
        self.assertEqual([row["rank"] for row in ranks], [1, 2, 3, 4, 5, 6])
        self.assertEqual(ranks[0]["code"], "Education")
        self.assertLess(ranks[0]["correlation"], -0.66)


class Unequal(Numbers):
    """Weighted dimensions of one, two and four items, the first of which has no expectation."""

    def test_the_weights_shown_are_those_used(self):
        report = self.report("uneq")
        dimensions = by_code(report["dimensions"])
        self.assertNotIn("weight", dimensions["a"])  # no gap, no share
        self.assertEqual([round(dimensions[d]["weight"], 12) for d in "bc"], [0.6, 0.4])
        whole = sum(dimensions[d]["weight"] * dimensions[d]["gap"]["value"] for d in "bc")
        self.assertAlmostEqual(report["overall"]["gap"]["value"], whole, places=12)

    def test_a_dimension_is_the_mean_of_its_items(self):
        answers, dimensions = self.answers("uneq"), by_code(self.report("uneq")["dimensions"])
        for code, items in (("b", "12"), ("c", "3456")):
            gap = statistics.mean(statistics.mean(answers["P" + i]) - statistics.mean(answers["E" + i]) for i in items)
            self.assertAlmostEqual(dimensions[code]["gap"]["value"], gap, places=12)

    def test_mss_is_the_gap(self):
        study, lines = self.study("uneq"), self.path("uneq").read_text("utf-8").splitlines()
        for item in study["items"]:
            item["adequate"] = "A" + item["perception"][1:]
        added = [",".join(item["adequate"] for item in study["items"]), *[",".join(str(1 + i % 3) for i in range(7))] * (len(lines) - 1)]
        data = "\n".join(f"{line},{more}" for line, more in zip(lines, added)) + "\n"
        report = self.gaps(self.file("d.csv", data), "--study", self.file("s.json", study))
        for row in [report["overall"], *report["items"], *report["dimensions"]]:
            self.assertEqual(row.get("mss"), row.get("gap"))
        self.assertIn("mss", report["overall"])


class Decimal(Numbers):
    """3.7 on a scale of whole steps, 8 beyond its end; an NPS of 8.5."""

    def test_they_are_counted_listed_and_missing(self):
        report = self.report("dec")
        items, strays = by_code(report["items"]), {stray["column"]: stray for stray in report["strays"]}
        self.assertEqual((report["rows"], report["out_of_range"]), (50, 15))
        self.assertEqual([items[i]["n"] for i in ("i0", "i1")], [40, 45])
        self.assertEqual({name: stray["n"] for name, stray in strays.items()}, {"P0": 10, "P1": 5})
        self.assertEqual([(e["value"], e["n"]) for e in strays["P0"]["examples"]], [("3.7", 10)])
        self.assertIn("between the steps", strays["P0"]["examples"][0]["reason"]["en"])
        self.assertIn("not on the scale", strays["P1"]["examples"][0]["reason"]["en"])

    def test_the_rest_counts(self):
        answers, items = self.answers("dec"), by_code(self.report("dec")["items"])
        pairs = [(e, p) for e, p in zip(answers["E0"], answers["P0"]) if p != 3.7]
        self.assertAlmostEqual(items["i0"]["gap"]["value"], statistics.mean(p - e for e, p in pairs), places=12)

    def test_an_outcome_between_the_steps_is_not_fatal(self):
        lines = self.path("dec").read_text("utf-8").splitlines()
        scores = ["8.5" if i == 7 else str(i % 11) for i in range(len(lines) - 1)]
        data = "\n".join(f"{line},{cell}" for line, cell in zip(lines, ["nps", *scores])) + "\n"
        study = dict(self.study("dec"), outcomes=[{"code": "nps", "kind": "nps", "column": "nps"}])
        report = self.gaps(self.file("d.csv", data), "--study", self.file("s.json", study))
        whole = [int(score) for score in scores if score != "8.5"]
        score = report["scores"][0]
        self.assertEqual(score["n"], len(whole))
        expected = 100 * (sum(s >= 9 for s in whole) - sum(s <= 6 for s in whole)) / len(whole)
        self.assertAlmostEqual(score["estimate"]["value"], expected, places=9)
        self.assertIn({"column": "nps", "n": 1}, [{"column": s["column"], "n": s["n"]} for s in report["strays"]])
        self.assertEqual(by_code(report["items"])["i0"]["n"], 40)


class Suppressed(Numbers):
    """Of group B ten answered, two of them both sides."""

    def hidden(self, rows):
        for row in rows:
            self.assertEqual(row["n"], 2)
            self.assertEqual(set(row) & {"gap", "expectation", "perception", "t", "p", "df", "n_effective"}, set())

    def test_hidden_as_a_group_and_as_a_filter(self):
        groups = {g["keys"][0]["value"]: g for g in self.report("supp", "--by", "g")["groups"]}
        self.hidden([groups["B"]["overall"], *groups["B"]["items"]])
        filtered = self.report("supp", "--filter", "g=B")
        self.hidden([filtered["overall"], *filtered["items"]])

    def test_not_told_by_subtraction(self):
        """The whole has 52 with both sides: beside it the 50 of A would tell about the two."""
        self.assertIn("gap", self.report("supp")["overall"])
        groups = {g["keys"][0]["value"]: g for g in self.report("supp", "--by", "g")["groups"]}
        for report in (groups["A"], self.report("supp", "--filter", "g=A")):
            for row in [report["overall"], *report["items"]]:
                self.assertNotIn("gap", row)


if __name__ == "__main__":
    unittest.main()
