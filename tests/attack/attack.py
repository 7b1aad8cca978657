"""Shared by the attacks: an emulator that can be killed and inspected, and clients that write to it under load."""

import collections
import contextlib
import json
import os
import pathlib
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "bench"), str(TESTS / "tools")]

import accounts  # noqa: E402
import calls  # noqa: E402
import servers  # noqa: E402
from client import Client, Failure  # noqa: E402

BINARY = servers.BUILD / "cvm-renewal-emulator"
PATIENCE = 60  # seconds until a test gives up; no test depends on anything being slower
# Where the servers' output is kept until secrets_test.py has read it.
OUTPUT = pathlib.Path(os.environ.get("CVM_ATTACK_OUTPUT") or tempfile.mkdtemp(prefix="cvm-attack-"))
NOBODY = 65534


def wait_until(holds, what):
    """Polls for a condition that no event reports, and returns its value."""
    end = time.monotonic() + PATIENCE
    while not (value := holds()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE} s: {what}")
        time.sleep(0.002)
    return value


class Emulator(servers.Server):
    """The built server, with the given flags. Its output is kept in its own folder in OUTPUT."""

    def __init__(self, *flags, wrapper=(), log_level="debug"):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=OUTPUT))
        super().__init__([*wrapper, BINARY, "--port", 0, "--log-level", log_level, *flags], self.folder)

    def stop(self):
        if self.process.stdout.closed:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
        self.end()

    def kill(self):
        if not self.process.stdout.closed:
            self.process.kill()
            self.end()

    def end(self):
        """Waits for the end of the process: its exit code."""
        with self.process.stdout as rest:
            (self.folder / "stdout").write_bytes(rest.read())
        return self.process.wait(PATIENCE)

    def freeze(self):
        """Stops the process (SIGSTOP): everything that clients send from now on waits in the sockets."""
        self.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: self.process_state() == "T", "the process is stopped")

    def process_state(self):
        return pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0]

    def log_text(self):
        return self.log.read_text(errors="replace")

    def connect(self):
        return Client(self.port)

    def ask(self, method, target, value=None):
        """A request to the control API on its own connection: status and answer."""
        with self.connect() as client:
            head, body = client.exchange(control(self.port, method, target, value))
            return int(head.split()[1]), json.loads(body)

    def told(self, target):
        status, answer = self.ask("GET", target)
        assert status == 200, (target, status, answer)
        return answer

    def call(self, action, parameters):
        """A signed call on its own connection: the members of Response."""
        with self.connect() as client:
            _, body = client.exchange(sign(action, parameters, self.port))
            return json.loads(body)["Response"]

    def code(self, action, parameters):
        return self.call(action, parameters).get("Error", {"Code": "OK"})["Code"]


def control(port, method, target, value=None):
    body = b"" if value is None else json.dumps(value).encode()
    return (f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode() + body)


def sign(action, parameters, port):
    return calls.signed(action, parameters, accounts.SECRET_KEY, port, int(time.time()))


def refused_start(*flags, wrapper=()):
    """Exit code and output of a server that should not start; no code if it does."""
    log = pathlib.Path(tempfile.mkdtemp(dir=OUTPUT)) / "refused"
    with open(log, "wb") as output, servers.start([*wrapper, BINARY, "--port", 0, *flags], stdout=subprocess.PIPE,
                                                  stderr=output) as process:
        started = process.stdout.readline()
        if started:
            process.kill()
    return None if started else process.returncode, log.read_text(errors="replace") + started.decode()


def integrity(database):
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall()


class Test(unittest.TestCase):
    """A test with its own folder, which contains the document of an account."""

    instances = 400

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="cvm-attack-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.document = accounts.write_document(self.folder / "account.json", self.instances)
        self.database = self.folder / "state.db"

    def start(self, *flags, **options):
        server = Emulator("--fixtures", self.document, *flags, **options)
        self.addCleanup(server.stop)
        return server

    def check_books(self, server):
        self.assertTrue(server.told("/_emulator/invariants")["ok"])


