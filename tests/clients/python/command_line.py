"""Clients that are programs, each with packages of its own; tccli, whose every call is a process, with a home of its own."""

import importlib.metadata
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import cases

PATIENCE = 60  # seconds
REGION = cases.load("cases.json")["region"]
# It signs in this way only, and always by POST.
WAYS = [cases.Way("TC3-HMAC-SHA256", "POST", transport) for transport in cases.TRANSPORTS]
ERROR = re.compile(r"\[TencentCloudSDKException\] code:(?P<code>\S+) message:(?P<message>.*) requestId:\S+", re.S)


def packages(variable):
    """A folder of packages that cannot live together with those of the tests; `run` has made it."""
    return pathlib.Path(os.environ[variable])


def version(packages, name):
    [found] = importlib.metadata.distributions(name=name, path=[str(packages)])
    return found.version


def trusting(packages, folder, authority):
    """A copy of certifi that trusts one authority more: tccli and c7n look at no other place."""
    shutil.copytree(packages / "certifi", folder / "certifi")
    with open(folder / "certifi" / "cacert.pem", "a", encoding="ascii") as bundle:
        bundle.write(f"\n{authority}")
    return folder


class Tccli:
    def __init__(self, packages, home, account, way=WAYS[0], trust=None, *, language=None, secret_key=None):
        self.program, self.way, self.account, self.language = packages / "bin" / "tccli", way, account, language
        self.environment = {
            **os.environ,
            "HOME": str(home),
            "PYTHONPATH": os.pathsep.join(map(str, filter(None, [trust, packages]))),
            "TENCENTCLOUD_SECRET_ID": account.secret_id,
            "TENCENTCLOUD_SECRET_KEY": secret_key or account.secret_key,
            **({"TENCENTCLOUD_TOKEN": account.token} if account.token else {}),
        }

    def run(self, *arguments):
        return subprocess.run([sys.executable, "-B", self.program, *arguments], env=self.environment, capture_output=True, text=True,
                              timeout=PATIENCE)

    def start(self, *arguments):
        return subprocess.Popen([sys.executable, "-B", self.program, *arguments], env=self.environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def reach(self, service):
        """The arguments that lead a call to the emulator."""
        return {
            "http": ["--endpoint", self.account.url],
            "https": ["--endpoint", self.account.endpoint],
            "http proxy": ["--https-proxy", self.account.url, "--endpoint", f"http://{service}.tencentcloudapi.com"],
            "https proxy": ["--https-proxy", self.account.url],
        }[self.way.transport]

    def __call__(self, step):
        """A call: the members of its answer."""
        parameters = [text for name, value in step["params"].items()
                      for text in (f"--{name}", value if isinstance(value, str) else json.dumps(value))]
        language = ["--language", self.language] if self.language else []
        ran = self.run(step["service"], step["action"], "--region", REGION, *self.reach(step["service"]), *language, *parameters)
        refused = ERROR.search(ran.stderr)
        if refused:
            assert ran.returncode == 255
            raise cases.Refused(refused["code"], refused["message"])
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)
