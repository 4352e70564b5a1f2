"""mindgap gap on real and on small files: numbers, table, page, CSV, JSON."""
import csv
import html.parser
import io
import json
import math
import os
import pty
import re
import subprocess
import unittest
import zipfile

from survey_support import AIRLINE, KIOSK, MINDGAP, ROOT, SurveyCase, needs

# methods.md, "Gaps": the 207 complete respondents of the kiosk survey.
KIOSK_GAPS = """−0.545894 −0.391304 −0.951691 0.280193 0.009662 −0.130435 −1.719807 −1.062802 −0.729469 −1.502415
−1.328502 −1.768116 −1.231884 −0.908213 −1.942029 −1.850242 −1.415459 −0.874396 −1.685990 −1.821256 −1.623188
−0.217391 −1.980676 −1.057971""".replace("−", "-").split()

SMALL = """id,region,w,wave,E1,P1,A1,E2,P2,nps
1,north,1,W2,7,5,4,6,6,9
2,north,1,W2,6,4,4,7,5,10
3,north,2,W10,7,6,5,6,4,3
4,north,1,W10,5,5,3,7,7,8
5,north,1,W10,6,3,4,5,6,7
6,north,1,W10,7,4,5,6,5,6
7,south,3,W2,6,5,4,7,6,10
8,south,1,W2,7,7,5,5,4,9
9,south,1,W2,5,4,3,6,3,0
10,south,1,W10,6,6,4,7,5,
11,south,1,W10,7,5,5,6,6,10
12,east,1,W2,6,2,4,7,4,5
13,north,1,W2,,5,4,9,5,11
"""
SMALL_STUDY = {
    "study": "small", "title": {"en": "Small", "zh-CN": "小样"}, "scale": {"min": 1, "max": 7},
    "dimensions": [{"code": "d", "label": {"en": "Dimension", "zh-CN": "维度甲"}}],
    "items": [{"code": "1", "label": {"en": "=First", "zh-CN": "第一"}, "dimension": "d", "expectation": "E1", "perception": "P1", "adequate": "A1"},
              {"code": "2", "label": {"en": "Second <b>", "zh-CN": "第二"}, "dimension": "d", "expectation": "E2", "perception": "P2"}],
    "outcomes": [{"code": "nps", "kind": "nps", "column": "nps"}],
    "groups": [{"column": "region"}], "wave": "wave"}


def by_code(rows):
    return {row["code"]: row for row in rows}


class Kiosk(SurveyCase):
    @needs(KIOSK)
    def test_numbers_of_the_methods_page(self):
        study = json.loads((ROOT / "demo/kiosk.study.json").read_text("utf-8"))
        study["missing"] = {"rule": "listwise"}
        report = self.gaps(KIOSK, "--study", self.file("s.json", study))
        self.assertEqual(report["rows"], 207)
        items = by_code(report["items"])
        for number, expected in enumerate(KIOSK_GAPS, 1):
            self.assertEqual(f"{items[f'k{number:02}']['gap']['value']:.6f}", expected)
        overall = report["overall"]
        self.assertEqual(f"{overall['expectation']['value']:.9f}", "5.973832528")
        self.assertEqual(f"{overall['perception']['value']:.9f}", "4.871779388")
        self.assertEqual(f"{overall['gap']['value']:.8f}", "-1.10205314")
        self.assertEqual(f"{overall['t']:.8f}", "-18.95858969")
        self.assertEqual(overall["df"], 206)

    @needs(KIOSK)
    def test_worst_first_and_bounded_by_holm(self):
        report = self.gaps(KIOSK, "--study", ROOT / "demo/kiosk.study.json")
        values = [row["gap"]["value"] for row in report["items"]]
        self.assertEqual(values, sorted(values))
        for row in report["items"]:
            self.assertGreaterEqual(row["p_holm"], row["p"])
            self.assertEqual(row["significant"], row["p_holm"] < 0.05)

    @needs(KIOSK)
    def test_bootstrap_is_seeded_and_near_t(self):
        study = ROOT / "demo/kiosk.study.json"
        words = ("gap", KIOSK, "--study", study, "--boot", 1000, "--format", "json", "--seed")
        first, again, other = (self.succeed(*words, seed) for seed in (7, 7, 8))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)
        boot, t = json.loads(first), self.gaps(KIOSK, "--study", study)
        self.assertEqual((boot["interval"], boot["boot"], boot["seed"]), ("bca", 1000, 7))
        for one, two in zip(boot["items"], t["items"]):
            width = two["gap"]["high"] - two["gap"]["low"]
            self.assertLess(abs(one["gap"]["low"] - two["gap"]["low"]), 0.25 * width)
            self.assertNotEqual(one["gap"]["low"], two["gap"]["low"])


