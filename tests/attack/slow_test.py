#!/usr/bin/env python3
"""Clients that read a large answer slowly, or not at all: each gets time in proportion, and other clients are served."""

import select
import socket
import sys
import time

from attack import PATIENCE, Test, control
import plain_result

READERS = 1  # together with the others, the maximum number of simultaneous exports
# Longer than the server waits for a client that takes nothing.
LONG = 45  # seconds
SHORT = 8
PIECE = 1 << 14


class Reader:
    """Asks for the whole state and reads it at a rate that takes `seconds`, None: not at all."""

    def __init__(self, port, seconds, size):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE)  # the rest waits at the server
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(control(port, "GET", "/_emulator/state"))
        self.rate = 0 if seconds is None else size / seconds
        self.began = time.monotonic()
        self.received = 0
        self.tail = b""
        self.ended = False

    def read(self):
        """As much as there is and its rate allows."""
        allowed = int((time.monotonic() - self.began) * self.rate) - self.received
        while allowed > 0 and not self.ended and select.select([self.socket], [], [], 0)[0]:
            self.take(min(allowed, PIECE))
            allowed -= PIECE

    def take(self, most):
        try:
            got = self.socket.recv(most)
        except ConnectionResetError:
            got = b""
        self.received += len(got)
        self.tail = (self.tail + got)[-64:]
        self.ended = not got

    def has_all(self):
        # The document's last bytes, or those with the last chunk behind them.
        return self.tail.rstrip().removesuffix(b"0").rstrip().endswith(b"]}]}")

    def drain(self):
        self.socket.settimeout(PATIENCE)
        while not self.ended:
            self.take(1 << 20)


class SlowReaders(Test):
    instances = 12_000

    def test_slow_readers_get_all_and_others_are_served(self):
        server = self.start()
        with server.connect() as client:
            size = len(client.control("GET", "/_emulator/state"))
        self.assertGreater(size, 6 << 20)
        slow = [Reader(server.port, LONG, size) for _ in range(2)]
        readers = slow + [Reader(server.port, SHORT, size) for _ in range(READERS)]
        frozen = Reader(server.port, None, size)
        for one in readers + [frozen]:
            self.addCleanup(one.socket.close)
        others = 0
        end = time.monotonic() + LONG + PATIENCE
        while any(not one.has_all() and not one.ended for one in readers):
            self.assertLess(time.monotonic(), end)
            for one in readers:
                one.read()
            self.assertEqual(server.told("/health")["status"], "ok")
            self.assertEqual(server.code("DescribeInstances", {"Limit": 1}), "OK")
            others += 1
            time.sleep(0.02)
        for one in readers:
            self.assertTrue(one.has_all(), f"cut off after {one.received} of {size} bytes")
        self.assertGreater(others, SHORT)
        # A client that reads nothing is disconnected, and does not keep its answer in memory.
        frozen.drain()
        self.assertFalse(frozen.has_all(), "a client that reads nothing was waited for")


if __name__ == "__main__":
    sys.exit(plain_result.run())
