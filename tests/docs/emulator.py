"""The server under test: the binary of CVM_EMULATOR_BINARY, or what server/run has built."""

import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("CVM_EMULATOR_BINARY", ROOT / "build/release/cvm-renewal-emulator")).resolve()


def environment(**more):
    """Ours, without variables that change what the server or a command does."""
    ours = re.compile("CVM_EMULATOR_|TENCENTCLOUD_|.*_proxy$", re.I)
    return {name: value for name, value in os.environ.items() if not ours.match(name)} | more


def printed(*arguments):
    """What the program prints for these arguments."""
    return subprocess.run([BINARY, *arguments], env=environment(), check=True, capture_output=True, text=True).stdout


class Emulator:
    def __init__(self, port):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def document(self, path):
        return json.loads(self.ask(path))

    def send(self, raw):
        """Sends bytes as they are, and waits for the end of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass


@contextlib.contextmanager
def running():
    """A server in memory, on a free port, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        port_file = pathlib.Path(folder, "port")
        command = [BINARY, "--port", "0", "--port-file", port_file, "--log-level", "warn"]
        server = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)
        try:
            if not server.stdout.readline().startswith("Ready."):
                raise RuntimeError("the server does not start")
            yield Emulator(int(port_file.read_text()))
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()