class Airline(SurveyCase):
    @needs(AIRLINE)
    def test_perceptions_alone(self):
        report = self.gaps(AIRLINE, "--study", ROOT / "demo/airline.study.json", "--by", "Class")
        self.assertEqual(report["rows"], 129880)
        self.assertEqual(len(report["items"]), 14)
        for row in report["items"]:
            self.assertNotIn("gap", row)
            self.assertTrue(1 <= row["perception"]["value"] <= 5)
        # 0 is "not applicable": 3 916 of the wifi ratings.
        self.assertEqual(by_code(report["items"])["r12"]["n"], 129880 - 3916)
        # Counted in the file: 56 428 of 129 880 say "Satisfied".
        self.assertAlmostEqual(report["scores"][0]["estimate"]["value"], 100 * 56428 / 129880, places=9)
        self.assertEqual([g["keys"][0]["value"] for g in report["groups"]], ["Business", "Economy", "Economy Plus"])
        self.assertEqual(sum(g["n"] for g in report["groups"]), 129880)


class Words(SurveyCase):
    """Answers with words beside their numbers."""

    def test_words_that_run_against_the_numbers_are_said(self):
        words = ["1 - Very satisfied", "2 - Satisfied", "3 - Neutral", "4 - Dissatisfied", "5 - Very dissatisfied"]
        rows = [f"{words[i % 3]},{words[(i + 2) % 5]},{words[i % 5]}" for i in range(40)]
        data = self.file("down.csv", "expected heat,perceived heat,sat\n" + "\n".join(rows) + "\n")
        item = {"code": "heat", "expectation": "expected heat", "perception": "perceived heat"}
        study = {"study": "s", "scale": {"min": 1, "max": 5, "step": 1}, "items": [item],
                 "outcomes": [{"code": "sat", "kind": "csat", "column": "sat", "scale": {"min": 1, "max": 5, "step": 1}}]}
        notes = [note["en"] for note in self.gaps(data, "--study", self.file("s.json", study))["notes"]]
        self.assertTrue(any("run against their numbers" in note and "heat" in note for note in notes), notes)
        self.assertTrue(any("Outcomes whose words run against" in note and "sat" in note for note in notes), notes)
        item["reverse"] = True
        report = self.gaps(data, "--study", self.file("r.json", study))
        self.assertFalse([n for n in report["notes"] if "Items whose words" in n["en"]])
        self.assertLess(report["overall"]["gap"]["value"], 0)

    def test_a_highest_answer_that_lies_apart_is_said(self):
        rows = [f"{i % 11},{11 if i % 9 == 0 else i * 3 % 11}" for i in range(99)]
        data = self.file("apart.csv", "expected heat,perceived heat\n" + "\n".join(rows) + "\n")
        item = {"code": "heat", "expectation": "expected heat", "perception": "perceived heat"}
        for top, said in ((11, True), (10, False)):
            study = self.file(f"{top}.json", {"study": "s", "scale": {"min": 0, "max": top, "step": 1}, "items": [item]})
            notes = [note["en"] for note in self.gaps(data, "--study", study)["notes"]]
            self.assertEqual(any("may stand for “don't know”: perceived heat (11)" in note for note in notes), said, notes)

    def test_how_easy_it_was_in_words_is_an_outcome(self):
        words = ["Very difficult", "Difficult", "Neither easy nor difficult", "Easy", "Very easy"]
        rows = [f"{1 + i % 7},{1 + i * 3 % 7},{words[i % 5]}" for i in range(40)]
        data = self.file("ces.csv", "expected heat,perceived heat,How easy was it to get help?\n" + "\n".join(rows) + "\n")
        outcomes = json.loads(self.succeed("study", "init", data))["outcomes"]
        self.assertEqual([(one["kind"], "high_means" in one) for one in outcomes], [("ces", False)])


