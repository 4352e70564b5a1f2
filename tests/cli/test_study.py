"""mindgap study init and check; the study reader against its JSON Schema."""
import csv
import io
import json
import re
import unittest

from survey_support import AIRLINE, FILES, KIOSK, ROOT, SurveyCase, needs, run

SCHEMA = json.loads((ROOT / "spec/study.schema.json").read_text("utf-8"))


def problems(value, schema, where=""):
    """A small JSON Schema validator: the keywords that study.schema.json uses, and no others."""
    if "$ref" in schema:
        return problems(value, SCHEMA["$defs"][schema["$ref"].split("/")[-1]], where)
    unknown = set(schema) - {"$schema", "$id", "title", "description", "default", "$defs", "type", "required", "enum", "items", "minItems",
                             "maxItems", "properties", "additionalProperties", "anyOf", "oneOf", "minimum", "maximum", "exclusiveMinimum",
                             "minLength", "maxLength"}
    assert not unknown, unknown
    kinds = {"object": dict, "array": list, "string": str, "number": (int, float), "boolean": bool}
    if "type" in schema and (not isinstance(value, kinds[schema["type"]]) or (schema["type"] == "number" and isinstance(value, bool))):
        return [f"{where}: no {schema['type']}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: not among {schema['enum']}")
    if "oneOf" in schema and sum(not problems(value, s, where) for s in schema["oneOf"]) != 1:
        found.append(f"{where}: not one of")
    if "anyOf" in schema and all(problems(value, s, where) for s in schema["anyOf"]):
        found.append(f"{where}: none of")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        found += [f"{where}: lacks {k}" for k in schema.get("required", []) if k not in value]
        for key, member in value.items():
            if key in properties:
                found += problems(member, properties[key], f"{where}/{key}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{where}: unknown {key}")
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            found.append(f"{where}: {len(value)} entries")
        for i, member in enumerate(value):
            found += problems(member, schema.get("items", {}), f"{where}/{i}")
    if isinstance(value, str) and not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        found.append(f"{where}: length")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value) or value <= schema.get("exclusiveMinimum", value - 1):
            found.append(f"{where}: range")
    return found


def full():
    """A study with every key of the schema."""
    return {
        "study": "full", "title": {"en": "Full", "zh-CN": "全"}, "simulated": True, "scale": {"min": 1, "max": 7, "step": 1},
        "importance_scale": {"min": 1, "max": 5}, "expectation_scale": {"min": 0, "max": 10}, "expectation_kind": "predicted",
        "missing": {"rule": "listwise", "codes": [99], "min_answered": 0.5},
        "dimensions": [{"code": "d", "label": "D", "weight": 2, "truth": -0.2}],
        "touchpoints": [{"code": "t", "label": {"en": "T"}, "stage": "before"}],
        "items": [{"code": "1", "label": "x", "dimension": "d", "touchpoint": "t", "expectation": "E", "perception": "P", "adequate": "A",
                   "importance": "I", "scale": {"min": 0, "max": 1, "step": 0}, "importance_scale": {"min": 1, "max": 3}, "expectation_scale": {"min": 0, "max": 2}, "reverse": True,
                   "truth": -0.1}],
        "margin": 0.2, "overall": "dimensions",
        "outcomes": [{"code": "s", "label": "S", "kind": "binary", "column": "S", "scale": {"min": 0, "max": 1}, "positive": "yes"},
                     {"code": "c", "kind": "ces", "column": "C", "top": 4, "high_means": "effort"}],
        "groups": [{"code": "g", "label": "G", "column": "G"}], "events": [{"wave": "1", "label": "x"}],
        "wave": "w", "weight": "v", "customer": "c", "episode": "e", "time": "t", "id": "i", "window": 30}


def keys_of_schema(schema, where="", into_definitions=True):
    if "$ref" in schema and not into_definitions:
        return
    schema = SCHEMA["$defs"][schema["$ref"].split("/")[-1]] if "$ref" in schema else schema
    for key, member in schema.get("properties", {}).items():
        yield f"{where}/{key}"
        yield from keys_of_schema(member, f"{where}/{key}", into_definitions)
    if "items" in schema:
        yield from keys_of_schema(schema["items"], where + "/0", into_definitions)


def stands_in(value, steps):
    """Whether the key is there, in any member of a list."""
    if not steps:
        return True
    members = value if steps[0] == "0" else [value[steps[0]]] if steps[0] in value else []
    return any(stands_in(member, steps[1:]) for member in members)


