"""mindgap look FILE: what the reader saw, before anything is made of it."""
import json
import unittest

from survey_support import SurveyCase, run
from test_files import HEAD, PAIRS, QUALTRICS, ROWS, table, xlsx

ROWS_OF_A_TOOL = "".join(f"2026-11-01 10:00:00,2026-11-01 10:05:00,IP Address,100,True,R_{i}," + ",".join(map(str, row)) + "\n"
                         for i, row in enumerate(ROWS))
TOOL = (QUALTRICS + ROWS_OF_A_TOOL + "2026-11-01 10:00:00,2026-11-01 10:05:00,Survey Preview,100,True,R_p,1,7,1,7\n"
        "2026-11-01 10:00:00,2026-11-01 10:05:00,IP Address,40,False,R_q,1,7,1,7\n")
ODD = table() + "r41,banana,1,1,1\nr42,7\n"


class Look(SurveyCase):
    def json(self, *words):
        return json.loads(self.succeed("look", *words, "--format", "json"))

    def test_a_table_for_eyes(self):
        out = self.succeed("look", self.file("odd.csv", ODD))
        for part in ("CSV · UTF-8 · cells parted by , · 41 rows of 5 columns\n", "Irregular rows left out: 1, the first on line 43.\n",
                     "not understood: 1 – “banana”", "r1 · r2 · r3", "1 – 7", "○ E2  ● P2: 2, 1…7 — sure: "):
            self.assertIn(part, out)

    def test_in_chinese(self):
        out = self.succeed("look", self.file("odd.csv", ODD), "--lang", "zh-CN")
        for part in ("41 行，5 列", "整数", "“banana”", "有把握"):
            self.assertIn(part, out)
        self.assertNotRegex(out, r"rows|columns|sure|Read as")

    def test_rows_by_why_and_the_tool(self):
        data = self.file("tool.csv", TOOL)
        out = self.succeed("look", data)
        for part in ("Made by Qualtrics\n", "Rows left out as unfinished: 1\n", "Rows left out as previews or tests: 1\n",
                     "of the header: 3", "Perceived a"):
            self.assertIn(part, out)
        file = self.json(data)["file"]
        self.assertEqual((file["tool"], file["rows"], file["header_rows"]), ("qualtrics", 40, 3))
        self.assertEqual(file["left_out"], {"unfinished": 1, "previews": 1, "spam": 0, "blank_or_header": 0, "irregular": 0,
                                            "irregular_lines": []})
        self.assertEqual(self.json(data, "--all-rows")["file"]["rows"], 42)

    def test_the_whole_as_json(self):
        found = self.json(self.file("odd.csv", ODD))
        self.assertEqual(found["file"]["left_out"]["irregular_lines"], [43])
        columns = {column["name"]: column for column in found["columns"]}
        self.assertEqual(list(columns), ["id", *HEAD])
        first = columns["E1"]
        self.assertEqual((first["type"], first["n"], first["n_missing"], first["min"], first["max"]), ("integer", 40, 0, 1, 7))
        self.assertEqual((first["n_not_understood"], first["not_understood"]), (1, ["banana"]))
        self.assertEqual(first["reading"]["kind"], "number")
        counts = {value["text"]: value["n"] for value in first["values"]}
        self.assertEqual(counts["7"], sum(row[0] == 7 for row in ROWS))
        second = columns["E2"]
        self.assertEqual((second["role"], second["partner"], second["confidence"], second["scale"]),
                         ("expectation", "P2", "high", {"min": 1, "max": 7}))
        self.assertEqual(found["first_rows"][0], ["r1", *map(str, ROWS[0])])
        self.assertTrue(any("banana" in note for note in found["notes"]), found["notes"])

    def test_sheets(self):
        book = self.folder / "book.xlsx"
        book.write_bytes(xlsx(("Notes", [["hello"], ["world"]], ()), ("Data", [["id", *HEAD], *PAIRS], ())))
        self.assertIn("Sheets: Notes, Data (this one)\n", self.succeed("look", book))  # a cover is no table
        self.assertIn("Sheets: Notes (this one), Data\n", self.succeed("look", book, "--sheet", "Notes"))
        found = self.json(book, "--sheet", "Data")
        self.assertEqual((found["file"]["sheets"], found["file"]["sheet"], found["file"]["rows"]), (["Notes", "Data"], "Data", 40))

    def test_as_it_is_told(self):
        data = self.file("data.csv", "1;2\n3;4\n")
        self.assertEqual([c["name"] for c in self.json(data, "--header-rows", "1")["columns"]], ["1", "2"])
        self.assertEqual(self.json(data, "--header-rows", "0")["file"]["rows"], 2)
        self.assertEqual(len(self.json(data, "--delimiter", ",")["columns"]), 1)

    def test_strict(self):
        self.assertEqual(run("look", self.file("odd.csv", ODD), "--strict").returncode, 3)
        self.assertEqual(run("look", self.file("sound.csv", table()), "--strict").returncode, 0)

    def test_refusals(self):
        self.assertIn("look FILE", self.refuse(2, "look"))
        self.refuse(1, "look", self.folder / "none.csv")
        self.refuse(2, "look", self.file("a.csv", table()), "--delimiter", "abc")


if __name__ == "__main__":
    unittest.main()
