"""A disk that is full: every kind of write is refused with 507 and says so, reads go on, and with room again all of it works
without a new start. Needs to mount a small disk (root); without that right it is left out, visibly.

The data folder lies on a tmpfs that a ballast file fills to its last byte."""
import contextlib
import errno
import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from support import PASSWORD, STUDY, ApiTest, Client, Server, import_survey, make_study, survey_csv, upload, wait_rows

MEGABYTES = 48
CHUNK = b"x" * 65536
FULL = "full"


def mount_small_disk():
    """A folder on a disk of its own; None where that isn't allowed."""
    folder = tempfile.mkdtemp(prefix="mindgap-full-")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", folder], capture_output=True)
    if made.returncode == 0:
        return folder
    os.rmdir(folder)
    return None


def unmount(folder):
    subprocess.run(["umount", "-l", folder], check=True)
    shutil.rmtree(folder, ignore_errors=True)


class FullDisk(ApiTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = mount_small_disk()
        if not cls.folder:
            raise unittest.SkipTest("may not mount a small disk here")
        cls.addClassCleanup(unmount, cls.folder)
        cls.ballast = pathlib.Path(cls.folder, "ballast")
        cls.server = Server(data=f"{cls.folder}/data")
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.owner = Client(cls.server)
        cls.owner.set_up()
        cls.server.wait_ready()
        cls.study = make_study(cls.owner, STUDY)
        cls.upload = upload(cls.owner, survey_csv(60))
        plain = survey_csv(60)
        cls.written_anew = [upload(cls.owner, content, name) for name, content in (
            ("packed.csv.gz", gzip.compress(plain)), ("gbk.csv", plain.replace(b"north", "北区".encode("gbk"))),
            ("utf16.csv", plain.decode().encode("utf-16")))]
        import_survey(cls.owner, cls.study, survey_csv(40))

    def setUp(self):
        self.addCleanup(self.free)

    def fill(self):
        """To 0 bytes, byte by byte at the end. What the record's log has room for already is used up as well."""
        self.fill_file()
        for _ in range(400):
            answer = self.post_response()
            if answer.status != 201:
                break
        self.fill_file()

    def fill_file(self):
        with open(self.ballast, "ab", buffering=0) as file:
            piece = CHUNK
            while piece:
                try:
                    file.write(piece)
                except OSError as error:
                    self.assertEqual(error.errno, errno.ENOSPC)
                    piece = piece[:len(piece) // 2]

    def leave(self, kilobytes):
        """Fills the disk but for so much."""
        self.fill_file()
        os.truncate(self.ballast, os.path.getsize(self.ballast) - kilobytes * 1024)

    def leftovers(self):
        """Files that a request or job has made for itself."""
        folder = pathlib.Path(self.folder, "data/uploads")
        return sorted(name for name in os.listdir(folder) if name.startswith("mindgap-") or name.endswith(".part"))

    def free(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.ballast)

    def post_response(self):
        return self.owner.post(f"/studies/{self.study}/responses", {"answers": {"E1": 6, "P1": 5, "REC": 9}, "wave": "2025"})

    def responses(self):
        """Of the study that is written to: the list begins with the one that answers came to last."""
        return next(study["responses"] for study in self.owner.get("/studies").json["studies"] if study["id"] == self.study)

    def make_what_goes(self, name):
        """What the writes that remove something will remove."""
        owner = self.owner
        self.gone = {"view": owner.post("/views", {"name": name, "path": "/measure/gaps"}).json["id"],
                     "key": owner.post("/keys", {"name": name, "scopes": ["read"]}).json["id"],
                     "response": self.post_response().json["id"],
                     "customer": owner.post("/customers", {"reference": name, "attributes": []}).json["id"]}

    def writes(self):
        """Every kind of write, by name, as functions; done twice they clash with nothing but themselves."""
        self.number = getattr(self, "number", 0) + 1
        name, gone = f"n{self.number}", self.gone
        document = dict(STUDY, study=name)
        user = {"name": name, "email": f"{name}@example.com", "role": "viewer", "password": PASSWORD, "language": "en"}
        mapping = [{"source": c, "target": c} for c in ("E1", "P1", "E2", "P2")]
        owner, binary = self.owner, {"Content-Type": "application/octet-stream"}
        return {
            "sign in": lambda: Client(self.server).sign_in("owner@example.com"),
            "response": self.post_response,
            "study": lambda: owner.post("/studies", {"document": document}),
            "view": lambda: owner.post("/views", {"name": name, "path": "/measure/gaps"}),
            "upload": lambda: owner.post(f"/uploads?name={name}.csv", survey_csv(40_000), headers=binary),
            "import": lambda: owner.post("/imports", {"upload_id": self.upload, "study_id": self.study, "again": True,
                                                      "mapping": mapping}),
            "user": lambda: owner.post("/users", user),
            "key": lambda: owner.post("/keys", {"name": name, "scopes": ["read"]}),
            "customer": lambda: owner.post("/customers", {"reference": name, "attributes": []}),
            "dimension": lambda: owner.post("/dimensions", {"framework": "own", "code": name, "label": {"en": name}}),
            "touchpoint": lambda: owner.post("/touchpoints", {"code": name, "stage": "during", "label": {"en": name}}),
            "preferences": lambda: owner.put("/session/preferences", {"name": name, "language": "en"}),
            "delete view": lambda: owner.delete(f"/views/{gone['view']}"),
            "revoke key": lambda: owner.delete(f"/keys/{gone['key']}"),
            "delete response": lambda: owner.delete(f"/responses/{gone['response']}"),
            "erase customer": lambda: owner.delete(f"/customers/{gone['customer']}"),
            "password": lambda: owner.put("/session/password", {"current": PASSWORD, "password": PASSWORD}),
        }

    def test_every_write_says_so_reads_go_on_and_all_works_again(self):
        before = self.responses()
        for round in range(3):
            self.make_what_goes(f"goes-{round}")
            self.fill()
            for name, write in self.writes().items():
                with self.subTest(name, round=round, disk="full"):
                    answer = write()
                    if answer.status < 300:  # the record's log was begun anew meanwhile: its room is used up again
                        self.fill()
                        answer = write()
                    self.assert_problem(answer, 507, FULL)
            for file in self.written_anew:
                with self.subTest("preview", round=round, disk="full"):
                    answer = self.owner.get(f"/uploads/{file}/preview")
                    if answer.status != 200:
                        self.assert_problem(answer, 507, FULL)
            kept = self.responses()
            self.assertGreaterEqual(kept, before)
            for path in ("/session", "/studies", f"/studies/{self.study}", f"/studies/{self.study}/responses?limit=5", "/imports",
                         "/users", "/keys", "/views", "/customers", "/audit", "/jobs", "/dimensions"):
                with self.subTest(path, round=round, disk="full"):
                    self.assertEqual(self.owner.get(path).status, 200)
            self.free()
            for file in self.written_anew:
                self.assertEqual(self.owner.get(f"/uploads/{file}/preview").status, 200)
            for name, write in self.writes().items():
                with self.subTest(name, round=round, disk="free"):
                    answer = write()
                    self.assertIn(answer.status, (200, 201, 202, 204), answer.body)
                    if name == "import":
                        self.assertEqual(self.owner.wait_job(answer.json["job_id"])["state"], "done")
            before = kept

    def said_or_done(self, what, kilobytes, answer):
        """Whether it was done; else it says that the disk is full, and nothing of it is left."""
        with self.subTest(what, kilobytes=kilobytes):
            self.assertEqual(self.leftovers(), [])
            if answer.status in (200, 201):
                return True
            self.assert_problem(answer, 507, FULL)
            self.assertTrue(answer.json["detail"].endswith("nothing was kept.") or "disk" in answer.json["detail"], answer.json)
            return False

    def test_room_for_a_part_of_a_file(self):
        """Unpacking, reading, exporting stop where the disk ends, and say so; with more room the same request is answered whole."""
        plain = survey_csv(6000)
        files = {name: upload(self.owner, content, name) for name, content in (
            ("packed.csv.gz", gzip.compress(plain)), ("gbk.csv", plain.replace(b"north", "北区".encode("gbk"))))}
        study = make_study(self.owner, {**STUDY, "study": "part"})
        import_survey(self.owner, study, survey_csv(3000))
        wait_rows(self.owner, study, 3000)
        asked = {f"preview {name}": f"/uploads/{file}/preview?study={study}" for name, file in files.items()}
        asked |= {f"export {form}": f"/studies/{study}/responses/export?format={form}"
                  for form in ("csv", "xlsx", "sav", "dta", "jsonl", "parquet")}
        for what, path in asked.items():
            refused = 0
            for kilobytes in (0, 8, 40, 120, 400, 2000, 8000):
                self.leave(kilobytes)
                answer = self.owner.get(path)
                if self.said_or_done(what, kilobytes, answer):
                    break
                refused += 1
            self.free()
            with self.subTest(what):
                self.assertGreater(refused, 0)
                self.assertEqual(answer.status, 200)
                if what != "export xlsx":  # which says when it was made
                    again = self.owner.get(path)
                    self.assertEqual(len(again.body), len(answer.body))

    def test_an_import_that_the_disk_stops_leaves_nothing(self):
        """Room for some of its chunks only: the job fails in words, readers see what they saw, and the same file goes in later."""
        study = make_study(self.owner, {**STUDY, "study": "chunks"})
        file = upload(self.owner, survey_csv(60_000))
        mapping = [{"source": c, "target": c} for c in ("E1", "P1", "E2", "P2", "E3", "P3", "E4", "P4")]
        create = {"upload_id": file, "study_id": study, "mapping": mapping}
        failed = 0
        for kilobytes in (0, 64, 600, 2000):
            self.leave(kilobytes)
            answer = self.owner.post("/imports", create)
            if answer.status != 202:
                self.assert_problem(answer, 507, FULL)
                continue
            # The job may have no room for its own end: then it ends once there is.
            job = self.owner.get(f"/jobs/{answer.json['job_id']}").json
            for _ in range(60):
                if job["state"] not in ("queued", "running"):
                    break
                time.sleep(0.05)
                job = self.owner.get(f"/jobs/{answer.json['job_id']}").json
            self.free()
            job = self.owner.wait_job(answer.json["job_id"])
            if job["state"] == "done":
                break
            failed += 1
            with self.subTest(kilobytes=kilobytes):
                self.assertIn("disk", self.owner.get(f"/imports/{answer.json['id']}").json["message"])
                self.assertEqual(self.owner.get(f"/studies/{study}/responses?limit=1").json["total"], 0)
        self.assertGreater(failed, 0)
        self.free()
        if job["state"] != "done":
            answer = self.owner.post("/imports", create)
            job = self.owner.wait_job(answer.json["job_id"])
        self.assertEqual(job["state"], "done", job)
        self.assertEqual(self.owner.get(f"/studies/{study}/responses?limit=1").json["total"], 60_000)
        wait_rows(self.owner, study, 60_000)

    def test_a_start_on_a_full_disk_says_so_and_a_later_one_works(self):
        with Server(data=f"{self.folder}/other") as server:
            Client(server).set_up()
        self.fill_file()
        with self.assertRaisesRegex(RuntimeError, "disk .* is full"), Server(data=server.data):
            pass
        self.free()
        with Server(data=server.data) as server:
            self.assertEqual(Client(server).sign_in("owner@example.com").status, 201)


if __name__ == "__main__":
    unittest.main()