class Schema(SurveyCase):
    def accepted(self, study):
        return run("study", "check", self.file("s.json", study)).returncode == 0

    def test_every_key_of_the_schema_is_read(self):
        study = full()
        self.assertEqual(problems(study, SCHEMA), [])
        self.assertTrue(self.accepted(study), run("study", "check", self.file("s.json", study)).stderr)
        for path in keys_of_schema(SCHEMA, into_definitions=False):
            self.assertTrue(stands_in(study, path.split("/")[1:]), path)

    def test_every_key_that_is_read_is_in_the_schema(self):
        source = (ROOT / "src/model/study_read.c").read_text("utf-8")
        read = set(re.findall(r'^\s+\{"([a-zA-Z_-]+)", (?:true|false), ', source, re.M))
        schema = {path.split("/")[-1] for path in keys_of_schema(SCHEMA)} | {"en", "zh-CN"}
        self.assertGreater(len(read), 30)
        self.assertEqual(read, schema)

    def test_reader_and_schema_refuse_the_same(self):
        def changed(change):
            study = full()
            change(study)
            return study
        for change in (
                lambda s: s.pop("study"), lambda s: s.pop("items"), lambda s: s.update(items=[]), lambda s: s.update(more=1),
                lambda s: s.update(study="x" * 65), lambda s: s.update(study=5), lambda s: s.update(expectation_kind="ideal"),
                lambda s: s["missing"].update(min_answered=1.5), lambda s: s["missing"].update(codes=[1] * 9),
                lambda s: s["dimensions"][0].update(weight=0), lambda s: s["touchpoints"][0].update(stage="later"),
                lambda s: s["items"][0].pop("code"), lambda s: (s["items"][0].pop("expectation"), s["items"][0].pop("perception")),
                lambda s: s["items"][0].update(reverse="yes"), lambda s: s["items"][0].update(label={"de": "x"}),
                lambda s: s["expectation_scale"].pop("max"), lambda s: s["items"][0]["expectation_scale"].update(step=-1),
                lambda s: s["scale"].pop("max"), lambda s: s["scale"].update(step=-1), lambda s: s["outcomes"][0].update(kind="mood"),
                lambda s: s["outcomes"][0].pop("column"), lambda s: s["groups"][0].pop("column"), lambda s: s["events"][0].pop("label"),
                lambda s: s.update(wave=""), lambda s: s.update(items=[dict(s["items"][0], code=str(i)) for i in range(201)])):
            study = changed(change)
            self.assertNotEqual(problems(study, SCHEMA), [], study)
            self.assertFalse(self.accepted(study), study)

    def test_demo_studies_hold(self):
        for path in sorted((ROOT / "demo").glob("*.study.json")):
            self.assertEqual(problems(json.loads(path.read_text("utf-8")), SCHEMA), [], path)
            self.succeed("study", "check", path)


