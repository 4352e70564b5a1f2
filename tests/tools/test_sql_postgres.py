"""The record's schema and every query, as PostgreSQL understands them: the same text, its types mapped by tools/gen/sql.py."""
import pathlib
import re
import sys
import time
import unittest

from postgres import Postgres

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/gen"))
import sql as gen_sql  # noqa: E402

TYPES = {"text": "text", "int": "bigint", "real": "double precision", "blob": "bytea"}
GIVES = {"text": {"text"}, "int": {"bigint", "integer"}, "real": {"double precision"}, "blob": {"bytea"}}
ULID = "01ARZ3NDEKTSV4RRFFQ69G5F{}"


def schema():
    return "\n".join(gen_sql.make_step(path, "postgres") for path in gen_sql.schema_paths(ROOT / "src/store/schema"))


def prepare(query):
    """Prepares a query and asks what it returns."""
    types = f" ({', '.join(TYPES[param.kind] for param in query.params)})" if query.params else ""
    values = f" ({', '.join('NULL' for _ in query.params)})" if query.params else ""
    ask = f"EXECUTE {query.name}{values} \\gdesc\n" if query.result else ""
    return f"\\echo @@{query.name}\nPREPARE {query.name}{types} AS {query.text('postgres')};\n{ask}"


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def setUpModule():
    global POSTGRES, QUERIES
    POSTGRES = Postgres()
    unittest.addModuleCleanup(POSTGRES.close)
    code, said = POSTGRES.run(f"BEGIN;\n{schema()}\nCOMMIT;\n", "-v", "ON_ERROR_STOP=1")
    assert code == 0, f"the schema: {said}"
    QUERIES = {query.name: query for _, query in gen_sql.read_folder(ROOT / "src/store/sql")}


class OnPostgres(unittest.TestCase):

    def values(self, script):
        code, said = POSTGRES.run(script, "-v", "ON_ERROR_STOP=1")
        self.assertEqual(code, 0, said)
        return said.split("\n")[:-1]

    def test_every_query_prepares_and_returns_the_types_its_header_says(self):
        _, said = POSTGRES.run("".join(prepare(query) for query in QUERIES.values()))
        answers = dict(re.findall(r"^@@(\w+)\n(.*?)(?=^@@|\Z)", said, re.M | re.S))
        self.assertGreater(len(QUERIES), 100)
        for query in QUERIES.values():
            with self.subTest(query.name):
                answer = answers[query.name]
                self.assertNotIn("ERROR", answer)
                types = [line.split("|")[-1] for line in answer.splitlines()]
                self.assertEqual(len(types), len(query.result), answer)
                for column, found in zip(query.result, types):
                    self.assertIn(found, GIVES[column.kind], column.name)

    def test_texts_sort_as_bytes(self):
        wrong = self.values("SELECT table_name || '.' || column_name FROM information_schema.columns"
                            " WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C';\n")
        self.assertEqual(wrong, [])
        order = "SELECT string_agg(code, ' ' ORDER BY code{}) FROM (VALUES ('a'), ('B'), ('b'), ('A')) v (code);\n"
        self.assertEqual(self.values(order.format("") + order.format(' COLLATE "C"')), ["a A b B", "A B a b"])

    def test_tables_are_those_of_sqlite(self):
        tables = self.values("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1;\n")
        self.assertIn("response", tables)
        self.assertEqual([name for name in tables if name in ("wave", "analysis", "outbox", "job_now", "login_attempt")], [])

    def test_rules_of_the_schema_hold(self):
        org = f"INSERT INTO org (id, name, created_at) VALUES ('{ULID.format('AA')}', 'A', 1);\n"
        study = ("INSERT INTO study (id, org_id, code, document, created_at, updated_at) VALUES"
                 f" ('{ULID.format('BB')}', '{ULID.format('AA')}', 'S', {{}}, 1, 1);\n")
        event = f"INSERT INTO event (org_id, kind, stream_id, subject_id, at) VALUES ('o', 'k', 's', 's', 1) RETURNING sequence;\n"
        code, said = POSTGRES.run("BEGIN;\n" + org + study.format("'not json'") + "ROLLBACK;\n")
        self.assertIn("invalid input syntax for type json", said)
        self.assertEqual(self.values("BEGIN;\n" + org + study.format("'{}'") + event + event + "ROLLBACK;\n"), ["1", "2"])


