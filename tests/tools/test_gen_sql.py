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
        self.assertEqual(query.text("sqlite"), "SELECT name, age FROM u\nWHERE id = ?1 AND at < ?2")
        self.assertEqual(query.text("postgres"), "SELECT name, age FROM u\nWHERE id = $1 AND at < $2")

    def test_several_queries_and_comments_between(self):
        found = queries("-- name: a  kind: exec\nDELETE FROM a;\n\n-- About b.\n-- name: b  kind: exec\nDELETE FROM b;\n")
        self.assertEqual([query.text("sqlite") for query in found], ["DELETE FROM a", "DELETE FROM b"])

    def test_colons_in_text_and_casts_are_no_parameters(self):
        query = one("-- name: q  kind: one\n-- params: x int\n-- result: y text\n"
                    "SELECT ':no' || 'it''s :not' || :x::text -- :neither\n")
        self.assertEqual(query.text("sqlite").strip(), "SELECT ':no' || 'it''s :not' || ?1::text")

    def test_parameter_used_twice_has_one_number(self):
        query = one("-- name: q  kind: exec\n-- params: a text, b text\nUPDATE t SET x = :b WHERE y = :a OR z = :b\n")
        self.assertEqual(query.text("sqlite"), "UPDATE t SET x = ?2 WHERE y = ?1 OR z = ?2")

    def test_two_texts_side_by_side(self):
        query = one("-- name: q  kind: one\n-- params: x text\n-- result: y int\n-- sqlite:\nSELECT 1 WHERE :x GLOB 'a*';\n"
                    "-- postgres:\nSELECT 1 WHERE :x LIKE 'a%';\n")
        self.assertEqual(query.text("sqlite"), "SELECT 1 WHERE ?1 GLOB 'a*'")
        self.assertEqual(query.text("postgres"), "SELECT 1 WHERE $1 LIKE 'a%'")

    def test_queries_share_a_row_by_its_name(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "a.sql").write_text(
                "-- name: user_get  kind: one  row: user\n-- params: id text\n-- result: name text, age int?\n"
                "SELECT name, age FROM u WHERE id = :id;\n"
                "-- name: user_list  kind: many  row: user\nSELECT name, age FROM u ORDER BY name LIMIT 5;\n", "utf-8")
            found = gen_sql.read_folder(folder)
        header = gen_sql.make_header(found)
        self.assertEqual(header.count("struct mg_sql_user_row {"), 1)
        self.assertEqual([column.name for column in found[1][1].result], ["name", "age"])
        self.assertIn("struct mg_sql_user_row **ret_rows", found[1][1].signature)
        self.assertEqual(gen_sql.make_source(found).count("user_fields[] ="), 1)


