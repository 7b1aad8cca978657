"""The programs of docs/clients/python.md and tccli.md, each against an emulator that has its built-in account."""

import os
import pathlib
import subprocess
import sys

import command_line
import cvm_emulator as helper
import pytest

EXAMPLES = pathlib.Path(__file__).resolve().parent / "examples"
KEYS = {"Uin": "100000000001", "SecretId": "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "SecretKey": "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"}


@pytest.fixture
def emulator():
    with helper.Process() as process:
        yield process


def run(command, folder, **environment):
    ran = subprocess.run([*command], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.parametrize("example, variables", [
    ("renew.py", {"CVM_EMULATOR_URL": "url"}),
    ("asynchronous.py", {"CVM_EMULATOR_ENDPOINT": "endpoint"}),
    ("https.py", {"CVM_EMULATOR_ENDPOINT": "endpoint"}),
    ("proxy.py", {"HTTP_PROXY": "url"}),
])
def test_example(example, variables, emulator, tmp_path):
    (tmp_path / "ca.pem").write_text(emulator.ca())
    [expiry] = run([sys.executable, "-B", EXAMPLES / example], tmp_path,
                   **{name: getattr(emulator, value) for name, value in variables.items()})
    default = helper.Account(emulator, KEYS)
    assert len(default.payments("ins-r8hr2upy")) == 1
    [instance] = [one for one in default.control("GET", "state")["accounts"][0]["Instances"] if one["InstanceId"] == "ins-r8hr2upy"]
    assert expiry == instance["ExpiredTime"]


def test_tccli(emulator, tmp_path):
    tccli = command_line.packages("CVM_TCCLI_PACKAGES")
    lines = run(["sh", EXAMPLES / "tccli.sh"], tmp_path, HOME=str(tmp_path), PYTHONPATH=str(tccli),
                PATH=f"{tccli / 'bin'}{os.pathsep}{os.environ['PATH']}", CVM_EMULATOR_URL=emulator.url)
    # A RequestId between braces, the expiry, another RequestId, the number of instances twice, the expiry a month later.
    assert len(lines) == 10 and lines[7] == lines[8] and lines[3] < lines[9]
    helper.Account(emulator, KEYS).verify("RenewInstances", code="OK", exactly=2)
