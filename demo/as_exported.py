#!/usr/bin/env python3
"""The simulated answers as a survey tool gives them out, with all that makes such files hard to read.

    as_exported.py FOLDER zh-CN|en OUTPUT

FOLDER is what `mindgap simulate --output` wrote. In Chinese the file is one of Wenjuanxing, in GB18030: question texts as the header, what was perceived in
words, skipped questions as such, a row of means at the foot. In English one of Qualtrics: three header rows, previews and unfinished answers among the rows,
a code for no answer. The answers are the simulated ones, so that what is read in the file can be held against what was planted.
"""
import csv
import json
import pathlib
import sys

SATISFACTION = ["非常不满意", "不满意", "比较不满意", "一般", "比较满意", "满意", "非常满意"]
OUTCOMES = {"zh-CN": ["您向亲友推荐我们的可能性（0–10）", "总体满意度（1-10）", "办事便利度（1-7）"],
            "en": ["How likely are you to recommend us (0-10)?", "Overall satisfaction (1-10)", "How easy was it to get things done (1-7)?"]}
KEYS = ["nps", "satisfaction", "ease"]


def wenjuanxing(rows, items):
    """Rows of the file, header first."""
    number = iter(range(1, 1000))
    titles = [f"{next(number)}、{item}—{side}" for side in ("期望", "实际感受") for item in items]
    titles += [f"{next(number)}、{text}" for text in ["所在区域", *OUTCOMES["zh-CN"]]]
    yield ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", *titles]
    for at, row in enumerate(rows, 1):
        sides = [row[f"E{k:02}"] or "(跳过)" for k in range(1, len(items) + 1)]
        sides += [SATISFACTION[int(cell) - 1] if (cell := row[f"P{k:02}"]) else "(跳过)" for k in range(1, len(items) + 1)]
        moment = row["answered_at"].replace("T", " ").rstrip("Z").replace("-", "/")
        yield [at, moment, f"{120 + at % 240}秒", "微信", "N/A", f"203.0.113.{at % 250}(北京-北京)", *sides, row["region"], *(row[k] for k in KEYS)]
    foot = ["平均值", "", "", "", "", ""]
    for k in range(1, len(items) + 1):
        answers = [int(row[f"E{k:02}"]) for row in rows if row[f"E{k:02}"]]
        foot.append(f"{sum(answers) / len(answers):.2f}")
    yield foot + [""] * (len(items) + 4)


def qualtrics(rows, items):
    """The same of Qualtrics."""
    names = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId"]
    texts = ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)", "Finished", "Recorded Date", "Response ID"]
    questions = [(f"Q{n}_{k}", f"{stem} - {item}") for n, stem in ((1, "What do you expect?"), (2, "What did you get?")) for k, item in enumerate(items, 1)]
    questions += [("Q3", "Region"), *((f"Q{n}", text) for n, text in enumerate(OUTCOMES["en"], 4))]
    yield names + [name for name, _ in questions]
    yield texts + [text for _, text in questions]
    yield [json.dumps({"ImportId": name}) for name in names + [name for name, _ in questions]]
    for at, row in enumerate(rows):
        moment = row["answered_at"].replace("T", " ").rstrip("Z")
        preview, finished = at % 200 == 0, at % 150 != 1
        answers = [row[f"{side}{k:02}"] or "-99" for side in "EP" for k in range(1, len(items) + 1)]
        yield [moment, moment, "Survey Preview" if preview else "IP Address", f"203.0.113.{at % 250}", 100 if finished else 40, 120 + at % 240, "True" if finished else "False",
               moment, f"R_{at:015}", *answers, row["region"], *(row[k] for k in KEYS)]


def main():
    folder, lang, output = sys.argv[1:]
    study = json.loads(pathlib.Path(folder, "study.json").read_text(encoding="utf-8"))
    items = [item["label"][lang] for item in study["items"]]
    with open(f"{folder}/crisis.csv", encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    tool, encoding = (wenjuanxing, "gb18030") if lang == "zh-CN" else (qualtrics, "utf-8-sig")
    with open(output, "w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows(tool(rows, items))


if __name__ == "__main__":
    main()