class TwoWriters(unittest.TestCase):
    """What one writer alone once kept right, with two at work at once: the second of them waits for the first and then changes no
    row, or is told to begin again (40001), as a store does."""
    AGAIN, WELL = "40001", "00000"
    ORG, STUDY = ULID.format("AA"), ULID.format("BB")

    def setUp(self):
        self.first, self.second = (self.enterContext(POSTGRES.session()) for _ in range(2))
        tables = "org, \"user\", study, response, customer, import, job, throttle, audit"
        for statement in (f"TRUNCATE {tables} CASCADE",
                          f"INSERT INTO org (id, name, created_at) VALUES ('{self.ORG}', 'A', 1)",
                          f"INSERT INTO study (id, org_id, code, document, created_at, updated_at)"
                          f" VALUES ('{self.STUDY}', '{self.ORG}', 'S', '{{}}', 1, 1)"):
            self.assertEqual(self.first.run(statement)[2], self.WELL)

    def enterContext(self, context):  # unittest has it from Python 3.11 on
        self.addCleanup(context.__exit__, None, None, None)
        return context.__enter__()

    def query(self, session, name, /, **values):
        """Sends one of our queries with its values in."""
        query = QUERIES[name]
        given = dict.fromkeys((param.name for param in query.params), None) | values
        text = gen_sql.TOKEN.sub(lambda match: literal(given[match[1]]) if match[1] else match[0], query.texts["both"])
        session.send(re.sub(r"--[^\n]*", "", text))

    def ask(self, session, name, /, **values):
        self.query(session, name, **values)
        return session.answer()

    def begin(self, isolation):
        for session in (self.first, self.second):
            session.run(f"BEGIN ISOLATION LEVEL {isolation}")
            session.run("SELECT count(*) FROM org")  # its snapshot, where it keeps one

    def interleave(self, name, first, second):
        """The second comes while the first isn't committed, and waits for it. Returns what came of the second."""
        self.begin("READ COMMITTED")
        done = self.ask(self.first, name, **first)
        self.assertEqual(done[1:], (1, self.WELL), done)
        self.query(self.second, name, **second)
        for _ in range(400):
            if self.first.run("SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))")[1]:
                break
            time.sleep(0.02)
        else:
            self.fail("the second doesn't wait for the first")
        self.assertEqual(self.first.run("COMMIT")[2], self.WELL)
        return self.second.answer()

    def serialized(self, name, first, second):
        """Both do theirs, then both commit. Returns how it ended for the second."""
        self.begin("SERIALIZABLE")
        for session, values in ((self.first, first), (self.second, second)):
            self.assertEqual(self.ask(session, name, **values)[1:], (1, self.WELL))
        self.assertEqual(self.first.run("COMMIT")[2], self.WELL)
        return self.second.run("COMMIT")[2]

    def response(self, number, key):
        return {"id": ULID.format(f"R{number}"), "org_id": self.ORG, "study_id": self.STUDY, "idempotency_key": key, "at": 1, "now": 1,
                "document": "{}"}

    def test_a_key_creates_one_response_and_the_repeat_finds_it(self):
        _, count, state = self.interleave("response_insert", self.response(1, "a key"), self.response(2, "a key"))
        self.assertEqual((count, state), (0, self.WELL))
        found, _, _ = self.ask(self.second, "response_by_key", org_id=self.ORG, study_id=self.STUDY, idempotency_key="a key")
        self.assertTrue(found[0].startswith(ULID.format("R1")))
        self.assertEqual(self.ask(self.second, "response_insert", **self.response(3, None))[1], 1)
        self.assertEqual(self.ask(self.second, "response_insert", **self.response(4, None))[1], 1)

    def test_a_customer_made_elsewhere_does_not_abort_the_batch(self):
        customer = {"org_id": self.ORG, "reference": "C-1", "now": 1}
        _, count, state = self.interleave("customer_insert", {"id": ULID.format("C1"), **customer}, {"id": ULID.format("C2"), **customer})
        self.assertEqual((count, state), (0, self.WELL))
        self.assertEqual(self.ask(self.second, "customer_find", org_id=self.ORG, reference="C-1")[0], [ULID.format("C1")])
        self.assertEqual(self.second.run("COMMIT")[2], self.WELL)

    def test_a_job_is_claimed_once(self):
        for number in "12":
            self.ask(self.first, "job_insert", id=ULID.format(f"J{number}"), org_id=self.ORG, kind="k", lane="quick", spec="{}",
                     lang="en", now=1)
        claim = {"lane": "quick", "per_org": 5, "now": 2}
        self.assertEqual(self.interleave("job_claim", claim, claim)[1:], (0, self.WELL))
        self.assertTrue(self.ask(self.second, "job_claim", **claim)[0][0].startswith(ULID.format("J2")))

    def test_a_failure_is_counted_once(self):
        key = bytes(32)
        self.ask(self.first, "throttle_count", key=key, seen_failures=0, seen_at=0, failures=1, now=5)
        count = {"key": key, "seen_failures": 1, "seen_at": 5, "failures": 2, "now": 6}
        self.assertEqual(self.interleave("throttle_count", count, count)[1:], (0, self.WELL))

    def owner(self, letter):
        self.ask(self.first, "user_insert", id=ULID.format(f"U{letter}"), org_id=self.ORG, email=f"{letter}@a", name=letter,
                 role="owner", lang="en", password_hash="-", now=1)
        return ULID.format(f"U{letter}")

    def test_the_last_owner_stays(self):
        a, b = self.owner("A"), self.owner("B")
        self.assertEqual(self.serialized("user_delete", {"org_id": self.ORG, "id": a}, {"org_id": self.ORG, "id": b}), self.AGAIN)
        self.assertEqual(self.ask(self.second, "user_delete", org_id=self.ORG, id=b)[1:], (0, self.WELL))
        demote = {"org_id": self.ORG, "id": b, "version": 1, "name": "B", "role": "viewer"}
        self.assertEqual(self.ask(self.second, "user_update", **demote)[1:], (0, self.WELL))
        self.assertEqual(self.ask(self.second, "user_update", **demote | {"role": "owner", "disabled_at": 1})[1:], (0, self.WELL))
        self.assertEqual(self.ask(self.second, "user_update", **demote | {"role": "owner"})[1:], (1, self.WELL))

    def test_a_file_comes_into_a_study_once(self):
        def beginning(number, again=0):
            return {"id": ULID.format(f"I{number}"), "org_id": self.ORG, "study_id": self.STUDY, "file_name": "f", "mapping": "{}",
                    "checksum": bytes(32), "again": again, "now": 1}

        self.assertEqual(self.serialized("import_insert", beginning(1), beginning(2)), self.AGAIN)
        self.assertEqual(self.ask(self.second, "import_insert", **beginning(2))[1:], (0, self.WELL))
        self.assertEqual(self.ask(self.second, "import_insert", **beginning(3, again=1))[1:], (1, self.WELL))


if __name__ == "__main__":
    unittest.main()