class Refusing(unittest.TestCase):
    CASES = {
        "-- name: Q  kind: exec\nDELETE FROM a": "lower case",
        "-- name: q  kind: some\nDELETE FROM a": "one, many or exec",
        "-- name: q  kind: exec\nDELETE FROM a WHERE x = :x": "`:x` is not among params",
        "-- name: q  kind: exec\n-- params: x int\nDELETE FROM a": "`x` is never used",
        "-- name: q  kind: exec\n-- params: x integer\nDELETE FROM a WHERE x = :x": "`x integer` is not",
        "-- name: q  kind: exec\n-- params: x int, x text\nDELETE FROM a WHERE x = :x": "there twice",
        "-- name: q  kind: one\nSELECT 1": "need `result:` or `row:`",
        "-- name: q  kind: exec\n-- result: x int\nDELETE FROM a": "must not have them",
        "-- name: q  kind: many\n-- result: x int\nSELECT x FROM a": "needs an ORDER BY and a LIMIT",
        "-- name: q  kind: many\n-- result: x int\nSELECT x FROM a LIMIT 5": "needs an ORDER BY and a LIMIT",
        "-- name: q  kind: exec  row: r\nDELETE FROM a": "must not have them",
        "-- name: q  kind: one  row: R\n-- result: x int\nSELECT 1": "a row has a name in lower case",
        "-- name: q  kind: exec\n-- sqlite:\nDELETE FROM a": "both need one",
        "-- name: q  kind: exec\n-- params: x int\n-- sqlite:\nDELETE FROM a WHERE x = :x\n-- postgres:\nDELETE FROM a":
            "parameter `x` is never used",
        "-- name: q  kind: exec\n-- sqlite:\nDELETE FROM a\n-- postgres:\n": "no query under it",
        "-- name: q  kind: exec\nDELETE FROM a WHERE x = ';';\nDELETE FROM b;": "what follows its semicolon",
        "-- name: q  kind: exec\n": "no query under it",
        "SELECT 1": "before the first",
    }

    SQLITE_ONLY = {
        "INSERT OR IGNORE INTO a (x) VALUES (1)": "ON CONFLICT",
        "REPLACE INTO a (x) VALUES (1)": "ON CONFLICT",
        "UPDATE OR FAIL a SET x = 1": "ON CONFLICT",
        "UPDATE a SET x = IFNULL(x, 1)": "coalesce()",
        "UPDATE a SET x = iif(x > 1, 1, 0)": "CASE",
        "DELETE FROM a WHERE rowid = 1": "a column of the table",
        "DELETE FROM a WHERE at < datetime('now')": "`now`",
        "DELETE FROM a WHERE at < unixepoch()": "`now`",
        "DELETE FROM a WHERE at < julianday('now')": "`now`",
        "DELETE FROM a WHERE x GLOB 'a*'": "a range of texts",
        "DELETE FROM a WHERE x LIKE 'a%'": "minds the case",
        "DELETE FROM a WHERE json_extract(x, '$.y') = 1": "JSON",
        "DELETE FROM a WHERE x ->> 'y' = 1": "JSON",
        "UPDATE a SET x = random()": "random()",
        "UPDATE a SET x = (SELECT group_concat(y) FROM b)": "what both have",
        "DELETE FROM a WHERE x == 1": "plain names",
        "DELETE FROM a WHERE `x` = 1": "plain names",
        "DELETE FROM a WHERE x IS 5": "IS NOT DISTINCT FROM",
        "DELETE FROM a WHERE x IS NOT y": "IS NOT DISTINCT FROM",
        "DELETE FROM a WHERE x = 'a' COLLATE NOCASE": "sort as bytes",
        "UPDATE a SET x = max(x, 0)": "write CASE",
        "UPDATE a SET x = min(coalesce(x, 2), 0)": "write CASE",
        'DELETE FROM a WHERE x = "a"': "single quotes",
        "DELETE FROM a WHERE x IN (SELECT x FROM b ORDER BY x LIMIT 5, 10)": "OFFSET",
        "PRAGMA optimize": "commands of SQLite's own",
    }
    FOR_BOTH = ("DELETE FROM \"user\" WHERE x IS NULL AND y IS NOT NULL AND z IS NOT DISTINCT FROM 1",
                "UPDATE a SET x = (SELECT max(coalesce(x, 0)) FROM b WHERE y = 'IFNULL(x)' AND total > 1)",
                "DELETE FROM a WHERE x >= 'like' -- GLOB and rowid",
                "INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO NOTHING")

    def test_what_only_sqlite_knows(self):
        for text, expected in self.SQLITE_ONLY.items():
            with self.subTest(text), self.assertRaises(gen_sql.Problem) as caught:
                queries(f"-- name: q  kind: exec\n{text};")
            self.assertIn(expected, str(caught.exception))
            self.assertIn("some.sql:1: q: ", str(caught.exception))
            queries(f"-- name: q  kind: exec\n-- sqlite:\n{text};\n-- postgres:\nDELETE FROM a")

    def test_what_both_know_stands(self):
        for text in self.FOR_BOTH:
            with self.subTest(text):
                queries(f"-- name: q  kind: exec\n{text};")

    def test_rows_that_are_declared_twice_or_nowhere(self):
        first = "-- name: a  kind: one  row: r\n-- result: x int\nSELECT 1;\n"
        for text, expected in ((first + first.replace("name: a", "name: b"), r"a\.sql:4: b: the row r is declared already at a\.sql:1"),
                               ("-- name: b  kind: one  row: r\nSELECT 1;\n" + first, r"a\.sql:1: b: no query before this one"),
                               (first + "-- name: r  kind: one\n-- result: x text\nSELECT 'a';", "the row r is declared already")):
            with tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "a.sql").write_text(text, "utf-8")
                with self.assertRaisesRegex(gen_sql.Problem, expected):
                    gen_sql.read_folder(folder)

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


class Schema(unittest.TestCase):
    TEXT = ("-- A table of TEXT.\nCREATE TABLE a (\n    n INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    t TEXT NOT NULL DEFAULT 'TEXT',\n"
            "    r REAL, b BLOB CHECK (length(b) = 32),\n    d TEXT CHECK (json_valid(d))\n) STRICT, WITHOUT ROWID;\n"
            "-- sqlite:\nUPDATE a SET n = unixepoch();\n-- postgres:\nSELECT 1;\n-- both:\nDROP TABLE b;\n")

    def steps(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "0001_a.sql")
            path.write_text(text, "utf-8")
            gen_sql.schema_paths(folder)
            return {engine: gen_sql.make_step(path, engine) for engine in gen_sql.ENGINES}

    def test_types_are_mapped_and_parts_are_chosen(self):
        steps = self.steps(self.TEXT)
        self.assertEqual(re.sub(r"\s+", " ", steps["postgres"]).strip(),
                         "CREATE TABLE a ( n BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, t TEXT COLLATE \"C\" NOT NULL DEFAULT 'TEXT',"
                         " r DOUBLE PRECISION, b BYTEA CHECK (length(b) = 32), d TEXT COLLATE \"C\" CHECK ((d::json IS NOT NULL)) );"
                         " SELECT 1; DROP TABLE b;")
        self.assertIn("unixepoch", steps["sqlite"])
        self.assertIn("STRICT, WITHOUT ROWID", steps["sqlite"])
        self.assertNotIn("SELECT 1", steps["sqlite"])

    def test_what_only_sqlite_knows_needs_its_mark(self):
        with self.assertRaisesRegex(gen_sql.Problem, "0001_a.sql: a time made in SQL"):
            self.steps("UPDATE a SET n = unixepoch();")


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
        text = ("-- name: q  kind: many  row: q\n-- params: a text, b text?, c int, d int?, e real, f real?, g blob, h blob?\n"
                "-- result: a text, b text?, c int, d int?, e real, f real?, g blob, h blob?\n"
                "SELECT * FROM \"user\" WHERE :a <> '\\' AND :b OR :c OR :d OR :e OR :f OR :g OR :h ORDER BY a LIMIT 5;\n"
                "-- name: again  kind: one  row: q\nSELECT * FROM t;\n"
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
