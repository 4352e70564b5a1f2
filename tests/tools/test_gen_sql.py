"""tools/gen/sql.py: what it accepts, what it writes, and how it says no."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/gen"))
import sql as gen_sql  # noqa: E402


def queries(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "some.sql")
        path.write_text(text, "utf-8")
        return gen_sql.read_queries(path)


def one(text):
    found = queries(text)
    assert len(found) == 1, found
    return found[0]


class Reading(unittest.TestCase):
    def test_header_over_several_lines(self):
        query = one("-- About users.\n\n-- name: user_get  kind: one\n-- params: id text,\n--         now int\n"
                    "-- result: name text, age int?\nSELECT name, age FROM u\nWHERE id = :id AND at < :now;\n")
        self.assertEqual([p.name for p in query.params], ["id", "now"])
        self.assertEqual([(c.name, c.kind, c.nullable) for c in query.result],
                         [("name", "text", False), ("age", "int", True)])
        self.assertEqual(query.numbered("?"), "SELECT name, age FROM u\nWHERE id = ?1 AND at < ?2")
        self.assertEqual(query.numbered("$"), "SELECT name, age FROM u\nWHERE id = $1 AND at < $2")

    def test_several_queries_and_comments_between(self):
        found = queries("-- name: a  kind: exec\nDELETE FROM a;\n\n-- About b.\n-- name: b  kind: exec\nDELETE FROM b;\n")
        self.assertEqual([query.sql for query in found], ["DELETE FROM a", "DELETE FROM b"])

    def test_colons_in_text_and_casts_are_no_parameters(self):
        query = one("-- name: q  kind: one\n-- params: x int\n-- result: y text\n"
                    "SELECT ':no' || \":nor\" || 'it''s :not' || :x::text -- :neither\n")
        self.assertEqual(query.numbered("?").strip(), "SELECT ':no' || \":nor\" || 'it''s :not' || ?1::text")

    def test_parameter_used_twice_has_one_number(self):
        query = one("-- name: q  kind: exec\n-- params: a text, b text\nUPDATE t SET x = :b WHERE y = :a OR z = :b\n")
        self.assertEqual(query.numbered("?"), "UPDATE t SET x = ?2 WHERE y = ?1 OR z = ?2")


class Refusing(unittest.TestCase):
    CASES = {
        "-- name: Q  kind: exec\nDELETE FROM a": "lower case",
        "-- name: q  kind: some\nDELETE FROM a": "one, many or exec",
        "-- name: q  kind: exec\nDELETE FROM a WHERE x = :x": "`:x` is not among params",
        "-- name: q  kind: exec\n-- params: x int\nDELETE FROM a": "`x` is never used",
        "-- name: q  kind: exec\n-- params: x integer\nDELETE FROM a WHERE x = :x": "`x integer` is not",
        "-- name: q  kind: exec\n-- params: x int, x text\nDELETE FROM a WHERE x = :x": "there twice",
        "-- name: q  kind: one\nSELECT 1": "need `result:`",
        "-- name: q  kind: exec\n-- result: x int\nDELETE FROM a": "must not have it",
        "-- name: q  kind: many\n-- result: x int\nSELECT x FROM a": "needs a LIMIT",
        "-- name: q  kind: exec\nDELETE FROM a WHERE x = ';';\nDELETE FROM b;": "what follows its semicolon",
        "-- name: q  kind: exec\n": "no query under it",
        "SELECT 1": "before the first",
    }

    def test_each_mistake_names_its_place(self):
        for text, expected in self.CASES.items():
            with self.subTest(expected), self.assertRaises(gen_sql.Problem) as caught:
                queries(text)
            self.assertIn(expected, str(caught.exception))
            self.assertIn("some.sql:1", str(caught.exception))

    def test_same_name_in_two_files(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("a.sql", "b.sql"):
                pathlib.Path(folder, name).write_text("-- name: q  kind: exec\nDELETE FROM a", "utf-8")
            with self.assertRaisesRegex(gen_sql.Problem, r"b\.sql:1: q is defined already at a\.sql:1"):
                gen_sql.read_folder(folder)

    def test_migrations_without_holes(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "0001_a.sql").write_text("CREATE TABLE a (x)", "utf-8")
            pathlib.Path(folder, "0003_b.sql").write_text("CREATE TABLE b (x)", "utf-8")
            with self.assertRaisesRegex(gen_sql.Problem, "0003_b.sql: expected a file that starts with 0002_"):
                gen_sql.make_migrations(folder)


class Writing(unittest.TestCase):
    def test_five_parameters_are_arguments_six_a_structure(self):
        names = "abcdef"

        def make(n):
            params = ", ".join(f"{name} int" for name in names[:n])
            where = " AND ".join(f"{name} = :{name}" for name in names[:n])
            return one(f"-- name: q  kind: exec\n-- params: {params}\nDELETE FROM t WHERE {where}")

        self.assertIn("int64_t e,", make(5).signature)
        self.assertIn("const struct mg_sql_q_params *params", make(6).signature)

    def test_generated_code_compiles_without_warnings(self):
        text = ("-- name: q  kind: many\n-- params: a text, b text?, c int, d int?, e real, f real?, g blob, h blob?\n"
                "-- result: a text, b text?, c int, d int?, e real, f real?, g blob, h blob?\n"
                "SELECT * FROM \"t\" WHERE :a <> '\\' AND :b OR :c OR :d OR :e OR :f OR :g OR :h LIMIT 5;\n"
                "-- name: nothing  kind: exec\nDELETE FROM t;\n"
                "-- name: single  kind: one\n-- result: n int\nSELECT 1;\n")
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "sql").mkdir()
            (folder / "store").mkdir()
            (folder / "sql" / "some.sql").write_text(text, "utf-8")
            command = [sys.executable, str(ROOT / "tools/gen/sql.py"), str(folder / "sql"), "--header",
                       str(folder / "store/queries.gen.h"), "--source", str(folder / "q.c"), "--depfile",
                       str(folder / "q.d")]
            subprocess.run(command, check=True)
            subprocess.run(["cc", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wshadow", "-fsyntax-only",
                            f"-I{folder}", f"-I{ROOT / 'src'}", str(folder / "q.c")], check=True)
            self.assertIn("some.sql", (folder / "q.d").read_text())

    def test_a_mistake_is_one_sentence_and_exit_1(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "bad.sql").write_text("SELECT 1", "utf-8")
            run = subprocess.run([sys.executable, str(ROOT / "tools/gen/sql.py"), folder, "--header", "/dev/null",
                                  "--source", "/dev/null"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stderr, "gen_sql: bad.sql:1: text before the first `-- name:` header\n")


class OurQueries(unittest.TestCase):
    def test_each_is_called(self):
        code = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.c"))
        called = set(re.findall(r"\bmg_sql_(\w+)\(", code))
        names = [query.name for _, query in gen_sql.read_folder(ROOT / "src/store/sql")]
        self.assertGreater(len(names), 100)
        self.assertEqual([name for name in names if name not in called], [])


if __name__ == "__main__":
    unittest.main()
