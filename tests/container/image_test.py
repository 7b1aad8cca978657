#!/usr/bin/env python3
"""Tests the image of an archive: python3 image_test.py ARCHIVE SBOM VERSION REVISION. tests/container/run makes these."""

import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import plain_result
from container import PATIENCE, PORT, Container, Image, ask

ARCHIVE, SBOM, VERSION, REVISION = sys.argv[1:5]

MAX_BYTES = 15_000_000
USER = "65532:0"
FIXTURES = "/etc/cvm-renewal-emulator/fixtures.d"
INSTANCE = "ins-r8hr2upy"
STARTS = 20

# Every path in the image: kind, mode, owner.
CONTENT = {
    "cvm-renewal-emulator": ("file", 0o755, "0:0"),
    "data": ("folder", 0o775, USER),
    "etc": ("folder", 0o755, USER),
    "etc/cvm-renewal-emulator": ("folder", 0o755, USER),
    "etc/cvm-renewal-emulator/fixtures.d": ("folder", 0o775, USER),
}

measured = []


def describe(entry):
    kind = "folder" if entry.isdir() else "file" if entry.isfile() else "other"
    return kind, entry.mode & 0o7777, f"{entry.uid}:{entry.gid}"


def call(action, parameters, authority=None):
    """A signed call, as curl sends it from outside of the container: the members of Response."""
    signed = subprocess.run([image.program, "sign", action, json.dumps(parameters)], capture_output=True, text=True, check=True)
    command = signed.stdout
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as pem:
        if authority:
            pem.write(authority)
            pem.flush()
            command = command.replace("http://", "https://")
        environment = {**os.environ, "CURL_CA_BUNDLE": pem.name} if authority else None
        answer = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, env=environment)
    return json.loads(answer.stdout)["Response"]


def expiry(authority=None):
    [instance] = call("DescribeInstances", {"InstanceIds": [INSTANCE]}, authority)["InstanceSet"]
    return instance["ExpiredTime"]


def renew(authority=None):
    return call("RenewInstances", {"InstanceIds": [INSTANCE], "InstanceChargePrepaid": {"Period": 1}}, authority)


class ImageTest(unittest.TestCase):
    maxDiff = None

    def folder(self, owner="0:0", mode=0o775):
        """A folder of the host, to be mounted."""
        path = pathlib.Path(tempfile.mkdtemp(dir=work))
        uid, gid = owner.split(":")
        os.chown(path, int(uid), int(gid))
        path.chmod(mode)
        return path

    def refusal(self, **options):
        """The one line of a start that ends with 2."""
        with Container(image, **options) as container:
            self.assertEqual(container.ended(), 2, container.said())
            said = container.said()
        self.assertEqual(said.count("\n"), 1, said)
        return said


