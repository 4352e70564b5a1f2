"""mindgap import beside a running server: the file is handed to it, the command line watches; and what either of them leaves
of the other when it dies."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from support import BINARY, STUDY, ApiTest, Client, Server, run, survey_csv, wait_rows

MANY = 1_500_000
PASSWORD_TWICE = "a long pass phrase\n" * 2


def take_signals():
    """A shell's background job ignores SIGINT, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def command(data, path, study, *more, lang="en", **options):
    """The import as a process."""
    return subprocess.Popen([BINARY, "import", path, "--study", study, "--data", data, "--lang", lang, *more], text=True,
                            preexec_fn=take_signals, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                            **options)


def many_rows():
    """A big survey, quickly."""
    lines = survey_csv(1000).splitlines(keepends=True)
    return lines[0] + b"".join(lines[1:]) * (MANY // 1000)


class Files(unittest.TestCase):
    """The files of a test: a study file and surveys."""

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def make_files(self):
        self.folder = tempfile.mkdtemp(prefix="mindgap-files-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.study_file = self.write("study.json", json.dumps(STUDY).encode())

    def wait_import(self, client, wanted, seconds=30):
        """The newest import once it is in that state."""
        for _ in range(seconds * 20):
            imports = client.get("/imports").json["imports"]
            if imports and wanted(imports[0]):
                return imports[0]
            time.sleep(0.05)
        raise AssertionError(f"the import isn't so: {imports}")

    def begin(self, data, path, *more):
        """An import that the test needn't wait for."""
        process = command(data, path, self.study_file, *more)
        self.addCleanup(lambda: (process.poll() is None and process.kill(), process.communicate()))
        return process


class Beside(ApiTest, Files):
    def setUp(self):
        self.make_files()

    def test_it_is_read_as_the_command_line_says(self):
        """Every option changes what is read; the server's import and one without a server keep the same answers."""
        self.study_file = self.write("read.json", json.dumps({**STUDY, "study": "read"}).encode())
        rows = survey_csv(40).decode().replace("south", "Süd").splitlines()
        names, answers = rows[0], [row.replace(",", "\t") for row in rows[1:]]
        text = "\n".join(["Umfrage", "Stand: 2026", names.replace(",", "\t"), *answers, answers[0], answers[1]]) + "\n"
        path = self.write("odd.csv", text.encode("windows-1252"))
        options = ["--encoding", "windows-1252", "--delimiter", "tab", "--title-rows", "2", "--header-rows", "1", "--foot-rows", "2"]
        process = command(self.server.data, path, self.study_file, *options)
        said, trouble = process.communicate(timeout=60)
        self.assertEqual((process.returncode, trouble), (0, ""))
        self.assertEqual(said, "40 rows read, 40 imported, 0 left out, 0 errors\n")
        study = next(study for study in self.owner.get("/studies").json["studies"] if study["code"] == "read")
        kept = self.owner.get(f"/studies/{study['id']}/responses?limit=100").json["responses"]
        self.assertEqual(sorted({one["answers"]["region"] for one in kept}), ["Süd", "north"])
        wanted = sorted(int(row.split(",")[0]) for row in rows[1:])
        self.assertEqual(sorted(one["answers"]["E1"] for one in kept), wanted)

    def test_the_server_imports_the_file(self):
        self.study_file = self.write("own.json", json.dumps({**STUDY, "study": "handed"}).encode())  # others import into the usual one
        rows = [line.rpartition(b",")[0] for line in survey_csv(300).splitlines()]  # without the column of the wave
        path = self.write("survey.csv", b"\n".join(rows))
        process = command(self.server.data, path, self.study_file, "--wave", "2031")
        said, trouble = process.communicate(timeout=60)
        self.assertEqual((process.returncode, trouble), (0, ""))
        self.assertEqual(said, "300 rows read, 300 imported, 0 left out, 0 errors\n")
        made = self.owner.get("/imports").json["imports"][0]
        self.assertEqual((made["state"], made["name"], made["imported"]), ("done", "survey.csv", 300))
        job = self.owner.get(f"/jobs/{made['job_id']}").json
        self.assertEqual((job["kind"], job["state"]), ("import", "done"))
        wait_rows(self.owner, made["study_id"], 300)
        responses = self.owner.get(f"/studies/{made['study_id']}/responses?limit=1").json["responses"]
        self.assertEqual(responses[0]["wave"], "2031")
        self.assertFalse(os.listdir(os.path.join(self.server.data, "uploads"))[0].endswith(".part"))
        # Once more: refused by the same rule.
        process = command(self.server.data, path, self.study_file, "--wave", "2031")
        said, trouble = process.communicate(timeout=60)
        self.assertEqual((process.returncode, said), (1, ""))
        self.assertIn("already", trouble)

    def test_what_can_not_be_imported_says_why(self):
        head = survey_csv(1).splitlines()[0]
        path = self.write("bad.csv", head + b"\n" + b"\n".join(b"77" + b"," * head.count(b",") for _ in range(2)) + b"\n")
        self.study_file = self.write("never.json", json.dumps({**STUDY, "study": "never"}).encode())
        process = command(self.server.data, path, self.study_file)
        said, trouble = process.communicate(timeout=60)
        self.assertEqual((process.returncode, said), (1, ""))
        self.assertIn("Not one of the 2 rows", trouble)
        self.assertEqual(trouble.count("\n"), 1, trouble)
        codes = [study["code"] for study in self.owner.get("/studies").json["studies"]]
        self.assertNotIn("never", codes, "a failed import leaves no empty study")

    def test_a_signal_cancels_it(self):
        path = self.write("many.csv", many_rows())
        process = self.begin(self.server.data, path)
        running = self.wait_import(self.owner, lambda i: i["name"] == "many.csv" and i["rows"] > 0)
        process.send_signal(signal.SIGINT)
        said, trouble = process.communicate(timeout=300)
        self.assertEqual((process.returncode, said), (1, ""))
        self.assertIn("stopped", trouble)
        ended = self.owner.get(f"/imports/{running['id']}").json
        self.assertEqual(ended["state"], "cancelled")
        responses = self.owner.get(f"/studies/{ended['study_id']}/responses?limit=1")
        self.assertTrue(responses.status == 404 or responses.json["total"] < MANY, responses.body)  # the study, where it made it, went too
        self.assertEqual(self.owner.get(f"/jobs/{ended['job_id']}").json["state"], "cancelled")

    def test_on_a_terminal_what_is_said_after_the_progress_has_a_line_of_its_own(self):
        path = self.write("seen.csv", many_rows())
        master, terminal = os.openpty()
        self.addCleanup(os.close, master)
        process = subprocess.Popen([BINARY, "import", path, "--study", self.study_file, "--data", self.server.data, "--lang", "en"],
                                   preexec_fn=take_signals, stdout=terminal, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        os.close(terminal)
        self.addCleanup(lambda: (process.poll() is None and process.kill(), process.communicate()))
        self.assertIn(b"\r", process.stderr.read(20), "the progress is shown")
        process.send_signal(signal.SIGINT)
        trouble = process.communicate(timeout=300)[1]
        self.assertEqual(process.returncode, 1)
        self.assertRegex(trouble, rb"rows read \(\d+%\)\nmindgap: The import was stopped\. The study is as it was\.\n$")


class Alone(Files):
    """A data folder without server at first."""

    def setUp(self):
        self.make_files()
        self.data = os.path.join(self.folder, "data")
        run("org", "add", "Beichen", "--data", self.data)
        run("user", "add", "owner@example.com", "--data", self.data, "--role", "owner", text=PASSWORD_TWICE)

    def owner(self, server):
        client = Client(server)
        self.assertEqual(client.sign_in("owner@example.com").status, 201)
        return client

    def wait_locked(self):
        for _ in range(600):
            if os.path.isdir(os.path.join(self.data, "running")) and os.listdir(os.path.join(self.data, "running")):
                return
            time.sleep(0.02)
        raise AssertionError("the import doesn't begin")

    def test_a_server_that_starts_leaves_the_running_import_alone(self):
        path = self.write("many.csv", many_rows())
        process = self.begin(self.data, path)
        self.wait_locked()
        with Server(data=self.data) as server:
            server.wait_ready()
            client = self.owner(server)
            self.assertIsNone(process.poll(), "the import must outlast the server's start for this test to say anything")
            said, trouble = process.communicate(timeout=120)
            self.assertEqual((process.returncode, trouble), (0, ""))
            self.assertIn(f"{MANY} imported", said)
            made = self.wait_import(client, lambda i: i["state"] == "done")
            self.assertNotIn("job_id", made)
            wait_rows(client, made["study_id"], MANY, seconds=60)

    def test_a_server_that_starts_clears_the_killed_import_away(self):
        path = self.write("many.csv", many_rows())
        process = self.begin(self.data, path)
        self.wait_locked()
        time.sleep(0.5)
        self.assertIsNone(process.poll())
        process.kill()
        process.communicate()
        with Server(data=self.data) as server:
            client = self.owner(server)
            failed = self.wait_import(client, lambda i: i["state"] != "running")
            self.assertEqual(failed["state"], "failed")
            self.assertIn("cut off", failed["message"])
            for _ in range(200):
                if not os.listdir(os.path.join(self.data, "running")):
                    break
                time.sleep(0.05)
            self.assertEqual(os.listdir(os.path.join(self.data, "running")), [])
            # The same file goes in now, by the server.
            said, trouble = command(self.data, path, self.study_file).communicate(timeout=120)
            self.assertIn(f"{MANY} imported", said, trouble)

    def test_a_server_that_is_gone_is_said(self):
        path = self.write("many.csv", many_rows())
        with Server(data=self.data) as server:
            server.wait_ready()
            client = self.owner(server)
            process = self.begin(self.data, path)
            self.wait_import(client, lambda i: i["rows"] > 0)
            server.process.kill()
            said, trouble = process.communicate(timeout=60)
            self.assertEqual((process.returncode, said), (1, ""))
            self.assertIn("The server stopped", trouble)
        with Server(data=self.data) as server:
            failed = self.wait_import(self.owner(server), lambda i: i["state"] != "running")
            self.assertEqual(failed["state"], "failed")


if __name__ == "__main__":
    unittest.main()