class TwoRows(SurveyCase):
    """Expectation and perception of a customer in two rows (test_numbers.py has the shared example)."""
    STUDY = {"study": "two", "scale": {"min": 1, "max": 7}, "customer": "cust", "time": "at",
             "items": [{"code": "i", "expectation": "E", "perception": "P"}]}
    ROWS = ("cust,visit,at,E,P\n" + "".join(f"c{i},v{i},2026-01-{1 + i:02},{5 + i % 3},\n" for i in range(9))
            + "".join(f"c{i},v{i},2026-02-{1 + i:02},,{3 + i % 4}\n" for i in range(1, 12)))

    def test_gaps_of_paired_customers(self):
        lines = self.ROWS.splitlines()
        rows = "\n".join(lines[:1] + [line for line in lines[1:] if line.split(",")[0] in [f"c{i}" for i in range(1, 9)]])
        report = self.gaps(self.file("d.csv", rows), "--study", self.file("s.json", self.STUDY))
        row = by_code(report["items"])["i"]
        gaps = [3 + i % 4 - 5 - i % 3 for i in range(1, 9)]
        self.assertEqual((report["rows"], row["n"]), (8, 8))
        self.assertAlmostEqual(row["gap"]["value"], sum(gaps) / 8, places=12)

    def test_counts_of_pairs_and_of_who_stayed_alone(self):
        report = self.gaps(self.file("d.csv", self.ROWS), "--study", self.file("s.json", self.STUDY))
        self.assertEqual(report["pairing"], {"by_episode": 0, "by_customer": 8, "expectations_alone": 1, "perceptions_alone": 3, "untimed": 0})
        self.assertEqual(report["rows"], 12)

    def test_the_window_of_the_study_counts(self):
        report = self.gaps(self.file("d.csv", self.ROWS), "--study", self.file("s.json", dict(self.STUDY, window=30)))
        self.assertEqual(report["pairing"]["by_customer"], 0)

    def test_paired_by_the_studys_episode(self):
        study = dict(self.STUDY, window=30, episode="visit")
        report = self.gaps(self.file("d.csv", self.ROWS), "--study", self.file("s.json", study))
        self.assertEqual((report["pairing"]["by_episode"], report["pairing"]["by_customer"]), (8, 0))

    def test_the_table_says_so_in_both_languages(self):
        words = ("gap", self.file("d.csv", self.ROWS), "--study", self.file("s.json", self.STUDY), "--lang")
        self.assertIn("0 by episode and 8 by customer; 1 expectation and 3 perceptions stayed alone", self.succeed(*words, "en"))
        self.assertIn("按客户 8 对；另有 1 份期望、3 份感知没有配上", self.succeed(*words, "zh-CN"))


