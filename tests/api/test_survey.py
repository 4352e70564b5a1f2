"""From a survey file to a gap: upload, preview, mapping, import as a job, errors, undo; single responses; the analyses."""
import contextlib
import gzip
import io
import os
import pathlib
import sqlite3
import threading
import time
import unittest
import urllib.parse
import xml.sax.saxutils
import zipfile

from support import STUDY, ApiTest, import_survey, make_study, mean_gap, survey_csv, upload, wait_rows

FILES = pathlib.Path(__file__).parent.parent / "data/files"


def workbook(sheets):
    """An .xlsx of {name: rows}."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        names = "".join(f'<sheet name="{name}" r:id="r{i}"/>' for i, name in enumerate(sheets))
        book.writestr("xl/workbook.xml", f"<workbook><sheets>{names}</sheets></workbook>")
        links = "".join(f'<Relationship Id="r{i}" Type="{relation}worksheet" Target="s{i}.xml"/>' for i in range(len(sheets)))
        book.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        for i, rows in enumerate(sheets.values()):
            cells = "".join("<row>" + "".join(f'<c t="str"><v>{xml.sax.saxutils.escape(str(cell))}</v></c>' for cell in row) + "</row>" for row in rows)
            book.writestr(f"xl/s{i}.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    return packed.getvalue()


class Survey(ApiTest):
    def study(self, code):
        return make_study(self.owner, {**STUDY, "study": code})

    def test_from_file_to_gaps(self):
        study, content = self.study("whole"), survey_csv()
        made = import_survey(self.owner, study, content)
        self.assertEqual((made["state"], made["imported"], made["errors"]), ("done", 200, 0))
        report = wait_rows(self.owner, study, 200)
        by_code = {row["code"]: row for row in report["items"]}
        for item in range(1, 5):
            self.assertAlmostEqual(by_code[f"i{item}"]["gap"]["value"], mean_gap(content, item), places=9)
        gaps = [row["gap"]["value"] for row in report["items"]]
        self.assertEqual(gaps, sorted(gaps), "worst first")
        overview = self.owner.get(f"/studies/{study}/overview").json
        self.assertEqual(overview["wave"], "2025")
        self.assertIn(overview["worst"][0]["verdict"], ("short", "noise"))
        self.assertEqual([row["imported"] for row in self.owner.get("/imports").json["imports"] if row["study_id"] == study], [200])

    def test_a_study_tells_when_its_latest_answer_was_given_and_when_it_came_in(self):
        study = self.study("dated")
        for day in (9, 2):
            self.owner.post(f"/studies/{study}/responses", {"answers": {"E1": 5, "P1": 4}, "at": f"2026-01-0{day}T08:00:00Z"})
        for seen in (self.owner.get(f"/studies/{study}").json, next(s for s in self.owner.get("/studies").json["studies"] if s["id"] == study)):
            self.assertEqual(seen["last_response_at"], "2026-01-09T08:00:00Z")
            self.assertGreater(seen["last_received_at"], "2026-02")

    def test_a_study_without_answers_says_so(self):
        study = self.study("empty")
        overview = self.owner.get(f"/studies/{study}/overview")
        self.assertEqual((overview.status, overview.json["n"]), (200, 0))
        for path in ("gaps", "drivers", "items/i1/distribution", "nonresponse"):
            self.assert_problem(self.owner.get(f"/studies/{study}/{path}"), 422, "inestimable")
        self.assertEqual(self.owner.get(f"/studies/{study}/facets").json["waves"], [])
        self.assert_problem(self.owner.get(f"/studies/{study}/items/nowhere/distribution"), 404, "not_found")

    def test_all_waves_are_asked_for_and_say_the_same_everywhere(self):
        study = self.study("waves")
        import_survey(self.owner, study, survey_csv(120, seed=3))
        wait_rows(self.owner, study, 120)
        newest = self.owner.get(f"/studies/{study}/overview").json
        self.assertEqual((newest["wave"], newest["n"]), ("2025", 60))
        named = self.owner.get(f"/studies/{study}/gaps?wave=2025").json
        self.assertEqual(named["overall"]["gap"]["value"], next(k for k in newest["kpis"] if k["code"] == "gap")["estimate"]["value"])
        whole = self.owner.get(f"/studies/{study}/overview?wave=*").json
        gaps = self.owner.get(f"/studies/{study}/gaps?wave=*").json
        self.assertEqual((whole["wave"], whole.get("previous_wave"), whole["n"], gaps["rows"]), (None, None, 120, 120))
        self.assertEqual(gaps["overall"]["gap"]["value"], next(k for k in whole["kpis"] if k["code"] == "gap")["estimate"]["value"])
        self.assertEqual(len(whole["trend"]), 2)
        spread = self.owner.get(f"/studies/{study}/items/i1/distribution?wave=*").json
        self.assertEqual(sum(v["n"] for v in spread["perception"]), 120)

    def test_a_study_that_knows_its_customers_is_measured(self):
        study = make_study(self.owner, {**STUDY, "study": "customers", "customer": "person"})
        for number in range(40):
            body = {"answers": {"E1": 6 + number % 2, "P1": 3 + number % 4, "E2": 6, "P2": 4 + number % 3}, "customer": f"C-{number % 30}",
                    "wave": "2025"}
            self.assertEqual(self.owner.post(f"/studies/{study}/responses", body).status, 201)
        report = wait_rows(self.owner, study, 40)
        self.assertLess(report["overall"]["gap"]["value"], 0)
        self.assertEqual(self.owner.get(f"/studies/{study}/overview").status, 200)

    def test_filters_groups_and_waves(self):
        study, content = self.study("filters"), survey_csv(120, seed=2)
        import_survey(self.owner, study, content)
        wait_rows(self.owner, study, 120)
        north = sum(b",north," in line for line in content.splitlines())
        self.assertEqual(self.owner.get(f"/studies/{study}/gaps?filter=region:north").json["rows"], north)
        self.assertEqual(self.owner.get(f"/studies/{study}/gaps?wave=2024").json["rows"], 60)
        self.assertEqual(self.owner.get(f"/studies/{study}/gaps?filter=wave:2024").json["rows"], 60)
        both = sum(b",north,2024" in line for line in content.splitlines())
        self.assertEqual(self.owner.get(f"/studies/{study}/gaps?filter=wave:2024;region:north").json["rows"], both)
        groups = self.owner.get(f"/studies/{study}/gaps?by=region").json["groups"]
        self.assertEqual({group["keys"][0]["value"]: group["n"] for group in groups}, {"north": north, "south": 120 - north})
        facets = self.owner.get(f"/studies/{study}/facets").json
        self.assertEqual([wave["value"] for wave in facets["waves"]], ["2024", "2025"])
        counts = lambda query: {v["value"]: v["n"] for v in self.owner.get(f"/studies/{study}/facets{query}").json["groups"][0]["values"]}
        self.assertEqual(counts("?wave=2024"), {"north": both, "south": 60 - both})
        self.assertEqual(counts("?wave=*"), {"north": north, "south": 120 - north})
        self.assertEqual(counts(""), counts("?wave=2025"))
        self.assert_problem(self.owner.get(f"/studies/{study}/gaps?filter=colour:red"), 422, "invalid")
        self.assert_problem(self.owner.get(f"/studies/{study}/gaps?by=colour"), 422, "invalid")
        for query in ("by=region,region", "by=wave,region,wave", "by=,", "by=region,", "by=region&by=wave", "filter=;;", "filter=region:north;",
                      "filter=region:north,,south", "filter=region:north&filter=region:south", "wave=2024&wave=2025"):
            self.assert_problem(self.owner.get(f"/studies/{study}/gaps?{query}"), 422, "invalid")

    def test_posted_answers_follow_the_rule_of_files(self):
        study = self.study("posted")
        answers = [{"E1": 5, "P1": 4, "region": "-"}, {"E1": "NA", "P1": 4}, {"E1": 9, "P1": 4}, {"E1": 5, "P1": 3.7}, {"E1": 6, "P1": 4}, {"E1": 6, "P1": 3}]
        warned = [self.owner.post(f"/studies/{study}/responses", {"answers": given}).json.get("warnings", []) for given in answers]
        self.assertEqual([len(w) for w in warned], [0, 0, 1, 1, 0, 0])
        self.assertIn("between the steps", warned[3][0])
        self.assert_problem(self.owner.post(f"/studies/{study}/responses", {"answers": {"E1": "five"}}), 422, "invalid")
        report = wait_rows(self.owner, study, 6)
        self.assertEqual([(s["column"], s["n"], s["examples"][0]["value"]) for s in report["strays"]], [("E1", 1, "9")])
        self.assertEqual({row["code"]: row["n"] for row in report["items"]}["i1"], 3)

    def test_those_who_left_a_question_out_are_compared(self):
        study = self.study("absent")
        lines = ["E1,P1,E2,P2,E3,P3"] + [f"6,5,6,{5 + i % 2},6,5" for i in range(8)] + [f"6,,6,{2 + i % 2},6,3" for i in range(8)]
        import_survey(self.owner, study, "\n".join(lines).encode() + b"\n")
        wait_rows(self.owner, study, 16)
        report = self.owner.get(f"/studies/{study}/nonresponse").json
        self.assertEqual([(r["code"], r["criterion"], r["answered"], r["absent"], r["significant"]) for r in report["rows"]],
                         [("i1", "perception", 8, 8, True)])
        self.assertAlmostEqual(report["rows"][0]["difference"]["value"], 2.75 - 5.25)
        self.assertIn("rate the rest lower than those who answered it: the answers to it may be too good", report["finding"]["en"])

    def test_bad_cells_are_listed_with_their_place(self):
        study = self.study("bad")
        content = b"E1,P1,E2,P2,region,wave\n5,4,6,9,north,2024\n5,x,6,5,south,2024\n7,6,7,7,north,2024\n"
        made = import_survey(self.owner, study, content)
        self.assertEqual((made["imported"], made["errors"]), (3, 2))
        errors = self.owner.get(f"/imports/{made['id']}/errors")
        self.assertEqual(errors.headers["content-type"], "text/csv; charset=utf-8")
        text = errors.body.decode("utf-8-sig").splitlines()
        self.assertEqual(len(text), 3, text)
        self.assertTrue(any(line.startswith("2,") and "P2" in line and "9" in line for line in text), text)
        self.assertTrue(any(line.startswith("3,") and "P1" in line and "x" in line for line in text), text)

    def test_what_is_kept_is_read_in_the_readers_language(self):
        made = import_survey(self.owner, self.study("both"), b"E1,P1\nx,y\nz,\n", expect="failed")
        self.assertEqual(made["message"], "Not one of the 2 rows could be imported.")
        headers = {"Accept-Language": "zh-CN", "Cookie": self.owner.cookie}
        chinese = self.owner.raw("GET", f"/api/v1/imports/{made['id']}", headers=headers).json
        self.assertRegex(chinese["message"], "^2 行中.*。$")
        job = self.owner.raw("GET", f"/api/v1/jobs/{made['job_id']}", headers=headers).json
        self.assertEqual(job["message"], chinese["message"])
        errors = self.owner.raw("GET", f"/api/v1/imports/{made['id']}/errors", headers=headers).body.decode("utf-8-sig").splitlines()
        self.assertTrue(errors[1].endswith("。"), errors)

    def test_the_same_file_twice_needs_a_yes(self):
        study, content = self.study("twice"), survey_csv(20, seed=3)
        import_survey(self.owner, study, content)
        upload_id = upload(self.owner, content)
        body = {"upload_id": upload_id, "study_id": study, "mapping": [{"source": "E1", "target": "E1"}, {"source": "P1", "target": "P1"}]}
        self.assert_problem(self.owner.post("/imports", body), 409, "conflict")
        self.assertEqual(self.owner.post("/imports", {**body, "again": True}).status, 202)

    def test_a_study_made_with_its_import(self):
        """Both in one request: there with its answers, or not at all."""
        document = {**STUDY, "study": "made-with"}
        studies = lambda: [study["code"] for study in self.owner.get("/studies").json["studies"] if study["code"] == "made-with"]
        def make(content):
            answer = self.owner.post("/imports", {"upload_id": upload(self.owner, content), "new_study": document})
            self.assertEqual(answer.status, 202, answer.body)
            self.owner.wait_job(answer.json["job_id"])
            return self.owner.get(f"/imports/{answer.json['id']}").json
        head = survey_csv(1).splitlines()[0]
        failed = make(head + b"\nx" + b"," * head.count(b",") + b"\n")
        self.assertEqual((failed["state"], failed["errors"], studies()), ("failed", 1, []))
        self.assert_problem(self.owner.get(f"/studies/{failed['study_id']}"), 404, "not_found")
        self.assert_problem(self.owner.get(f"/studies/{failed['study_id']}/gaps"), 404, "not_found")
        self.assertIn(b"x", self.owner.get(f"/imports/{failed['id']}/errors").body)
        with contextlib.closing(sqlite3.connect(pathlib.Path(self.server.data, "record.sqlite"), timeout=20)) as record:
            left = record.execute("SELECT document, title_en, title_zh FROM study WHERE id = ?", (failed["study_id"],)).fetchall()
        self.assertEqual(left, [("{}", None, None)])  # the import's row points to it; what it said is gone
        self.assertEqual([(kind["column"], kind["n"], kind["line"]) for kind in failed["error_kinds"]], [("E1", 1, 2)])
        made = make(survey_csv(30, seed=5))
        self.assertEqual((made["state"], made["imported"], studies()), ("done", 30, ["made-with"]))
        wait_rows(self.owner, made["study_id"], 30)
        again = {"upload_id": upload(self.owner, survey_csv(30, seed=6)), "new_study": document}
        self.assert_problem(self.owner.post("/imports", again), 409, "taken", "/study")
        self.assert_problem(self.owner.post("/studies", {"document": document}), 409, "taken", "/study")
        self.assert_problem(self.owner.post("/imports", {"upload_id": again["upload_id"]}), 422, "invalid", "/study_id")
        both = {**again, "study_id": made["study_id"]}
        self.assert_problem(self.owner.post("/imports", both), 422, "invalid", "/new_study")

    def test_a_new_study_names_columns_of_the_file(self):
        """And says each row's wave, or one for all."""
        document = {**STUDY, "study": "named"}
        document["items"] = [{**document["items"][0], "perception": "nosuch"}, *document["items"][1:]]
        body = {"upload_id": upload(self.owner, survey_csv(9, seed=21)), "new_study": document}
        refused = self.owner.post("/imports", body)
        self.assert_problem(refused, 422, "invalid", "/new_study/items/0/perception")
        self.assertIn("nosuch", refused.json["detail"])
        self.assertIn("P", refused.json["hint"])
        body["new_study"] = {**STUDY, "study": "named"}
        self.assert_problem(self.owner.post("/imports", {**body, "wave": "2030"}), 422, "invalid", "/wave")
        self.assert_problem(self.owner.post("/imports", {**body, "wave": "*"}), 422, "invalid", "/wave")
        body["new_study"] = {**STUDY, "study": "a name"}
        self.assert_problem(self.owner.post("/imports", body), 422, "invalid", "/new_study/study")

    def test_weights_that_do_not_count_are_told_apart(self):
        """By the study's own name for the column, and after the import as in the file."""
        document = {"study": "weighted", "scale": {"min": 1, "max": 7}, "weight": "w",
                    "items": [{"code": "a", "expectation": "E", "perception": "P"}]}
        weights = [1, 2, 1.5, 1, 2, 0, 0, -1, "", "many", 2e9]
        content = "E,P,w\n" + "".join(f"6,{4 + i % 2},{w}\n" for i, w in enumerate(weights))
        made = self.owner.post("/imports", {"upload_id": upload(self.owner, content.encode()), "new_study": document, "bad_rows": "skip"}).json
        self.assertEqual(self.owner.wait_job(made["job_id"])["state"], "done")
        self.assertEqual(self.owner.get(f"/imports/{made['id']}").json["imported"], len(weights))
        report = wait_rows(self.owner, made["study_id"], 5)
        self.assertEqual(report["weights_left_out"], {"column": "w", "rows": 6, "missing": 1, "zero": 2, "negative": 1, "no_number": 2})
        kept = self.owner.get(f"/studies/{made['study_id']}/responses/search").json["responses"]
        weights = [self.owner.get(f"/responses/{response['id']}").json.get("weight") for response in kept]
        self.assertEqual(sorted(weight for weight in weights if weight is not None), [-1, 0, 0, 1, 1, 1.5, 2, 2, 2e9])

    def wait_overview(self, path):
        """The overview once rows have reached the columns."""
        for _ in range(200):
            answer = self.owner.get(path)
            if answer.status == 200 and answer.json["finding"]["en"] != "There are no answers yet.":
                return answer.json
            time.sleep(0.1)
        raise AssertionError(f"no rows: {answer.body[:300]}")

    def test_a_study_whose_weights_never_count_says_so(self):
        document = {"study": "weightless", "scale": {"min": 1, "max": 7}, "weight": "w", "wave": "wave",
                    "items": [{"code": "a", "expectation": "E", "perception": "P"}]}
        content = "E,P,w,wave\n" + "6,4,many,2025\n6,5,0,2026\n" * 20
        made = self.owner.post("/imports", {"upload_id": upload(self.owner, content.encode()), "new_study": document}).json
        self.assertEqual(self.owner.wait_job(made["job_id"])["state"], "done")
        study = made["study_id"]
        for wave, rows in (("", 40), ("?wave=2026", 20)):
            overview = self.wait_overview(f"/studies/{study}/overview{wave}")
            self.assertEqual(overview["finding"]["en"], f"Nothing is shown: not one of the {rows} responses has a weight that counts.")
            self.assertEqual(overview["weights_left_out"]["rows"], rows)
        self.assert_problem(self.owner.get(f"/studies/{study}/overview?wave=2030"), 422, "invalid", "wave")
        self.assert_problem(self.owner.get(f"/studies/{study}/gaps"), 422, "inestimable", "/weight")

    def test_weights_and_the_like_say_before_a_change_what_they_do(self):
        """A weight changes every number at once; wave, customer and time are what the import of their day read."""
        content = "E,P,w,year\n" + "".join(f"6,{4 + i % 2},{w},2026\n" for i, w in enumerate([1, 2, 0, "", "many"] * 4))
        document = {"study": "before", "scale": {"min": 1, "max": 7}, "items": [{"code": "a", "expectation": "E", "perception": "P"}]}
        made = self.owner.post("/imports", {"upload_id": upload(self.owner, content.encode()), "new_study": {**document, "weight": "w"}}).json
        self.assertEqual(self.owner.wait_job(made["job_id"])["state"], "done")
        study = made["study_id"]
        wait_rows(self.owner, study, 8)
        check = lambda changed: self.owner.post(f"/studies/{study}/check", {"document": changed}).json["losses"]
        self.assertEqual(check({**document, "weight": "w"}), [])
        self.assertEqual(check(document), [{"column": "w", "kind": "unweighted", "answers": 20, "lost": 0}])
        self.assertEqual(check({**document, "weight": "v", "wave": "year"}),
                         [{"column": "year", "kind": "later", "role": "wave", "answers": 20, "lost": 20},
                          {"column": "v", "kind": "later", "role": "weight", "answers": 20, "lost": 4}])
        version = self.owner.get(f"/studies/{study}").json["version"]
        changed = self.owner.call("PUT", f"/studies/{study}", {"document": document, "version": version})
        self.assertEqual(changed.status, 200, changed.json)
        wait_rows(self.owner, study, 20)
        self.assertEqual(check({**document, "weight": "w"}), [{"column": "w", "kind": "weighted", "answers": 20, "lost": 12}])

    def test_every_answer_is_looked_through_before_a_change(self):
        """More different values than are looked at one by one."""
        document = {"study": "many", "scale": {"min": 0, "max": 100, "step": 0}, "outcomes": [{"code": "o", "kind": "index", "column": "o", "scale": {"min": 0, "max": 100, "step": 0}}],
                    "items": [{"code": "a", "perception": "P"}]}
        content = "P,o\n" + "".join(f"{i % 100},{i / 100}\n" for i in range(6000))
        made = self.owner.post("/imports", {"upload_id": upload(self.owner, content.encode()), "new_study": document}).json
        self.assertEqual(self.owner.wait_job(made["job_id"])["state"], "done")
        study = made["study_id"]
        wait_rows(self.owner, study, 6000)
        narrow = {**document, "outcomes": [{**document["outcomes"][0], "scale": {"min": 0, "max": 59, "step": 0}}]}
        found = self.owner.post(f"/studies/{study}/check", {"document": narrow}).json["losses"]
        self.assertEqual([(loss["column"], loss["answers"], loss["lost"]) for loss in found], [("o", 6000, 99)])

    def test_a_semicolon_files_decimal_commas_are_read(self):
        content = "E;P;Gewicht\n" + "6;4,5;0,60\n6;5;1,25\n" * 20
        looked = self.owner.get(f"/uploads/{upload(self.owner, content.encode())}/preview").json
        self.assertTrue(any("decimal commas" in note for note in looked["notes"]), looked["notes"])
        document = {"study": "commas", "scale": {"min": 1, "max": 7, "step": 0.5}, "weight": "Gewicht",
                    "items": [{"code": "a", "expectation": "E", "perception": "P"}]}
        made = self.owner.post("/imports", {"upload_id": looked["upload"]["id"], "new_study": document}).json
        self.assertEqual(self.owner.wait_job(made["job_id"])["state"], "done")
        report = wait_rows(self.owner, made["study_id"], 40)
        self.assertEqual(self.owner.get(f"/imports/{made['id']}").json["errors"], 0)
        self.assertAlmostEqual(report["items"][0]["perception"]["value"], (0.6 * 4.5 + 1.25 * 5) / 1.85, 12)

    def test_a_change_says_before_what_it_does_to_the_answers(self):
        document = {**STUDY, "study": "changing"}
        study = make_study(self.owner, document)
        check = lambda changed: self.owner.post(f"/studies/{study}/check", {"document": changed})
        narrow = {**document, "scale": {"min": 1, "max": 5}}
        self.assertEqual(check(narrow).json, {"losses": [], "more": 0}, "nothing is there to be lost")
        content = survey_csv(60, seed=12)
        import_survey(self.owner, study, content)
        wait_rows(self.owner, study, 60)
        self.assertEqual(check(document).json["losses"], [])
        self.assertEqual(check({**document, "title": "Other"}).json["losses"], [])
        answers = [int(line.split(b",")[0]) for line in content.splitlines()[1:]]
        found = {loss["column"]: loss for loss in check(narrow).json["losses"]}
        self.assertEqual(found["E1"], {"column": "E1", "kind": "off_scale", "answers": 60, "lost": sum(a > 5 for a in answers),
                                       "scale": {"min": 1, "max": 5}})
        renamed = {**document, "items": [{**document["items"][0], "expectation": "nosuch"}, *document["items"][1:]]}
        self.assertEqual([(loss["column"], loss["kind"], loss["lost"]) for loss in check(renamed).json["losses"]],
                         [("E1", "dropped", 60), ("nosuch", "empty", 0)])
        seven = {**document, "missing": {"codes": [7]}}
        self.assertEqual({loss["column"]: loss["lost"] for loss in check(seven).json["losses"]}["E1"], answers.count(7))
        self.assertEqual(self.owner.get(f"/studies/{study}").json["version"], 1, "nothing is changed")
        self.assert_problem(check({**document, "scale": {"min": 1, "max": 7, "step": 1e300}}), 422, "invalid", "/scale")
        self.assert_problem(check({"study": "x"}), 422, "invalid")

    def test_a_code_of_before_the_rule_stays(self):
        """Blanks are refused in new ones; a document that is there keeps its own."""
        self.assert_problem(self.owner.post("/studies", {"document": {**STUDY, "study": "a b"}}), 422, "invalid", "/study")
        study = make_study(self.owner, {**STUDY, "study": "a-b"})
        database = sqlite3.connect(os.path.join(self.server.data, "record.sqlite"))
        database.execute("UPDATE study SET code = 'a b', document = replace(document, 'a-b', 'a b'), version = 2 WHERE id = ?", (study,))
        database.commit()
        database.close()
        kept = self.owner.get(f"/studies/{study}").json
        self.assertEqual(kept["code"], "a b")
        changed = self.owner.put(f"/studies/{study}", {"document": {**kept["document"], "title": "Other"}, "version": kept["version"]})
        self.assertEqual(changed.status, 200, changed.body)
        again = {"document": {**kept["document"], "study": "a c"}, "version": changed.json["version"]}
        self.assert_problem(self.owner.put(f"/studies/{study}", again), 422, "invalid", "/study")

    def test_a_file_without_times_gives_none(self):
        study = self.study("untimed")
        import_survey(self.owner, study, b"E1,P1\n6,5\n7,6\n")
        found = self.owner.get(f"/studies/{study}/responses/search").json["responses"]
        self.assertEqual([response.get("at") for response in found], [None, None])
        self.assertNotIn("last_response_at", self.owner.get(f"/studies/{study}").json)
        self.owner.post(f"/studies/{study}/responses", {"answers": {"E1": 5}, "at": "2020-01-01T00:00:00Z"})
        for order in ("newest", "oldest"):
            found = self.owner.get(f"/studies/{study}/responses/search?order={order}").json["responses"]
            self.assertEqual([response.get("at") for response in found], ["2020-01-01T00:00:00Z", None, None])

    def test_a_side_that_nobody_answered_says_so(self):
        study = self.study("one-sided")
        import_survey(self.owner, study, b"E1,E2,P2\n" + b"6,6,5\n7,6,4\n" * 5)
        row = next(r for r in wait_rows(self.owner, study, 10)["items"] if r["code"] == "i1")
        self.assertIn("P1", row["note"])
        self.assertNotIn("gap", row)

    def test_a_wave_of_all_waves_is_no_name(self):
        answers = {"answers": {"E1": 5}, "wave": "*"}
        self.assert_problem(self.owner.post(f"/studies/{self.study('star')}/responses", answers), 422, "invalid", "/wave")

    def test_an_import_says_what_it_is_doing_from_its_first_second(self):
        rows = survey_csv(2000, seed=7).splitlines(keepends=True)
        content = rows[0] + b"".join(rows[1:]) * 50
        made = self.owner.post("/imports", {"upload_id": upload(self.owner, content), "study_id": self.study("steps")}).json
        said = []
        while True:
            got = self.owner.get(f"/jobs/{made['job_id']}")
            self.assertEqual(got.status, 200, got.body)
            job = got.json
            if job["state"] not in ("queued", "running"):
                break
            if job["state"] == "running" and job["message"] not in said[-1:]:
                said.append(job["message"])
        self.assertEqual(job["state"], "done", job)
        self.assertTrue(said)
        for message in said:
            self.assertRegex(message, r"^(Starting|Opening the file|[\d\u202f]+ of 100\u202f000 rows read|Taken in; on the way to the analyses)$")

    def test_undo_takes_the_responses_back(self):
        study = self.study("undo")
        made = import_survey(self.owner, study, survey_csv(30, seed=4))
        wait_rows(self.owner, study, 30)
        self.assertEqual(self.owner.delete(f"/imports/{made['id']}").json["state"], "undone")
        self.assertEqual(self.owner.get(f"/studies/{study}/responses").json["total"], 0)

    def test_compressed_and_foreign_encodings(self):
        content = "E1,P1,区域\n5,4,北方\n6,4,南方\n".encode()
        for name, body in (("a.csv.gz", gzip.compress(content)), ("gbk.csv", content.decode().encode("gbk"))):
            preview = self.owner.get(f"/uploads/{upload(self.owner, body, name)}/preview").json
            self.assertEqual([column["name"] for column in preview["columns"]], ["E1", "P1", "区域"])
            self.assertEqual(preview["head"][0], ["5", "4", "北方"])

    def test_a_sheet_of_a_workbook_is_chosen(self):
        study, body = self.study("book"), workbook({"Notes": [["made by hand"]], "答卷": [["E1", "P1"], [5, 4], [6, 4], [7, 3]]})
        upload_id = upload(self.owner, body, "answers.xlsx")
        preview = self.owner.get(f"/uploads/{upload_id}/preview").json
        self.assertEqual((preview["format"], preview["sheets"], preview["sheet"]), ("xlsx", ["Notes", "答卷"], "答卷"))
        preview = self.owner.get(f"/uploads/{upload_id}/preview?sheet=notes").json
        self.assertEqual(([column["name"] for column in preview["columns"]], preview["sheet"]), (["made by hand"], "Notes"))
        preview = self.owner.get(f"/uploads/{upload_id}/preview?sheet=" + urllib.parse.quote("答卷")).json
        self.assertEqual(([column["name"] for column in preview["columns"]], preview["rows"], preview["sheet"]), (["E1", "P1"], 3, "答卷"))
        self.assert_problem(self.owner.get(f"/uploads/{upload_id}/preview?sheet=none"), 404, "not_found")
        mapping = [{"source": name, "target": name} for name in ("E1", "P1")]
        answer = self.owner.post("/imports", {"upload_id": upload_id, "study_id": study, "mapping": mapping, "sheet": "答卷"})
        self.assertEqual(answer.status, 202, answer.body)
        self.owner.wait_job(answer.json["job_id"])
        self.assertEqual(self.owner.get(f"/imports/{answer.json['id']}").json["imported"], 3)

    def test_files_of_other_programs_are_told_apart(self):
        for name, kind in (("answers.sav", "sav"), ("answers.zsav", "sav"), ("answers-8.dta", "dta"), ("answers.sas7bdat", "sas7bdat"), ("answers.xlsx", "xlsx")):
            preview = self.owner.get(f"/uploads/{upload(self.owner, (FILES / name).read_bytes(), name)}/preview").json
            self.assertEqual((preview["format"], preview["rows"], preview["columns"][0]["name"]), (kind, 3, "id"), name)
        nested = upload(self.owner, b'[{"E1": 1, "g": {"P1": 2}}]', "a.json")
        preview = self.owner.get(f"/uploads/{nested}/preview").json
        self.assertEqual((preview["format"], [column["name"] for column in preview["columns"]]), ("json", ["E1", "g.P1"]))
        for name, body, hint in (("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), ".xlsx"), ("a.pdf", b"%PDF-1.7", ".xlsx"), ("a.xls", b"<html><table>", ".xlsx")):
            answer = self.owner.get(f"/uploads/{upload(self.owner, body, name)}/preview")
            self.assert_problem(answer, 422, "unsupported")
            self.assertIn(hint, answer.json["hint"])

    def test_damaged_files_are_the_users_matter(self):
        whole = b"E1,P1\n" + b"5,4\n" * 2000
        packed = gzip.compress(whole)
        footer = b"\x15\x04\x19\x2c" + b"\x48" * 60
        for name, body in (("cut.csv.gz", packed[:-20]), ("flipped.csv.gz", packed[:30] + b"\xff\x00\xff" + packed[33:]),
                           ("a.parquet", b"PAR1" + b"\0" * 40 + footer + len(footer).to_bytes(4, "little") + b"PAR1"),
                           ("open.csv", b'E1,P1\n5,"4\n'), ("none.jsonl", b'{"E1":\n')):
            answer = self.owner.get(f"/uploads/{upload(self.owner, body, name)}/preview")
            self.assert_problem(answer, 422, "invalid")
            self.assertNotIn(b"/uploads/", answer.body.replace(answer.json.get("instance", "").encode() or b"\0", b""))
            self.assertNotIn(b"/proc/", answer.body)
            self.assertIn(name.encode(), answer.body)

    def test_bombs_are_too_large(self):
        bomb = gzip.compress(b"E1,P1\n" + b"5,4\n" * (20 << 20), 9)
        answer = self.owner.get(f"/uploads/{upload(self.owner, bomb, 'bomb.csv.gz')}/preview")
        self.assertIn(answer.status, (413, 422))
        self.assertIn("200 times", answer.json["detail"])

    def test_long_cells_are_cut_for_show(self):
        body = gzip.compress(("a,b\n" + "\n".join(f"{i}{'x' * 500000},{i}" for i in range(20)) + "\n").encode(), 9)
        answer = self.owner.get(f"/uploads/{upload(self.owner, body, 'long.csv.gz')}/preview")
        self.assertEqual(answer.status, 200, answer.body[:300])
        self.assertLess(len(answer.body), 100000)
        self.assertTrue(answer.json["cut"])
        self.assertTrue(answer.json["head"][0][0].endswith("…"))

    def test_mappings_that_cannot_be(self):
        study, upload_id = self.study("mapping"), upload(self.owner, survey_csv(10, seed=5))
        for mapping in ([{"source": "nowhere", "target": "E1"}], [{"source": "E1", "target": "nowhere"}]):
            body = {"upload_id": upload_id, "study_id": study, "mapping": mapping}
            self.assert_problem(self.owner.post("/imports", body), 422, "invalid")

    def test_uploads_need_the_right_before_the_first_byte_is_kept(self):
        viewer = self.user("viewer")
        answer = viewer.post("/uploads?name=a.csv", b"a,b\n" * 100, headers={"Content-Type": "application/octet-stream"})
        self.assert_problem(answer, 403, "forbidden")

    def test_progress_is_streamed_until_the_end(self):
        study = self.study("stream")
        upload_id = upload(self.owner, survey_csv(2000, seed=6))
        mapping = [{"source": name, "target": name} for name in ("E1", "P1", "E2", "P2")]
        job = self.owner.post("/imports", {"upload_id": upload_id, "study_id": study, "mapping": mapping}).json["job_id"]
        answer = self.owner.get(f"/jobs/{job}/events")
        self.assertEqual(answer.headers["content-type"], "text/event-stream; charset=utf-8")
        events = answer.body.decode().strip().split("\n\n")
        self.assertTrue(all(event.startswith(("event: job\ndata: {", ":")) for event in events), events)
        self.assertIn('"state":"done"', events[-1])


class Intake(ApiTest):
    def setUp(self):
        self.study = make_study(self.owner, {**STUDY, "study": f"intake-{self._testMethodName[:40].replace('_', '-')}"})
        self.path = f"/studies/{self.study}/responses"

    def test_what_was_acknowledged_is_there(self):
        program = self.key("intake")
        made = program.post(self.path, {"answers": {"E1": 7, "P1": 4, "region": "north"}, "wave": "2025", "customer": "C-1"})
        self.assertEqual(made.status, 201, made.body)
        kept = self.owner.get(f"/responses/{made.json['id']}").json
        self.assertEqual((kept["answers"]["E1"], kept["wave"], kept["customer"]), (7, "2025", "C-1"))

    def test_they_are_found_by_time_and_by_answer(self):
        for day, answer in ((3, 7), (1, 5), (2, 7)):
            body = {"answers": {"E1": answer, "P1": 4}, "at": f"2026-01-0{day}T08:00:00Z"}
            self.assertEqual(self.owner.post(self.path, body).status, 201)
        wait_rows(self.owner, self.study, 3)

        def days(query):
            found = self.owner.get(f"{self.path}/search?{query}")
            self.assertEqual(found.status, 200, found.body)
            return [row["at"][8:10] for row in found.json["responses"]], found.json["total"]

        self.assertEqual(days(""), (["03", "02", "01"], 3))
        self.assertEqual(days("order=oldest&from=2026-01-02"), (["02", "03"], 2))
        self.assertEqual(days("column=E1&value=7"), (["03", "02"], 2))
        self.assertEqual(days("column=E1&order=lowest&limit=1"), (["01"], 3))
        self.assert_problem(self.owner.get(f"{self.path}/search?order=highest"), 422, "invalid")
        self.assert_problem(self.owner.get(f"{self.path}/search?from=soon"), 422, "invalid")

    def test_a_key_makes_it_idempotent(self):
        body = {"answers": {"E1": 7}, "idempotency_key": "survey-1-answer-1"}
        first, second = self.owner.post(self.path, body).json, self.owner.post(self.path, body).json
        self.assertEqual(first["id"], second["id"])
        self.assertEqual(self.owner.get(self.path).json["total"], 1)
        self.assert_problem(self.owner.post(self.path, {**body, "answers": {"E1": 6}}), 409, "conflict")
        self.assertEqual(self.owner.get(self.path).json["total"], 1)

    def test_of_many_with_one_key_one_is_kept(self):
        program, seen = self.key("intake"), []

        def send(number):
            answer = program.post(self.path, {"answers": {"E1": number % 2 + 5}, "idempotency_key": "one-for-all"})
            seen.append((answer.status, answer.json.get("id")))

        threads = [threading.Thread(target=send, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(status for status, _ in seen), [201] * 8 + [409] * 8)
        self.assertEqual(len({made for _, made in seen if made}), 1)
        self.assertEqual(self.owner.get(self.path).json["total"], 1)

    def test_unknown_columns_are_refused_and_odd_answers_warned_of(self):
        self.assert_problem(self.owner.post(self.path, {"answers": {"E9": 7}}), 422, "invalid")
        odd = self.owner.post(self.path, {"answers": {"E1": 70}})
        self.assertEqual(odd.status, 201)
        self.assertEqual(len(odd.json["warnings"]), 1)

    def test_many_at_once_share_commits(self):
        program = self.key("intake")
        seen = []

        def send():
            for _ in range(25):
                seen.append(program.post(self.path, {"answers": {"E1": 6, "P1": 5}}).status)

        threads = [threading.Thread(target=send) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(seen), set(seen)), (400, {201}))
        self.assertEqual(self.owner.get(self.path).json["total"], 400)

    def test_erased_responses_leave_the_analysis(self):
        ids = [self.owner.post(self.path, {"answers": {"E1": 6, "P1": 5, "E2": 6, "P2": 5}}).json["id"] for _ in range(7)]
        wait_rows(self.owner, self.study, 7)
        self.assertEqual(self.owner.delete(f"/responses/{ids[0]}").status, 204)
        wait_rows(self.owner, self.study, 6)


class Cached(ApiTest):
    def test_the_same_question_is_answered_from_memory_until_the_data_change(self):
        study = make_study(self.owner)
        import_survey(self.owner, study, survey_csv(50))
        wait_rows(self.owner, study, 50)
        first = self.owner.get(f"/studies/{study}/overview")
        again = self.owner.get(f"/studies/{study}/overview", headers={"If-None-Match": first.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        self.owner.post(f"/studies/{study}/responses", {"answers": {"E1": 1, "P1": 7}, "wave": "2025"})
        wait_rows(self.owner, study, 51)
        changed = self.owner.get(f"/studies/{study}/overview", headers={"If-None-Match": first.headers["etag"]})
        self.assertEqual(changed.status, 200)
        self.assertNotEqual(changed.headers["etag"], first.headers["etag"])


if __name__ == "__main__":
    unittest.main()
