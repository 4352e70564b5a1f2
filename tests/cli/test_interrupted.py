"""A command that is interrupted leaves no copy of the file that it read, and no draft of the one that it writes."""
import gzip
import os
import signal
import subprocess
import time
import unittest

from survey_support import MINDGAP, SurveyCase

ROWS = 400_000


class Interrupted(SurveyCase):
    @classmethod
    def setUpClass(cls):
        row = "3,5,4,7,something that somebody said\n"
        cls.packed = gzip.compress(("a,b,c,d,e\n" + row * ROWS).encode(), 1)

    def setUp(self):
        super().setUp()
        self.source = self.folder / "in.csv.gz"
        self.source.write_bytes(self.packed)
        (self.folder / "out").mkdir()

    def temporaries(self):
        """Files in /tmp that hold what the source does."""
        found = []
        for name in os.listdir("/tmp"):
            try:
                with open(f"/tmp/{name}", "rb") as file:
                    if name.startswith("mindgap-") and b"something that somebody said" in file.read(200):
                        found.append(name)
            except OSError:
                pass
        return found

    def test_nothing_is_left(self):
        before = self.temporaries()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for moment in ("begun", "unpacked"):
                with self.subTest(number.name, moment=moment):
                    def listen(signals=(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)):
                        for one in signals:
                            signal.signal(one, signal.SIG_DFL)

                    process = subprocess.Popen([MINDGAP, "convert", self.source, self.folder / "out/out.sav"], preexec_fn=listen,
                                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                    self.addCleanup(lambda p=process: (p.poll() is None and p.kill(), p.communicate()))
                    while process.poll() is None and not (os.listdir(self.folder / "out") and (
                            moment == "begun" or len(self.temporaries()) > len(before))):
                        time.sleep(0.002)
                    process.send_signal(number)
                    self.assertEqual(process.wait(60), -number)
                    self.assertEqual(os.listdir(self.folder / "out"), [])
                    self.assertEqual(self.temporaries(), before)

    def test_a_reader_that_goes_away(self):
        before = self.temporaries()
        process = subprocess.Popen([MINDGAP, "convert", self.source, "/dev/stdout", "--format", "csv"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
        process.stdout.read(10)
        process.stdout.close()
        process.stderr.close()
        self.assertIn(process.wait(60), (-signal.SIGPIPE, 1))
        self.assertEqual(self.temporaries(), before)


if __name__ == "__main__":
    unittest.main()
