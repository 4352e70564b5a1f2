"""What was kept of a failure may name files of the server; who reads it later doesn't learn where they lie."""
import pathlib
import sqlite3
import unittest

from support import ApiTest

STUDY = {"study": "kiosk", "scale": {"min": 1, "max": 7}, "items": [{"code": "Q", "perception": "P"}]}


class KeptMessages(ApiTest):
    def test_no_kept_message_names_a_folder_of_the_server(self):
        study = self.owner.post("/studies", {"document": STUDY}).json["id"]
        upload = self.owner.post("/uploads?name=a.csv", b"P\n1\n", headers={"Content-Type": "application/octet-stream"}).json["id"]
        made = self.owner.post("/imports", {"upload_id": upload, "study_id": study, "mapping": [{"source": "P", "target": "P"}]}).json
        self.assertEqual(self.owner.wait_job(made["job_id"])["state"], "done")
        secret = f"{self.server.data}/columns.duckdb"
        said = (f"{secret}: no room.", f"{secret}：没有空间。")
        record = sqlite3.connect(next(pathlib.Path(self.server.data).glob("*.sqlite")), timeout=30)
        with record:
            record.execute("UPDATE import SET message_en = ?, message_zh = ?", said)
            record.execute("UPDATE job SET message_en = ?, message_zh = ?", said)
            record.execute("INSERT INTO follower_hold (follower, stream_id, org_id, sequence, state, rebuild, since, message_en,"
                           " message_zh) SELECT 'columns', id, org_id, 1, 'set_aside', 0, 1, ?, ? FROM study", said)
        record.close()
        for language, shown in (("en", "…: no room."), ("zh-CN", "…：没有空间。")):
            for path in ("/imports", f"/imports/{made['id']}", "/jobs", f"/jobs/{made['job_id']}", f"/jobs/{made['job_id']}/events",
                         "/system"):
                answer = self.owner.get(path, headers={"Accept-Language": language})
                with self.subTest(path=path, language=language):
                    self.assertEqual(answer.status, 200, answer.body)
                    self.assertNotIn(self.server.data, answer.body.decode())
                    self.assertIn(shown, answer.body.decode())


if __name__ == "__main__":
    unittest.main()
