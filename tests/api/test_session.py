"""Set-up, signing in, throttling, cookies, CSRF, sessions that end."""
import contextlib
import http.client
import json
import unittest

from support import PASSWORD, ApiTest, Client, Server


class SetUp(unittest.TestCase):
    def test_first_visitor_creates_the_organisation_once(self):
        with Server() as server:
            client = Client(server)
            self.assertTrue(client.get("/setup").json["needed"])
            self.assertEqual(client.get("/session").status, 401)
            answer = client.set_up()
            self.assertEqual(answer.status, 201, answer.body)
            self.assertEqual(answer.json["user"]["role"], "owner")
            self.assertFalse(client.get("/setup").json["needed"])
            self.assertEqual(client.get("/session").status, 200)
            self.assertEqual(Client(server).set_up(email="second@example.com").status, 409)

    def test_what_was_set_up_is_there_after_a_restart(self):
        with Server() as server:
            self.assertEqual(Client(server).set_up().status, 201)
            self.assertEqual(server.stop(), 0)
            with Server(data=server.data) as again:
                self.assertFalse(Client(again).get("/setup").json["needed"])
                self.assertEqual(Client(again).sign_in("owner@example.com").status, 201)


class Cookies(ApiTest):
    def test_cookie_is_out_of_reach_of_scripts_and_other_sites(self):
        answer = Client(self.server).sign_in("owner@example.com")
        self.assertIn("HttpOnly", answer.cookies[0])
        self.assertIn("SameSite=Strict", answer.cookies[0])
        self.assertNotIn("Secure", answer.cookies[0])

    def test_cookie_of_another_session_is_not_accepted(self):
        client = Client(self.server)
        client.cookie = "mindgap_session=" + "A" * 43
        self.assert_problem(client.get("/session"), 401, "unauthenticated")

    def test_signing_out_ends_the_session(self):
        client = self.user("viewer")
        kept = client.cookie
        self.assertEqual(client.delete("/session").status, 204)
        client.cookie = kept
        self.assertEqual(client.get("/session").status, 401)

    def test_changing_the_password_ends_other_sessions(self):
        first = self.user("viewer", "two@example.com")
        second = Client(self.server)
        second.sign_in("two@example.com")
        answer = first.put("/session/password", {"current": PASSWORD, "password": "another long phrase"})
        self.assertEqual(answer.status, 204, answer.body)
        self.assertEqual(first.get("/session").status, 200)
        self.assertEqual(second.get("/session").status, 401)


class HttpsCookies(ApiTest):
    options = ("--behind-https", "--host", "mindgap.example")

    def test_cookie_is_pinned_to_the_host(self):
        answer = Client(self.server).sign_in("owner@example.com")
        self.assertTrue(answer.cookies[0].startswith("__Host-mindgap_session="), answer.cookies)
        self.assertIn("; Secure", answer.cookies[0])
        self.assertIn("max-age", answer.headers["strict-transport-security"])


class BehindAProxy(ApiTest):
    """Limits hold for the address that the proxy saw, however it says so and whatever the client said before."""

    options = ("--behind-https", "--host", "mindgap.example")

    def statuses(self, forwarded, tries=100):
        """Of sign-ins that are refused without a look at a password. forwarded(number): the X-Forwarded-For headers."""
        seen = []
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)) as connection:
            for number in range(tries):
                connection.putrequest("POST", "/api/v1/session")
                connection.putheader("Content-Type", "application/json")
                connection.putheader("Content-Length", "2")
                for value in forwarded(number):
                    connection.putheader("X-Forwarded-For", value)
                connection.endheaders(b"{}")
                answer = connection.getresponse()
                answer.read()
                seen.append(answer.status)
        return seen

    def test_one_address_is_one_address(self):
        for name, forwarded in (("as it is", lambda n: ["192.0.2.1"]),
                                ("behind what the client said", lambda n: [f"198.51.100.{n}, 192.0.2.2"]),
                                ("in a header of its own", lambda n: [f"198.51.100.{n}", "192.0.2.3"]),
                                ("with a port", lambda n: [f"192.0.2.4:{1000 + n}"]),
                                ("no address at all", lambda n: [f"unknown{n}"]),
                                ("IPv4 as IPv6", lambda n: ["::ffff:192.0.2.5" if n % 2 else "::FFFF:C000:205"]),
                                ("a network of IPv6", lambda n: [f"2001:db8:0:1::{n:x}"]),
                                ("a network of IPv6 with ports", lambda n: [f"[2001:db8:0:2::{n:x}]:{1000 + n}"])):
            seen = self.statuses(forwarded)
            self.assertEqual(seen[0], 422, name)
            self.assertIn(429, seen, name)

    def test_many_addresses_are_many(self):
        seen = self.statuses(lambda number: [f"198.51.100.{number}"])
        self.assertEqual(set(seen), {422})