class Small(SurveyCase):
    def setUp(self):
        super().setUp()
        self.data = self.file("small.csv", SMALL)
        self.study = self.file("small.json", SMALL_STUDY)

    def report(self, *words):
        return self.gaps(self.data, "--study", self.study, *words)

    def test_missing_and_off_scale_answers(self):
        report = self.report()
        self.assertEqual((report["rows"], report["out_of_range"]), (13, 2))
        self.assertEqual(by_code(report["items"])["1"]["n"], 12)
        self.assertEqual(by_code(report["items"])["2"]["n"], 12)

    def test_item_by_hand(self):
        pairs = [(int(r["E1"]), int(r["P1"])) for r in csv.DictReader(io.StringIO(SMALL)) if r["E1"]]
        gaps = [p - e for e, p in pairs]
        mean = sum(gaps) / len(gaps)
        sd = math.sqrt(sum((g - mean) ** 2 for g in gaps) / (len(gaps) - 1))
        row = by_code(self.report()["items"])["1"]
        self.assertAlmostEqual(row["gap"]["value"], mean, places=12)
        self.assertAlmostEqual(row["gap"]["sd"], sd, places=12)
        self.assertAlmostEqual(row["d_z"], mean / sd, places=12)
        self.assertAlmostEqual(row["t"], mean / sd * math.sqrt(len(gaps)), places=12)

    def test_weights(self):
        rows = [r for r in csv.DictReader(io.StringIO(SMALL)) if r["E1"]]
        weight = sum(float(r["w"]) for r in rows)
        mean = sum(float(r["w"]) * (int(r["P1"]) - int(r["E1"])) for r in rows) / weight
        report = self.report("--weights", "w")
        row = by_code(report["items"])["1"]
        self.assertTrue(report["weighted"])
        self.assertAlmostEqual(row["gap"]["value"], mean, places=12)
        self.assertAlmostEqual(row["n_effective"], weight ** 2 / sum(float(r["w"]) ** 2 for r in rows), places=9)

    def test_nps_by_hand(self):
        answers = [int(r["nps"]) for r in csv.DictReader(io.StringIO(SMALL)) if r["nps"] and int(r["nps"]) <= 10]
        expected = 100 * (sum(a >= 9 for a in answers) - sum(a <= 6 for a in answers)) / len(answers)
        score = self.report()["scores"][0]
        self.assertEqual((score["n"], score["formula"]), (len(answers), "nps-2"))
        self.assertAlmostEqual(score["estimate"]["value"], expected, places=9)

    def test_zone_of_tolerance(self):
        row = by_code(self.report()["items"])["1"]
        self.assertLess(row["msa"]["low"] * row["msa"]["high"], 0)
        self.assertEqual(row["zone"], "inconclusive")
        self.assertAlmostEqual(row["msa"]["value"], row["perception"]["value"] - row["adequate"]["value"], delta=0.5)
        self.assertEqual(row["mss"], row["gap"])

    def test_small_groups_are_named_but_not_shown(self):
        groups = {g["keys"][0]["value"]: g for g in self.report("--by", "region")["groups"]}
        self.assertEqual({name: g["suppressed"] for name, g in groups.items()}, {"east": True, "north": False, "south": False})
        self.assertEqual(groups["east"]["n"], 1)
        self.assertNotIn("overall", groups["east"])
        self.assertNotIn("items", groups["east"])

    def test_filtering_down_to_a_few_is_refused(self):
        self.assertIn("too few to show", self.refuse(1, "gap", self.data, "--study", self.study, "--filter", "region=east"))

    def test_waves_in_natural_order(self):
        groups = self.report("--wave", "wave")["groups"]
        self.assertEqual([g["keys"] for g in groups], [[{"code": "wave", "value": "W2"}], [{"code": "wave", "value": "W10"}]])

    def test_filter_takes_quoted_values(self):
        self.assertEqual(self.report("--filter", 'region="north",south')["rows"], 12)

    def test_unpaired_sides_use_welch_and_say_so(self):
        lines = ["E1,P1,E2,P2"] + [f"{4 + i % 3},,{5 + i % 2}," for i in range(20)] + [f",{2 + i % 3},,{3 + i % 4}" for i in range(20)]
        study = dict(SMALL_STUDY, outcomes=[], groups=[])
        del study["wave"]
        study["items"] = [{k: v for k, v in i.items() if k != "adequate"} for i in study["items"]]
        report = self.gaps(self.file("u.csv", "\n".join(lines) + "\n"), "--study", self.file("u.json", study))
        self.assertIn("Welch", json.dumps(report["notes"]))
        self.assertIsNotNone(report["overall"]["t"])
        self.assertIsNone(report["overall"]["d_z"])

    def test_dimension_weights_make_the_overall_gap(self):
        study = dict(SMALL_STUDY, dimensions=[{"code": "d", "weight": 3}, {"code": "e", "weight": 1}])
        study["items"] = [dict(SMALL_STUDY["items"][0]), dict(SMALL_STUDY["items"][1], dimension="e")]
        report = self.gaps(self.data, "--study", self.file("w.json", study))
        items = by_code(report["items"])
        self.assertAlmostEqual(report["overall"]["gap"]["value"],
                               (3 * items["1"]["gap"]["value"] + items["2"]["gap"]["value"]) / 4, places=12)
        self.assertEqual({d["code"]: d["weight"] for d in report["dimensions"]}, {"d": 0.75, "e": 0.25})

    def test_a_study_of_expectations_alone_heads_its_columns_so(self):
        data = self.file("e.csv", "E1\n" + "".join(f"{5 + i % 3}\n" for i in range(30)))
        study = self.file("e.json", {"study": "e", "scale": {"min": 1, "max": 7}, "items": [{"code": "1", "expectation": "E1"}]})
        table = self.succeed("gap", data, "--study", study, "--lang", "en")
        head = next(line for line in table.splitlines() if line.startswith("Items"))
        self.assertIn("Exp.", head)
        self.assertNotIn("Got", head)
        self.assertRegex(table, r"\n1 .*6\.00.*30")

    def test_many_rows_get_a_jackknife_that_agrees_with_t(self):
        lines = "".join(f"{4 + i * 7 % 4},{2 + i * 5 % 5},{5 + i * 3 % 3},{3 + i * 11 % 4}\n" for i in range(1000))
        data = self.file("many.csv", "E1,P1,E2,P2\n" + lines * 201)
        study = dict(SMALL_STUDY, outcomes=[], groups=[], dimensions=[{"code": "d", "weight": 2}, {"code": "e", "weight": 1}])
        del study["wave"]
        study["items"] = [{"code": str(i), "dimension": d, "expectation": f"E{i}", "perception": f"P{i}"} for i, d in ((1, "d"), (2, "e"))]
        study = self.file("many.json", study)
        report, t = self.gaps(data, "--study", study, "--boot", "100"), self.gaps(data, "--study", study)
        self.assertEqual(report["interval"], "jackknife")
        for one, two in zip(report["items"] + [report["overall"]], t["items"] + [t["overall"]]):
            self.assertEqual(one["gap"]["value"], two["gap"]["value"])
            ratio = (one["gap"]["high"] - one["gap"]["low"]) / (two["gap"]["high"] - two["gap"]["low"])
            self.assertTrue(0.8 < ratio < 1.25, ratio)

    def test_weighted_bootstrap_is_centred_on_the_weighted_gap(self):
        study = dict(SMALL_STUDY, dimensions=[{"code": "d", "weight": 3}, {"code": "e", "weight": 1}])
        study["items"] = [dict(SMALL_STUDY["items"][0]), dict(SMALL_STUDY["items"][1], dimension="e")]
        words = ("--study", self.file("w.json", study), "--weights", "w")
        boot, t = self.gaps(self.data, *words, "--boot", "2000"), self.gaps(self.data, *words)
        for one, two in zip(boot["items"] + [boot["overall"]], t["items"] + [t["overall"]]):
            self.assertEqual(one["gap"]["value"], two["gap"]["value"])
            self.assertLess(one["gap"]["low"], one["gap"]["value"])
            self.assertGreater(one["gap"]["high"], one["gap"]["value"])
            ratio = (one["gap"]["high"] - one["gap"]["low"]) / (two["gap"]["high"] - two["gap"]["low"])
            self.assertTrue(0.5 < ratio < 1.5, ratio)

    def test_table_is_what_it_was(self):
        golden = ROOT / "tests/cli/data/small-table.txt"
        self.assertEqual(self.succeed("gap", self.data, "--study", self.study, "--by", "region", columns=100),
                         golden.read_text("utf-8"))

    def test_a_blank_reliability_says_why(self):
        few = self.file("few.csv", "\n".join(SMALL.splitlines()[:5]))
        table = self.succeed("gap", few, "--study", self.study)
        why = "α E, α P, α P−E, r_D: Reliability takes 10 people at least, and more than items (2); these answers tell as much as 4 people's."
        self.assertIn(f"  {why}\n", table)
        page = self.succeed("gap", few, "--study", self.study, "--format", "html")
        self.assertIn(html.escape(why, quote=False), page.replace("&#39;", "'"))
        self.assertIn('<br><span class="mute">n 12</span>', self.succeed("gap", self.data, "--study", self.study, "--format", "html"))

    def test_groups_are_compared_in_table_and_page(self):
        rows = ["g,E1,P1"] + [f"{g},{5 + i % 3},{3 + i % 2 + add}" for add, g in enumerate("abc") for i in range(12)]
        data = self.file("g.csv", "\n".join(rows) + "\n")
        study = self.file("g.json", {"study": "g", "scale": {"min": 1, "max": 7}, "groups": [{"column": "g"}],
                                     "items": [{"code": "1", "expectation": "E1", "perception": "P1"}]})
        words = (data, "--study", study, "--by", "g")
        first = self.gaps(*words)["groups"][0]["overall"]
        self.assertEqual(first["difference"]["value"], -1.5)
        interval = " … ".join(f"{first['difference'][end]:+.2f}".replace("-", "−") for end in ("low", "high"))
        shrunk = f"{first['shrunk']:+.2f} ({first['shrunk_se']:.2f})".replace("-", "−")
        holm = f"{first['p_difference_holm']:.3f}"
        table = self.succeed("gap", *words, columns=100)
        compared = table[table.index("Groups against all others"):]
        self.assertRegex(compared, rf"g a +−1\.50\* +{re.escape(interval)} +{holm} +{re.escape(shrunk)}\n")
        narrow = self.succeed("gap", *words, columns=60)
        self.assertIn("−1.50*", narrow[narrow.index("Groups against"):])
        self.assertNotIn("Shrunk (SE)", narrow)
        page = self.succeed("gap", *words, "--format", "html")
        self.assertIn(f"<td>g a</td><td>−1.50*</td><td>{interval}</td><td>{holm}</td><td>{shrunk}</td>", page)
        self.assertNotIn("Groups against all others", self.succeed("gap", data, "--study", study))

    def test_chinese_has_marks_of_its_own(self):
        table = self.succeed("gap", self.data, "--study", self.study, "--weights", "w", "--lang", "zh-CN", columns=160)
        head, wide = table.splitlines()[0], "一-鿿，。（）：；"
        self.assertIn("小样：13 行，95% ", head)
        self.assertNotRegex(table, f"[{wide}] ?[,:()]|[,:] ?[{wide}]")

    def test_table_fits_the_width_in_both_languages(self):
        for lang in ("en", "zh-CN"):
            for columns in (80, 100, 160):
                text = self.succeed("gap", self.data, "--study", self.study, "--lang", lang, columns=columns)
                chart = [line for line in text.splitlines() if "●" in line and "○ " not in line[:2]]
                self.assertTrue(chart)
                for line in chart:
                    wide = sum(2 if "一" <= c <= "鿿" or c in "()" else 1 for c in line)
                    self.assertLessEqual(wide, columns, line)

    def test_no_colour_without_a_terminal(self):
        self.assertNotIn("\x1b", self.succeed("gap", self.data, "--study", self.study))

    def on_terminal(self, **environment):
        """What the command prints on a terminal of 100 columns."""
        main, side = pty.openpty()
        process = subprocess.Popen([MINDGAP, "gap", self.data, "--study", self.study], stdout=side, stderr=subprocess.PIPE,
                                   env={"PATH": os.environ["PATH"], "COLUMNS": "100", **environment})
        os.close(side)
        text = b""
        try:
            while piece := os.read(main, 65536):
                text += piece
        except OSError:  # the terminal is gone: all was read
            pass
        os.close(main)
        self.assertEqual((process.wait(60), process.stderr.read()), (0, b""))
        process.stderr.close()
        return text.decode()

    def test_colour_on_a_terminal_unless_unwanted(self):
        self.assertIn("\x1b[38;5;166m", self.on_terminal())
        plain = self.on_terminal(NO_COLOR="1")
        self.assertNotIn("\x1b", plain)
        self.assertIn("▼", plain)

    def test_json_keys_are_stable(self):
        documented = re.findall(r"^\| `([a-z_]+)`", (ROOT / "docs/gap-json.md").read_text("utf-8"), re.M)
        report = self.report("--by", "region", "--weights", "w", "--boot", "100")
        seen = set(report)
        for row in report["items"] + [report["overall"]]:
            seen |= set(row)
        for part in ("scores", "reliability", "groups"):
            for row in report[part]:
                seen |= set(row)
        self.assertEqual(seen - set(documented), set())

    def test_drivers_of_an_outcome(self):
        code = self.report()["scores"][0]["code"]
        report = self.report("--drivers", code)
        self.assertEqual((report["drivers"]["outcome"], report["drivers"]["ci"]), (code, 0.95))
        self.assertNotIn("drivers", self.report())
        table = self.succeed("gap", self.data, "--study", self.study, "--drivers", code)
        self.assertIn("Importance", table)
        self.assertIn(report["drivers"]["basis"]["en"], table)
        self.assertIn(report["drivers"]["finding"]["en"], table)
        self.assertRegex(table, r"R² 0\.\d\d \(0\.\d\d…0\.\d\d\), adjusted 0\.\d\d")
        unsure = sum(row["quadrant_uncertain"] for row in report["drivers"]["rows"])
        self.assertGreater(unsure, 0)
        self.assertEqual(len(re.findall(r"% uncertain\n", table)), unsure)
        page = self.succeed("gap", self.data, "--study", self.study, "--drivers", code, "--format", "html")
        self.assertIn(report["drivers"]["finding"]["en"], page)
        self.assertEqual(page.count('class="point unsure"'), unsure)
        self.assertIn("nothing", self.refuse(1, "gap", self.data, "--study", self.study, "--drivers", "nothing"))

    def test_csv_is_tidy_and_safe(self):
        text = self.succeed("gap", self.data, "--study", self.study, "--by", "region", "--format", "csv")
        lines = text.lstrip("\ufeff").splitlines(keepends=True)
        head = [row[0] for row in csv.reader(lines) if row[0].startswith("# ")]
        self.assertIn("# “E2”: values that are no answers and count as missing: 1 (9 × 1, from row 13).", head)
        self.assertIn("# Filters: none", head)
        self.assertTrue(head[0].startswith("# Study: "), head)
        rows = list(csv.DictReader(io.StringIO("".join(lines[len(head):]))))
        self.assertEqual({r["level"] for r in rows}, {"overall", "dimension", "item", "score", "suppressed"})
        self.assertIn("'=First", {r["label"] for r in rows})
        item = next(r for r in rows if r["level"] == "item" and r["code"] == "1" and not r["group"])
        self.assertAlmostEqual(float(item["gap"]), by_code(self.report()["items"])["1"]["gap"]["value"], places=3)
        filtered = self.succeed("gap", self.data, "--study", self.study, "--filter", "region=north", "--format", "csv", "--lang", "zh-CN")
        self.assertIn("# 筛选：region=north", filtered)
        for row in rows:
            self.assertNotRegex(row["gap"].lstrip("-0."), r"\d\.?\d\.?\d\.?\d\.?\d")
            self.assertNotIn(None, row)
            self.assertNotIn(None, row.values())

    def test_page_stands_alone(self):
        text = self.succeed("gap", self.data, "--study", self.study, "--by", "region", "--format", "html")
        found = []

        class Reader(html.parser.HTMLParser):
            def handle_starttag(self, tag, attributes):
                found.append(tag)
                for name, value in attributes:
                    if name in ("src", "href", "action", "data", "poster", "background"):
                        raise AssertionError(f"external: {name}={value}")
        Reader().feed(text)
        self.assertNotIn("script", found)
        self.assertNotIn("link", found)
        self.assertNotRegex(text, r"https?://|url\(|@import")
        self.assertIn("svg", found)
        self.assertIn("Second &lt;b&gt;", text)
        self.assertNotIn("Second <b>", text)
        self.assertIn("@media print", text)
        self.assertEqual(found.count("svg"), len(re.findall(r"</svg>", text)))

    def test_output_file(self):
        target = self.folder / "report.json"
        self.assertEqual(self.succeed("gap", self.data, "--study", self.study, "--format", "json", "-o", target), "")
        self.assertEqual(json.loads(target.read_text("utf-8"))["study"], "small")

    def test_gbk_and_utf16_read_alike(self):
        text = SMALL.replace("north", "城北供热服务中心的客户").replace("south", "城南供热服务中心的客户")
        plain = self.gaps(self.file("u8.csv", text), "--study", self.study, "--by", "region")
        for encoding in ("gbk", "utf-16"):
            path = self.folder / f"{encoding}.csv"
            path.write_bytes(text.encode(encoding))
            self.assertEqual(self.gaps(path, "--study", self.study, "--by", "region"), plain)


