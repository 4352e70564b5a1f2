"""Halves on different scales: a report that rescales is that of a file whose column was rescaled by hand, whatever
else the study asks for: in every digit that is shown, and but for the order of sums (whole answers are summed apart
from others) in every digit that a machine keeps."""
import json
import math
import random
import unittest

from survey_support import SurveyCase, run

ITEMS = 3
ONTO = {"min": 1, "max": 7}
SCALES = ({"min": 1, "max": 5}, {"min": 0, "max": 10}, {"min": -2, "max": 2}, {"min": 1, "max": 3}, {"min": 0, "max": 100, "step": 0},
          {"min": 0.5, "max": 2.5, "step": 0.25})


def carry(x, scale):
    """The formula of docs/methods/gaps.md, in its order."""
    return ONTO["min"] + (x - scale["min"]) * (ONTO["max"] - ONTO["min"]) / (scale["max"] - scale["min"])


def answers(dice, scale):
    step = scale.get("step", 1) or 0.5
    return scale["min"] + step * dice.randrange(int((scale["max"] - scale["min"]) / step) + 1)


def respondents(scale, n=200, halves=False):
    """Cells as texts of numbers; E and A lie on `scale`. 99 is no answer, 55 off every scale, some are empty. `halves`:
    each row has one side, and a customer two rows."""
    dice = random.Random(11)
    rows = []
    for i in range(n):
        row = {"customer": f"c{i // 2}", "t": f"2026-01-{1 + i % 28:02}", "wave": f"W{1 + i % 3}", "w": dice.choice([0.5, 1, 2.5]),
               "region": dice.choice("ab"), "nps": dice.randrange(11)}
        for k in range(1, ITEMS + 1):
            e, a = answers(dice, scale), answers(dice, scale)
            row[f"E{k}"] = dice.choice([e] * 30 + ["", 999, 555])
            row[f"A{k}"] = dice.choice([a] * 30 + [""])
            row[f"P{k}"] = dice.choice([dice.randrange(1, 8)] * 20 + ["", 999])
            if halves:
                row.update({f"E{k}": "", f"A{k}": ""} if i % 2 else {f"P{k}": ""})
        rows.append(row)
    return rows


def by_hand(rows, scale, reverse):
    """What somebody would do in a spreadsheet: the answers carried on, item 2 mirrored on its own scale before."""
    out = []
    for row in rows:
        new = dict(row)
        for k in range(1, ITEMS + 1):
            for name in (f"E{k}", f"A{k}"):
                x = row[name]
                if x == "" or x in (999, 555):
                    continue
                x = scale["min"] + scale["max"] - x if reverse and k == 2 else x
                new[name] = carry(x, scale)
            if reverse and k == 2 and row["P2"] not in ("", 999):
                new["P2"] = ONTO["min"] + ONTO["max"] - row["P2"]
        out.append(new)
    return out


def text(rows):
    names = list(rows[0])
    return "\n".join([",".join(names), *(",".join(str(row[n]) for n in names) for row in rows)]) + "\n"


def study(scale, reverse=False, step=1, **more):
    return {"study": "s", "scale": {**ONTO, "step": step}, **({"expectation_scale": scale} if scale else {}), "missing": {"codes": [999]},
            "dimensions": [{"code": "d"}, {"code": "e"}],
            "items": [{"code": str(k), "dimension": "d" if k < 3 else "e", "expectation": f"E{k}", "perception": f"P{k}", "adequate": f"A{k}",
                       **({"reverse": True} if reverse and k == 2 else {})} for k in range(1, ITEMS + 1)],
            "outcomes": [{"code": "nps", "kind": "nps", "column": "nps"}], "groups": [{"column": "region"}], "wave": "wave", **more}


def numbers(report):
    """All but what names the choice, and the answers as they were given."""
    report = json.loads(json.dumps(report))
    for key in ("notes", "strays"):
        report.pop(key)

    def strip(value):
        if isinstance(value, dict):
            value.pop("rescaled", None)
            for member in value.values():
                strip(member)
        if isinstance(value, list):
            for member in value:
                strip(member)
    strip(report)
    return report


def shown(value):
    """Numbers to the four figures of the CSV."""
    if isinstance(value, dict):
        return {key: shown(member) for key, member in value.items() if key not in ("notes", "strays", "rescaled")}
    if isinstance(value, list):
        return [shown(member) for member in value]
    return f"{value:.4g}" if isinstance(value, float) and abs(value) > 1e-12 else "0" if isinstance(value, float) else value


