"""docs/add/resource.md, followed to the letter: a resource is added to a copy of the tree, which is built and used.

`new/` holds the files that the page has one write, `into/` what it has one add to files that may be there; NNNN is the next number
of the schema. The program as it is ($MINDGAP) makes the older data folder. The client's word for the audit is left out, so that
the client needn't be built.
"""
import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PYTHON = "/usr/bin/python3"
LINKED = ("deps/node_modules", "web/dist")  # made or fetched, not kept by git
UNIT = "tests/unit/test_service_record_holiday"
sys.path.insert(0, str(ROOT / "tests/api"))
import support  # noqa: E402

NOW = support.BINARY


def run(*words, **options):
    done = subprocess.run(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, words))}\n{done.stdout[-6000:]}")
    return done.stdout


def copy_tree(tree):
    listed = run("git", "-C", ROOT, "ls-files", "-co", "--exclude-standard").splitlines()
    for name in (name for name in listed if (ROOT / name).is_file()):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tree / name)
    for name in LINKED:
        (tree / name).symlink_to(ROOT / name)


def add_described(path, text):
    """Paths and schemas go where the file has them."""
    paths, schemas = re.fullmatch(r"paths:\n(.*)components:\n  schemas:\n(.*)", text, re.S).groups()
    whole = path.read_text("utf-8")
    for mark, more in (("\npaths:\n", paths), ("\n  schemas:\n", schemas)):
        assert whole.count(mark) == 1, f"{path} has {mark!r} {whole.count(mark)} times"
        whole = whole.replace(mark, mark + more)
    path.write_text(whole, "utf-8")


def add_resource(tree):
    number = len(list((tree / "src/store/schema").glob("*.sql"))) + 1
    for source in (path for path in (HERE / "new").rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        target = tree / source.relative_to(HERE / "new").with_name(source.name.replace("NNNN", f"{number:04}"))
        assert not target.exists(), f"{target} is there already"
        shutil.copy(source, target)
    for source in (path for path in (HERE / "into").rglob("*") if path.is_file()):
        target = tree / source.relative_to(HERE / "into")
        text = source.read_text("utf-8")
        if target.suffix == ".yaml":
            add_described(target, text)
        else:
            target.write_text((target.read_text("utf-8") if target.exists() else "") + text, "utf-8")
    return number


def record_of(folder):
    return contextlib.closing(sqlite3.connect(f"{folder}/record.sqlite"))


class Recipe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="mindgap-recipe-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.addClassCleanup(setattr, support, "BINARY", NOW)
        cls.tree, cls.build = folder / "tree", folder / "build"
        copy_tree(cls.tree)
        cls.schema = add_resource(cls.tree)
        run("meson", "setup", "--buildtype=debug", cls.build, cls.tree)
        run("ninja", "-C", cls.build, "-j2", "mindgap", UNIT)
        cls.binary = str(cls.build / "mindgap")

    def setUp(self):
        self.data = tempfile.mkdtemp(prefix="mindgap-recipe-data-")
        self.addCleanup(shutil.rmtree, self.data, ignore_errors=True)

    def test_the_checks_pass(self):
        run(PYTHON, "tools/run_checks.py", "layers", "results", "format", "messages", "api", cwd=self.tree)

    def test_its_unit_test_passes(self):
        run(self.build / UNIT)

    def test_its_api_tests_pass(self):
        environment = dict(os.environ, MINDGAP=self.binary, PYTHONDONTWRITEBYTECODE="1")
        for name in ("test_holiday", "test_roles"):  # the second calls whatever is described
            run(PYTHON, "-m", "unittest", name, cwd=self.tree / "tests/api", env=environment)

    def test_a_folder_of_the_program_before_opens(self):
        support.BINARY = NOW
        with support.Server(data=self.data) as server:
            client = support.Client(server)
            self.assertEqual(client.set_up().status, 201)
            made = client.post("/dimensions", {"framework": "own", "code": "warm", "label": {"en": "Warmth"}})
            self.assertEqual(made.status, 201, made.body)
            self.assertEqual(client.get("/holidays").status, 404)
        support.BINARY = self.binary
        with support.Server(data=self.data) as server:
            client = support.Client(server)
            self.assertEqual(client.sign_in("owner@example.com").status, 201)
            self.assertEqual(client.get("/dimensions").json["dimensions"], [made.json])
            day = client.post("/holidays", {"code": "2026-02-17", "label": {"en": "New Year"}})
            self.assertEqual(day.status, 201, day.body)
            self.assertEqual(client.get("/holidays").json["holidays"], [day.json])

    def test_the_oldest_folder_opens(self):
        shutil.copy(ROOT / "tests/data/spine-folder/record.sqlite", self.data)
        os.chmod(f"{self.data}/record.sqlite", 0o600)
        with record_of(self.data) as record:
            studies = record.execute("SELECT id, code FROM study ORDER BY id").fetchall()
        run(self.binary, "check", "--data", self.data)
        with record_of(self.data) as record:
            self.assertEqual(record.execute("PRAGMA user_version").fetchone(), (self.schema,))
            self.assertEqual(record.execute("SELECT count(*) FROM holiday").fetchone(), (0,))
            self.assertEqual(record.execute("SELECT id, code FROM study ORDER BY id").fetchall(), studies)

    def test_the_page_names_every_file(self):
        page = (ROOT / "docs/add/resource.md").read_text("utf-8")
        for path in (path for kind in ("new", "into") for path in (HERE / kind).rglob("*.*") if "__pycache__" not in path.parts):
            name = path.relative_to(HERE).as_posix().split("/", 1)[1]
            general = re.sub(r"/record(?=[/.])", "/<stage>", name.replace("holiday", "<thing>"))
            with self.subTest(name):
                self.assertIn(f"`{general}`", page)


if __name__ == "__main__":
    unittest.main()
