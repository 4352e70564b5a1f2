"""The test runner counts what each runner prints, and never takes silence for success."""
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import run_tests  # noqa: E402


class Counting(unittest.TestCase):
    def test_unittest(self):
        text = "test_a ... ok\n\nRan 12 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=3)\n"
        self.assertEqual(run_tests.count_unittest(text), (6, 3, 3))
        self.assertEqual(run_tests.count_unittest("Ran 5 tests in 1.0s\n\nOK\n"), (5, 0, 0))

    def test_node(self):
        tap = "# tests 6\n# pass 4\n# fail 1\n# cancelled 1\n# skipped 0\n# todo 0\n"
        self.assertEqual(run_tests.count_node(tap), (4, 2, 0))
        self.assertEqual(run_tests.count_node(tap + tap), (8, 4, 0))
        self.assertEqual(run_tests.count_node("ℹ pass 3\nℹ fail 0\nℹ cancelled 0\nℹ skipped 1\nℹ todo 0\n"), (3, 0, 1))

    def test_cmocka(self):
        text = "[==========] suite: 7 test(s) run.\n[  PASSED  ] 5 test(s).\n[  SKIPPED ] 1 test(s), listed below:\n" \
               "[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] the_name\n"
        self.assertEqual(run_tests.count_cmocka(text), (5, 1, 1))
        self.assertEqual(run_tests.count_cmocka("[==========] 8 test(s) run.[  PASSED  ] 8 test(s).\n"), (8, 0, 0))

    def test_lines(self):
        self.assertEqual(run_tests.count_lines("ok a\nsomething ok\nnot ok b\nskipped c\n"), (1, 1, 1))


class Running(unittest.TestCase):
    def run_suite(self, command):
        with tempfile.TemporaryDirectory() as folder:
            kept = run_tests.LOGS
            run_tests.LOGS = pathlib.Path(folder)
            run_tests.SUITES["probe"] = (command, run_tests.count_lines)
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    return run_tests.run("probe")
            finally:
                run_tests.LOGS = kept
                del run_tests.SUITES["probe"]

    def test_a_suite_that_ran_nothing_fails(self):
        self.assertEqual(self.run_suite(["true"]).failed, 1)

    def test_a_suite_that_dies_without_naming_a_failure_fails(self):
        self.assertEqual(self.run_suite(["sh", "-c", "echo ok a; exit 3"]).failed, 1)

    def test_a_sound_suite_passes(self):
        self.assertEqual(self.run_suite(["sh", "-c", "echo ok a; echo ok b"]), (2, 0, 0))

    def test_unknown_suite_is_refused(self):
        result = subprocess.run([sys.executable, ROOT / "tools/run_tests.py", "nonsense"], capture_output=True, text=True)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("nonsense", result.stderr)


class Readme(unittest.TestCase):
    def check(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "README.md")
            path.write_text(text, "utf-8")
            return subprocess.run([sys.executable, ROOT / "tools/check_readme.py", path], capture_output=True, text=True,
                                  env={"PATH": "/usr/bin:/bin", "MINDGAP": "/bin/true"})

    def test_blocks_share_a_folder_and_a_failing_line_fails(self):
        good = self.check("```sh test\necho 1 > kept\n```\ntext\n```sh test\ncat kept\n```\n")
        self.assertEqual(good.stdout.count("\nok") + good.stdout.startswith("ok"), 2)
        bad = self.check("```sh test\nfalse\ntrue\n```\n")
        self.assertEqual(bad.returncode, 1)
        self.assertIn("not ok", bad.stdout)

    def test_unmarked_blocks_are_not_run(self):
        self.assertEqual(self.check("```sh\nexit 1\n```\n").stdout, "")


if __name__ == "__main__":
    unittest.main()
