"""The protocol: limits, problems, conditional and compressed answers, static files, malformed requests, ending well."""
import gzip
import http.client
import json
import re
import socket
import threading
import time
import unittest

from support import PASSWORD, SPEC, ApiTest, Client, Server, exchange


class Problems(ApiTest):
    def test_both_languages(self):
        english = Client(self.server, language="en-GB,en;q=0.9").get("/session").json
        chinese = Client(self.server, language="zh-CN,zh;q=0.9,en;q=0.5").get("/session").json
        self.assertEqual(english["title"], "Sign in first")
        self.assertEqual(chinese["title"], "请先登录")
        self.assertRegex(chinese["detail"], "[\u4e00-\u9fff]")
        self.assertEqual(Client(self.server).get("/session?lang=zh-CN").json["title"], "请先登录")

    def test_broken_rules_are_named_with_their_place(self):
        cases = [({"name": "a", "scopes": ["read", "fly"]}, "/scopes/1"), ({"scopes": ["read"]}, "/name"),
                 ({"name": "", "scopes": ["read"]}, "/name"), ({"name": "a", "scopes": []}, "/scopes"),
                 ({"name": "a", "scopes": ["read"], "colour": 1}, "/colour"), ([], None),
                 ({"name": "a", "scopes": ["read"], "expires_at": "soon"}, "/expires_at")]
        for body, field in cases:
            with self.subTest(body=body):
                self.assert_problem(self.owner.post("/keys", body), 422, "invalid", field)

    def test_json_that_is_none(self):
        headers = {"Content-Type": "application/json"}
        for body in (b"", b"{", b'{"a":1}}', b'{"a":1,"a":2}', b'{"name":"\x00"}', b'{"name":"\xff\xfe"}', b"[" * 5000):
            with self.subTest(body=body[:20]):
                self.assert_problem(self.owner.post("/keys", body, headers=headers), 400, "invalid")

    def test_other_types_of_body(self):
        answer = self.owner.post("/keys", b"name=a", headers={"Content-Type": "application/x-www-form-urlencoded"})
        self.assert_problem(answer, 415)

    def test_query_parameters(self):
        self.assert_problem(self.owner.get("/jobs?limit=0"), 422, "invalid", "?limit")
        self.assert_problem(self.owner.get("/jobs?limit=many"), 422, "invalid", "?limit")
        self.assert_problem(self.owner.get("/jobs?limt=5"), 422, "invalid", "?limt")
        self.assert_problem(self.owner.get("/audit?before=x"), 422, "invalid", "?before")
        self.assert_problem(self.owner.get("/customers?q=%ff"), 422, "invalid", "?q")
        self.assert_problem(self.owner.get("/customers?q=a&q=b"), 422, "invalid", "?q")
        self.assert_problem(self.owner.get("/session?lang=en&lang=zh"), 422, "invalid", "?lang")
        self.assertEqual(self.owner.get("/customers?q=%E5%8C%97+a").status, 200)

    def test_unknown_addresses_and_methods(self):
        self.assert_problem(self.owner.get("/nothing"), 404, "not_found")
        self.assert_problem(self.owner.get("/users/not-an-id"), 405)
        self.assert_problem(self.owner.get("/jobs/not-an-id"), 404, "not_found")
        answer = self.owner.call("PATCH", "/users")
        self.assert_problem(answer, 405)
        self.assertEqual(answer.headers["allow"], "GET, HEAD, POST")

    def test_every_answer_has_a_number(self):
        self.assertEqual(len(self.owner.get("/session").headers["x-request-id"]), 26)
        problem = self.owner.get("/nothing")
        self.assertEqual(problem.json["request_id"], problem.headers["x-request-id"])


