"""What the tests of `mindgap gap` and `mindgap study` share."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MINDGAP = os.environ.get("MINDGAP", str(ROOT / "build/mindgap"))
SHARED = pathlib.Path(os.environ.get("MG_SHARED", ROOT / "../shared")).resolve()
KIOSK = SHARED / "data/service-quality/kiosk_servqual_kano_ipa.csv"
AIRLINE = SHARED / "data/service-quality/airline_passenger_satisfaction.csv.gz"
FILES = SHARED / "data/files"


def needs(path):
    return unittest.skipUnless(path.exists(), f"skipped: no shared data ({path.name})")


def run(*words, columns=100, env=None):
    """Runs the binary without a terminal; never inherits the caller's language."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "COLUMNS": str(columns), **(env or {})}
    return subprocess.run([MINDGAP, *map(str, words)], capture_output=True, text=True, env=environment, timeout=120)


class SurveyCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text if isinstance(text, str) else json.dumps(text, ensure_ascii=False), "utf-8")
        return path

    def succeed(self, *words, **options):
        done = run(*words, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refuse(self, status, *words, **options):
        """The one sentence on stderr."""
        done = run(*words, **options)
        self.assertEqual(done.returncode, status, done)
        self.assertEqual(done.stdout, "")
        self.assertTrue(done.stderr.startswith("mindgap: "), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def gaps(self, *words):
        return json.loads(self.succeed("gap", *words, "--format", "json"))
