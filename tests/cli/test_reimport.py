"""mindgap import of files that come again: --dry-run and --existing."""
import unittest

from survey_support import SurveyCase, run

STUDY = {"study": "again", "scale": {"min": 1, "max": 7}, "id": "no", "customer": "who",
         "items": [{"code": "A", "expectation": "E1", "perception": "P1"}]}


def rows(*lines):
    return "no,who,E1,P1\n" + "".join(line + "\n" for line in lines)


class Reimport(SurveyCase):
    def setUp(self):
        super().setUp()
        self.study, self.data = self.file("study.json", STUDY), self.folder / "data"
        self.succeed("org", "add", "Northern Heat", "--data", self.data)
        self.first = self.file("first.csv", rows("1,a,6,5", "2,b,6,5", "3,c,6,5"))
        self.second = self.file("second.csv", rows("1,a,6,5", "2,b,6,4", "4,,6,5", "4,,6,5", "5,e,9,x"))

    def bring(self, path, *more):
        return self.succeed("import", path, "--study", self.study, "--data", self.data, *more)

    def test_a_dry_run_says_the_same_and_keeps_nothing(self):
        self.assertEqual(self.bring(self.first, "--dry-run"),
                         "3 rows read, 3 would be kept, 0 left out, 0 errors\nBy id: 3 added, 0 replaced, 0 left as they are\n"
                         "Customers: 0 rows of known ones, 3 of new ones, 0 of none\n")
        self.bring(self.first)
        said = self.bring(self.second, "--dry-run")
        self.assertEqual(said, self.bring(self.second, "--dry-run"))
        self.assertIn("5 rows read, 4 would be kept, 1 left out, 3 errors\nBy id: 2 added, 1 replaced, 1 left as they are\n", said)
        self.assertIn("Ids that come again in the file: 1, in rows alike: 1\n", said)
        self.assertIn("Customers: 2 rows of known ones, 0 of new ones, 2 of none\n", said)
        did = self.bring(self.second)
        self.assertIn("5 rows read, 3 imported, 1 left out, 3 errors\nBy id: 2 added, 1 replaced, 1 left as they are\n", did)
        again = self.bring(self.second, "--dry-run")
        self.assertIn("0 added, 0 replaced, 4 left as they are", again)
        self.assertIn("This very file was imported before: import ", again)
        self.assertIn("0 added, 0 replaced, 4 left as they are", self.bring(self.second))

    def test_rules(self):
        self.bring(self.first)
        self.assertIn("2 added, 0 replaced, 2 left", self.bring(self.second, "--dry-run", "--existing", "leave"))
        self.assertIn("4 added, 0 replaced, 0 left", self.bring(self.second, "--dry-run", "--existing", "add"))
        self.assertIn("The import would fail: This very file", self.bring(self.first, "--dry-run", "--existing", "add"))
        twice = run("import", self.first, "--study", self.study, "--data", self.data, "--existing", "add")
        self.assertEqual(twice.returncode, 1)
        self.assertRegex(twice.stderr, r"\): 0\nmindgap: This very file was imported into this study already")
        self.assertIn("update, leave, add", self.refuse(2, "import", self.first, "--study", self.study, "--data", self.data,
                                                          "--existing", "replace"))
        self.assertIn("2 rows of known ones", self.bring(self.second, "--dry-run"))

    def test_in_chinese(self):
        out = run("import", self.first, "--study", self.study, "--data", self.data, "--dry-run", "--lang", "zh-CN")
        self.assertIn("按编号：新增 3 份，替换 0 份，不变 0 份", out.stdout, out.stderr)


if __name__ == "__main__":
    unittest.main()
