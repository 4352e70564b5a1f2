"""tools/gen/messages.py: which literals are messages, and what it says of those that lack something."""
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/gen"))
import messages  # noqa: E402


class Messages(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.source = pathlib.Path(self.folder.name, "src")
        (self.source / "service").mkdir(parents=True)

    def write(self, text, name="a.c"):
        (self.source / name).write_text(text, "utf-8")

    def used(self):
        return [english for _, english in messages.used_literals(self.source)]

    def test_calls_over_several_lines_and_with_alternatives(self):
        self.write('rc = mg_fail(error, f(a, b), "One %s "\n   "sentence.", x);\nmg_fail_hint(&e->error, yes ? "Do." : "Leave " "it.");\n'
                   'puts(mg_tr(lang(cli, 1), "Said"));\nmg_wire_say(arena, &of[0], "{}: %d", 3);\n')
        self.assertEqual(self.used(), ["One %s sentence.", "Do.", "Leave it.", "Said", "{}: %d"])

    def test_what_is_no_message(self):
        self.write('/* mg_fail(error, 1, "in a comment") */\nputs("mg_fail(error, 1, \\"in a text\\")");\nmg_fail_at(error, "/place");\n'
                   'char c = \'"\'; mg_fail(error, code, text);\n')
        self.assertEqual(self.used(), [])

    def test_marked_ones_and_summaries(self):
        self.write('static const char *const a[] = {MG_TEXT("Low"), MG_TEXT("High")};\n{.name = "x", .summary = "What it does"},\n')
        self.assertEqual(self.used(), ["Low", "High", "What it does"])

    def test_each_side_misses_the_other(self):
        self.write('mg_fail(e, 1, "New %d");')
        problems = messages.check(self.source, {"Old": "旧", "New %d": "新 %s"})
        self.assertEqual(len(problems), 2, problems)
        self.assertIn("'Old' is translated, but nothing says it", problems[0])
        self.assertIn("specifiers differ: 'New %d'", problems[1])
        self.assertIn("no translation of 'New %d'", messages.check(self.source, {})[0])

    def test_a_doubled_percent_sign_is_no_specifier(self):
        self.write('mg_tr(l, "%g%% intervals");')
        self.assertEqual(messages.check(self.source, {"%g%% intervals": "%g%%区间"}), [])

    def test_chinese_in_a_service(self):
        self.write('a = "期";\n', "service/b.c")
        self.assertEqual(messages.check(self.source, {}), [f"{self.source}/service/b.c:1: Chinese in the code of a service"])


if __name__ == "__main__":
    unittest.main()