class Refusals(SurveyCase):
    def setUp(self):
        super().setUp()
        self.data = self.file("small.csv", SMALL)
        self.study = self.file("small.json", SMALL_STUDY)

    def test_usage(self):
        self.assertIn("--study", self.refuse(2, "gap", self.data))
        self.assertIn("--study", self.refuse(2, "gap", "--study", self.study))
        self.assertIn("Did you mean --format?", self.refuse(2, "gap", self.data, "--study", self.study, "--fromat", "json"))
        self.assertIn("table, json, csv, html", self.refuse(2, "gap", self.data, "--study", self.study, "--format", "xml"))
        self.assertIn("0.5 to 0.999", self.refuse(2, "gap", self.data, "--study", self.study, "--ci", "95"))

    def test_what_is_wrong_and_where(self):
        self.assertIn("nosuch.csv", self.refuse(1, "gap", self.folder / "nosuch.csv", "--study", self.study))
        bad = self.file("bad.json", '{"study": "x",\n "itmes": []}')
        self.assertRegex(self.refuse(1, "gap", self.data, "--study", bad), r"itmes.*bad\.json.*line 2.*items")
        study = json.loads(json.dumps(SMALL_STUDY))
        study["items"][0]["perception"] = "P9"
        self.assertIn("P9", self.refuse(1, "gap", self.data, "--study", self.file("c.json", study)))
        self.assertIn("nowhere", self.refuse(1, "gap", self.data, "--study", self.study, "--by", "nowhere"))

    def test_empty_data(self):
        header = SMALL.splitlines()[0] + "\n"
        self.assertIn("No row", self.refuse(1, "gap", self.file("h.csv", header), "--study", self.study))

    def test_constant_and_single_rows(self):
        header = SMALL.splitlines()[0]
        one = self.file("one.csv", header + "\n1,north,1,W1,7,5,4,6,6,9\n")
        report = self.gaps(one, "--study", self.study)
        self.assertEqual(report["overall"]["verdict"], "unknown")
        same = self.file("same.csv", header + "\n" + "1,north,1,W1,7,5,4,6,4,9\n" * 9)
        report = self.gaps(same, "--study", self.study)
        self.assertEqual(report["overall"]["gap"], dict(report["overall"]["gap"], value=-2, low=None, high=None))
        self.assertEqual(report["overall"]["verdict"], "unknown")