class ByHand(SurveyCase):
    def agree(self, scale, *words, reverse=False, halves=False, **more):
        rows = respondents(scale, halves=halves)
        report = self.gaps(self.file("given.csv", text(rows)), "--study", self.file("a.json", study(scale, reverse, **more)), *words)
        hand = self.gaps(self.file("hand.csv", text(by_hand(rows, scale, reverse))), "--study",
                         self.file("b.json", study(None, step=0, **more)), *words)
        self.assertTrue(all(item["rescaled"] for item in report["items"]))
        self.assertFalse(any("rescaled" in item for item in hand["items"]))
        self.alike(numbers(report), numbers(hand))
        self.assertEqual(shown(report), shown(hand))
        return report

    def alike(self, a, b, where=""):
        self.assertEqual(type(a), type(b), where)
        if isinstance(a, dict):
            self.assertEqual(list(a), list(b), where)
            for key in a:
                self.alike(a[key], b[key], f"{where}/{key}")
        elif isinstance(a, list):
            self.assertEqual(len(a), len(b), where)
            for i, member in enumerate(a):
                self.alike(member, b[i], f"{where}/{i}")
        elif isinstance(a, float):
            self.assertTrue(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12), (where, a, b))
        else:
            self.assertEqual(a, b, where)

    def test_every_kind_of_scale(self):
        for scale in SCALES:
            with self.subTest(scale):
                self.agree(scale)

    def test_whatever_else_is_asked(self):
        scale = SCALES[0]
        for words in (["--wave", "wave"], ["--by", "region"], ["--boot", "200"], ["--drivers", "nps"], ["--nonresponse"], ["--filter", "wave=W2"]):
            with self.subTest(words):
                self.agree(scale, *words)

    def test_weights_customers_and_the_listwise_rule(self):
        scale = SCALES[1]
        self.agree(scale, weight="w")
        self.agree(scale, customer="customer", weight="w")
        self.agree(scale, missing={"rule": "listwise", "codes": [999]})

    def test_halves_in_rows_of_their_own(self):
        report = self.agree(SCALES[0], halves=True, customer="customer", time="t")
        self.assertGreater(report["pairing"]["by_customer"], 50)

    def test_reversed_items_are_mirrored_on_their_own_scale_first(self):
        for scale in SCALES:
            with self.subTest(scale):
                self.agree(scale, reverse=True)

    def test_the_gap_is_the_one_that_is_computed_here(self):
        scale, rows = SCALES[0], respondents(SCALES[0])
        report = self.gaps(self.file("given.csv", text(rows)), "--study", self.file("a.json", study(scale)))
        for item in report["items"]:
            k = item["code"]
            pairs = [(carry(r[f"E{k}"], scale), r[f"P{k}"]) for r in rows
                     if r[f"E{k}"] not in ("", 999, 555) and r[f"P{k}"] not in ("", 999)]
            self.assertEqual(item["n"], len(pairs))
            self.assertTrue(math.isclose(item["gap"]["value"], sum(p - e for e, p in pairs) / len(pairs), rel_tol=1e-12))