class Limits(ApiTest):
    def test_large_bodies(self):
        answer = self.owner.post("/studies", b" " * (5 << 20), headers={"Content-Type": "application/json"})
        self.assert_problem(answer, 413, "limit")

    def test_large_bodies_in_chunks(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        headers = {**self.owner.headers("POST"), "Content-Type": "application/json", "Transfer-Encoding": "chunked"}
        connection.request("POST", "/api/v1/keys", (b" " * 65536 for _ in range(100)), headers, encode_chunked=True)
        response = connection.getresponse()
        self.assertEqual(response.status, 413)
        connection.close()

    def test_large_headers(self):
        answer = exchange(self.server.port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40000 + b"\r\n\r\n")
        self.assertTrue(answer == b"" or b" 431 " in answer.split(b"\r\n")[0] or b" 413 " in answer.split(b"\r\n")[0], answer[:100])

    def test_deep_json(self):
        body = b'{"framework":"own","code":"d","label":' + b'{"en":' * 3000 + b"1" + b"}" * 3001
        answer = self.owner.post("/dimensions", body, headers={"Content-Type": "application/json"})
        self.assertIn(answer.status, (400, 422))


class Malformed(ApiTest):
    def test_the_server_survives(self):
        requests = [b"", b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x00\x01\x02\x03", b"GET / HTTP/1.1\r\n\r\n",
                    b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                    b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
                    b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                    b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET /a%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    b"GET http://[::1 HTTP/1.1\r\nHost: \xff\r\n\r\n"]
        for request in requests:
            with self.subTest(request=request[:40]):
                status = exchange(self.server.port, request)[:12]
                self.assertNotIn(b" 200", status)
        self.assertEqual(self.owner.get("/session").status, 200)

    def test_body_that_never_comes(self):
        with socket.create_connection(("127.0.0.1", self.server.port)) as slow:
            slow.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
            self.assertEqual(self.owner.get("/session").status, 200)

    def test_client_that_leaves_before_its_answer(self):
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", self.server.port)) as gone:
                gone.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(self.owner.get("/session").status, 200)


class Paths(ApiTest):
    def test_nothing_outside_the_client_is_served(self):
        for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../record.sqlite", "//etc/passwd",
                     "/docs/../../etc/passwd", "/..%5c..%5cetc", "/record.sqlite", "/.git/config"):
            with self.subTest(path=path):
                answer = self.owner.raw("GET", path)
                self.assertNotIn(b"root:", answer.body)
                self.assertTrue(answer.status == 404 or answer.body.startswith(b"<!doctype html"), (answer.status, answer.body[:40]))

    def test_foreign_host_names_are_refused_on_loopback(self):
        for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example"):
            self.assert_problem(self.owner.raw("GET", "/api/v1/setup", headers={"Host": host}), 421)
        for host in ("localhost", "localhost:1", "127.0.0.1", "[::1]:80"):
            self.assertEqual(self.owner.raw("GET", "/api/v1/setup", headers={"Host": host}).status, 200)