class Init(SurveyCase):
    def proposed(self, text, name="s.csv"):
        return json.loads(self.succeed("study", "init", self.file(name, text)))

    def rows(self, header, *values, n=30):
        return header + "\n" + "\n".join(",".join(str(v(i)) if callable(v) else str(v) for v in values) for i in range(n)) + "\n"

    def test_pairs_however_they_are_named(self):
        seven = [lambda i: 1 + i % 7, lambda i: 1 + i * 3 % 7]
        for e, p in (("E01", "P01"), ("exp_wait", "per_wait"), ("wait_期望", "wait_感知"), ("期望等待", "感知等待"), ("Q1_E", "Q1_P"),
                     ("expectation.1", "perception.1"), ("expected 1", "perceived 1")):
            study = self.proposed(self.rows(f"{e},{p}", *seven))
            self.assertEqual([(i["expectation"], i["perception"]) for i in study["items"]], [(e, p)])
            self.assertEqual(study["scale"], {"min": 1, "max": 7})

    def test_words_that_only_begin_alike_are_no_pairs(self):
        done = run("study", "init", self.file("s.csv", self.rows("east,past", lambda i: 1 + i % 7, lambda i: 1 + i % 7)))
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("No item for a study", done.stderr)

    def test_outcomes_groups_and_special_columns(self):
        study = self.proposed(self.rows("id,E1,P1,nps,region,wave,weight,customer_id,satisfied", lambda i: i, lambda i: 1 + i % 5,
                                        lambda i: 1 + i * 3 % 5, lambda i: i % 11, lambda i: "ab"[i % 2], lambda i: f"W{i % 2}",
                                        lambda i: 0.5 + i % 3, lambda i: f"c{i}", lambda i: ["yes", "no"][i % 2], n=60))
        self.assertEqual([(o["column"], o["kind"]) for o in study["outcomes"]], [("nps", "nps"), ("satisfied", "binary")])
        self.assertEqual(study["outcomes"][1]["positive"], "yes")
        self.assertEqual([g["column"] for g in study["groups"]], ["region"])
        self.assertEqual((study["wave"], study["weight"], study["customer"], study["id"]), ("wave", "weight", "customer_id", "id"))

    def test_importance_has_its_own_scale(self):
        study = self.proposed(self.rows("E1,P1,IMP1,E2,P2,IMP2", lambda i: 1 + i % 7, lambda i: 1 + i * 3 % 7, lambda i: 1 + i % 5,
                                        lambda i: 2 + i % 4, lambda i: 2 + i * 3 % 4, lambda i: 3 + i % 3))
        self.assertEqual((study["scale"], study["importance_scale"]), ({"min": 1, "max": 7}, {"min": 1, "max": 5}))
        self.assertTrue(all("scale" not in item and "importance_scale" not in item for item in study["items"]))

    def test_codes_for_no_answer_stay_off_the_scale(self):
        study = self.proposed(self.rows("E1,P1", lambda i: 99 if i == 3 else 1 + i % 5, lambda i: 1 + i * 3 % 5))
        self.assertEqual(study["scale"], {"min": 1, "max": 5})
        self.assertEqual(study["missing"]["codes"], [99])

    @needs(KIOSK)
    def test_kiosk(self):
        done = run("study", "init", KIOSK)
        study = json.loads(done.stdout)
        self.assertEqual([(i["expectation"], i["perception"], i["importance"]) for i in study["items"]],
                         [(f"E{n:02}", f"P{n:02}", f"IMP{n:02}") for n in range(1, 25)])
        self.assertEqual(study["scale"], {"min": 1, "max": 7})
        self.assertEqual([g["column"] for g in study["groups"]], ["gender", "age", "freq"])
        self.assertIn("24 pairs", done.stderr)
        path = self.file("k.json", study)
        self.succeed("study", "check", path, KIOSK)
        self.succeed("gap", KIOSK, "--study", path)

    def gaps(self, name):
        """The study proposed for a file with the traits of a real one, and the gaps with it by item."""
        survey = FILES / name
        done = run("study", "init", survey)
        self.assertEqual(done.returncode, 0, done.stderr)
        path = self.file("s.json", json.loads(done.stdout))
        report = json.loads(self.succeed("gap", survey, "--study", path, "--format", "json"))
        return json.loads(done.stdout), report

    @needs(FILES)
    def test_files_as_people_have_them(self):
        standard = [-2.9333, -2.1833, -1.8333]
        for name, scale, codes, gaps, n in (
                ("case01-crlf-rows-lf-in-cell.csv", (1, 7), None, standard, [60] * 3),
                ("case05-one-text-cell.csv", (1, 7), None, [-2.9492] + standard[1:], [59, 60, 60]),
                ("case09-csat-3-point.csv", (1, 7), None, standard, [60] * 3),
                ("case10-dont-know-9.csv", (1, 7), [9], [-3.02, -2.0625, -1.7885], [50, 48, 52]),
                ("case10b-not-applicable-0.csv", (1, 7), [0], [-3.06, -2.2083, -1.8462], [50, 48, 52]),
                ("case12-bipolar-scale.csv", (-2, 2), None, [-2.45, -1.8667, -1.5333], [60] * 3),
                ("case14-long-question.csv", (1, 7), None, standard, [60] * 3),
                ("case15-kobo-groups.csv", (1, 7), None, standard, [60] * 3)):
            with self.subTest(name):
                study, report = self.gaps(name)
                self.assertEqual((study["scale"]["min"], study["scale"]["max"]), scale)
                self.assertEqual(study["missing"].get("codes"), codes)
                self.assertEqual([round(item["gap"]["value"], 4) for item in report["items"]], gaps)
                self.assertEqual([item["n"] for item in report["items"]], n)

    @needs(FILES)
    def test_ninety_pairs(self):
        study = json.loads(self.succeed("study", "init", FILES / "case03-181-columns.csv"))
        self.assertEqual([(i["expectation"], i["perception"]) for i in study["items"]], [(f"E{n}", f"P{n}") for n in range(90)])

    @needs(FILES)
    def test_an_item_that_never_reaches_the_best_answer_stays(self):
        study, report = self.gaps("case11-lowest-item-dropped.csv")
        self.assertEqual([i["perception"] for i in study["items"]], ["heat", "bills", "staff", "app"])
        self.assertEqual(study["scale"], {"min": 1, "max": 7})
        self.assertEqual(round(report["items"][0]["perception"]["value"], 2), 2.35)
        self.assertEqual(min(item["perception"]["value"] for item in report["items"]), report["items"][0]["perception"]["value"])

    @needs(FILES)
    def test_three_points_of_satisfaction(self):
        study, report = self.gaps("case09-csat-3-point.csv")
        outcome = study["outcomes"][0]
        self.assertEqual((outcome["kind"], outcome["scale"], outcome["top"]), ("csat", {"min": 1, "max": 3}, 3))
        self.assertEqual(round(report["scores"][0]["estimate"]["value"], 1), 40.0)

    @needs(FILES)
    def test_ticked_choices_are_no_ratings(self):
        done = run("study", "init", FILES / "case19-select-multiple.csv")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("channels/web: choice", done.stderr)

    @needs(FILES)
    def test_one_to_six(self):
        study, report = self.gaps("case20-psych-bfi-1-6.csv")
        self.assertEqual((study["scale"], len(study["items"])), ({"min": 1, "max": 6}, 25))
        study["items"][0]["reverse"] = True
        path = self.file("r.json", study)
        report = json.loads(self.succeed("gap", FILES / "case20-psych-bfi-1-6.csv", "--study", path, "--format", "json"))
        self.assertEqual([round(i["perception"]["value"], 4) for i in report["items"] if i["code"] == "A1"], [4.5866])

    def test_roles_are_said_in_both_languages(self):
        survey = self.file("s.csv", self.rows("expected heat,actual heat,expected price", lambda i: 1 + i % 7, lambda i: 1 + i * 3 % 7,
                                              lambda i: 1 + i * 5 % 7))
        english = run("study", "init", survey).stderr
        self.assertIn("○ expected heat  ● actual heat: heat, 1…7 — sure: same stem “heat”", english)
        self.assertIn("Columns that speak of expectations and have no partner: 1 (expected price).", english)
        chinese = run("study", "init", survey, env={"LC_ALL": "zh_CN.UTF-8"}).stderr
        self.assertIn("heat, 1…7 — 有把握: 题干相同：“heat”", chinese)
        self.assertIn("提到期望却没有配对的列：1（expected price）。", chinese)

    @needs(KIOSK)
    def test_kiosk_by_its_questions_alone(self):
        """The Korean questions as names: expectation, perception and importance of an item differ in verbs and numbers."""
        with open(KIOSK.parent / "kiosk_labels_ko.csv", encoding="utf-8-sig", newline="") as f:
            questions = dict(list(csv.reader(f))[1:])
        with open(KIOSK, encoding="utf-8-sig", newline="") as f:
            rows = list(csv.reader(f))
        text = io.StringIO()
        csv.writer(text).writerows([[questions.get(code, code) for code in rows[0]]] + rows[1:])
        self.succeed("convert", self.file("questions.csv", text.getvalue()), self.folder / "named.csv")
        with open(self.folder / "named.csv", encoding="utf-8-sig", newline="") as f:
            codes = dict(zip(next(csv.reader(f)), rows[0]))  # the questions became labels
        study = self.proposed(text.getvalue())
        self.assertEqual([tuple(codes[i[k]] for k in ("expectation", "perception", "importance")) for i in study["items"]],
                         [(f"E{n:02}", f"P{n:02}", f"IMP{n:02}") for n in range(1, 25)])

    @needs(AIRLINE)
    def test_airline(self):
        study = json.loads(self.succeed("study", "init", AIRLINE))
        self.assertEqual(len(study["items"]), 14)
        self.assertEqual(study["missing"]["codes"], [0])
        self.assertEqual(study["outcomes"][0]["positive"], "Satisfied")


class Check(SurveyCase):
    def test_a_column_that_is_not_there(self):
        study = {"study": "s", "scale": {"min": 1, "max": 5}, "items": [{"code": "1", "expectation": "E1", "perception": "Q1"}]}
        done = run("study", "check", self.file("s.json", study), self.file("s.csv", "E1,P1\n1,2\n"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("no column “Q1”", done.stderr)

    def test_answers_that_are_none_are_said(self):
        study = {"study": "s", "id": "id", "scale": {"min": 1, "max": 5}, "items": [{"code": "1", "expectation": "E1", "perception": "P1"}]}
        done = run("study", "check", self.file("s.json", study), self.file("s.csv", "id,E1,P1\nx,1,2\ny,3,9\nx,2.5,no\n"))
        self.assertEqual(done.returncode, 0)
        self.assertIn("“P1”: values that are no answers and count as missing: 2 (9 × 1, from row 2; no × 1, from row 3).", done.stderr)
        self.assertIn("“E1”: values that are no answers and count as missing: 1 (2.5 × 1, from row 3).", done.stderr)
        self.assertIn("“id” has ids more than once: 1, in 2 rows (x in rows 1, 3); every row counts.", done.stderr)


if __name__ == "__main__":
    unittest.main()
