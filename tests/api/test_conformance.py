"""Every operation called once with success: its status and body must be those of the description, and nothing of it may
be seen by another organisation."""
import json
import unittest

from support import STUDY, ApiTest, import_survey, operations, second_organisation, survey_csv, upload, validate, wait_rows


class Conformance(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = second_organisation(cls.server)
        cls.ids = cls.make_rows(cls.owner)

    @classmethod
    def make_rows(cls, client):
        """One row of each kind; operationId → path parameters."""
        def made(path, body):
            answer = client.post(path, body)
            assert answer.status in (200, 201), answer.body
            return answer.json["id"]

        study = made("/studies", {"document": {**STUDY, "study": "secret-study"}})
        imported = import_survey(client, study, survey_csv(60))
        wait_rows(client, study, 60)
        response = made(f"/studies/{study}/responses", {"answers": {"E1": 5}, "customer": "secret-customer"})
        customer = made("/customers", {"reference": "secret-reference", "attributes": [{"name": "tier", "value": "gold"}]})
        return {
            "study": study, "import": imported["id"], "job": imported["job_id"], "response": response, "customer": customer,
            "upload": upload(client, survey_csv(5)), "key": made("/keys", {"name": "secret-key", "scopes": ["read"]}),
            "user": made("/users", {"name": "secret-user", "email": "secret@example.com", "role": "viewer", "password": "a long pass phrase"}),
            "dimension": made("/dimensions", {"framework": "own", "code": "secret-dimension", "label": {"en": "s"}}),
            "touchpoint": made("/touchpoints", {"code": "secret-touchpoint", "label": {"en": "s"}, "stage": "before"}),
            "view": made("/views", {"name": "secret-view", "path": "/measure/gaps", "shared": True}),
        }

    def concrete(self, path):
        kinds = {"/studies/": "study", "/imports/": "import", "/jobs/": "job", "/responses/": "response", "/customers/": "customer",
                 "/uploads/": "upload", "/keys/": "key", "/users/": "user", "/dimensions/": "dimension",
                 "/touchpoints/": "touchpoint", "/views/": "view"}
        kind = next((kind for prefix, kind in kinds.items() if path.startswith(prefix)), None)
        return path.replace("{id}", self.ids[kind] if kind else "").replace("{code}", "i1")

    def test_every_get_answers_as_described(self):
        for path, method, operation, _ in operations():
            if method != "get":
                continue
            with self.subTest(operation=operation["operationId"]):
                answer = self.owner.get(self.concrete(path))
                self.check(answer, operation)

    def check(self, answer, operation):
        status = next(code for code in operation["responses"] if code.startswith("2"))
        self.assertEqual(str(answer.status), status, answer.body)
        for media, value in operation["responses"][status].get("content", {}).items():
            self.assertEqual(answer.headers["content-type"].split(";")[0], media)
            if media == "application/json":
                validate(answer.json, value["schema"])

    def test_no_get_shows_anything_to_another_organisation(self):
        for path, method, operation, _ in operations():
            if method != "get" or operation["x-role"] == "none":
                continue
            with self.subTest(operation=operation["operationId"]):
                answer = self.other.get(self.concrete(path))
                if "{id}" in path:
                    self.assert_problem(answer, 404, "not_found")
                else:
                    self.assertEqual(answer.status, 200, answer.body)
                self.assertNotIn(b"secret", answer.body)
                for value in self.ids.values():
                    self.assertNotIn(value.encode(), answer.body.replace(self.concrete(path).encode(), b""))

    def test_no_change_reaches_another_organisation(self):
        before = {name: self.owner.get(self.concrete(path)).body for name, path in self.row_paths().items()}
        for path, method, operation, _ in operations():
            if method == "get" or "{id}" not in path:
                continue
            with self.subTest(operation=operation["operationId"]):
                answer = self.other.call(method.upper(), self.concrete(path), self.body_for(operation["operationId"]))
                self.assert_problem(answer, 404, "not_found")
        after = {name: self.owner.get(self.concrete(path)).body for name, path in self.row_paths().items()}
        self.assertEqual(before, after)

    def row_paths(self):
        return {"study": "/studies/{id}", "import": "/imports/{id}", "response": "/responses/{id}", "customer": "/customers/{id}",
                "users": "/users", "keys": "/keys", "dimensions": "/dimensions", "touchpoints": "/touchpoints", "views": "/views"}

    def body_for(self, operation):
        return {
            "updateUser": {"name": "x", "role": "viewer", "disabled": True, "version": 1},
            "updateDimension": {"framework": "own", "code": "x", "label": {"en": "x"}, "version": 1},
            "updateTouchpoint": {"code": "x", "label": {"en": "x"}, "stage": "after", "version": 1},
            "updateStudy": {"document": STUDY, "version": 1},
            "checkStudy": {"document": STUDY},
            "createResponse": {"answers": {"E1": 1}},
            "updateView": {"name": "x", "path": "/", "version": 1},
            "previewReading": {},
            "measureUpload": {"study": STUDY},
        }.get(operation)

    def test_imports_across_organisations_are_refused(self):
        mapping = [{"source": "E1", "target": "E1"}]
        own_study = self.other.post("/studies", {"document": {**STUDY, "study": "own"}}).json["id"]
        for body in ({"upload_id": self.ids["upload"], "study_id": own_study, "mapping": mapping},
                     {"upload_id": upload(self.other, survey_csv(5)), "study_id": self.ids["study"], "mapping": mapping}):
            answer = self.other.post("/imports", body)
            self.assertIn(answer.status, (404, 422), answer.body)


class Changes(ApiTest):
    """What each changing operation answers, and that it leaves its trace."""

    def changed(self, operation_id, path, body=None):
        operation = next(op for _, _, op, _ in operations() if op["operationId"] == operation_id)
        method = next(method for _, method, op, _ in operations() if op["operationId"] == operation_id)
        answer = self.owner.call(method.upper(), path, body)
        status = next(code for code in operation["responses"] if code.startswith("2"))
        self.assertEqual(str(answer.status), status, answer.body)
        content = operation["responses"][status].get("content")
        if not content:
            self.assertEqual(answer.body, b"")
            return None
        validate(answer.json, content["application/json"]["schema"])
        return answer.json

    def test_rows_live_and_die(self):
        kinds = [("Dimension", "/dimensions", {"framework": "own", "code": "speed", "label": {"en": "Speed", "zh-CN": "速度"}}),
                 ("Touchpoint", "/touchpoints", {"code": "repair", "label": {"zh-CN": "抢修"}, "stage": "after"}),
                 ("View", "/views", {"name": "mine", "path": "/measure/gaps?by=region"})]
        for name, path, body in kinds:
            with self.subTest(kind=name):
                row = self.changed(f"create{name}", path, body)
                again = self.changed(f"update{name}", f"{path}/{row['id']}", {**body, "version": row["version"]})
                self.assertGreater(again["version"], row["version"])
                stale = self.owner.put(f"{path}/{row['id']}", {**body, "version": row["version"]})
                self.assert_problem(stale, 409, "changed")
                if name != "View":
                    self.assert_problem(self.owner.post(path, body), 409, "taken", "/code")
                self.changed(f"delete{name}", f"{path}/{row['id']}")
                self.assert_problem(self.owner.delete(f"{path}/{row['id']}"), 404, "not_found")

    def test_users(self):
        row = self.changed("createUser", "/users", {"name": "A", "email": "a@example.com", "role": "viewer", "password": "a long pass phrase"})
        self.assert_problem(self.owner.post("/users", {"name": "A", "email": "A@example.com", "role": "viewer",
                                                       "password": "a long pass phrase"}), 409, "taken", "/email")
        row = self.changed("updateUser", f"/users/{row['id']}", {"name": "B", "role": "analyst", "disabled": False, "version": row["version"]})
        self.assertEqual((row["name"], row["role"]), ("B", "analyst"))
        self.changed("deleteUser", f"/users/{row['id']}")
        owner = self.owner.get("/session").json["user"]
        self.assert_problem(self.owner.delete(f"/users/{owner['id']}"), 409, "conflict")

    def test_customers_and_studies(self):
        customer = self.changed("upsertCustomer", "/customers", {"reference": "C-9", "attributes": []})
        edit = {"reference": "C-9", "attributes": [{"name": "a", "value": "b"}]}
        self.assert_problem(self.owner.post("/customers", edit), 409, "taken", "/reference")
        again = self.changed("upsertCustomer", "/customers", {**edit, "version": customer["version"]})
        self.assertEqual(customer["id"], again["id"])
        late = {"reference": "C-9", "attributes": [], "version": customer["version"]}
        self.assert_problem(self.owner.post("/customers", late), 409, "changed")
        self.assertEqual(self.owner.get(f"/customers/{customer['id']}").json["attributes"], edit["attributes"])
        self.changed("deleteCustomer", f"/customers/{customer['id']}")
        self.assert_problem(self.owner.post("/customers", {**edit, "version": again["version"]}), 404, "not_found", "/reference")
        self.assertEqual(self.owner.get("/customers?q=C-9").json["total"], 0, "who was erased doesn't come back with a change")
        study = self.changed("createStudy", "/studies", {"document": STUDY})
        study = self.changed("updateStudy", f"/studies/{study['id']}", {"document": {**STUDY, "title": "New"}, "version": study["version"]})
        self.assertEqual(study["title"]["en"], "New")
        response = self.changed("createResponse", f"/studies/{study['id']}/responses", {"answers": {"E1": 5}})
        self.changed("deleteResponse", f"/responses/{response['id']}")
        self.changed("deleteStudy", f"/studies/{study['id']}")

    def test_study_documents_that_break_a_rule_say_where(self):
        broken = json.loads(json.dumps(STUDY))
        broken["items"][2]["scale"] = {"min": 7, "max": 1}
        answer = self.owner.post("/studies", {"document": broken})
        self.assert_problem(answer, 422, "invalid")
        self.assertIn("/items/2", answer.json["field"])

    def test_every_change_is_in_the_audit_trail(self):
        view = self.changed("createDimension", "/dimensions", {"framework": "own", "code": "audited", "label": {"en": "x"}})
        entries = self.owner.get("/audit").json["entries"]
        self.assertTrue(any(entry["entity_id"] == view["id"] and entry["action"] == "create" for entry in entries))
        self.assertNotIn("a long pass phrase", str(entries))

    def test_organisation_and_preferences(self):
        organisation = self.owner.get("/organisation").json
        renamed = self.changed("putOrganisation", "/organisation", {"name": "新名", "version": organisation["version"]})
        self.assertEqual(renamed["name"], "新名")
        session = self.changed("putSessionPreferences", "/session/preferences", {"name": "王", "language": "zh-CN"})
        self.assertEqual((session["user"]["name"], session["user"]["language"]), ("王", "zh-CN"))


if __name__ == "__main__":
    unittest.main()
