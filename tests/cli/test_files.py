"""Files as analysts have them: each of the shared ones with its right values, and more of the same kinds,
made here. A file is proposed a study, and its gaps are those computed from the rows beside it."""
import gzip
import io
import json
import random
import unittest
import zipfile
from xml.sax.saxutils import escape

from survey_support import FILES, SurveyCase, needs, run

HEAD = ["E1", "P1", "E2", "P2"]
MIXED = ["期望1", "感受1", "期望2", "感受2"]


def make_rows():
    """Forty respondents, two items, 1 to 7; both ends of the scale are there."""
    dice = random.Random(5)
    rows = [[4 + dice.randrange(4), dice.choice([1, 2, 3, 4, 4, 5, 6, 7]), 5 + dice.randrange(3), dice.randrange(1, 8)]
            for _ in range(40)]
    return [[7, 1, 7, 1], [7, 7, 7, 7], [1, 4, 1, 4], *rows[3:]]


ROWS = make_rows()
GAPS = sorted(sum(row[p] - row[e] for row in ROWS) / len(ROWS) for e, p in ((0, 1), (2, 3)))


def table(head=HEAD, cell=str, mark=","):
    lines = [["id", *head], *([f"r{i}", *map(cell, row)] for i, row in enumerate(ROWS, 1))]
    return "".join(mark.join(line) + "\n" for line in lines)


def lines(header, row):
    """`row` of a number from 1 and the four answers."""
    return header + "".join(row(i, *answers) + "\n" for i, answers in enumerate(ROWS, 1))


def words(*steps):
    return lambda step: steps[step - 1]


def sheet_xml(cells, merges):
    def one(column, row, value):
        place = f"{chr(65 + column)}{row}"
        if isinstance(value, (int, float)):
            return f'<c r="{place}"><v>{value}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ""

    rows = "".join(f'<row r="{r}">' + "".join(one(c, r, value) for c, value in enumerate(row)) + "</row>"
                   for r, row in enumerate(cells, 1))
    merged = f'<mergeCells>{"".join(f"""<mergeCell ref="{m}"/>""" for m in merges)}</mergeCells>' if merges else ""
    return ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{rows}</sheetData>{merged}</worksheet>")