class Site(ApiTest):
    def test_client_is_served_for_addresses_of_its_own(self):
        for path in ("/", "/index.html", "/measure/overview", "/settings"):
            answer = self.owner.raw("GET", path)
            self.assertEqual((answer.status, answer.headers["content-type"]), (200, "text/html; charset=utf-8"), path)
            self.assertEqual(answer.headers["cache-control"], "no-cache")
        self.assertEqual(self.owner.raw("GET", "/missing.js").status, 404)

    def test_head_and_entity_tags(self):
        plain = self.owner.raw("GET", "/")
        head = self.owner.raw("HEAD", "/")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.headers["content-length"], str(len(plain.body)))
        described = self.owner.call("HEAD", "/session")
        self.assertEqual((described.status, described.body), (200, b""))
        self.assertEqual(described.headers["content-length"], str(len(self.owner.get("/session").body)))
        again = self.owner.raw("GET", "/", headers={"If-None-Match": plain.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_compressed_files(self):
        plain = self.owner.raw("GET", "/docs/docs.js")
        packed = self.owner.raw("GET", "/docs/docs.js", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(packed.headers["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        refused = self.owner.raw("GET", "/docs/docs.js", headers={"Accept-Encoding": "gzip;q=0"})
        self.assertNotIn("content-encoding", refused.headers)

    def test_hashed_files_are_kept_for_ever(self):
        found = re.findall(rb'(?:src|href)="(/assets/[^"]+)"', self.owner.raw("GET", "/").body)
        if not found:
            self.skipTest("built without the web client")
        for path in found:
            self.assertIn("immutable", self.owner.raw("GET", path.decode()).headers["cache-control"])

    def test_security_headers(self):
        for path in ("/", "/api/v1/setup", "/api/v1/nothing", "/docs"):
            headers = self.owner.raw("GET", path).headers
            policy = headers["content-security-policy"]
            self.assertIn("default-src 'self'", policy)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe-eval", policy)
            self.assertNotIn("'unsafe-inline'", policy.replace("style-src-attr 'unsafe-inline'", ""))
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertEqual(headers["cross-origin-opener-policy"], "same-origin")

    def test_docs_and_description(self):
        page = self.owner.raw("GET", "/docs")
        self.assertEqual(page.status, 200)
        self.assertNotRegex(page.body, rb"https?://")
        self.assertEqual(self.owner.raw("GET", "/api/v1/openapi.json").json, json.loads(json.dumps(SPEC)))

    def test_json_is_compressed_when_it_pays(self):
        for i in range(12):
            self.owner.post("/dimensions", {"framework": "own", "code": f"c{i}", "label": {"en": "A dimension " * 5}})
        plain = self.owner.get("/dimensions")
        packed = self.owner.get("/dimensions", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        small = self.owner.get("/organisation", headers={"Accept-Encoding": "gzip"})
        self.assertNotIn("content-encoding", small.headers)


class Operation(ApiTest):
    def test_health_and_metrics(self):
        self.server.wait_ready()
        self.assertEqual(self.owner.raw("GET", "/healthz").body, b"ok\n")
        self.owner.get("/session")
        text = self.owner.raw("GET", "/metrics").body.decode()
        self.assertRegex(text, r'mindgap_http_requests_total\{route="getSession",status="200"\} \d+')
        self.assertRegex(text, r'mindgap_http_request_seconds_bucket\{route="getSession",le="\+Inf"\} \d+')
        for name in ("mindgap_store_commits_total", "mindgap_store_waiting", 'mindgap_follower_waiting{follower="columns"}', "mindgap_columns_memory_bytes",
                     "process_resident_memory_bytes"):
            self.assertRegex(text, rf"(?m)^{name} [0-9.e+]+$")

    def test_metrics_are_not_for_strangers(self):
        answer = self.owner.raw("GET", "/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
        self.assertEqual(answer.status, 401)

    def test_log_has_no_personal_data(self):
        self.owner.get("/customers?q=geheim-4711")
        Client(self.server).sign_in("leaky@example.com", "wrong password")
        log = self.server.log_text()
        self.assertIn('"event":"http"', log)
        for secret in ("geheim", "leaky", "wrong password", "owner@example.com", "127.0.0.1", PASSWORD):
            self.assertNotIn(secret, log)

    def test_connections_are_kept(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        for path in ("/healthz", "/api/v1/setup", "/api/v1/session", "/api/v1/nothing", "/"):
            connection.request("GET", path)
            connection.getresponse().read()
            first = first if path != "/healthz" else connection.sock
            self.assertIs(connection.sock, first, path)
        connection.close()

    def test_many_at_once(self):
        seen = []

        def read():
            for _ in range(20):
                seen.append(self.owner.get("/session").status)

        threads = [threading.Thread(target=read) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(seen), {200})


class Ending(unittest.TestCase):
    def test_what_was_begun_is_answered(self):
        with Server() as server:
            client = Client(server)
            client.set_up()
            seen, stop = [], threading.Event()

            def write():
                while not stop.is_set():
                    try:
                        code = f"c{time.monotonic_ns()}"
                        seen.append(client.post("/touchpoints", {"code": code, "label": {"en": "x"}, "stage": "during"}).status)
                    except (OSError, http.client.HTTPException):
                        return

            threads = [threading.Thread(target=write) for _ in range(8)]
            for thread in threads:
                thread.start()
            time.sleep(0.5)
            self.assertEqual(server.stop(), 0)
            stop.set()
            for thread in threads:
                thread.join()
            written = seen.count(201)
            self.assertGreater(written, 0)
            self.assertLessEqual(set(seen), {201, 429, 503})
            with Server(data=server.data) as again:
                reader = Client(again)
                reader.sign_in("owner@example.com")
                self.assertGreaterEqual(len(reader.get("/touchpoints").json["touchpoints"]), written)

    def test_second_server_on_the_same_port_says_why_not(self):
        with Server() as server:
            with self.assertRaisesRegex(RuntimeError, "Can't listen"):
                Server("--listen", f"127.0.0.1:{server.port}").__enter__()


if __name__ == "__main__":
    unittest.main()
