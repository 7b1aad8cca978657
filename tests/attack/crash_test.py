#!/usr/bin/env python3
"""Ends a server under load, by force and gracefully: answered writes are stored, received requests are answered."""

import signal
import sys

from attack import Books, Test, integrity, wait_until
import plain_result

KILLS = 10
STOPS = 5
WRITERS = 8
ANSWERS = 150  # before each end


class Killed(Test):
    def test_kill_9_loses_no_answered_write(self):
        server = self.start("--db", self.database)
        books = Books(self, server)
        for _ in range(KILLS):
            books.write([server], WRITERS)
            books.wait_for(ANSWERS)
            server.kill()
            books.join()
            self.assertGreaterEqual(books.finished(), ANSWERS)
            server = self.start("--db", self.database)
            books.check(server)
            self.assertEqual(integrity(self.database), [("ok",)])


class Stopped(Test):
    def test_sigterm_answers_all_that_was_received_and_loses_no_answered_write(self):
        server = self.start("--db", self.database)
        books = Books(self, server)
        for _ in range(STOPS):
            # Half of them keep a connection, half make one for each request: those wait to be accepted.
            books.write([server], WRITERS, fresh=WRITERS // 2)
            books.wait_for(ANSWERS)
            # All requests have reached the kernel before the signal is handled, so that there is no race.
            server.freeze()
            wait_until(lambda: all(writer.waits() for writer in books.writers), "all wait for an answer")
            received = {writer: writer.finished for writer in books.writers}
            server.process.send_signal(signal.SIGTERM)
            server.process.send_signal(signal.SIGCONT)
            self.assertEqual(server.end(), 0)
            books.join()
            for writer, before in received.items():
                self.assertGreater(writer.finished, before, "a request that was received has no answer")
            server = self.start("--db", self.database)
            books.check(server)
            self.assertEqual(integrity(self.database), [("ok",)])


if __name__ == "__main__":
    sys.exit(plain_result.run())