class Told(SurveyCase):
    def setUp(self):
        super().setUp()
        self.rows = respondents(SCALES[0])
        self.data = self.file("given.csv", text(self.rows))
        self.study = self.file("a.json", study(SCALES[0]))

    def test_one_note_names_the_choice_in_every_output(self):
        words = "Expectations of 3 items were answered on another scale and are rescaled linearly, end on end, as the study says: 1 (1…5 → 1…7)"
        for form in ("table", "json", "csv", "html"):
            out = self.succeed("gap", self.data, "--study", self.study, "--format", form)
            self.assertEqual(out.count(words), 1, form)
        chinese = self.succeed("gap", self.data, "--study", self.study, env={"LC_ALL": "zh_CN.UTF-8"})
        self.assertIn("线性换算", chinese)

    def test_strays_are_told_on_the_scale_that_was_answered(self):
        report = self.gaps(self.data, "--study", self.study)
        stray = next(s for s in report["strays"] if s["column"] == "E1")
        self.assertEqual({e["value"] for e in stray["examples"]}, {"555"})
        self.assertIn("from 1 to 5", stray["examples"][0]["reason"]["en"])
        wide = self.gaps(self.file("wide.csv", text([{**r, "E1": 6} for r in self.rows])), "--study", self.study)
        self.assertEqual(next(s for s in wide["strays"] if s["column"] == "E1")["n"], len(self.rows))

    def test_the_top_is_that_of_the_scale_that_was_answered(self):
        report = self.gaps(self.data, "--study", self.study)
        for item in report["items"]:
            given = [r[f"E{item['code']}"] for r in self.rows if r[f"E{item['code']}"] not in ("", 999, 555)]
            self.assertAlmostEqual(item["expectation_at_top"], given.count(5) / len(given), 12)

    def test_the_same_scale_rescales_nothing(self):
        report = self.gaps(self.file("p.csv", text(respondents(ONTO))), "--study", self.file("b.json", study(ONTO)))
        self.assertFalse(any("rescaled" in item for item in report["items"]))
        self.assertFalse(any("rescaled" in note["en"] for note in report["notes"]))

    def test_a_scale_without_a_column_for_it_is_refused(self):
        lone = study(None)
        lone["items"] = [{"code": "1", "perception": "P1", "expectation_scale": {"min": 1, "max": 5}}]
        done = run("study", "check", self.file("c.json", lone))
        self.assertEqual(done.returncode, 1)
        self.assertIn("Item “1” has a scale of its expectation, but no column for it.", done.stderr)
        self.assertIn("/items/0", done.stderr)
        lone["items"] = [{"code": "1", "perception": "P1"}, {"code": "2", "perception": "P2", "expectation": "E2"}]
        lone["expectation_scale"] = {"min": 1, "max": 5}
        self.succeed("study", "check", self.file("d.json", lone))

    def test_a_scale_that_none_is_is_refused(self):
        for scale in ({"min": 5, "max": 1}, {"min": 1, "max": 5, "step": 9}, {"min": 1}):
            done = run("study", "check", self.file("e.json", study(scale)))
            self.assertEqual(done.returncode, 1, scale)
            self.assertIn("expectation_scale", done.stderr)


class Proposed(SurveyCase):
    """A file whose expectations go from 0 to 10 and whose perceptions from 1 to 5."""
    def setUp(self):
        super().setUp()
        dice = random.Random(3)
        self.rows = [{"E1": dice.randrange(11), "P1": dice.randrange(1, 6), "E2": dice.randrange(11), "P2": dice.randrange(1, 6)}
                     for _ in range(80)]
        self.data = self.file("s.csv", text(self.rows))

    def init(self, *words):
        done = run("study", "init", self.data, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout), done.stderr

    def mean(self, name):
        return sum(row[name] for row in self.rows) / len(self.rows)

    def test_nothing_is_compared_before_somebody_chooses(self):
        proposed, said = self.init()
        self.assertEqual([(i.get("expectation"), i.get("perception"), i.get("scale", proposed["scale"])["max"]) for i in proposed["items"]],
                         [(None, "P1", 5), (None, "P2", 5), ("E1", None, 10), ("E2", None, 10)])
        self.assertIn("not compared until you decide", said)
        self.assertIn("--rescale", said)
        report = self.gaps(self.data, "--study", self.file("a.json", proposed))
        self.assertFalse(any("gap" in row for row in [*report["items"], report["overall"]]))
        # The expectations that wait take nothing from the perceptions: their mean over all items is there.
        self.assertTrue(math.isclose(report["overall"]["perception"]["value"], (self.mean("P1") + self.mean("P2")) / 2, rel_tol=1e-12))
        self.assertEqual(report["items"][0].get("note"), None)

    def test_the_choice_at_the_command_line(self):
        proposed, said = self.init("--rescale")
        self.assertEqual([(i["expectation"], i["perception"], i["expectation_scale"]) for i in proposed["items"]],
                         [("E1", "P1", {"min": 0, "max": 10}), ("E2", "P2", {"min": 0, "max": 10})])
        self.assertEqual(proposed["scale"], {"min": 1, "max": 5})
        self.assertIn("compared as you chose: 2; the expectation is rescaled linearly, from 0 to 10 on to 1 to 5", said)
        self.assertNotIn("--rescale", said)
        report = self.gaps(self.data, "--study", self.file("a.json", proposed))
        for item in report["items"]:
            k = item["code"]
            self.assertTrue(item["rescaled"])
            self.assertTrue(math.isclose(item["gap"]["value"], self.mean(f"P{k}") - (1 + self.mean(f"E{k}") * 0.4), rel_tol=1e-9))

    def test_where_nothing_differs_the_choice_changes_nothing(self):
        same = self.file("same.csv", text([{**r, "E1": 1 + r["E1"] % 5, "E2": 1 + r["E2"] % 5} for r in self.rows]))
        self.assertEqual(self.succeed("study", "init", same), self.succeed("study", "init", same, "--rescale"))


if __name__ == "__main__":
    unittest.main()
