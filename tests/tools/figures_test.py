"""What the built server shows to the outside: /metrics, read by promtool, and its log as JSON.

    python3 figures_test.py SERVER PROMTOOL
"""

import contextlib
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

PATIENCE = 20  # seconds; nothing passes or fails for being slower than this only
SERVER, PROMTOOL = sys.argv[1:3]
RENEWAL = '{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}'
ODD = 'Tea"pot\\ code=OK'


class Emulator:
    """A server on a free port. After `with`, `log` has the lines that it wrote."""

    def __init__(self, *flags):
        self.flags = flags
        self.log = []

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            self.lines = stack.enter_context(open(f"{folder}/log", "w+b"))
            self.process = subprocess.Popen([SERVER, "--port", "0", *self.flags], stdout=subprocess.PIPE, text=True,
                                            stderr=self.lines)
            stack.callback(self.process.stdout.close)
            stack.callback(self.process.wait)
            stack.callback(self.process.terminate)
            self.url = self.process.stdout.readline().strip().removeprefix("Ready. ")
            self.port = int(self.url.rsplit(":", 1)[1])
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.lines.seek(0)
        self.log = self.lines.read().split(b"\n")
        self.stack.close()

    def get(self, path):
        with contextlib.suppress(urllib.error.HTTPError):
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
                return answer.read().decode()
        return None

    def send(self, request):
        """The answer to these bytes, and to no more."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer

    def call(self, action, params="{}"):
        """The RequestId of a call."""
        signed = subprocess.run([SERVER, "sign", "--url", self.url, "--version", "2017-03-12", action, params],
                                check=True, capture_output=True, text=True, timeout=PATIENCE).stdout
        answer = subprocess.run(["sh", "-c", signed], check=True, capture_output=True, text=True,
                                timeout=PATIENCE).stdout
        return json.loads(answer)["Response"]["RequestId"]


def check(text):
    """What promtool says of metrics: nothing, if they are good."""
    done = subprocess.run([PROMTOOL, "check", "metrics"], input=text, capture_output=True, text=True, timeout=PATIENCE)
    said = done.stdout + done.stderr
    return said if done.returncode == 0 else f"exit code {done.returncode}: {said}"


class Figures(unittest.TestCase):
    def test_promtool_takes_the_metrics(self):
        with Emulator() as emulator:
            self.assertEqual(check(emulator.get("/metrics")), "")  # nothing was asked for yet
            emulator.call("RenewInstances", RENEWAL)
            emulator.call("DescribeInstances")
            emulator.call(ODD)
            emulator.get("/nowhere")
            emulator.send(b"GET /health\r\n\r\n")
            text = emulator.get("/metrics")
        self.assertEqual(check(text), "")
        self.assertIn('cvm_emulator_requests_total{product="cvm",version="2017-03-12",action="RenewInstances",code="OK"} 1\n',
                      text)
        self.assertIn('cvm_emulator_refusals_total{reason="malformed"} 1\n', text)
        self.assertNotIn("Tea", text)
        for name in ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
                     "process_max_fds", "process_start_time_seconds", "cvm_emulator_connections_open"]:
            self.assertRegex(text, rf"(?m)^{name} [0-9.e+]+$")

    def test_promtool_finds_what_is_wrong(self):
        self.assertNotEqual(check("no_help 1\n"), "")
        self.assertNotEqual(check("# HELP a A.\n# TYPE a counter\na 1\n"), "")

    def test_every_line_of_the_log_is_an_object(self):
        with tempfile.TemporaryDirectory() as folder:
            database = pathlib.Path(folder) / "odd \"name\\.db"
            with Emulator("--db", database):
                pass
            with Emulator("--log-format", "json", "--log-level", "debug", "--db", database) as emulator:
                good = emulator.call("RenewInstances", RENEWAL)
                odd = emulator.call(ODD)
                wrong = emulator.call("DescribeInstances", '{"Limit":"x\\n\\" y"}')
                emulator.send(b'GET /odd"path\\\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n')
                emulator.send(b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                refused = emulator.send(b"POST /\r\n\r\n")
        self.assertEqual(emulator.log.pop(), b"")  # the last line has its end
        lines = [json.loads(line.decode()) for line in emulator.log]
        for line in lines:
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertIn(line["level"], ["debug", "info", "warning", "error"])
        by_id = {line["request_id"]: line for line in lines if line.get("request_id") and "msg" not in line}
        self.assertEqual(by_id[good]["action"], "RenewInstances")
        self.assertEqual(by_id[good]["code"], "OK")
        self.assertIsInstance(by_id[good]["us"], int)
        self.assertEqual(by_id[odd]["action"], ODD)
        self.assertEqual(by_id[odd]["code"], "InvalidAction")
        self.assertIn(wrong, by_id)
        self.assertEqual([line["db"] for line in lines if "db" in line], [str(database)])
        paths = [line["path"] for line in lines if "path" in line]
        self.assertTrue(any(path.startswith('/odd"path\\\ufffd') for path in paths), paths)
        told = json.loads(refused.split(b"\r\n\r\n", 1)[1])["Response"]["RequestId"]
        self.assertEqual([line["request_id"] for line in lines if line.get("refused") == "malformed"], [told])

    def test_without_the_flag_the_log_is_text(self):
        with Emulator("--log-level", "debug") as emulator:
            good = emulator.call("DescribeInstances")
            odd = emulator.call(ODD)
        lines = [line.decode() for line in emulator.log]
        line = next(line for line in lines if good in line)
        self.assertRegex(line, rf"^\S+Z debug request_id={good} action=DescribeInstances code=OK us=\d+$")
        line = next(line for line in lines if odd in line)
        self.assertIn(f'request_id={odd} action="Tea\\"pot\\\\ code=OK" code=InvalidAction us=', line)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
