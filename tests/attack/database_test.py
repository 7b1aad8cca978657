#!/usr/bin/env python3
"""Problems of a database file: a full disk, missing permissions, damage, deletion, a second server."""

import concurrent.futures
import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys

from attack import NOBODY, PATIENCE, Books, Test, accounts, calls, integrity, refused_start, wait_until
import plain_result

ROOT = os.geteuid() == 0
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if ROOT else []
SMALL_DISK = "10m"
BALLAST = 4 << 20  # more than the free space that health requires


def rename(server, name):
    """The code of a write."""
    return server.code("ModifyInstancesAttribute", {"InstanceIds": [accounts.instance_id(0)], "InstanceName": name})


class DatabaseTest(Test):
    instances = 50

    def make_database(self):
        """A file with answered writes in it, closed gracefully."""
        server = self.start("--db", self.database)
        books = Books(self, server)
        books.write([server], 2)
        books.wait_for(20)
        server.stop()
        books.join()

    def name_of(self, server):
        answer = server.call("DescribeInstances", {"InstanceIds": [accounts.instance_id(0)]})
        return answer["InstanceSet"][0]["InstanceName"]

    def check_refused(self, code, output, *words):
        """Exit code 2 and one line that names the file."""
        self.assertEqual(code, 2, output)
        self.assertIn(str(self.database), output)
        for word in words:
            self.assertIn(word, output)

    def check_sick(self, server, writes):
        """A broken store: writes are refused, the log names the file, and health reports it."""
        self.assertIn(writes(), ("InternalError", "InternalServerError"))
        self.assertIn(str(self.database), server.log_text())
        status, answer = server.ask("GET", "/health")
        self.assertEqual(status, 503, answer)


class FullDisk(DatabaseTest):
    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        mounted = ROOT and subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK},mode=755", "tmpfs", self.disk],
                                          capture_output=True).returncode == 0
        if not mounted:
            self.skipTest("a small disk is a mount, which needs root")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.disk], check=True)
        self.database = self.disk / "state.db"

    def test_a_full_disk_refuses_writes_loses_none_and_heals(self):
        ballast = self.disk / "ballast"
        ballast.write_bytes(bytes(BALLAST))
        server = self.start("--db", self.database)
        names = []

        def write_until_refused():
            while True:
                name = f"name-{len(names):055}"
                code = rename(server, name)
                if code != "OK":
                    return code
                names.append(name)
                code = server.code("RenewInstances", calls.month([accounts.instance_id(1 + len(names) % 49)]))
                if code != "OK":
                    return code

        self.fill(self.disk / "rest")
        self.check_sick(server, write_until_refused)
        # Reading goes on, and shows what was answered.
        self.assertEqual(self.name_of(server), names[-1] if names else accounts.instance_name(0))
        ballast.unlink()
        self.assertEqual(rename(server, "healed"), "OK")
        self.assertEqual(server.ask("GET", "/health")[0], 200)
        server.kill()
        server = self.start("--db", self.database)
        self.assertEqual(self.name_of(server), "healed")
        self.check_books(server)
        self.assertEqual(integrity(self.database), [("ok",)])

    def fill(self, path):
        with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(1 << 12))

    def test_a_disk_that_is_full_at_the_start_is_told(self):
        self.fill(self.disk / "rest")
        code, output = refused_start("--db", self.database)
        self.check_refused(code, output)


class NotWritable(DatabaseTest):
    def setUp(self):
        super().setUp()
        # Not the folder of the document: the user that runs the server must be able to read this one.
        os.chmod(self.folder, 0o755)
        self.place = self.folder / "place"
        self.place.mkdir()
        self.database = self.place / "state.db"
        self.make_database()

    def test_a_file_that_may_not_be_written_is_found_at_the_start(self):
        os.chmod(self.database, 0o444)
        before = self.database.read_bytes()
        code, output = refused_start("--db", self.database, wrapper=AS_NOBODY)
        self.check_refused(code, output, f"uid {NOBODY if ROOT else os.geteuid()}")
        self.assertEqual(self.database.read_bytes(), before)

    def test_a_folder_in_which_no_log_can_be_made_is_found_at_the_start(self):
        os.chmod(self.database, 0o666)
        os.chmod(self.place, 0o555)
        self.addCleanup(os.chmod, self.place, 0o755)
        code, output = refused_start("--db", self.database, wrapper=AS_NOBODY)
        self.check_refused(code, output, f"uid {NOBODY if ROOT else os.geteuid()}")