def xlsx(*sheets):
    """Of (name, cells, merged ranges)."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
    names = "".join(f'<sheet name="{s[0]}" sheetId="{i}" r:id="rId{i}"/>' for i, s in enumerate(sheets, 1))
    parts = "".join(f'<Relationship Id="rId{i}" Type="{kind}/worksheet" Target="worksheets/sheet{i}.xml"/>'
                    for i in range(1, len(sheets) + 1))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml",
                      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                      '<Default Extension="xml" ContentType="application/xml"/>'
                      '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                      'spreadsheetml.sheet.main+xml"/></Types>')
        book.writestr("_rels/.rels", relations
                      % f'<Relationship Id="rId1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/>')
        book.writestr("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                      f'xmlns:r="{kind}"><sheets>{names}</sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", relations % parts)
        for i, (_, cells, merges) in enumerate(sheets, 1):
            book.writestr(f"xl/worksheets/sheet{i}.xml", sheet_xml(cells, merges))
    return out.getvalue()


PAIRS = [[f"r{i}", *row] for i, row in enumerate(ROWS, 1)]
BLOCKS = [[f"r{i}", a, c, b, d] for i, (a, b, c, d) in enumerate(ROWS, 1)]
DAY = "2026-11-{:02} 10:00:00".format
SEVEN_EN = words("Strongly disagree", "Disagree", "Somewhat disagree", "Neither agree nor disagree", "Somewhat agree",
                 "Agree", "Strongly agree")
SEVEN_ZH = words("非常不同意", "不同意", "比较不同意", "一般", "比较同意", "同意", "非常同意")
SATISFIED_ZH = words("非常不满意", "不满意", "比较不满意", "一般", "比较满意", "满意", "非常满意")
ENDS = words("1 - Strongly disagree", "2", "3", "4", "5", "6", "7 - Strongly agree")
QUALTRICS = ("StartDate,EndDate,Status,Progress,Finished,ResponseId,E1,P1,E2,P2\n"
             "Start Date,End Date,Response Type,Progress,Finished,Response ID,Expected a,Perceived a,Expected b,Perceived b\n"
             + ",".join('"{""ImportId"":""%s""}"' % name for name in
                        "startDate endDate status progress finished _recordId Q1_1 Q2_1 Q1_2 Q2_2".split()) + "\n")
WJX = "序号,提交答卷时间,所用时间,来源,来自IP,1、响应速度—期望,1、响应速度—感受,2、价格—期望,2、价格—感受,3、建议\n"

# Name and content: two items, their gaps GAPS of forty answers each.
KINDS = {
    "plain.csv": table(),
    "shares.csv": table(cell="{}/7".format),
    "out-of.csv": table(cell="{} out of 7".format),
    "stars.csv": table(cell=lambda step: "★" * step + "☆" * (7 - step)),
    "emoji-stars.csv": table(cell=lambda step: "⭐" * step),
    "unit.csv": table(cell="{}分".format),
    "percent.csv": table(cell="{}%".format),
    "padded.csv": table(cell="  {} ".format),
    "full-width.csv": table(cell=lambda step: "０１２３４５６７"[step]),
    "ends-labelled.csv": table(cell=ENDS),
    "agreement-en.csv": table(["expect_a", "perceive_a", "expect_b", "perceive_b"], SEVEN_EN),
    "agreement-zh.csv": table(MIXED, SEVEN_ZH),
    "satisfaction-zh.csv": table(MIXED, SATISFIED_ZH),
    "subtotals.csv": table() + "小计,5,4,6,4\n合计,5,4,6,4\n",
    "subtotals-between.csv": lines("city,id,E1,P1,E2,P2\n", lambda i, *row: f"c{i // 10},r{i}," + ",".join(map(str, row))
                                   + (f"\nc{i // 10} subtotal,,5.5,4.1,6,4.2\n北京小计,,5.5,4.1,6,4.2" if i % 10 == 9 else "")),
    "header-again.csv": table() + table().split("\n")[0] + "\n",
    "ragged.csv": table() + "r41,7\nr42,7,1,7,1,9,9\n",
    "dont-know.csv": table() + "r41,99,1,99,1\nr42,7,不清楚,7,N/A\n",
    "title.csv": "供暖满意度调查\n导出时间：2026-11-01\n\n" + table(),
    "title-padded.csv": "供暖满意度调查,,,,\n导出时间：2026-11-01,,,,\n,,,,\n" + table(),
    "nul.csv": table().encode()[:60] + b"\0" + table().encode()[60:],
    "nul-at-end.csv": table().encode() + bytes(20),
    "utf16.tsv": ("\ufeff" + table(mark="\t")).encode("utf-16-le"),
    "utf16-no-mark.csv": table(MIXED).encode("utf-16-be"),
    "gbk.csv": table(MIXED).encode("gbk"),
    "packed.csv.gz": gzip.compress(table().encode()),
    "decimal-commas.csv": table(cell="{},0".format, mark=";"),
    "pipes.csv": table(mark="|"),
    "tabs.tsv": table(mark="\t"),
    "carriage-returns.csv": table().replace("\n", "\r"),
    "quoted.csv": "\r\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in table().splitlines()) + "\r\n",
    "thousands.csv": lines("id,E1,P1,E2,P2,income\n", lambda i, a, b, c, d: f'r{i},{a},{b},{c},{d},"{1 + i % 9},{100 + i}"'),
    "thousands-point.csv": lines("id;E1;P1;E2;P2;income\n", lambda i, a, b, c, d: f"r{i};{a};{b};{c};{d};1.2{i + 10},5"),
    "objects.jsonl": lines("", lambda i, a, b, c, d: json.dumps({"id": f"r{i}", "answers": {"E1": a, "P1": b, "E2": c, "P2": d}})),
    "words-behind.csv": table(["speed_expectation", "speed_perception", "price_expectation", "price_perception"]),
    "words-in-brackets.csv": table(["Speed (expected)", "Speed (perceived)", "Price (expected)", "Price (perceived)"]),
    "slashes.csv": table(["Expectations/Speed", "Perceptions/Speed", "Expectations/Price", "Perceptions/Price"]),
    "german.csv": table(["Erwartung_a", "Wahrnehmung_a", "Erwartung_b", "Wahrnehmung_b"], mark=";"),
    "french.csv": table(["Attente Prix", "Perception Prix", "Attente Délai", "Perception Délai"], mark=";"),
    "spanish.csv": table(["Expectativa - precio", "Percepción - precio", "Expectativa - plazo", "Percepción - plazo"]),
    "japanese.csv": table(["期待_価格", "満足_価格", "期待_速度", "満足_速度"]),
    "korean.csv": table(["기대_가격", "체감_가격", "기대_속도", "체감_속도"]),
    "two-headers.csv": lines("id,期望,,感受,\n,响应,价格,响应,价格\n", lambda i, a, b, c, d: f"r{i},{a},{c},{b},{d}"),
    "two-headers-inner.csv": lines("id,响应,,价格,\n,期望,感受,期望,感受\n", lambda i, *row: f"r{i}," + ",".join(map(str, row))),
    "google-forms.csv": lines(
        'Timestamp,"What do you expect? [Speed]","What do you expect? [Price]","How did you experience it? [Speed]",'
        '"How did you experience it? [Price]","Which channels do you use?"\n',
        lambda i, a, b, c, d: f'11/{1 + i % 27}/2026 10:00:00,{a},{c},{b},{d},"{"App, Web" if i % 2 else "App"}"'),
    "ms-forms.csv": lines(
        "ID,Start time,Completion time,Email,Name,Expected: Speed,Experienced: Speed,Expected: Price,Experienced: Price\n",
        lambda i, *row: f"{i},11/{1 + i % 27}/26 10:00:00,11/{1 + i % 27}/26 10:05:00,anonymous,," + ",".join(map(str, row))),
    "wjx.csv": lines(WJX, lambda i, *row: f"{i},2026/11/{1 + i % 27} 10:00:00,{50 + i}秒,微信,1.2.3.{i}(上海),"
                     + ",".join(map(str, row)) + ",(空)") + "41,2026/11/2 10:00:00,9秒,微信,1.2.3.4(上海),7,(跳过),7,(跳过),(跳过)\n",
    "wjx-mostly-skipped.csv": lines(WJX, lambda i, *row: f"{i},2026/11/{1 + i % 27} 10:00:00,{50 + i}秒,微信,1.2.3.{i}(上海),"
                                    + ",".join(map(str, row)) + ",(空)")
    + "".join(f"{i},2026/11/2 10:00:00,9秒,微信,1.2.3.4(上海),7,(跳过),6,(跳过),(空)\n" for i in range(41, 141)),
    "wjx-codes.csv": lines(WJX, lambda i, *row: f"{i},2026/11/{1 + i % 27} 10:00:00,{50 + i}秒,微信,1.2.3.{i}(上海),"
                           + ",".join(map(str, row)) + ",(空)")
    + "".join(f"{i},2026/11/2 10:00:00,9秒,微信,1.2.3.4(上海),7,-3,6,-3,(空)\n" for i in range(41, 61)),
    "kobo-both.csv": lines("grp_exp/speed_exp,grp_per/speed_per,grp_exp/price_exp,grp_per/price_per,_id,_index\n",
                           lambda i, *row: ",".join(map(str, row)) + f",{3000 + i},{i}"),
    "ideal-zh.csv": table(["速度（理想）", "速度（现实）", "价格（理想）", "价格（现实）"]),
    "soll-ist.csv": table(["Tempo (Soll)", "Tempo (Ist)", "Preis (Soll)", "Preis (Ist)"]),
    "numbered-halves.csv": table(["1a. Speed: ideal", "1b. Speed: actual", "2a. Price: ideal", "2b. Price: actual"]),
    "limesurvey.csv": lines('"id. Response ID","submitdate. Date submitted","EXP[SQ001]","EXP[SQ002]","PER[SQ001]","PER[SQ002]"\n',
                            lambda i, a, b, c, d: f'{i},"{DAY(1 + i % 27)}","A{a}","A{c}","A{b}","A{d}"'),
    "surveymonkey.csv": lines(
        'Respondent ID,Collector ID,Start Date,End Date,IP Address,"How much do you expect?",,"How did you experience it?",\n'
        ",,,,,Speed,Price,Speed,Price\n",
        lambda i, a, b, c, d: f"{1000 + i},77,11/{1 + i % 27}/2026 10:00:00 AM,11/{1 + i % 27}/2026 10:05:00 AM,1.2.3.4,{a},{c},{b},{d}"),
    "redcap.csv": lines(
        "record_id,redcap_survey_identifier,survey_timestamp,exp_speed,per_speed,exp_price,per_price,survey_complete\n",
        lambda i, *row: f"{i},,{DAY(1 + i % 27)}," + ",".join(map(str, row)) + ",2"),
    "qualtrics.csv": lines(QUALTRICS, lambda i, *row: f"{DAY(1)},{DAY(1)},IP Address,100,True,R_{i}," + ",".join(map(str, row)))
    + f"{DAY(1)},{DAY(1)},Survey Preview,100,True,R_p,1,7,1,7\n{DAY(1)},{DAY(1)},IP Address,40,False,R_q,1,7,1,7\n",
    "plain.xlsx": xlsx(("Sheet1", [["id", *HEAD], *PAIRS], ())),
    "texts.xlsx": xlsx(("Sheet1", [["id", *HEAD], *([row[0], *map(str, row[1:])] for row in PAIRS)], ())),
    "totals.xlsx": xlsx(("Sheet1", [["id", *HEAD], *PAIRS, ["合计", 200, 160, 220, 160], ["平均", 5, 4, 5.5, 4]], ())),
    "cover.xlsx": xlsx(("Cover", [["Survey of 2026"], ["The answers are on the next sheet"]], ()),
                       ("Data", [["id", *HEAD], *PAIRS], ())),
    "margin.xlsx": xlsx(("Sheet1", [[None], [None, "id", *HEAD], *([None, *row] for row in PAIRS)], ())),
    "groups.xlsx": xlsx(("Sheet1", [["供暖满意度调查"], ["id", "期望", None, "感受", None], [None, "响应", "价格", "响应", "价格"],
                                    *BLOCKS], ("A1:E1", "B2:C2", "D2:E2", "A2:A3"))),
    "groups-inner.xlsx": xlsx(("Sheet1", [["id", "响应", None, "价格", None], [None, "期望", "感受", "期望", "感受"], *PAIRS],
                               ("B1:C1", "D1:E1", "A1:A2"))),
}

STANDARD = (60, {"1": -2.9333, "2": -2.1833, "3": -1.8333})
# Of shared/data/files: with a study given, or proposed; rows, gaps (or means), n by item where it isn't all, NPS.
GIVEN = {"case01-crlf-rows-lf-in-cell.csv": STANDARD, "case07-sep-line.csv": STANDARD, "case13-mean-row.csv": STANDARD,
         "case13b-mean-row-nps.csv": STANDARD, "case16-last-column-unnamed.csv": STANDARD, "case17-json-array.json": STANDARD,
         "case18-decimal-comma-answers.csv": STANDARD}
PROPOSED = {
    **GIVEN,
    "case05-one-text-cell.csv": (60, {"1": -2.9492, "2": -2.1833, "3": -1.8333}),
    "case08-qualtrics-three-headers.csv": STANDARD,
    "case10-dont-know-9.csv": (60, {"1": -3.02, "2": -2.0625, "3": -1.7885}),
    "case10b-not-applicable-0.csv": (60, {"1": -3.06, "2": -2.2083, "3": -1.8462}),
    "case12-bipolar-scale.csv": (60, {"1": -2.45, "2": -1.8667, "3": -1.5333}),
    "case14-long-question.csv": STANDARD,
    "case15-kobo-groups.csv": STANDARD,
}
COUNTS = {"case05-one-text-cell.csv": [59, 60, 60], "case10-dont-know-9.csv": [50, 48, 52],
          "case10b-not-applicable-0.csv": [50, 48, 52]}


class Files(SurveyCase):
    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def proposed(self, path, *options, weights=True):
        study = self.folder / "proposed.json"
        self.succeed("study", "init", path, "-o", study, *options)
        document = json.loads(study.read_text("utf-8"))
        if not weights:
            document.pop("weight", None)
            study = self.file("unweighted.json", document)
        return self.gaps(path, "--study", study, *options)

    def check(self, report, rows, gaps, counts=None):
        self.assertEqual(report["rows"], rows)
        got = sorted(report["items"], key=lambda item: item["gap"]["value"])
        self.assertEqual([round(item["gap"]["value"], 4) for item in got], sorted(gaps))
        self.assertEqual([item["n"] for item in got], counts or [rows] * len(gaps))


class Kinds(Files):
    """One test a file: what a kind of it does wrong is mended for all of its kind."""

    def test_several_sheets(self):
        book = self.write("book.xlsx", xlsx(("Notes", [["hello"]], ()), ("Data", [["id", *HEAD], *PAIRS], ())))
        report = self.proposed(book, "--sheet", "Data")
        self.assertEqual([round(item["gap"]["value"], 6) for item in report["items"]], [round(gap, 6) for gap in GAPS])
        said = self.refuse(1, "study", "init", book, "--sheet", "Answers")
        self.assertIn("Answers", said)


    def test_answers_that_were_given_declare_no_ends(self):
        rows = [[5 + i % 3, 1 + i % 6, 6 + i % 2, 7 - i % 7] for i in range(42)]
        gaps = sorted(sum(row[p] - row[e] for row in rows) / 42 for e, p in ((0, 1), (2, 3)))
        for name, cell in (("codes", "A{}".format), ("labels", lambda step: f"{step} - {SEVEN_EN(step)}"), ("shares", "{}/7".format)):
            with self.subTest(name):
                text = ",".join(["id", *HEAD]) + "\n" + "".join(f"r{i}," + ",".join(map(cell, row)) + "\n" for i, row in enumerate(rows))
                report = self.proposed(self.write(name + ".csv", text))
                self.assertEqual([round(item["gap"]["value"], 6) for item in report["items"]], [round(gap, 6) for gap in gaps])

    def test_a_scale_without_a_middle(self):
        four = words("Very poor", "Poor", "Good", "Very good")
        rows = [[3 + i % 2, 1 + i % 4, 2 + i % 3, 1 + i % 3] for i in range(36)]
        text = ",".join(["id", *HEAD]) + "\n" + "".join(f"r{i}," + ",".join(map(four, row)) + "\n" for i, row in enumerate(rows))
        report = self.proposed(self.write("four.csv", text))
        self.assertEqual([round(item["gap"]["value"], 6) for item in report["items"]], [-1, -1])
        self.assertEqual(report["scale"], {"min": 1, "max": 4})

    def test_two_words_of_one_number_are_said(self):
        words_of = words("Strongly disagree", "Somewhat disagree", "Neutral", "Agree", "Tend to agree")
        text = ",".join(["id", *HEAD]) + "\n" + "".join(
            f"r{i}," + ",".join(words_of(1 + (i + c) % 5) for c in range(4)) + "\n" for i in range(40))
        self.assertIn("two answers count as the same number", run("look", self.write("shared.csv", text)).stdout)


def of_kind(name):
    def test(self):
        report = self.proposed(self.write(name, KINDS[name]))
        self.assertEqual([round(item["gap"]["value"], 6) for item in report["items"]], [round(gap, 6) for gap in GAPS])
        self.assertEqual([item["n"] for item in report["items"]], [len(ROWS)] * 2)
    return test


for kind in KINDS:
    setattr(Kinds, "test_" + kind.replace("-", "_").replace(".", "_"), of_kind(kind))


@needs(FILES)
class Shared(Files):
    def test_with_the_study_given(self):
        for name, (rows, gaps) in GIVEN.items():
            with self.subTest(name):
                self.check(self.gaps(FILES / name, "--study", FILES / "case-study-E1-E3.json"), rows, gaps.values())

    def test_with_the_study_proposed(self):
        for name, (rows, gaps) in PROPOSED.items():
            with self.subTest(name):
                self.check(self.proposed(FILES / name, weights=False), rows, gaps.values(), COUNTS.get(name))

    def test_nps(self):
        for name in ("case07-sep-line.csv", "case13-mean-row.csv", "case13b-mean-row-nps.csv"):
            with self.subTest(name):
                report = self.gaps(FILES / name, "--study", FILES / "case-study-E1-E3-nps.json")
                self.assertEqual([round(score["estimate"]["value"], 6) for score in report["scores"]], [-45])

    def test_outcomes_told_by_their_questions(self):
        head = QUALTRICS.replace("E1,P1,E2,P2", "Q1,Q2,Q3,Q4,Q5,Q6").replace("Expected b,Perceived b", 'Expected b,Perceived b,"How likely are '
                                 'you to recommend us?",Overall satisfaction').replace("Q2_2", "Q2_2 Q5 Q6")
        head = head.replace('""Q2_2 Q5 Q6""}"', '""Q2_2""}","{""ImportId"":""Q5""}","{""ImportId"":""Q6""}"')
        path = self.write("outcomes.csv", lines(head, lambda i, *row: f"{DAY(1)},{DAY(1)},IP Address,100,True,R_{i},"
                                                + ",".join(map(str, row)) + f",{i % 11},{1 + i % 5}"))
        report = self.proposed(path)
        self.assertEqual([score["kind"] for score in report["scores"]], ["nps", "csat"])

    def test_many_columns(self):
        report = self.proposed(FILES / "case03-181-columns.csv")
        self.assertEqual((report["rows"], len(report["items"])), (211, 90))

    def test_satisfaction_of_three_steps(self):
        top = self.proposed(FILES / "case09-csat-3-point.csv")["scores"]
        self.assertEqual([score["estimate"]["value"] for score in top], [40])
        study = json.loads((self.folder / "proposed.json").read_text("utf-8"))
        study["outcomes"][0]["top"] = 2
        two = self.gaps(FILES / "case09-csat-3-point.csv", "--study", self.file("two.json", study))["scores"]
        self.assertEqual([round(score["estimate"]["value"], 6) for score in two], [80])

    def test_an_item_that_never_reaches_the_top(self):
        report = self.proposed(FILES / "case11-lowest-item-dropped.csv")
        self.assertEqual([(item["code"], round(item["perception"]["value"], 4)) for item in report["items"]][0], ("heat", 2.35))

    def test_ticked_boxes_are_no_ratings(self):
        done = run("study", "init", FILES / "case19-select-multiple.csv")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("No item for a study", done.stderr)

    def test_scale_of_six(self):
        self.proposed(FILES / "case20-psych-bfi-1-6.csv")
        study = json.loads((self.folder / "proposed.json").read_text("utf-8"))
        self.assertEqual((study["scale"]["min"], study["scale"]["max"]), (1, 6))
        item = next(item for item in study["items"] if item["code"] == "A1")
        item["reverse"] = True
        report = self.gaps(FILES / "case20-psych-bfi-1-6.csv", "--study", self.file("reversed.json", study))
        means = {item["code"]: item["perception"]["value"] for item in report["items"]}
        self.assertAlmostEqual(means["A1"], 4.5866, places=4)


if __name__ == "__main__":
    unittest.main()
