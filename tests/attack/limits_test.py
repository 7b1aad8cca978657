#!/usr/bin/env python3
"""Too many connections, descriptors and requests."""

import contextlib
import resource
import socket
import sys
import time

from attack import PATIENCE, Failure, Test, calls, control, sign, wait_until
import plain_result

CONNECTIONS = 1100  # above the server's 1,024
DESCRIPTORS = 64
MANY = 50_000  # requests of each half
BATCH = 50
GROWTH = 2 << 20  # bytes that the second half may add


def connections(port, count, bytes_sent=b""):
    """Sockets that have sent this part of a request."""
    for _ in range(count):
        one = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        if bytes_sent:
            one.sendall(bytes_sent)
        yield one


class LimitsTest(Test):
    instances = 100

    def open(self, server, count, bytes_sent=b""):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        opened = contextlib.ExitStack()
        self.addCleanup(opened.close)
        for one in connections(server.port, count, bytes_sent):
            opened.enter_context(one)
        return opened

    def call_is_answered(self, server):
        """Whether the API still serves others. A client that is not admitted gets a refusal, or is disconnected."""
        try:
            return server.code("DescribeInstances", {"Limit": 1}) == "OK"
        except (Failure, OSError):
            return False


class ManyConnections(LimitsTest):
    def test_idle_connections_lock_nobody_out(self):
        server = self.start()
        self.open(server, CONNECTIONS)
        self.assertEqual(server.told("/health")["status"], "ok")
        self.assertEqual(server.ask("POST", "/_emulator/clock", {"advance": "P1D", "dry_run": True})[0], 200)
        # Those that have been idle for a second make room.
        wait_until(lambda: self.call_is_answered(server), "a call among idle connections is answered")

    def test_half_requests_leave_room_for_control(self):
        server = self.start()
        opened = self.open(server, CONNECTIONS, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n1")
        for _ in range(10):
            self.assertEqual(server.told("/health")["status"], "ok")
        with server.connect() as client:
            _, body = client.exchange(sign("DescribeInstances", {"Limit": 1}, server.port))
        self.assertIn(calls.outcome(body), ("OK", "ServiceUnavailable"))
        opened.close()
        wait_until(lambda: self.call_is_answered(server), "the server recovers")


class FewDescriptors(LimitsTest):
    def test_out_of_descriptors_it_neither_spins_nor_stays_so(self):
        server = self.start(wrapper=["prlimit", f"--nofile={DESCRIPTORS}"])
        with server.connect() as early:
            early.control("GET", "/health")
            opened = self.open(server, 2 * DESCRIPTORS)
            wait_until(lambda: "accept: " in server.log_text(), "the server is out of descriptors")
            before, began = server.cpu_seconds(), time.monotonic()
            # Existing connections are served meanwhile.
            while time.monotonic() < began + 1:
                early.control("GET", "/health")
                time.sleep(0.05)
            self.assertLess(server.cpu_seconds() - before, 0.2, "seconds of CPU time in one of waiting")
            self.assertLess(server.log_text().count("accept: "), 5)
        opened.close()
        self.assertEqual(server.told("/health")["status"], "ok")
        self.assertTrue(self.call_is_answered(server))
        server.stop()
        self.assertEqual(server.process.returncode, 0)


class ManyRequests(LimitsTest):
    def test_memory_is_flat_over_100_000_mixed_requests(self):
        server = self.start(log_level="error")
        kinds = self.kinds(server.port)
        self.send_half(server, kinds)
        first = server.memory()
        self.send_half(server, kinds)
        self.assertLess(server.memory() - first, GROWTH)
        self.check_books(server)

    def kinds(self, port):
        """Requests that keep their connection, and requests that end it."""
        pool = [sign(*one, port) for number in range(BATCH) for one in (
            ("DescribeInstances", calls.by_ids(number, self.instances)),
            ("ModifyInstancesRenewFlag", calls.changed_flag(number, self.instances)),
            ("DescribeInstances", calls.filtered(number, self.instances)),
            ("DescribeInstancesStatus", {"Limit": 5}),
            ("InquiryPriceRenewInstances", calls.month(calls.two_ids(number, self.instances))),
            ("RenewInstances", {"InstanceIds": ["ins-absent00"]}),
            ("NoSuchAction", {}),
        )]
        pool += [calls.signed("DescribeInstances", {}, "wrong", port, int(time.time()) - number) for number in range(BATCH)]
        form = b"Action=DescribeInstances&Nonce=1&Timestamp=%d&SecretId=AKID&Signature=x&Version=2017-03-12" % time.time()
        pool += [b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (len(form), form)] * BATCH
        pool += [control(port, *one) for one in (
            ("GET", "/health"), ("GET", "/_emulator/clock"), ("GET", "/_emulator/nothing"), ("PUT", "/_emulator/clock"),
            ("POST", "/_emulator/clock", {"advance": "P1D", "dry_run": True}),
            ("POST", "/_emulator/clock", {"advance": 1}),
            ("POST", "/_emulator/faults", {"action": "RunInstances", "error": "InternalError"}),
            ("DELETE", "/_emulator/faults"), ("GET", "/_emulator/requests?limit=3"),
            ("POST", "/_emulator/accounts", {"Uin": "200000000001", "SecretId": "AKIDatimesEXAMPLE", "SecretKey": "x"}),
            ("DELETE", "/_emulator/accounts?account=200000000001"))]
        ends = [b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70_000, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Le"]
        return pool, ends

    def send_half(self, server, kinds):
        pool, ends = kinds
        with server.connect() as client:
            for sent in range(0, MANY, BATCH):
                start = sent % len(pool)
                batch = (pool + pool)[start:start + BATCH]
                client.socket.sendall(b"".join(batch))
                receive_answers(client, len(batch))
                # A client of another kind for each batch.
                with server.connect() as other:
                    with contextlib.suppress(OSError):
                        other.socket.sendall(ends[sent // BATCH % len(ends)])
                        other.socket.shutdown(socket.SHUT_WR)
                        while other.socket.recv(1 << 16):
                            pass


def receive_answers(client, count):
    """Answers to requests that were sent together."""
    received = b""
    at = 0
    while count:
        end = received.find(b"\r\n\r\n", at)
        if end >= 0:
            length = int(received[received.index(b"Content-Length: ", at) + 16:].split(b"\r", 1)[0])
            if len(received) >= end + 4 + length:
                at = end + 4 + length
                count -= 1
                continue
        received, at = received[at:] + client.receive(), 0


if __name__ == "__main__":
    sys.exit(plain_result.run())