class Damaged(DatabaseTest):
    def setUp(self):
        super().setUp()
        self.make_database()

    def check_each(self, damages):
        """Each kind of damage to a copy is found at the start, and the file is left unchanged."""
        whole = self.database.read_bytes()
        for name, damage in damages.items():
            with self.subTest(name):
                self.database.write_bytes(damage(whole))
                before = self.database.read_bytes()
                code, output = refused_start("--db", self.database)
                self.check_refused(code, output)
                self.assertEqual(self.database.read_bytes(), before)

    def test_what_is_no_database_is_found_at_the_start(self):
        self.check_each({
            "text": lambda whole: b"not a database\n" * 100,
            "noise": lambda whole: bytes(range(256)) * 64,
            "another header": lambda whole: b"X" + whole[1:],
            "a page size that is none": lambda whole: whole[:16] + b"\x00\x03" + whole[18:],
        })

    def test_a_damaged_database_is_found_at_the_start(self):
        page = 4096

        def blank(number):
            return lambda whole: whole[:number * page] + bytes(page) + whole[(number + 1) * page:]

        self.check_each({
            "half of it": lambda whole: whole[:len(whole) // 2 // page * page],
            "a blank page": blank(2),
            "noise in the middle": lambda whole: whole[:5 * page] + b"\xa5" * (3 * page) + whole[8 * page:],
        })

    def test_another_schema_is_found_at_the_start(self):
        self.database.unlink()
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            connection.execute("CREATE TABLE account (x)")
            connection.commit()
        code, output = refused_start("--db", self.database)
        self.check_refused(code, output)


class TakenAway(DatabaseTest):
    def take_away(self, how):
        server = self.start("--db", self.database)
        self.assertEqual(rename(server, "before"), "OK")
        how()
        self.check_sick(server, lambda: rename(server, "after"))

    def test_a_deleted_file_is_noticed_at_the_next_write(self):
        self.take_away(self.database.unlink)

    def test_a_replaced_file_is_noticed_at_the_next_write(self):
        def replace():
            other = self.folder / "other"
            shutil.copy(self.database, other)
            os.replace(other, self.database)

        self.take_away(replace)


class TwoServers(DatabaseTest):
    def setUp(self):
        super().setUp()
        self.background = concurrent.futures.ThreadPoolExecutor()
        self.addCleanup(self.background.shutdown)

    def advance(self, server, account, time):
        """Begins to move a clock: a future of status and answer."""
        return self.background.submit(server.ask, "POST", f"/_emulator/clock?account={account}", {"advance": time})

    def test_a_server_that_moves_a_clock_lets_others_start_and_write(self):
        accounts.write_document(self.document, 2000, accounts.renewing_instance)
        first = self.start("--db", self.database)
        moving = self.advance(first, accounts.UIN, "P2Y")
        wait_until(lambda: first.told("/_emulator/clock")["next_event"] is None, "the move has begun")
        second = self.start("--db", self.database)
        purse = second.ask("POST", "/_emulator/accounts", {})[1]["Uin"]
        deposits = 0
        while not moving.done():
            status, answer = second.ask("POST", f"/_emulator/ledger?account={purse}", {"deposit": 1, "to": "income"})
            self.assertEqual(status, 200, answer)
            self.assertEqual(second.ask("GET", "/health")[0], 200)
            deposits += 1
        status, answer = moving.result(PATIENCE)
        self.assertEqual(status, 200, answer)
        self.assertGreater(deposits, 1)
        self.check_books(first)

    def test_two_servers_move_clocks_at_the_same_time(self):
        accounts.write_document(self.document, 1000, accounts.renewing_instance)
        first = self.start("--db", self.database)
        state = first.told("/_emulator/state")
        other = state["accounts"][0] | {"Uin": "100000000002", "Default": False, "Credentials": []}
        other["Instances"] = [one | {"InstanceId": accounts.instance_id(10_000 + number)}
                              for number, one in enumerate(other["Instances"])]
        state["accounts"].append(other)
        self.assertEqual(first.ask("PUT", "/_emulator/state", state)[0], 200)
        second = self.start("--db", self.database)
        moves = [self.advance(first, accounts.UIN, "P2Y"), self.advance(second, other["Uin"], "P2Y")]
        for move in moves:
            status, answer = move.result(PATIENCE)
            self.assertEqual(status, 200, answer)
        self.check_books(first)
        self.assertTrue(second.told(f"/_emulator/invariants?account={other['Uin']}")["ok"])

    def test_two_servers_on_one_file_lose_no_write(self):
        first = self.start("--db", self.database)
        books = Books(self, first)
        second = self.start("--db", self.database)
        books.write([first, second], 4)
        books.wait_for(200)
        first.stop()
        second.kill()
        books.join()
        server = self.start("--db", self.database)
        books.check(server)
        self.assertEqual(integrity(self.database), [("ok",)])


if __name__ == "__main__":
    sys.exit(plain_result.run())