class Writer(threading.Thread):
    """Makes one write after the other until its connection ends: renewals, names, money. Records what was answered."""

    def __init__(self, server, number, ids, purse, fresh_connections=False):
        super().__init__(daemon=True)
        self.port, self.number, self.ids, self.purse, self.fresh = server.port, number, ids, purse, fresh_connections
        self.answered = collections.Counter()  # by kind of write
        self.names = {}  # the last answered ones
        self.pending = None  # the write without an answer
        self.finished = 0  # answers
        self.problems = []  # answers other than OK, and exceptions
        self.client = None
        self.sent = False  # the pending request was sent completely

    def run(self):
        try:
            while True:
                self.write(*self.next_write())
        except (Failure, OSError):
            pass  # the server has ended; check() knows what must not be lost
        except Exception as problem:
            self.problems.append(repr(problem))

    def next_write(self):
        turn, kind = divmod(self.finished, 3)
        one = self.ids[turn % len(self.ids)]
        if kind == 0:
            return ("renewal", one), sign("RenewInstances", calls.month([one]), self.port)
        if kind == 1:
            name = f"writer-{self.number}-{self.finished}"
            return ("name", one, name), sign("ModifyInstancesAttribute", {"InstanceIds": [one], "InstanceName": name},
                                             self.port)
        return ("deposit",), control(self.port, "POST", f"/_emulator/ledger?account={self.purse}",
                                     {"deposit": 1, "to": "income"})

    def write(self, what, request):
        self.sent = False
        self.pending = what
        if self.client is None or self.fresh:
            if self.client is not None:
                self.client.socket.close()
            self.client = Client(self.port)
        self.client.socket.sendall(request)
        self.sent = True
        _, body = self.client.exchange(b"")
        answer = json.loads(body)
        problem = answer.get("error") or answer.get("Response", {}).get("Error")
        if problem:
            self.problems.append(f"{what}: {problem}")
        elif what[0] == "name":
            self.names[what[1]] = what[2]
        else:
            self.answered[what] += 1
        self.pending = None
        self.finished += 1

    def waits(self):
        """Whether its request was received by a frozen server."""
        client = self.client
        return self.sent and self.pending is not None and client.socket.fileno() >= 0 and not select.select(
            [client.socket], [], [], 0)[0]


def months(date):
    return int(date[:4]) * 12 + int(date[5:7])


class Books:
    """The initial state, and what writers have changed since."""

    def __init__(self, test, server):
        self.test = test
        self.writers = []
        # Renewals are paid by one account, money is put into another.
        self.purse = server.ask("POST", "/_emulator/accounts", {})[1]["Uin"]
        self.read(server)

    def read(self, server):
        account = server.told(f"/_emulator/state?account={accounts.SECRET_ID}")["accounts"][0]
        self.instances = {one["InstanceId"]: one for one in account["Instances"]}
        self.income = server.told(f"/_emulator/ledger?account={self.purse}")["balance"]["income"]

    def write(self, servers, count, fresh=0):
        """Starts writers, in turn to each server, `fresh` of them with a connection for each request."""
        ids = sorted(self.instances)
        self.writers = [Writer(servers[number % len(servers)], number, ids[number::count], self.purse, number < fresh)
                        for number in range(count)]
        for writer in self.writers:
            writer.start()

    def finished(self):
        return sum(writer.finished for writer in self.writers)

    def wait_for(self, answers):
        wait_until(lambda: self.finished() >= answers or not any(writer.is_alive() for writer in self.writers),
                   f"{answers} answers")

    def join(self):
        for writer in self.writers:
            writer.join(PATIENCE)
            self.test.assertFalse(writer.is_alive())
            if writer.client is not None:
                writer.client.socket.close()

    def check(self, server):
        """Checks that answered writes are stored, and no others but pending ones. The state becomes the new initial one."""
        test, old, old_income = self.test, self.instances, self.income
        pending = [writer.pending for writer in self.writers]
        answered = collections.Counter()
        names = {}
        for writer in self.writers:
            test.assertEqual(writer.problems, [])
            answered += writer.answered
            names |= writer.names
        self.read(server)
        for name, one in self.instances.items():
            renewed = months(one["ExpiredTime"]) - months(old[name]["ExpiredTime"])
            done = answered["renewal", name]
            test.assertIn(renewed, range(done, done + pending.count(("renewal", name)) + 1), name)
            allowed = {names.get(name, old[name]["InstanceName"])}
            allowed |= {what[2] for what in pending if what and what[:2] == ("name", name)}
            test.assertIn(one["InstanceName"], allowed)
        put = self.income - old_income
        done = answered[("deposit",)]
        test.assertIn(put, range(done, done + pending.count(("deposit",)) + 1))
        test.check_books(server)