class Csrf(ApiTest):
    def test_changes_need_the_token(self):
        client = Client(self.server)
        client.sign_in("owner@example.com")
        token, client.csrf = client.csrf, None
        body = {"framework": "own", "code": "speed", "label": {"en": "Speed"}}
        self.assert_problem(client.post("/dimensions", body), 403, "forbidden")
        self.assert_problem(client.post("/dimensions", body, headers={"X-CSRF-Token": token[:-1] + "!"}), 403, "forbidden")
        self.assertEqual(client.post("/dimensions", body, headers={"X-CSRF-Token": token}).status, 201)

    def test_requests_from_other_sites_are_refused(self):
        body = {"framework": "own", "code": "other", "label": {"en": "Other"}}
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                        {"Origin": "null"}):
            self.assert_problem(self.owner.post("/dimensions", body, headers=headers), 403, "forbidden")
        same = {"Origin": f"http://127.0.0.1:{self.server.port}", "Sec-Fetch-Site": "same-origin"}
        self.assertEqual(self.owner.post("/dimensions", body, headers=same).status, 201)

    def test_signing_in_from_another_site_is_refused(self):
        client = Client(self.server)
        answer = client.post("/session", {"email": "owner@example.com", "password": PASSWORD},
                             headers={"Origin": "https://evil.example"})
        self.assert_problem(answer, 403, "forbidden")


class Throttle(ApiTest):
    def test_guessing_is_slowed_down_and_says_so(self):
        client = Client(self.server)
        seen = [client.sign_in("owner@example.com", "wrong password").status for _ in range(8)]
        self.assertEqual(seen[0], 401)
        self.assertEqual(seen[-1], 429, seen)
        refused = client.sign_in("owner@example.com", "wrong password")
        self.assert_problem(refused, 429, "throttled")
        self.assertIn(int(refused.headers["retry-after"]), range(1, 61))

    def test_guessing_the_current_password_is_slowed_down_and_says_so(self):
        client = self.user("viewer")
        change = {"current": "not this one", "password": "a staple for a horse"}
        seen = [client.put("/session/password", change) for _ in range(8)]
        self.assert_problem(seen[0], 422, "invalid", "/current")
        self.assert_problem(seen[-1], 429, "throttled")
        self.assertIn(int(seen[-1].headers["retry-after"]), range(1, 61))

    def test_many_addresses_do_not_buy_many_guesses(self):
        seen = []
        for number in range(2, 63):  # 127.0.0.2 … : the whole block is this machine
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60,
                                                               source_address=(f"127.0.0.{number}", 0))) as connection:
                body = json.dumps({"email": "somebody@example.com", "password": "wrong password"})
                connection.request("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
                seen.append(connection.getresponse().status)
        self.assertLessEqual(seen.count(401), 30, seen)
        self.assertEqual(seen[-1], 429)

    def test_unknown_address_and_wrong_password_look_the_same(self):
        unknown = Client(self.server).sign_in("nobody@example.com", "wrong password")
        self.user("viewer", "known@example.com")
        wrong = Client(self.server).sign_in("known@example.com", "wrong password")
        self.assertEqual((unknown.status, unknown.json["detail"]), (wrong.status, wrong.json["detail"]))


if __name__ == "__main__":
    unittest.main()
