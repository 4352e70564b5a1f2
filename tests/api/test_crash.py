"""kill -9 of the running server at random moments of intake and import: what was acknowledged is there, no half import is
seen, and the columns catch up. MG_CRASH_ROUNDS sets how many times (50)."""
import http.client
import os
import random
import shutil
import tempfile
import threading
import time
import unittest

from support import STUDY, Client, Server, make_study, survey_csv, upload, wait_rows

ROUNDS = int(os.environ.get("MG_CRASH_ROUNDS", "50"))
ROWS = 4000
GONE = (OSError, http.client.HTTPException)


class Intake(threading.Thread):
    """Posts responses one by one until the server is gone; keeps the ids that were acknowledged."""

    def __init__(self, client, study):
        super().__init__()
        self.client, self.path, self.acknowledged, self.sent = client, f"/studies/{study}/responses", [], 0

    def run(self):
        while True:
            self.sent += 1
            try:
                answer = self.client.post(self.path, {"answers": {"E1": 6, "P1": 5}, "wave": "2025"})
            except GONE:
                return
            if answer.status == 201:
                self.acknowledged.append(answer.json["id"])


class Crash(unittest.TestCase):
    def setUp(self):
        self.data = tempfile.mkdtemp(prefix="mindgap-crash-")
        self.addCleanup(shutil.rmtree, self.data, ignore_errors=True)
        self.acknowledged, self.sent = [], 0

    def round(self, rng):
        """Work, kill in the middle of it."""
        with Server(data=self.data) as server:
            client = Client(server)
            client.sign_in("owner@example.com")
            workers = [Intake(client, self.study) for _ in range(6)]
            for worker in workers:
                worker.start()
            threading.Thread(target=self.start_import, args=(client,)).start()
            time.sleep(rng.uniform(0.02, 0.9))
            server.process.kill()
            for worker in workers:
                worker.join()
                self.acknowledged += worker.acknowledged
                self.sent += worker.sent

    def start_import(self, client):
        try:
            client.post("/imports", {"upload_id": self.upload, "study_id": self.study, "again": True,
                                     "mapping": [{"source": name, "target": name} for name in ("E1", "P1", "E2", "P2", "wave")]})
        except GONE:
            pass

    def check(self):
        """Starts once more: every import has ended one way or the other, and record and columns agree."""
        with Server(data=self.data) as server:
            server.wait_ready()
            client = Client(server)
            client.sign_in("owner@example.com")
            for _ in range(200):
                states = [row["state"] for row in client.get("/imports?limit=1000").json["imports"]]
                if "running" not in states:
                    break
                time.sleep(0.05)
            self.assertLessEqual(set(states), {"done", "failed"})
            imported = states.count("done") * ROWS
            total = client.get(f"/studies/{self.study}/responses?limit=1").json["total"]
            self.assertGreaterEqual(total, imported + len(self.acknowledged))
            self.assertLessEqual(total, imported + self.sent)
            for response in random.sample(self.acknowledged, min(40, len(self.acknowledged))):
                self.assertEqual(client.get(f"/responses/{response}").status, 200)
            if total:
                wait_rows(client, self.study, total)
            return states

    def test_nothing_acknowledged_is_lost(self):
        rng = random.Random(20)
        with Server(data=self.data) as server:
            client = Client(server)
            client.set_up()
            server.wait_ready()
            self.study = make_study(client, STUDY)
            self.upload = upload(client, survey_csv(ROWS))
        for number in range(ROUNDS):
            with self.subTest(round=number):
                self.round(rng)
                if number % 5 == 4:
                    self.check()
        states = self.check()
        self.assertGreater(len(self.acknowledged), ROUNDS)
        self.assertIn("done", states)


if __name__ == "__main__":
    unittest.main()
