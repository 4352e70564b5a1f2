"""The door from outside: what comes in badly framed, slowly or halfway; who may hold what; what is stopped, and what is kept."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from support import PASSWORD, STUDY, ApiTest, Client, Server, exchange, import_survey, make_study, second_organisation, survey_csv, upload

HOST = b"Host: localhost\r\n"


def connect(server, source="127.0.0.1"):
    return socket.create_connection(("127.0.0.1", server.port), timeout=60, source_address=(source, 0))


def read_all(connection):
    parts = []
    with contextlib.suppress(OSError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def header_lines(client, method, path, body=b"", **more):
    """A request as bytes, with what the client always sends."""
    headers = {"Host": "localhost", **client.headers(method), "Content-Length": str(len(body)), **more}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None)
    return f"{method} /api/v1{path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def gauge(client, name, **labels):
    """One number of /metrics."""
    inside = ",".join(f'{key}="{value}"' for key, value in labels.items())
    text = client.raw("GET", "/metrics").body.decode()
    found = re.search(rf"^{name}(?:{{{re.escape(inside)}}})? ([0-9.e+]+)$" if inside else rf"^{name} ([0-9.e+]+)$", text, re.M)
    return float(found[1]) if found else None


def wait_for(what, seconds=30):
    for _ in range(seconds * 20):
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


class Framing(ApiTest):
    """A request that two programs would read differently is refused, and its connection ends with the answer."""

    def refused(self, head, body=b""):
        said = exchange(self.server.port, head + b"\r\n" + body)
        self.assertRegex(said, rb"^HTTP/1.1 400 ", head)
        self.assertEqual(said.count(b"HTTP/1.1 "), 1, said)
        return said

    def test_two_lengths(self):
        for second in (b"5", b"0", b"100"):
            self.refused(b"POST /api/v1/session HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: " + second + b"\r\n", b"{}  \n")
        self.refused(b"GET /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\nContent-Length: 36\r\n",
                     b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")

    def test_length_and_chunks(self):
        for lines in (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                      b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n",
                      b"Transfer-Encoding: identity\r\n"):
            self.refused(b"POST /api/v1/session HTTP/1.1\r\n" + HOST + lines, b"0\r\n\r\n")

    def test_two_hosts(self):
        said = self.refused(b"GET /healthz HTTP/1.1\r\n" + HOST + b"host: localhost\r\n")
        self.assertIn(b"more than one Host", said)
        self.refused(b"GET /api/v1/setup HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n")


class HalfClosed(ApiTest):
    """A client that has sent all it has and closed its sending side still reads its answer."""

    def ask(self, data, together):
        """together: the end comes in the same packet as the last byte."""
        with connect(self.server) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, int(together))
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
            return read_all(connection)

    def test_requests_of_every_kind_are_answered(self):
        study = make_study(self.owner)
        cases = [(header_lines(self.owner, "GET", "/session"), 200), (header_lines(self.owner, "GET", "/nothing"), 404),
                 (header_lines(self.owner, "GET", f"/studies/{study}/overview"), 200),
                 (header_lines(Client(self.server), "POST", "/session", json.dumps(
                     {"email": "owner@example.com", "password": PASSWORD}).encode(), **{"Content-Type": "application/json"}), 201),
                 (header_lines(self.owner, "POST", "/uploads?name=a.csv", b"a,b\n1,2\n"), 201),
                 (header_lines(self.owner, "POST", "/uploads?name=b.csv", b"a,b\n" + b"1,2\n" * 200_000), 201)]
        for turn in range(6):
            for data, status in cases:
                said = self.ask(data, turn % 2)
                self.assertRegex(said, rb"^(HTTP/1.1 100 Continue\r\n\r\n)?HTTP/1.1 %d " % status, data[:60])

    def test_a_closed_analysis_with_more_to_say_is_answered(self):
        study = make_study(self.owner, {**STUDY, "study": "half"})
        import_survey(self.owner, study, survey_csv(4000))
        said = self.ask(header_lines(self.owner, "GET", f"/studies/{study}/gaps?boot=3000"), True)
        self.assertRegex(said, rb"^(HTTP/1.1 100 Continue\r\n\r\n)?HTTP/1.1 200 ")


class Decoding(ApiTest):
    def test_query_parameters_are_decoded_once(self):
        made = self.owner.post("/customers", {"reference": "100%41", "attributes": []})
        self.assertEqual(made.status, 200, made.body)
        found = self.owner.get("/customers?q=100%2541")
        self.assertEqual([c["reference"] for c in found.json["customers"]], ["100%41"])
        self.assertEqual(self.owner.get("/customers?%71=100%2541").json["customers"], found.json["customers"])
        self.assertEqual(self.owner.get("/customers?q=100A").json["customers"], [])
        self.assertEqual(self.owner.get("/session?l%61ng=zh-CN").status, 200)
        self.assert_problem(self.owner.get("/customers?q=%2"), 422, "invalid", "?q")

    def test_too_many_are_refused(self):
        names = [f"n{i}=a" for i in range(65)]
        self.assert_problem(self.owner.get("/customers?" + "&".join(names[:64])), 422, "invalid", "?n0")
        self.assert_problem(self.owner.get("/customers?" + "&".join(names)), 422, "limit")
        self.assert_problem(self.owner.get("/customers?q=a&q=a"), 422, "invalid", "?q")

    def test_a_weight_of_nothing_refuses_gzip(self):
        for header in ("gzip; q=0", "gzip ;q=0.000", "gzip;q=0", "*;q=0", "identity"):
            answer = self.owner.raw("GET", "/docs/docs.js", headers={"Accept-Encoding": header})
            self.assertNotIn("content-encoding", answer.headers, header)
        answer = self.owner.raw("GET", "/docs/docs.js", headers={"Accept-Encoding": "br;q=0, gzip; q=0.5"})
        self.assertEqual(answer.headers["content-encoding"], "gzip")


class Slow(ApiTest):
    def test_a_header_that_drips_is_cut(self):
        """A byte now and then restarts the library's timeout; ours goes on."""
        with connect(self.server) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: ")
            connection.settimeout(1)
            for _ in range(60):
                try:
                    if connection.recv(1) == b"":
                        return
                    self.fail("an answer to half a request")
                except TimeoutError:
                    pass
                except OSError:
                    return
                with contextlib.suppress(OSError):
                    connection.sendall(b"a")
        self.fail("it may drip for ever")

    def assert_let_in(self):
        """Sooner than the connections that are held would end by themselves."""
        fifth = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=8, source_address=("127.0.0.9", 0))
        fifth.request("GET", "/healthz")
        self.assertEqual(fifth.getresponse().status, 200)
        fifth.close()

    def test_four_addresses_do_not_shut_out_a_fifth(self):
        held = []
        try:
            for address in range(2, 6):
                for _ in range(520):
                    held.append(connect(self.server, f"127.0.0.{address}"))
                    with contextlib.suppress(OSError):
                        held[-1].sendall(b"GET / HTTP/1.1\r\n")
            self.assert_let_in()
        finally:
            for connection in held:
                connection.close()

    def test_kept_connections_make_room(self):
        """As many as there may be, each with a request answered and silent since: one more gets in."""
        held = []
        try:
            for address in range(2, 7):
                for _ in range(500):
                    held.append(connect(self.server, f"127.0.0.{address}"))
                    with contextlib.suppress(OSError):
                        held[-1].sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
                        held[-1].recv(4096)
            self.assert_let_in()
        finally:
            for connection in held:
                connection.close()


