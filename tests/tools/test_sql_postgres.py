"""The record's schema and every query, as PostgreSQL understands them: the same text, its types mapped by tools/gen/sql.py."""
import pathlib
import re
import sys
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


class OnPostgres(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres()
        cls.addClassCleanup(cls.postgres.close)
        code, said = cls.postgres.run(f"BEGIN;\n{schema()}\nCOMMIT;\n", "-v", "ON_ERROR_STOP=1")
        assert code == 0, f"the schema: {said}"
        cls.queries = [query for _, query in gen_sql.read_folder(ROOT / "src/store/sql")]

    def values(self, script):
        code, said = self.postgres.run(script, "-v", "ON_ERROR_STOP=1")
        self.assertEqual(code, 0, said)
        return said.split("\n")[:-1]

    def test_every_query_prepares_and_returns_the_types_its_header_says(self):
        _, said = self.postgres.run("".join(prepare(query) for query in self.queries))
        answers = dict(re.findall(r"^@@(\w+)\n(.*?)(?=^@@|\Z)", said, re.M | re.S))
        self.assertGreater(len(self.queries), 100)
        for query in self.queries:
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
        code, said = self.postgres.run("BEGIN;\n" + org + study.format("'not json'") + "ROLLBACK;\n")
        self.assertIn("invalid input syntax for type json", said)
        self.assertEqual(self.values("BEGIN;\n" + org + study.format("'{}'") + event + event + "ROLLBACK;\n"), ["1", "2"])


if __name__ == "__main__":
    unittest.main()