class WhatItIs(ImageTest):
    def test_the_configuration_is_the_documented_one(self):
        config = image.config
        self.assertEqual(config["User"], USER)
        self.assertEqual(config["ExposedPorts"], {f"{PORT}/tcp": {}})
        self.assertEqual(config["Entrypoint"], ["/cvm-renewal-emulator"])
        self.assertFalse(config.get("Cmd"))
        self.assertFalse(config.get("Volumes"))
        self.assertIn("CVM_EMULATOR_HOST=0.0.0.0", config["Env"])

    def test_the_health_check_is_the_binary_with_a_start_period(self):
        check = image.config["Healthcheck"]
        self.assertEqual(check["Test"], ["CMD", "/cvm-renewal-emulator", "healthcheck"])
        self.assertGreater(check["StartPeriod"], 0)

    def test_labels_tell_version_and_revision(self):
        labels = image.config["Labels"]
        self.assertEqual(labels["org.opencontainers.image.version"], VERSION)
        self.assertEqual(labels["org.opencontainers.image.revision"], REVISION)

    def test_the_archive_names_the_image_with_its_version(self):
        self.assertTrue(any(tag.endswith(f"cvm-renewal-emulator:{VERSION}") for tag in image.tags), image.tags)

    def test_it_holds_the_binary_and_two_empty_folders_and_nothing_else(self):
        self.assertEqual({name: describe(entry) for name, entry in image.entries.items()}, CONTENT)

    def test_it_is_small(self):
        size = sum(entry.size for entry in image.entries.values())
        measured.append(f"image: {size / 1e6:.1f} MB ({os.path.getsize(ARCHIVE) / 1e6:.1f} MB as an archive)")
        self.assertLess(size, MAX_BYTES)

    def test_the_binary_is_static(self):
        # Program headers of an ELF file: 2 is DYNAMIC, 3 INTERP.
        data = image.program.read_bytes()
        self.assertEqual(data[:5], b"\x7fELF\x02")
        offset, = struct.unpack_from("<Q", data, 32)
        size, count = struct.unpack_from("<HH", data, 54)
        kinds = {struct.unpack_from("<I", data, offset + n * size)[0] for n in range(count)}
        self.assertFalse(kinds & {2, 3})

    def test_the_sbom_names_what_went_in(self):
        sbom = json.loads(pathlib.Path(SBOM).read_text())
        self.assertEqual(sbom["spdxVersion"], "SPDX-2.3")
        packages = {package["SPDXID"]: package for package in sbom["packages"]}
        self.assertEqual(len(packages), len(sbom["packages"]))
        names = {package["name"] for package in packages.values()}
        self.assertLessEqual({"libssl-dev", "libsqlite3-dev", "libc6-dev", "libstdc++-12-dev", "libboost-json1.81-dev"}, names)
        self.assertNotIn("cmake", names)
        self.assertEqual(packages["SPDXRef-cvm-renewal-emulator"]["versionInfo"], VERSION)
        linked = [r["relatedSpdxElement"] for r in sbom["relationships"] if r["relationshipType"] == "STATIC_LINK"]
        self.assertEqual(sorted([*linked, "SPDXRef-cvm-renewal-emulator"]), sorted(packages))


