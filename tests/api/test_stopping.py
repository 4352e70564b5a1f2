"""A server that is told to stop stops cleanly, however often it is told."""
import signal
import unittest

from support import ApiTest, Server


class Stopping(ApiTest):
    def test_a_second_signal_does_not_break_the_stop_off(self):
        for first in (signal.SIGTERM, signal.SIGINT):
            with Server() as server:
                server.wait_ready()
                for n in range(20):
                    server.process.send_signal(first if n == 0 else signal.SIGTERM)
                self.assertEqual(server.process.wait(30), 0)


if __name__ == "__main__":
    unittest.main()
