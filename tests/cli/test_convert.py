"""mindgap convert: any file in, any format out, and what other programs find in it."""
import csv
import io
import json
import os
import shutil
import subprocess
import unittest
import zipfile

from survey_support import SurveyCase, run

TABLE = '''编号,满意度,said_at,day,yes,说了什么,n
007,5,2026-01-18 13:40:00,2026-01-18,true,"=1+1, ""x""",0.1
012,,2026-01-19 08:00:05.5,2026-01-19,false,"两
行",-2
013,3,,,,,NA
'''
FORMATS = ["csv", "xlsx", "sav", "dta", "jsonl", "parquet"]


def program(name):
    return unittest.skipUnless(shutil.which(name), f"skipped: {name} isn't installed")


class Convert(SurveyCase):
    def setUp(self):
        super().setUp()
        self.table = self.file("in.csv", TABLE)

    def convert(self, source, name, *words):
        """The file written, and what was said of it."""
        to = self.folder / name
        done = run("convert", source, to, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, rf"\d+ rows? written to {to}\.\n$")
        return to, done.stderr

    def records(self, path):
        """What is in a file, as JSONL has it."""
        to, _ = self.convert(path, "back.jsonl")
        return [json.loads(line) for line in to.read_text("utf-8").splitlines()]

    def test_typed_where_all_cells_are_and_text_where_digits_count(self):
        rows = self.records(self.table)
        self.assertEqual(rows[0], {"编号": "007", "满意度": 5, "said_at": "2026-01-18 13:40:00", "day": "2026-01-18", "yes": True,
                                   "说了什么": '=1+1, "x"', "n": 0.1})
        self.assertEqual(rows[1]["说了什么"], "两\n行")
        self.assertEqual(rows[2], {"编号": "013", "满意度": 3, "said_at": None, "day": None, "yes": None, "说了什么": None, "n": None})

    def test_words_stay_words_and_are_said_to(self):
        rows = "".join(f"{k},{word}\n" for k, word in enumerate( ("strongly disagree", "disagree", "neutral", "agree", "strongly agree") * 4))
        to, said = self.convert(self.file("words.csv", "no,heat\n" + rows), "words.jsonl")
        self.assertEqual(json.loads(to.read_text("utf-8").splitlines()[1]), {"no": 1, "heat": "disagree"})
        self.assertIn("Columns of answers in words: 1, the first “heat”; they are written as words.", said)
        self.assertNotIn("read as numbers", said)

    def test_words_for_no_answer_are_said(self):
        _, said = self.convert(self.table, "out.jsonl")
        self.assertIn("“n”: 1 word for no answer, such as “NA”, became empty.", said)
        self.assertIn("3 rows written", said)
        done = run("convert", self.table, self.folder / "zh.csv", "--lang", "zh-CN")
        self.assertIn("“n”：有 1 处表示未作答的文字（如“NA”）改为空格子。", done.stderr)
        self.assertIn("已写出 3 行", done.stderr)

    def test_parquet_and_back(self):
        path, _ = self.convert(self.table, "out.parquet")
        self.assertEqual(path.read_bytes()[:4], b"PAR1")
        rows = self.records(path)
        self.assertEqual(rows[0]["编号"], "007")
        self.assertEqual(rows[0]["满意度"], 5)
        self.assertIs(rows[0]["yes"], True)
        self.assertEqual(rows[1]["day"], "2026-01-19")
        self.assertEqual([row["n"] for row in rows], [0.1, -2, None])

    def test_csv_is_safe_and_read_again(self):
        path, said = self.convert(self.table, "out.csv")
        self.assertIn("An apostrophe was put before 1 text", said)
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        self.assertEqual(rows[1], ["007", "5", "2026-01-18 13:40:00", "2026-01-18", "1", "'=1+1, \"x\"", "0.1"])

    @program("soffice")
    def test_libreoffice_reads_the_sheet(self):
        path, _ = self.convert(self.table, "out.xlsx")
        subprocess.run(["soffice", f"-env:UserInstallation=file://{self.folder}/profile", "--headless", "--convert-to",
                        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", self.folder / "lo", path],
                       check=True, capture_output=True, timeout=110)
        rows = list(csv.reader(io.StringIO((self.folder / "lo/out.csv").read_text("utf-8"), newline="")))
        self.assertEqual(rows, [["编号", "满意度", "said_at", "day", "yes", "说了什么", "n"],
                                ["007", "5", "2026-01-18 13:40:00", "2026-01-18", "TRUE", '=1+1, "x"', "0.1"],
                                ["012", "", "2026-01-19 08:00:05.500", "2026-01-19", "FALSE", "两\n行", "-2"],
                                ["013", "3", "", "", "", "", ""]])

    @program("pspp")
    def test_pspp_reads_the_sav(self):
        path, _ = self.convert(self.table, "out.sav")
        self.file("s.sps", f"GET FILE='{path}'.\nDISPLAY DICTIONARY.\nLIST.\n")
        said = subprocess.run(["pspp", "-O", "format=csv", "s.sps"], cwd=self.folder, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
        self.assertNotIn("error", said)
        for part in ("v1,1,编号,Nominal", "v2,2,满意度,Scale", "said_at,3,", "DATETIME20.0", "SDATE10", "v6,6,说了什么,Nominal",
                     "2026/01/18", "18-JAN-2026 13:40:00", "007"):
            self.assertIn(part, said)

    @program("Rscript")
    def test_r_reads_the_sav(self):
        path, _ = self.convert(self.table, "out.sav")
        said = subprocess.run(["Rscript", "-e", f'd <- suppressWarnings(foreign::read.spss("{path}", to.data.frame = TRUE, reencode = "UTF-8"));'
                               'cat(trimws(as.character(d$v1)), d$v2, d$n, sep = "|")'], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
        self.assertEqual(said, "007|012|013|5|NA|3|0.1|-2|NA")

    def test_never_over_what_is_read(self):
        link = self.folder / "link.csv"
        link.symlink_to(self.table)
        os.link(self.table, self.folder / "hard.csv")
        for to in (self.table, link, self.folder / "hard.csv", self.folder / "../" / self.folder.name / "in.csv"):
            self.assertIn("isn't written over", self.refuse(1, "convert", self.table, to))
        self.assertEqual(self.table.read_text("utf-8"), TABLE)
        self.assertIn("isn't written over", self.refuse(1, "study", "init", self.table, "-o", self.table))
        study = self.file("s.json", {"study": "s"})
        for to in (self.table, study):
            self.assertIn("isn't written over", self.refuse(1, "gap", self.table, "--study", study, "-o", to))

    def test_what_fails_leaves_the_old_file_and_nothing_else(self):
        old = self.file("out.xlsx", "old")
        broken = self.file("broken.csv", 'a,b\n1,"2\n')
        self.refuse(1, "convert", broken, old)
        self.assertEqual(old.read_text(), "old")
        self.refuse(1, "convert", self.folder / "none.csv", old)
        self.refuse(1, "convert", self.table, self.folder / "no/folder.csv")
        self.refuse(1, "convert", self.table, self.folder)
        self.assertEqual(sorted(os.listdir(self.folder)), ["broken.csv", "in.csv", "out.xlsx"])

    def test_devices_stay_and_are_written_into(self):
        done = run("convert", self.table, "/dev/stdout", "--format", "jsonl")
        self.assertEqual(len(done.stdout.splitlines()), 3)
        self.assertEqual(run("convert", self.table, "/dev/null", "--format", "xlsx").returncode, 0)
        self.assertTrue(os.path.exists("/dev/null") and not os.path.isfile("/dev/null"))
        self.assertIn("The disk is full", self.refuse(1, "convert", self.table, "/dev/full", "--format", "csv"))

    def test_usage(self):
        self.assertIn("mindgap convert IN OUT", self.refuse(2, "convert", self.table))
        self.assertIn(".parquet", self.refuse(1, "convert", self.table, self.folder / "out.xls"))
        self.assertIn("--format", self.refuse(2, "convert", self.table, "x", "--format", "xls"))

    def test_irregular_rows_are_said(self):
        ragged = self.file("ragged.csv", "a,b\n1,2\n3\n4,5\n")
        _, said = self.convert(ragged, "out.csv")
        self.assertIn("2 rows written", said)
        self.assertIn("line 3", said)

    def test_the_codebook_is_a_sheet(self):
        path = self.folder / "out.xlsx"
        self.succeed("convert", self.table, path, "--lang", "zh-CN")
        with zipfile.ZipFile(path) as book:
            self.assertIn('name="变量说明"', book.read("xl/workbook.xml").decode())
            self.assertIn("时间（UTC）", book.read("xl/worksheets/sheet2.xml").decode())


SYNTAX = """DATA LIST LIST /q1 (F8.0) name (A20) age (F8.0) day (SDATE10).
BEGIN DATA
5 007 30 2026/01/18
98 b 999 2026/01/19
1 c 41 .
END DATA.
VARIABLE LABELS q1 'Zufrieden? 满意' /name 'Name'.
VALUE LABELS q1 1 'bad' 5 'good' 98 "can't say".
MISSING VALUES q1 (98) /age (900 THRU 999).
SAVE OUTFILE='in.sav'.
"""


@program("pspp")
class Labels(SurveyCase):
    """What SPSS says of its columns goes on to other formats."""

    def setUp(self):
        super().setUp()
        self.file("make.sps", SYNTAX)
        self.pspp("make.sps")
        self.source = self.folder / "in.sav"

    def pspp(self, syntax):
        return subprocess.run(["pspp", "-O", "format=csv", syntax], cwd=self.folder, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout

    def dictionary(self, name):
        return self.pspp(self.file("d.sps", f"GET FILE='{name}'.\nDISPLAY DICTIONARY.\nLIST.\n"))

    def test_spss_to_spss_is_the_same(self):
        self.succeed("convert", self.source, self.folder / "out.sav")
        before, after = self.dictionary("in.sav"), self.dictionary("out.sav")
        for part in ("Zufrieden? 满意", "good", "can't say", "98", "900 THRU 999", "2026/01/18", "007"):
            self.assertIn(part, before)
            self.assertIn(part, after)

    def test_spss_to_stata_and_back(self):
        done = run("convert", self.source, self.folder / "out.dta")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("“age”: Stata declares no range of numbers for no answer; 900 to 999 are plain numbers there.", done.stderr)
        done = run("convert", self.folder / "out.dta", self.folder / "back.sav")
        self.assertRegex(done.stderr, "Columns with Stata's .a to .z: 1, the first “\\w+” \\(in 1 of its cells\\); they are empty")
        back = self.dictionary("back.sav")
        for part in ("Zufrieden? 满意", "good", "007", "2026/01/18"):
            self.assertIn(part, back)

    def test_the_codebook_and_what_plain_formats_lose(self):
        self.succeed("convert", self.source, self.folder / "out.xlsx")
        with zipfile.ZipFile(self.folder / "out.xlsx") as book:
            codebook = book.read("xl/worksheets/sheet2.xml").decode()
        for part in ("Zufrieden? 满意", "1 = bad\n5 = good", "900…999", ">98<"):
            self.assertIn(part, codebook)
        said = run("convert", self.source, self.folder / "out.csv").stderr
        self.assertIn("CSV keeps no labels of values: those of 1 column", said)
        self.assertIn("plain numbers in 2 columns", said)

    def test_a_sheet_of_ours_reads_back(self):
        self.succeed("convert", self.source, self.folder / "out.xlsx")
        self.succeed("convert", self.folder / "out.xlsx", self.folder / "back.jsonl")
        self.succeed("convert", self.source, self.folder / "direct.jsonl")
        back, direct = ([json.loads(line) for line in (self.folder / name).read_text("utf-8").splitlines()]
                        for name in ("back.jsonl", "direct.jsonl"))
        self.assertEqual(back, direct)


if __name__ == "__main__":
    unittest.main()
