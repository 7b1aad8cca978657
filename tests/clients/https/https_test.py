#!/usr/bin/env python3
"""Clients that know the vendor's hosts only, and speak HTTPS to them, reach the emulator: through it as their proxy, and
by /etc/hosts. CVM_EMULATOR_BINARY names the server's binary.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))

import plain_result

BINARY = os.environ["CVM_EMULATOR_BINARY"]
PATIENCE = 60  # seconds
KEYS = {"SECRET_ID": "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "SECRET_KEY": "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"}
HOSTS = "127.0.0.1 localhost cvm.tencentcloudapi.com cvm.api.qcloud.com\n"

# Each client, and the variable by which it is told of its proxy.
CLIENTS = {
    "the Python SDK": ([sys.executable, HERE / "python_sdk.py"], "HTTPS_PROXY"),
    "the Node SDK": (["node", HERE / "node_sdk.js"], "http_proxy"),
    "the SDK of the legacy API": ([sys.executable, HERE / "qcloudapi_sdk.py"], "HTTPS_PROXY"),
    "curl": (["sh", HERE / "curl.sh"], "HTTPS_PROXY"),
}

# In a network and with a hosts file of its own: the emulator on port 443, then the client.
NAMESPACE = """
ip link set lo up
mount --bind "$HOSTS_FILE" /etc/hosts
mkfifo "$FOLDER/ready"
"$EMULATOR" --port 443 --tls-dir "$FOLDER" >"$FOLDER/ready" 2>"$FOLDER/log" &
server=$!
trap 'kill $server' EXIT
read -r _ <"$FOLDER/ready"
"$@"
"""


def clean_environment():
    """Without proxies and settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items()
            if not name.lower().endswith("_proxy") and not name.startswith("CVM_EMULATOR_")}


def environment_of(authority, **more):
    trust = {name: str(authority) for name in ("CA", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE")}
    return {**clean_environment(), **KEYS, **trust, "EMULATOR": BINARY, **more}


class Https(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def renewed(self, command, environment):
        """Runs a client that prints the expiry before and after its renewal."""
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        before, after = json.loads(ran.stdout)
        self.assertGreater(after, before)

    def start(self):
        """The emulator on a free port: its address."""
        server = subprocess.Popen([BINARY, "--port", "0", "--tls-dir", self.folder], stdout=subprocess.PIPE, text=True,
                                  stderr=subprocess.DEVNULL, env=clean_environment())
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait, PATIENCE)
        self.addCleanup(server.terminate)
        return server.stdout.readline().split()[1]

    def test_through_the_emulator_as_their_proxy(self):
        address = self.start()
        for client, (command, variable) in CLIENTS.items():
            with self.subTest(client):
                self.renewed(command, environment_of(self.folder / "ca.pem", **{variable: address}))

    @unittest.skipUnless(os.getuid() == 0, "needs root for a hosts file of its own")
    def test_by_etc_hosts_on_port_443(self):
        hosts = self.folder / "hosts"
        hosts.write_text(HOSTS)
        for client, (command, _) in CLIENTS.items():
            with self.subTest(client):
                folder = self.folder / client.replace(" ", "-")
                folder.mkdir()
                self.renewed(["unshare", "--net", "--mount", "sh", "-euc", NAMESPACE, "sh", *command],
                             environment_of(folder / "ca.pem", FOLDER=str(folder), HOSTS_FILE=str(hosts)))

    def test_a_client_that_does_not_trust_the_authority_is_not_served(self):
        address = self.start()
        other = self.folder / "other.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=other", "-keyout", os.devnull,
                        "-out", other], check=True, capture_output=True)
        for client, (command, variable) in CLIENTS.items():
            with self.subTest(client):
                ran = subprocess.run(command, env=environment_of(other, **{variable: address}), capture_output=True, text=True,
                                     timeout=PATIENCE)
                self.assertNotEqual((ran.returncode, ran.stdout[:1]), (0, "["), ran.stdout)


if __name__ == "__main__":
    sys.exit(plain_result.run())