class Workbook(SurveyCase):
    def setUp(self):
        super().setUp()
        self.survey, self.study = self.file("small.csv", SMALL), self.file("small.json", SMALL_STUDY)

    def parts(self, *words):
        path = self.folder / "gaps.xlsx"
        self.succeed("gap", self.survey, "--study", self.study, "-o", path, *words)
        with zipfile.ZipFile(path) as book:
            return {name: book.read(name).decode() for name in book.namelist()}

    def test_a_table_with_native_charts(self):
        parts = self.parts()
        self.assertEqual(len([name for name in parts if name.startswith("xl/charts/chart")]), 2)
        sides = parts["xl/charts/chart1.xml"]
        for held in ("<c:lineChart>", "<c:hiLowLines>", "Gaps!$E$4:$E$5", "Gaps!$H$4:$H$5", "Gaps!$C$4:$C$5", "Expected and perceived"):
            self.assertIn(held, sides)
        self.assertIn("Gaps!$K$4:$K$5", parts["xl/charts/chart2.xml"])
        self.assertRegex(sides, r'<c:max val="\d+"/><c:min val="\d+"/>')  # whole numbers around the means, not from 0
        self.assertNotIn("<c:min ", parts["xl/charts/chart2.xml"])
        self.assertEqual(re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"]), ["Gaps", "Charts", "All numbers"])
        self.assertIn("<drawing ", parts["xl/worksheets/sheet2.xml"])
        self.assertRegex(parts["xl/worksheets/sheet1.xml"], r'<pageSetup paperSize="9" (scale="\d+" )?fitToHeight="0" orientation="landscape"')
        report = self.gaps(self.survey, "--study", self.study)
        cells = dict(re.findall(r'<c r="(\w+)"(?: s="\d+")?><v>([^<]+)</v>', parts["xl/worksheets/sheet1.xml"]))
        self.assertAlmostEqual(float(cells["K2"]), report["overall"]["gap"]["value"])
        for row, item in zip("45", report["items"]):
            for column, value in (("E", item["expectation"]["value"]), ("H", item["perception"]["value"]), ("L", item["gap"]["low"])):
                self.assertAlmostEqual(float(cells[column + row]), value)

    def test_nothing_in_it_is_a_formula_and_words_are_the_readers(self):
        parts = self.parts("--lang", "zh-CN")
        self.assertNotIn("<f>", parts["xl/worksheets/sheet1.xml"] + parts["xl/worksheets/sheet2.xml"])
        for word in ("期望", "感知", "差距", "小样"):
            self.assertIn(word, parts["xl/sharedStrings.xml"])
        self.assertIn('name="全部数字"', parts["xl/workbook.xml"])

    def test_the_name_says_the_format(self):
        for name, begin in (("x.csv", "\ufeff"), ("x.JSON", "{"), ("x.html", "<!doctype html>"), ("x.txt", "")):
            path = self.folder / name
            self.succeed("gap", self.survey, "--study", self.study, "-o", path)
            self.assertTrue(path.read_text("utf-8").lower().startswith(begin), name)
        path = self.folder / "y.csv"
        self.succeed("gap", self.survey, "--study", self.study, "-o", path, "--format", "json")
        json.loads(path.read_text("utf-8"))
        self.assertIn("-o gaps.xlsx", self.refuse(2, "gap", self.survey, "--study", self.study, "--format", "xlsx"))


if __name__ == "__main__":
    unittest.main()
