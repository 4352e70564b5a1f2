"""A disk of every size from one page on: a command either does all of its work or says that the disk is full, and leaves
nothing behind. Temporary files, the file that is written and the data folder each get such a disk. Needs to mount one
(root); without that right the tests are left out, visibly."""
import gzip
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from survey_support import MINDGAP, run

PAIRS = 12
PAGE = 4  # KB of a small disk
ENOUGH = 65_536
STUDY = {"study": "full", "title": {"en": "Full"}, "scale": {"min": 1, "max": 7}, "groups": [{"column": "region"}],
         "items": [{"code": f"i{k}", "label": {"en": f"Item {k}, " + "which says more than it has to. " * 4}, "expectation": f"E{k}",
                    "perception": f"P{k}"} for k in range(PAIRS)]}
SAID = "is full; nothing was kept. Make room on the disk and try again."


def table(rows=400):
    lines = [",".join(f"E{k},P{k}" for k in range(PAIRS)) + ",region,why"]
    for i in range(rows):
        digest = hashlib.md5(str(i).encode()).hexdigest()
        answers = [str(1 + int(digest[k], 16) % 7) for k in range(32)]
        lines.append(",".join(answers[:2 * PAIRS] + ["north" if i % 2 else "南", digest]))
    return "\n".join(lines) + "\n"


def may_mount():
    return subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/tmp"], capture_output=True).returncode == 0


@unittest.skipUnless(may_mount(), "skipped: may not mount a small disk here")
class FullDisk(unittest.TestCase):
    def setUp(self):
        # Not in /tmp, which the small disk hides.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mindgap-full-", dir="/var/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "out").mkdir()
        self.table = self.folder / "in.csv"
        self.table.write_text(table(), "utf-8")
        self.study = self.folder / "study.json"
        self.study.write_text(json.dumps(STUDY), "utf-8")
        self.sizes = 0

    def on_small_disk(self, where, kilobytes, *words):
        """The command with a disk of so many KB at `where`, which it sees alone; what it left there."""
        script = f'mount -t tmpfs -o size={kilobytes}k none {where} && "$@"; rc=$?; ls -A {where} > left; exit $rc'
        done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", MINDGAP, *map(str, words)], capture_output=True, text=True,
                              cwd=self.folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, timeout=120)
        return done, (self.folder / "left").read_text().split()

    def grow(self, where, words, left, check):
        """Bigger and bigger disks, until one is big enough; `left`: what is there then."""
        refused, kilobytes = 0, PAGE
        while kilobytes < ENOUGH:
            done, there = self.on_small_disk(where, kilobytes, *words)
            with self.subTest(where=where, words=words, kilobytes=kilobytes):
                if done.returncode == 0:
                    self.assertEqual(there, left)
                    check(done)
                    return refused
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertEqual([line[-len(SAID):] for line in done.stderr.splitlines() if "[ERROR]" not in line], [SAID])
                self.assertEqual((done.stdout, there), ("", []))
                refused += 1
            kilobytes += max(PAGE, kilobytes // 4 // PAGE * PAGE)
        self.fail("no disk is big enough")

    def inputs(self):
        """The table in every format that is unpacked into a temporary file."""
        packed = self.folder / "in.csv.gz"
        packed.write_bytes(gzip.compress(self.table.read_bytes()))
        chinese = self.folder / "gbk.csv"
        chinese.write_bytes(self.table.read_text("utf-8").encode("gbk"))
        files = [packed, chinese]
        for ending in ("xlsx", "sav", "dta", "jsonl"):
            files.append(self.folder / f"in.{ending}")
            self.assertEqual(run("convert", self.table, files[-1]).returncode, 0)
        return files

    def test_what_is_unpacked_to_be_read(self):
        for file in self.inputs():
            for words in (["look", file], ["gap", file, "--study", self.study, "--format", "json"]):
                whole = run(*words).stdout
                refused = self.grow("/tmp", words, [], lambda done: self.assertEqual(done.stdout, whole))
                self.assertGreater(refused, 2)

    def parts(self, path):
        """What is in a file that was written, without the time at which it was."""
        if path.suffix not in (".xlsx", ".parquet", ".sav", ".dta"):
            return path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                return {name: book.read(name) for name in book.namelist() if not name.startswith("docProps")}
        back = run("convert", path, self.folder / "back.csv")
        self.assertEqual(back.returncode, 0, back.stderr)
        return (self.folder / "back.csv").read_bytes()

    def written_as_ever(self, words, name):
        """Checks the file that a command has written against the one that it writes with room enough."""
        self.assertEqual(run(*words[:-1], self.folder / f"whole-{name}").returncode, 0)
        whole = self.parts(self.folder / f"whole-{name}")
        return lambda done: self.assertEqual(self.parts(self.folder / "elsewhere" / name), whole)

    def test_temporary_files_of_what_is_written(self):
        (self.folder / "elsewhere").mkdir()
        for words, name in [(["convert", self.table], f"out.{ending}") for ending in ("xlsx", "sav", "dta")] + [
                (["gap", self.table, "--study", self.study, "-o"], "gaps.xlsx")]:
            words = [*words, self.folder / "elsewhere" / name]
            refused = self.grow("/tmp", words, [], self.written_as_ever(words, name))
            self.assertGreater(refused, 2)

    def test_the_file_that_is_written(self):
        for words, name in [(["convert", self.table], f"out.{ending}") for ending in ("csv", "xlsx", "sav", "dta", "jsonl")] + [
                (["gap", self.table, "--study", self.study, "-o"], f"gaps.{ending}") for ending in ("html", "csv", "xlsx", "json")]:
            words = [*words, pathlib.Path("out", name)]
            refused = self.grow(self.folder / "out", words, [name], lambda done: None)
            self.assertGreater(refused, 0)


if __name__ == "__main__":
    unittest.main()