class Uploads(ApiTest):
    def folder(self):
        return pathlib.Path(self.server.data, "uploads")

    def test_what_comes_is_what_is_kept(self):
        for size in (0, 1, 1000, 131_071, 131_072, 131_073, 300_000, 5_000_000):
            content = os.urandom(size)
            self.assertEqual(self.folder().joinpath(upload(self.owner, content)).read_bytes(), content, size)

    def test_what_comes_in_chunks_is_what_is_kept(self):
        for size in (1, 131_072, 3_000_000):
            content = os.urandom(size)
            parts = (content[i:i + 50_000] for i in range(0, size, 50_000))
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
            connection.request("POST", "/api/v1/uploads?name=c.csv", parts,
                               {**self.owner.headers("POST"), "Transfer-Encoding": "chunked"}, encode_chunked=True)
            response = connection.getresponse()
            answer = json.loads(response.read())
            self.assertEqual(response.status, 201, answer)
            self.assertEqual(self.folder().joinpath(answer["id"]).read_bytes(), content, size)
            connection.close()

    def test_strangers_are_refused_before_they_send(self):
        before = set(os.listdir(self.folder())) if self.folder().exists() else set()
        with connect(self.server) as connection:
            connection.sendall(b"POST /api/v1/uploads?name=a HTTP/1.1\r\n" + HOST + b"Content-Length: 1000000000\r\n\r\n")
            self.assertRegex(read_all(connection), rb"^HTTP/1.1 401 ")
        answer = Client(self.server).post("/uploads?name=a", b"a" * 1000)
        self.assert_problem(answer, 401)
        self.assertEqual(set(os.listdir(self.folder())) if self.folder().exists() else set(), before)

    def test_who_asks_first_is_told_to_go_on(self):
        content = os.urandom(400_000)
        head = header_lines(self.owner, "POST", "/uploads?name=a", b"", **{"Content-Length": str(len(content)), "Expect": "100-continue",
                                                                          "Connection": "close"})
        with connect(self.server) as connection:
            connection.sendall(head)
            self.assertEqual(connection.recv(4096), b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.sendall(content)
            self.assertRegex(read_all(connection), rb"^HTTP/1.1 201 ")

    def test_an_upload_cut_off_leaves_nothing(self):
        upload(self.owner, b"a,b\n1,2\n")
        before = set(os.listdir(self.folder()))
        with connect(self.server) as connection:
            connection.sendall(header_lines(self.owner, "POST", "/uploads?name=a", b"", **{"Content-Length": "9000000"}) + b"a" * 800_000)
            wait_for(lambda: any(path.stat().st_size > 600_000 for path in self.folder().glob("*.part")))
        wait_for(lambda: set(os.listdir(self.folder())) == before)

    def test_an_organisation_has_its_share_on_their_way(self):
        other = second_organisation(self.server)
        parts = lambda: len(list(self.folder().glob("*.part")))
        held = [connect(self.server) for _ in range(16)]
        for connection in held:
            connection.sendall(header_lines(self.owner, "POST", "/uploads?name=a", b"", **{"Content-Length": "9000000"}) + b"a" * 200_000)
        wait_for(lambda: parts() == 16)
        refused = self.owner.post("/uploads?name=a", b"a,b\n1,2\n")
        self.assert_problem(refused, 503, "busy")
        self.assertIn("retry-after", refused.headers)
        upload(other, b"a,b\n1,2\n")
        for connection in held:
            connection.close()
        wait_for(lambda: parts() == 0)
        wait_for(lambda: self.owner.post("/uploads?name=a", b"a,b\n1,2\n").status == 201)

    def test_files_are_their_owners(self):
        for path in pathlib.Path(self.server.data).rglob("*"):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount"), "needs to mount a small file system")
class FullDisk(unittest.TestCase):
    def setUp(self):
        self.data = tempfile.mkdtemp(prefix="mindgap-full-")
        self.addCleanup(shutil.rmtree, self.data, ignore_errors=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", self.data], capture_output=True).returncode:
            self.skipTest("may not mount")
        self.addCleanup(subprocess.run, ["umount", "-l", self.data], check=True)

    def test_uploads_get_507_are_counted_and_go_on_when_there_is_space(self):
        with Server(data=self.data) as server:
            owner = Client(server)
            owner.set_up()
            server.wait_ready()
            filler = pathlib.Path(self.data, "filler")
            with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
                while True:
                    file.write(b"\0" * 4096)
            for size in (1000, 3_000_000):
                answer = owner.post("/uploads?name=a.csv", b"a" * size)
                self.assertEqual(answer.status, 507, answer.body)
                self.assertEqual(answer.json["code"], "full")
                self.assertNotIn(self.data, answer.body.decode())
            filler.unlink()
            wait_for(lambda: gauge(owner, "mindgap_http_requests_total", route="createUpload", status="507") == 2)
            self.assertEqual(owner.post("/uploads?name=a.csv", b"a,b\n1,2\n").status, 201)
            statuses = [owner.post("/uploads?name=a.csv", b"a" * size).status for size in (500_000, 20_000, 1000) for _ in range(40)]
            self.assertEqual(statuses[-1], 507, statuses)
            self.assertEqual(owner.post("/touchpoints", {"code": "t", "label": {"en": "x"}, "stage": "during"}).status, 201)


class Secrets(ApiTest):
    def test_errors_do_not_show_the_folders_of_the_server(self):
        study = make_study(self.owner)
        upload_id = upload(self.owner, survey_csv(50))
        path = pathlib.Path(self.server.data, "uploads", upload_id)
        cases = [b"", b"PAR1" + b"\0" * 64 + b"PAR1", b"{\"a\": 1}\n{\"a\": \n" * 50, b"a,b\n1,\"2\n", b"\x1f\x8b" + b"\0" * 40, None]
        for content in cases:
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
            for answer in (self.owner.get(f"/uploads/{upload_id}/preview"),
                           self.owner.post("/imports", {"upload_id": upload_id, "study_id": study, "mapping": []})):
                with self.subTest(content=content, answer=answer.body):
                    for secret in (self.server.data, "/proc/self", ".part", "/tmp/"):
                        self.assertNotIn(secret, answer.body.decode())


class Shares(ApiTest):
    """What is slow is stopped and shared out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.study = make_study(cls.owner)
        import_survey(cls.owner, cls.study, survey_csv(20_000))
        cls.other = second_organisation(cls.server)
        cls.others = make_study(cls.other)
        import_survey(cls.other, cls.others, survey_csv(20))
        cls.seeds = iter(range(1, 10_000))

    def slow(self):
        """A bootstrap that takes far longer than anything here waits; never the same twice."""
        return f"/studies/{self.study}/gaps?boot=20000&by=region,wave&seed={next(self.seeds)}"

    def begin(self, n):
        connections = [connect(self.server) for _ in range(n)]
        for connection in connections:
            connection.sendall(header_lines(self.owner, "GET", self.slow()))
        return connections

    def running(self):
        return gauge(self.owner, "mindgap_http_running", pool="slow")

    def waiting(self):
        return gauge(self.owner, "mindgap_http_waiting", pool="slow")

    def test_who_closes_frees_the_thread(self):
        held = self.begin(3)
        wait_for(lambda: self.running() > 0)
        for connection in held:
            connection.close()
        wait_for(lambda: self.running() == 0 and self.waiting() == 0)
        self.assertEqual(self.owner.get(f"/studies/{self.study}/facets").status, 200)

    def test_one_organisation_cannot_hold_the_pool_nor_anybody_the_door(self):
        held = self.begin(150)
        try:
            wait_for(lambda: self.waiting() >= 10)
            self.assertEqual(self.other.get("/session").status, 200)
            self.assertEqual(Client(self.server).sign_in("owner@example.com").status, 201)
            self.assertEqual(self.other.get(f"/studies/{self.others}/gaps?seed={next(self.seeds)}").status, 200)
            refused = self.owner.get(self.slow())
            self.assertEqual(refused.status, 503, refused.body)
            self.assertIn("retry-after", refused.headers)
            for path in ("/studies/", "/customers/"):  # removing may take as many writes as there are answers
                self.assertEqual(self.owner.delete(path + "0" * 26).status, 503, path)
            self.assertEqual(self.owner.post("/touchpoints", {"code": "t", "label": {"en": "x"}, "stage": "during"}).status, 201)
        finally:
            for connection in held:
                connection.close()
        wait_for(lambda: self.running() == 0 and self.waiting() == 0)

    def test_kept_answers_do_not_wait_for_the_pool(self):
        path = f"/studies/{self.study}/overview"
        first = self.owner.get(path)
        held = self.begin(20)
        try:
            wait_for(lambda: self.waiting() >= 10)
            self.assertEqual(self.owner.get(path).body, first.body)
            self.assertGreater(self.running(), 0)
        finally:
            for connection in held:
                connection.close()
        wait_for(lambda: self.running() == 0 and self.waiting() == 0)


class Limit(unittest.TestCase):
    def test_what_takes_too_long_is_stopped_and_says_what_to_do(self):
        with Server() as server:
            owner = Client(server)
            owner.set_up()
            server.wait_ready()
            study = make_study(owner)
            import_survey(owner, study, survey_csv(20_000))
            self.assertEqual(server.stop(), 0)
            with Server("--analysis-limit", "1", data=server.data) as limited:
                limited.wait_ready()
                owner = Client(limited)
                owner.sign_in("owner@example.com")
                answer = owner.get(f"/studies/{study}/gaps?boot=20000&by=region,wave")
                self.assertEqual((answer.status, answer.json["code"]), (422, "limit"), answer.body)
                self.assertIn("longer than the 1 seconds allowed", answer.json["detail"])
                self.assertTrue(answer.json["hint"])
                wait_for(lambda: gauge(owner, "mindgap_http_running", pool="slow") == 0)


class Ending(unittest.TestCase):
    def test_a_long_analysis_does_not_hold_up_the_end(self):
        with Server() as server:
            owner = Client(server)
            owner.set_up()
            server.wait_ready()
            study = make_study(owner)
            import_survey(owner, study, survey_csv(20_000))
            said = []
            thread = threading.Thread(target=lambda: said.append(owner.get(f"/studies/{study}/gaps?boot=20000&by=region,wave")))
            thread.start()
            wait_for(lambda: gauge(owner, "mindgap_http_running", pool="slow") > 0)
            self.assertEqual(server.stop(), 0)
            thread.join()
            self.assertEqual(said[0].status, 503, said[0].body)

    def test_requests_that_come_while_it_ends_find_a_pool_or_a_refusal(self):
        for _ in range(5):
            with Server() as server:
                client = Client(server)
                client.set_up()
                stop = threading.Event()

                def ask():
                    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
                    while not stop.is_set():
                        try:
                            connection.request("GET", "/api/v1/session", headers=client.headers("GET"))
                            connection.getresponse().read()
                        except (OSError, http.client.HTTPException):
                            return

                threads = [threading.Thread(target=ask) for _ in range(16)]
                for thread in threads:
                    thread.start()
                time.sleep(0.2)
                self.assertEqual(server.stop(), 0)
                stop.set()
                for thread in threads:
                    thread.join()


if __name__ == "__main__":
    unittest.main()
