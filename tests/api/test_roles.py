"""Who may call what: roles, API keys and their scopes, over every route of the description."""
import unittest

from support import ApiTest, Client, operations

ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
ROLES = ["viewer", "agent", "trainer", "analyst", "owner"]


def concrete(path):
    return path.replace("{id}", ID).replace("{code}", "X")


class Roles(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clients = {role: cls.user(cls("test_each_role_gets_what_it_may"), role) for role in ROLES[:-1]}

    def test_each_role_gets_what_it_may(self):
        for path, method, operation, _ in operations():
            if operation["x-role"] == "none" or operation["operationId"] in ("deleteSession", "putSessionPassword"):
                continue
            for role, client in self.clients.items():
                answer = client.call(method.upper(), concrete(path), {} if "requestBody" in operation else None)
                allowed = role in operation["x-role"]
                with self.subTest(operation=operation["operationId"], role=role):
                    self.assertEqual(answer.status != 403, allowed, answer.body)

    def test_nobody_signed_in_gets_nothing(self):
        stranger = Client(self.server)
        for path, method, operation, _ in operations():
            if operation["x-role"] == "none":
                continue
            with self.subTest(operation=operation["operationId"]):
                self.assert_problem(stranger.call(method.upper(), concrete(path), {}), 401, "unauthenticated")

    def test_unsafe_methods_need_the_csrf_token_on_every_route(self):
        client = Client(self.server)
        client.cookie = self.clients["viewer"].cookie
        for path, method, operation, _ in operations():
            if method == "get" or operation["x-role"] == "none":
                continue
            with self.subTest(operation=operation["operationId"]):
                self.assert_problem(client.call(method.upper(), concrete(path), {}), 403, "forbidden")


class Keys(ApiTest):
    def test_a_key_gets_what_its_scope_covers(self):
        for scope in ("read", "write", "intake"):
            client = self.key(scope)
            for path, method, operation, _ in operations():
                if operation["x-role"] == "none":
                    continue
                answer = client.call(method.upper(), concrete(path), {} if "requestBody" in operation else None)
                with self.subTest(scope=scope, operation=operation["operationId"]):
                    self.assertEqual(answer.status != 403, operation.get("x-scope") == scope, answer.body)

    def test_a_revoked_key_is_dead(self):
        made = self.owner.post("/keys", {"name": "short", "scopes": ["read"]}).json
        client = Client(self.server, key=made["secret"])
        self.assertEqual(client.get("/studies").status, 200)
        self.assertEqual(self.owner.delete(f"/keys/{made['id']}").status, 204)
        self.assert_problem(client.get("/studies"), 401, "unauthenticated")

    def test_keys_go_with_who_made_them(self):
        other = self.user("owner", "leaver@example.com")
        secret = other.post("/keys", {"name": "leaving", "scopes": ["read"]}).json["secret"]
        program = Client(self.server, key=secret)
        leaver = next(user for user in self.owner.get("/users").json["users"] if user["email"] == "leaver@example.com")

        def listed():
            return next((key for key in self.owner.get("/keys").json["keys"] if key["name"] == "leaving"), None)

        def set_disabled(disabled):
            change = {"name": "Gone", "role": "owner", "disabled": disabled, "version": leaver["version"]}
            answer = self.owner.put(f"/users/{leaver['id']}", change)
            self.assertEqual(answer.status, 200, answer.body)
            leaver.update(answer.json)
        self.assertEqual(program.get("/studies").status, 200)
        self.assertEqual((listed()["made_by"], listed()["paused"]), ("owner", False))
        set_disabled(True)
        self.assert_problem(program.get("/studies"), 401, "unauthenticated")
        self.assertEqual((listed()["made_by"], listed()["paused"]), ("owner", True))
        set_disabled(False)
        self.assertEqual(program.get("/studies").status, 200)
        self.assertEqual(self.owner.delete(f"/users/{leaver['id']}").status, 204)
        self.assert_problem(program.get("/studies"), 401, "unauthenticated")
        self.assertIsNone(listed())

    def test_the_secret_is_shown_once(self):
        made = self.owner.post("/keys", {"name": "once", "scopes": ["read"]}).json
        listed = self.owner.get("/keys").json["keys"]
        self.assertTrue(made["secret"].startswith("mgk_"))
        self.assertNotIn(made["secret"], str(listed))

    def test_wrong_keys_and_wrong_schemes(self):
        for value in ("Bearer mgk_wrong", "Bearer ", "Basic abc", "mgk_wrong"):
            answer = Client(self.server).get("/studies", headers={"Authorization": value})
            self.assert_problem(answer, 401, "unauthenticated")


if __name__ == "__main__":
    unittest.main()
