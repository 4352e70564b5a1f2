"""The last wave's import is kept beside its study and offered for the next file: which study it is, what is different, how it was read."""
import copy
import json
import sqlite3
import unittest

from support import STUDY, ApiTest, import_survey, make_study, second_organisation, survey_csv, upload


def with_header(content, **names):
    """The same rows under other names."""
    head, rest = content.split(b"\n", 1)
    cells = [names.get(name, name) for name in head.decode().split(",")]
    return ",".join(cells).encode() + b"\n" + rest


def flipped(content, column):
    lines = [line.split(",") for line in content.decode().strip().splitlines()]
    at = lines[0].index(column)
    for line in lines[1:]:
        line[at] = str(8 - int(line[at]))
    return "\n".join(map(",".join, lines)).encode() + b"\n"


def in_words(content, column):
    words = ["strongly disagree", "disagree", "somewhat disagree", "neutral", "somewhat agree", "agree", "strongly agree"]
    lines = [line.split(",") for line in content.decode().strip().splitlines()]
    at = lines[0].index(column)
    for line in lines[1:]:
        line[at] = words[int(line[at]) - 1]
    return "\n".join(map(",".join, lines)).encode() + b"\n"


class LastWave(ApiTest):
    def study(self, code):
        return make_study(self.owner, {**copy.deepcopy(STUDY), "study": code})

    def preview(self, content, study_id=None, reading=None, client=None):
        client = client or self.owner
        upload_id = upload(self.owner, content, "next.csv")
        body = {key: value for key, value in (("study", study_id), ("reading", reading)) if value}
        answer = client.post(f"/uploads/{upload_id}/preview", body)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def kinds(self, preview):
        return [(d["kind"], d["column"]) for d in preview["last"]["differences"]]

    def test_a_study_without_an_import_has_no_last_wave(self):
        study = self.study("first")
        self.assertNotIn("last", self.preview(survey_csv(), study))

    def test_the_next_file_is_compared_and_its_study_found(self):
        study = self.study("compared")
        imported = import_survey(self.owner, study, survey_csv(300, seed=3))
        same = self.preview(survey_csv(300, seed=3), study)["last"]
        self.assertEqual((same["study"]["id"], same["study"]["code"], same["import_id"]), (study, "compared", imported["id"]))
        self.assertEqual((same["differences"], same["more"], same["columns"], same["found"]), ([], 0, 11, 11))
        self.assertEqual(same["study"]["title"]["en"], "Kiosk")
        self.assertNotIn("reading", same, "nothing was told")
        # another year, one column turned round, one under another name, one new
        changed = with_header(flipped(survey_csv(300, seed=4), "E2"), region="area")
        found = self.preview(changed, study)
        self.assertEqual(self.kinds(found), [("scale_flipped", "E2"), ("column_gone", "region"), ("column_new", "area")])
        self.assertIn("turned round", found["last"]["differences"][0]["text"])
        chinese = self.key("read")
        chinese.language = "zh-CN"
        self.assertIn("方向反了", self.preview(changed, study, client=chinese)["last"]["differences"][0]["text"])
        # without saying which study
        offered = self.preview(changed)
        self.assertEqual(offered["last"]["study"]["id"], study)
        self.assertIn("10 of 11", offered["last"]["sure"])
        self.assertIn("proposed_study", offered, "a new study is proposed all the same")
        lost = with_header(survey_csv(50), region="a", E1="b", P1="c")
        self.assertNotIn("last", self.preview(lost), "8 of 11 are too few")
        self.assertEqual(len(self.preview(lost, study)["last"]["differences"]), 6)

    def test_the_wave_of_all_rows_is_told_so_that_a_corrected_file_can_say_it_too(self):
        study = make_study(self.owner, {**{k: v for k, v in STUDY.items() if k != "wave"}, "study": "one-wave"})
        without = with_header(survey_csv(60, seed=4), wave="kiosk_id")
        imported = import_survey(self.owner, study, with_header(survey_csv(60, seed=3), wave="kiosk_id"), wave="2025-12")
        self.assertEqual(imported["wave"], "2025-12")
        self.assertEqual(self.preview(without, study)["last"]["wave"], "2025-12")
        again = import_survey(self.owner, study, without)
        self.assertNotIn("wave", again)
        self.assertNotIn("wave", self.preview(without, study)["last"], "the last import said none")

    def test_the_best_of_several_studies_is_offered(self):
        near, far = self.study("near"), self.study("far")
        names = {f"{half}{k}": f"{half}_{k}" for half in "EP" for k in range(1, 5)}
        document = json.loads(json.dumps({**STUDY, "study": "renamed"}).replace('"E', '"E_').replace('"P', '"P_'))
        renamed = make_study(self.owner, document)
        for study, content in ((far, survey_csv(60, 7)), (near, survey_csv(60, 8)), (renamed, with_header(survey_csv(60, 9), **names))):
            import_survey(self.owner, study, content)
        self.assertEqual(self.preview(with_header(survey_csv(70), **names))["last"]["study"]["id"], renamed)
        self.assertEqual(self.preview(survey_csv(70))["last"]["study"]["id"], near, "of two alike the one imported into last")

    def test_the_told_reading_is_offered_and_obeyed(self):
        study = self.study("told")
        reading = {"columns": [{"column": "P1", "flipped": True}, {"column": "region", "kind": "text"}]}
        content = in_words(survey_csv(120, 5), "P1")
        upload_id = upload(self.owner, content)
        created = self.owner.post("/imports", {"upload_id": upload_id, "study_id": study, "reading": reading})
        self.assertEqual(self.owner.wait_job(created.json["job_id"])["state"], "done")
        nxt = in_words(survey_csv(120, 6), "P1")
        plain = self.preview(nxt, study)
        self.assertEqual(self.kinds(plain), [("scale_flipped", "P1")])
        self.assertTrue(plain["last"]["reading"]["columns"][0]["flipped"])
        self.assertEqual(self.kinds(self.preview(nxt, study, plain["last"]["reading"])), [])
        # of columns that this file hasn't nothing is offered: it could not be obeyed
        without = self.preview(with_header(nxt, region="other"), study)
        self.assertEqual([c["column"] for c in without["last"]["reading"]["columns"]], ["P1"])

    def test_undo_forgets_it_and_the_one_before_counts_again(self):
        study = self.study("undone")
        first = import_survey(self.owner, study, survey_csv(40, 1))
        second = import_survey(self.owner, study, survey_csv(40, 2))
        self.assertEqual(self.preview(survey_csv(40, 3), study)["last"]["import_id"], second["id"])
        self.assertEqual(self.owner.delete(f"/imports/{second['id']}").status, 200)
        self.assertEqual(self.preview(survey_csv(40, 3), study)["last"]["import_id"], first["id"])
        self.assertEqual(self.owner.delete(f"/imports/{first['id']}").status, 200)
        self.assertNotIn("last", self.preview(survey_csv(40, 3), study))

    def test_nothing_of_who_answered_is_kept(self):
        document = {**copy.deepcopy(STUDY), "study": "private", "customer": "client"}
        study = make_study(self.owner, document)
        lines = survey_csv(30, 4).decode().strip().splitlines()
        content = "\n".join([lines[0] + ",client,remarks"] + [f"{line},K-{i}-secret,my own words {i}" for i, line in enumerate(lines[1:])])
        imported = import_survey(self.owner, study, content.encode() + b"\n")
        with sqlite3.connect(f"file:{self.server.data}/record.sqlite?mode=ro", uri=True) as record:
            kept = record.execute("SELECT profile FROM import_profile WHERE import_id = ?", (imported["id"],)).fetchone()[0]
        for word in ("secret", "own words", "north", "remarks", "2024"):
            self.assertNotIn(word, kept)
        self.assertIn('"client"', kept, "the column's name")

    def test_a_column_that_the_study_does_not_name_is_proposed_where_the_last_import_took_it(self):
        study = self.study("unnamed")
        head, *lines = survey_csv(30, 4).decode().strip().splitlines()
        content = "\n".join([head + ",Weight"] + [line + ",1.5" for line in lines]).encode() + b"\n"
        proposed = lambda: {c["name"]: c.get("target") for c in self.preview(content, study)["columns"]}
        self.assertEqual(proposed()["wave"], "wave", "its document names it")
        self.assertIsNone(proposed()["Weight"])
        import_survey(self.owner, study, content)
        self.assertIsNone(proposed()["Weight"], "without a mapping it wasn't read")
        mapping = [{"source": name, "target": "weight" if name == "Weight" else name} for name in [*head.split(","), "Weight"]]
        fed = [one for one in mapping if one["target"] in ("weight", "wave", "REC", "region") or one["target"][0] in "EP"]
        import_survey(self.owner, study, content, mapping=fed, again=True)
        self.assertEqual(proposed()["Weight"], "weight")

    def test_what_cannot_be_read_is_not_there(self):
        study = self.study("unreadable")
        for version, done in ((2, 1), (1, 2)):
            imported = import_survey(self.owner, study, survey_csv(30, done))
            with sqlite3.connect(f"{self.server.data}/record.sqlite", timeout=30) as record:
                record.execute("UPDATE import_profile SET profile = ? WHERE import_id = ?",
                               (json.dumps({"version": version, "columns": [{}], "others": []}), imported["id"]))
            self.assertNotIn("last", self.preview(survey_csv(30, 5), study))
        self.assertEqual(import_survey(self.owner, study, survey_csv(30, 6))["added"], 30)

    def test_others_do_not_see_it(self):
        study = self.study("ours")
        import_survey(self.owner, study, survey_csv(40, 6))
        others = second_organisation(self.server, "Elsewhere")
        preview = others.get(f"/uploads/{upload(others, survey_csv(40, 6))}/preview")
        self.assertEqual(preview.status, 200)
        self.assertNotIn("last", preview.json)


if __name__ == "__main__":
    unittest.main()
