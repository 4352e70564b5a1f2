"""Holidays over the API: every endpoint, conflicts, another organisation, who may, and what the audit says."""
import unittest

from support import ApiTest, second_organisation, validate

DAY = {"code": "2026-02-17", "label": {"en": "New Year", "zh-CN": "春节"}}


class Holidays(ApiTest):
    def setUp(self):
        answer = self.owner.post("/holidays", DAY)
        self.assertEqual(answer.status, 201, answer.body)
        validate(answer.json, {"$ref": "#/components/schemas/Holiday"})
        self.made = answer.json
        self.path = f"/holidays/{self.made['id']}"
        self.addCleanup(self.owner.delete, self.path)

    def test_list_and_get(self):
        self.assertEqual(self.owner.get(self.path).json, self.made)
        self.assertEqual(self.owner.get("/holidays").json, {"holidays": [self.made]})

    def test_edit_and_conflicts(self):
        changed = self.owner.put(self.path, {**DAY, "code": "2026-02-18", "version": 1})
        self.assertEqual((changed.status, changed.json["code"], changed.json["version"]), (200, "2026-02-18", 2))
        self.assert_problem(self.owner.put(self.path, {**DAY, "version": 1}), 409, "changed")
        self.assert_problem(self.owner.put(self.path, DAY), 422, "invalid", "/version")
        self.assert_problem(self.owner.post("/holidays", {**DAY, "code": "2026-02-18"}), 409, "taken", "/code")
        self.assert_problem(self.owner.post("/holidays", {**DAY, "code": "soon"}), 422, "invalid", "/code")

    def test_delete(self):
        self.assertEqual(self.owner.delete(self.path).status, 204)
        self.assert_problem(self.owner.delete(self.path), 404, "not_found")
        gone = self.owner.get(self.path, headers={"Accept-Language": "zh-CN"})
        self.assertEqual(gone.json["detail"], "没有这个节假日。")

    def test_another_organisation_has_its_own(self):
        other = second_organisation(self.server, f"Other {self.id()}")
        self.assertEqual(other.get("/holidays").json, {"holidays": []})
        for answer in (other.get(self.path), other.put(self.path, {**DAY, "version": 1}), other.delete(self.path)):
            self.assert_problem(answer, 404, "not_found")
        self.assertEqual(other.post("/holidays", DAY).status, 201)  # a day of its own

    def test_who_may(self):
        viewer = self.user("viewer")
        self.assertEqual(viewer.get(self.path).json, self.made)
        for answer in (viewer.post("/holidays", DAY), viewer.put(self.path, {**DAY, "version": 1}), viewer.delete(self.path)):
            self.assert_problem(answer, 403, "forbidden")

    def test_the_audit_has_every_change(self):
        self.owner.put(self.path, {**DAY, "code": "2026-02-18", "version": 1})
        self.owner.delete(self.path)
        trail = [entry for entry in self.owner.get("/audit").json["entries"] if entry["entity_id"] == self.made["id"]]
        self.assertEqual([(entry["action"], entry["entity"]) for entry in trail],
                         [("delete", "holiday"), ("update", "holiday"), ("create", "holiday")])


if __name__ == "__main__":
    unittest.main()
