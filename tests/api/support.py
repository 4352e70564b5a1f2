"""What the API tests share: a server on a free port with a data folder of its own, a client with cookies, a validator.

The binary is $MINDGAP (script/test sets it), else build/mindgap.
"""
import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("MINDGAP", str(ROOT / "build/mindgap"))
sys.path.insert(0, str(ROOT / "tools/gen"))
from spec import load as load_spec  # noqa: E402

SPEC = load_spec(ROOT / "spec/openapi")
PREFIX = "/api/v1"
PASSWORD = "a long pass phrase"
METHODS = ("get", "post", "put", "patch", "delete")


class Server:
    """A running `mindgap serve`; a context manager."""

    def __init__(self, *options, data=None):
        self.own_data = data is None
        self.data = data or tempfile.mkdtemp(prefix="mindgap-api-")
        self.options = options
        self.started = False

    def __enter__(self):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--log", "info", "--lang", "en", *self.options],
            stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL)
        line = self.process.stdout.readline().decode()
        found = re.search(r"http://[^:]+:(\d+)", line)
        if not found:
            self.process.wait(30)
            said = self.log_text()
            self.__exit__()
            raise RuntimeError(f"the server didn't start: {line!r} {said}")
        self.port = int(found[1])
        self.started = True
        return self

    def __exit__(self, *_):
        status = self.stop()
        said = self.log_text()
        self.process.stdout.close()
        self.log.close()
        if self.own_data:
            shutil.rmtree(self.data, ignore_errors=True)
        # Sanitizers report at the end, by the exit status. Started and refused: that status is the test's business.
        assert status in (0, -signal.SIGKILL) or not self.started, f"the server ended with {status}: {said[-4000:]}"

    def stop(self):
        """Asks it to end, as a service manager does; returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def log_text(self):
        self.log.seek(0)
        return self.log.read().decode()

    def wait_ready(self):
        client = Client(self)
        for _ in range(200):
            if client.raw("GET", "/readyz").status == 200:
                return
            time.sleep(0.05)
        raise RuntimeError("the server isn't ready")


class Answer:
    def __init__(self, response):
        self.status, self.body = response.status, response.read()
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.cookies = [value for name, value in response.getheaders() if name.lower() == "set-cookie"]

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """One browser, or one program with a key: keeps its cookie and CSRF token."""

    def __init__(self, server, key=None, language="en"):
        self.server, self.key, self.language = server, key, language
        self.cookie = self.csrf = None

    def raw(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())

    def headers(self, method):
        headers = {"Accept-Language": self.language}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        if self.cookie:
            headers["Cookie"] = self.cookie
        if self.csrf and method not in ("GET", "HEAD"):
            headers["X-CSRF-Token"] = self.csrf
        return headers

    def call(self, method, path, body=None, headers=None, prefix=PREFIX):
        sent = self.headers(method)
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        answer = self.raw(method, prefix + path, body, sent)
        for cookie in answer.cookies:
            self.cookie = cookie.split(";")[0]
        if answer.headers.get("content-type", "").startswith("application/json") and b'"csrf_token"' in answer.body:
            self.csrf = answer.json["csrf_token"]
        return answer

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.call("POST", path, body, **options)

    def put(self, path, body=None, **options):
        return self.call("PUT", path, body, **options)

    def delete(self, path, **options):
        return self.call("DELETE", path, **options)

    def set_up(self, organisation="Northern Heat", email="owner@example.com"):
        return self.post("/setup", {"organisation": organisation, "name": "Owner", "email": email, "password": PASSWORD,
                                    "language": "en"})

    def sign_in(self, email, password=PASSWORD):
        return self.post("/session", {"email": email, "password": password})

    def wait_job(self, job_id, seconds=60):
        for _ in range(seconds * 20):
            job = self.get(f"/jobs/{job_id}").json
            if job["state"] not in ("queued", "running"):
                return job
            time.sleep(0.05)
        raise RuntimeError(f"job {job_id} takes too long")


class ApiTest(unittest.TestCase):
    """One server for all tests of a class, set up by an owner."""

    options = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.options)
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.owner = Client(cls.server)
        answer = cls.owner.set_up()
        assert answer.status == 201, answer.body
        cls.server.wait_ready()

    def user(self, role, email=None):
        """A signed-in client of that role."""
        email = email or f"{role}-{time.monotonic_ns()}@example.com"
        answer = self.owner.post("/users", {"name": role, "email": email, "role": role, "password": PASSWORD, "language": "en"})
        self.assertEqual(answer.status, 201, answer.body)
        client = Client(self.server)
        self.assertEqual(client.sign_in(email).status, 201)
        return client

    def key(self, *scopes):
        answer = self.owner.post("/keys", {"name": "test", "scopes": list(scopes)})
        self.assertEqual(answer.status, 201, answer.body)
        return Client(self.server, key=answer.json["secret"])

    def assert_problem(self, answer, status, code=None, field=None):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["content-type"], "application/problem+json; charset=utf-8")
        validate(answer.json, {"$ref": "#/components/schemas/Problem"})
        self.assertEqual(answer.json["status"], status)
        if code:
            self.assertEqual(answer.json["code"], code)
        if field is not None:
            self.assertEqual(answer.json.get("field"), field)


def run(*words, text=""):
    """The command line; its output. Raises where it fails."""
    made = subprocess.run([BINARY, *words], input=text, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return made.stdout


def second_organisation(server, name="Other"):
    """Signed in as the owner of another organisation. There is no route to make one: the command line does it."""
    run("org", "add", name, "--data", server.data)
    run("user", "add", "other@example.com", "--data", server.data, "--org", name, "--role", "owner", text=f"{PASSWORD}\n{PASSWORD}\n")
    client = Client(server)
    answer = client.sign_in("other@example.com")
    assert answer.status == 201, answer.body
    return client


STUDY = {
    "study": "kiosk",
    "title": {"en": "Kiosk", "zh-CN": "自助机"},
    "scale": {"min": 1, "max": 7},
    "dimensions": [{"code": "speed", "label": {"en": "Speed", "zh-CN": "速度"}}, {"code": "ease", "label": {"en": "Ease", "zh-CN": "易用"}}],
    "touchpoints": [{"code": "screen", "label": {"en": "Screen", "zh-CN": "屏幕"}, "stage": "during"}],
    "items": [{"code": f"i{k}", "label": {"en": f"Item {k}", "zh-CN": f"第 {k} 项"}, "dimension": "speed" if k < 3 else "ease",
               "touchpoint": "screen", "expectation": f"E{k}", "perception": f"P{k}"} for k in range(1, 5)],
    "outcomes": [{"code": "nps", "label": {"en": "Recommendation", "zh-CN": "推荐"}, "kind": "nps", "column": "REC",
                  "scale": {"min": 0, "max": 10}}],
    "groups": [{"column": "region", "label": {"en": "Region", "zh-CN": "区域"}}],
    "wave": "wave",
}


def survey_csv(rows=200, seed=1):
    """A survey of four expectation/perception pairs whose item gaps are about −0.5, −1, −1.5 and −2."""
    rng = random.Random(seed)
    lines = ["E1,P1,E2,P2,E3,P3,E4,P4,REC,region,wave"]
    for row in range(rows):
        cells = []
        for k in range(1, 5):
            expectation = rng.choice([5, 6, 7])
            cells += [expectation, max(1, expectation - (k + rng.choice([0, 1])) // 2 - rng.choice([0, 0, 1]))]
        cells += [rng.randint(0, 10), rng.choice(["north", "south"]), "2025" if row % 2 else "2024"]
        lines.append(",".join(map(str, cells)))
    return "\n".join(lines).encode() + b"\n"


def mean_gap(csv, item):
    rows = [line.split(",") for line in csv.decode().strip().splitlines()]
    e, p = rows[0].index(f"E{item}"), rows[0].index(f"P{item}")
    return sum(float(row[p]) - float(row[e]) for row in rows[1:]) / (len(rows) - 1)


def upload(client, content, name="survey.csv"):
    answer = client.post("/uploads?name=" + urllib.parse.quote(name), content, headers={"Content-Type": "application/octet-stream"})
    assert answer.status == 201, answer.body
    return answer.json["id"]


def import_survey(client, study_id, content, expect="done", **more):
    """Upload, preview, import with the proposed mapping, wait; the import."""
    upload_id = upload(client, content)
    preview = client.get(f"/uploads/{upload_id}/preview?study={study_id}")
    assert preview.status == 200, preview.body
    mapping = [{"source": column["name"], "target": column["target"]} for column in preview.json["columns"] if "target" in column]
    answer = client.post("/imports", {"upload_id": upload_id, "study_id": study_id, "mapping": mapping, **more})
    assert answer.status == 202, answer.body
    job = client.wait_job(answer.json["job_id"])
    assert job["state"] == expect, job
    return client.get(f"/imports/{answer.json['id']}").json


def make_study(client, document=None):
    answer = client.post("/studies", {"document": document or STUDY})
    assert answer.status == 201, answer.body
    return answer.json["id"]


def wait_rows(client, study_id, rows, seconds=20):
    """The gap report once the columns have that many rows: they follow the record within a second or so."""
    for _ in range(seconds * 10):
        answer = client.get(f"/studies/{study_id}/gaps")
        if answer.status == 200 and answer.json["rows"] == rows:
            return answer.json
        time.sleep(0.1)
    raise AssertionError(f"the columns don't reach {rows} rows: {answer.body[:300]}")


def operations():
    """(path, method, operation, parameters) of every operation of the description."""
    for path, item in SPEC["paths"].items():
        for method in METHODS:
            if method in item:
                parameters = [resolve(p) for p in item.get("parameters", []) + item[method].get("parameters", [])]
                yield path, method, item[method], parameters


def resolve(node):
    while "$ref" in node:
        target = SPEC
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def validate(value, schema, where=""):
    """Raises AssertionError where the value breaks its schema. Unknown keys count as broken, so that nothing undescribed
    goes out."""
    schema = resolve(schema)
    types = schema.get("type", [])
    types = types if isinstance(types, list) else [types]
    assert any(is_type(value, t) for t in types) or not types, f"{where or '/'}: {value!r} isn't {types}"
    if "enum" in schema:
        assert value in schema["enum"], f"{where}: {value!r} isn't one of {schema['enum']}"
    if schema.get("format") == "ulid" and value is not None:
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", value), f"{where}: {value!r} is no id"
    if schema.get("format") == "date-time" and value is not None:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value), f"{where}: {value!r} is no time"
    if isinstance(value, list):
        for index, item in enumerate(value):
            validate(item, schema["items"], f"{where}/{index}")
    if isinstance(value, dict) and "properties" in schema:
        validate_object(value, schema, where)


def validate_object(value, schema, where):
    for name in schema.get("required", []):
        assert name in value, f"{where}/{name} is missing"
    for name, item in value.items():
        assert name in schema["properties"] or schema.get("additionalProperties"), f"{where}/{name} isn't described"
        if name in schema["properties"]:
            validate(item, schema["properties"][name], f"{where}/{name}")


def exchange(port, data, seconds=2):
    """Sends bytes as they are and reads until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        parts = []
        with contextlib.suppress(OSError):  # the server may close in the middle
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)