class HowItRuns(ImageTest):
    def test_it_runs_as_pid_1_of_its_user_without_capabilities_on_a_read_only_root(self):
        with Container(image) as container:
            status = container.ready().status()
            self.assertEqual(status["NSpid"][-1], "1")
            self.assertEqual((status["Uid"][0], status["Gid"][0]), tuple(USER.split(":")))
            self.assertEqual(int(status["CapEff"][0], 16), 0)
            self.assertEqual(ask("GET", "/health", host="127.0.0.2")[0], 200)  # not on 127.0.0.1 alone
            self.assertEqual(container.said(), f"Ready. http://0.0.0.0:{PORT}\n")

    def test_the_health_command_ends_with_what_it_found(self):
        command = image.config["Healthcheck"]["Test"][1:]
        with Container(image) as container:
            found = container.ready().execute(*command)
            self.assertEqual(found.returncode, 0, found.stderr)
        with Container(image, arguments=command) as alone:
            self.assertEqual(alone.ended(), 1, alone.said())

    def test_it_answers_signed_calls_over_http_and_https(self):
        with Container(image) as container:
            container.ready()
            authority = ask("GET", "/_emulator/ca.pem")[1]
            before = expiry()
            self.assertNotIn("Error", renew())
            between = expiry(authority)
            self.assertGreater(between, before)
            self.assertNotIn("Error", renew(authority))
            self.assertGreater(expiry(), between)
            self.assertEqual(ask("GET", "/health", host="localhost", authority=authority)[0], 200)

    def test_commands_run_inside_and_there_is_no_shell(self):
        with Container(image) as container:
            container.ready()
            shown = container.execute("/cvm-renewal-emulator", "clock", "advance", "P1M")
            self.assertEqual(shown.returncode, 0, shown.stderr)
            for program in ("/bin/sh", "sh", "bash", "apt-get", "dpkg", "busybox"):
                self.assertNotEqual(container.execute(program, "-c", "true").returncode, 0, program)

    def test_it_needs_no_names_looked_up(self):
        # There is neither a resolver's configuration nor a library for it.
        with Container(image, environment={"CVM_EMULATOR_HOST": "localhost"}) as container:
            container.ready()
            shown = container.execute("/cvm-renewal-emulator", "healthcheck", "--url", f"http://localhost:{PORT}")
            self.assertEqual(shown.returncode, 0, shown.stderr)

    def test_flags_behind_the_name_of_the_image_count_as_those_in_the_environment_do(self):
        arguments = [*image.config["Entrypoint"], "--admin-token", "open"]
        with Container(image, arguments=arguments, environment={"CVM_EMULATOR_TLS": "off"}) as container:
            container.ready()
            self.assertEqual(ask("GET", "/_emulator/clock")[0], 401)
            self.assertEqual(ask("GET", "/_emulator/ca.pem")[0], 404)

    def test_signals_stop_it_also_with_an_open_connection(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Container(image) as container:
                container.ready()
                with socket.create_connection(("127.0.0.1", PORT)):
                    code, seconds = container.stop(number)
                self.assertEqual(code, 0, container.said())
                if number == signal.SIGTERM:
                    measured.append(f"stop: {seconds * 1000:.0f} ms from SIGTERM to the end of runc")


class WhereItWrites(ImageTest):
    KEPT = {"CVM_EMULATOR_DB": "/data/emulator.db"}

    def test_a_mounted_folder_keeps_state_and_authority_over_a_restart(self):
        for user in (USER, "1234:0"):
            data = self.folder(mode=0o770)
            seen = []
            for _ in range(2):
                with Container(image, user=user, volumes={data: "/data"}, environment=self.KEPT) as container:
                    container.ready()
                    seen.append((expiry(), ask("GET", "/_emulator/ca.pem")[1]))
                    renew()
                    after = expiry()
                    self.assertEqual(container.stop()[0], 0)
            self.assertEqual(seen[1][1], seen[0][1])
            self.assertGreater(seen[1][0], seen[0][0])
            self.assertGreater(after, seen[1][0])
            self.assertEqual((data / "emulator.db-ca-key.pem").stat().st_mode & 0o777, 0o600)

    def test_the_image_s_own_folder_takes_a_database_of_any_user_of_group_0(self):
        for user in (USER, "1234:0"):
            with Container(image, user=user, environment=self.KEPT, read_only=False) as container:
                container.ready()
                self.assertEqual(container.stop()[0], 0)
            for file in (image.root / "data").iterdir():
                file.unlink()

    def test_a_folder_that_cannot_be_written_is_named_with_the_user_and_what_to_do(self):
        data = self.folder(mode=0o755)
        said = self.refusal(volumes={data: "/data"}, environment=self.KEPT)
        self.assertIn("/data/emulator.db: not writable by uid 65532:0 (Permission denied); /data belongs to 0:0, mode 755: ", said)

    def test_a_read_only_root_is_named(self):
        said = self.refusal(environment=self.KEPT)
        self.assertIn("/data/emulator.db: on a read-only file system, uid 65532:0 cannot write there; ", said)

    def test_fixtures_of_the_folder_are_loaded_in_the_order_of_their_names(self):
        fixtures = self.folder()
        for name, uin in (("20-b.json", "2"), ("10-a.json", "1")):
            (fixtures / name).write_text(json.dumps({"format_version": 1, "accounts": [{"Uin": uin}]}))
        with Container(image, volumes={fixtures: FIXTURES}) as container:
            container.ready()
            accounts = json.loads(ask("GET", "/_emulator/accounts")[1])["accounts"]
            self.assertEqual([(a["Uin"], a["default"]) for a in accounts], [("1", True), ("2", False)])

    def test_a_bad_fixture_stops_the_start_with_file_and_place(self):
        fixtures = self.folder()
        (fixtures / "bad.json").write_text('{"format_version": 1,\n "accounts": [{"Uin": 5}]}')
        self.assertIn(f"{FIXTURES}/bad.json: accounts[0].Uin: ", self.refusal(volumes={fixtures: FIXTURES}))


class HowFastItStarts(ImageTest):
    def test_the_process_is_healthy_after_some_milliseconds(self):
        times = []
        for _ in range(STARTS):
            began = time.monotonic()
            process = subprocess.Popen([image.program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.addCleanup(process.kill)
            healthy = False
            while not healthy:
                self.assertIsNone(process.poll())
                try:
                    healthy = ask("GET", "/health")[0] == 200
                except ConnectionRefusedError:
                    os.sched_yield()
            times.append((time.monotonic() - began) * 1000)
            process.terminate()
            self.assertEqual(process.wait(PATIENCE), 0)
        measured.append(f"spawn to healthy: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms of {STARTS} starts")


if __name__ == "__main__":
    work = tempfile.mkdtemp()
    try:
        image = Image(ARCHIVE, work)
        failed = plain_result.run()
    finally:
        shutil.rmtree(work)
    print("\n".join(measured))
    sys.exit(failed)
