"""pytest fixtures for tests against the CVM renewal emulator. Copy this file into your project; it needs pytest alone.

Put it beside your conftest.py, and into that

    pytest_plugins = ["cvm_emulator"]

`cvm_emulator` is one emulator for the session: the binary that CVM_EMULATOR_BINARY names, else `cvm-renewal-emulator` from PATH, on a
free port. If CVM_EMULATOR_URL is set, nothing is started and the emulator there is used (CVM_EMULATOR_ADMIN_TOKEN is its token).

`cvm_account` is an account of the test's own. Nobody else has its keys, clock, money, faults and calls, so tests may run side by
side. It is dropped after the test.

    def test_renewal_is_paid_once(cvm_account):
        cvm_account.add_fault("RenewInstances", when={"nth": 1}, error="RequestLimitExceeded")
        my_program.renew("ins-r8hr2upy", endpoint=cvm_account.url, keys=(cvm_account.secret_id, cvm_account.secret_key))
        cvm_account.verify("RenewInstances", code="OK", exactly=1)
        cvm_account.advance("P1M")
        assert my_program.is_running("ins-r8hr2upy")

Fixtures of your own, or any other flag: override `cvm_emulator_flags` in conftest.py.

    @pytest.fixture(scope="session")
    def cvm_emulator_flags():
        return ["--fixtures", "tests/account.json"]

What the control calls take and answer is described at GET /_emulator/openapi.json of a running emulator.
"""

import json
import os
import pathlib
import subprocess
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

START_SECONDS = 10
STOP_SECONDS = 10
CALL_SECONDS = 90  # POST /_emulator/requests/wait takes up to 60


class EmulatorError(Exception):
    """The emulator does not start, or refuses a control call."""


class Emulator:
    """A running emulator: `url` (http://127.0.0.1:8213) and `endpoint` (127.0.0.1:8213)."""

    def __init__(self, url, admin_token=None):
        self.url = url.rstrip("/")
        self.endpoint = self.url.split("://")[1]
        self._token = admin_token
        # Not through a proxy set in the environment.
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def control(self, method, path, body=None):
        """A control call, such as control("POST", "clock?account=1", {"advance": "P1M"}): the JSON of the answer."""
        text = self._send(method, path, None if body is None else json.dumps(body).encode())
        return json.loads(text) if text else None

    def ca(self):
        """The certificate authority for clients that use https, as PEM."""
        return self._send("GET", "ca.pem")

    def make_account(self, **settings):
        """An account for as long as the caller wants. `settings`: from, Uin, SecretId, SecretKey, expires_in."""
        return Account(self, self.control("POST", "accounts", settings))

    def _send(self, method, path, body=None):
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", body, headers, method=method)
        try:
            with self._open(request, timeout=CALL_SECONDS) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as refused:
            raise EmulatorError(f"{method} {path}: {refused.code} {refused.read().decode()}") from None


class Account:
    """An account with its own keys: `secret_id`, `secret_key`, `token` (None unless the keys are temporary), `uin`."""

    def __init__(self, emulator, keys):
        self.emulator, self.url, self.endpoint = emulator, emulator.url, emulator.endpoint
        self.uin, self.secret_id, self.secret_key = keys["Uin"], keys["SecretId"], keys["SecretKey"]
        self.token = keys.get("Token")

    def control(self, method, path, body=None):
        """A control call about this account."""
        joint = "&" if "?" in path else "?"
        return self.emulator.control(method, f"{path}{joint}account={self.uin}", body)

    def add_credentials(self, **settings):
        """One more key pair: a dictionary with SecretId, SecretKey and, for one with expires_in="PT1H", Token."""
        return self.control("POST", "accounts/credentials", settings)

    # --- time ---

    def now(self):
        """What the account's clock shows."""
        return self.control("GET", "clock")["now"]

    def advance(self, duration):
        """Moves the clock forward by an ISO 8601 duration, such as P1M. Everything due happens; the events are returned."""
        return self.control("POST", "clock", {"advance": duration})["events"]

    def set_clock(self, instant):
        """Moves the clock to an instant, such as 2030-01-31T08:00:00Z."""
        return self.control("POST", "clock", {"set": instant})["events"]

    def freeze(self, frozen=True):
        """Stops the clock, or lets it run again."""
        self.control("POST", "clock", {"frozen": frozen})

    # --- faults ---

    def add_fault(self, action="*", *, match=None, when=None, **then):
        """Makes calls fail. `when`: nth, every, probability or times. `then`: error, status, drop, delay_ms, commit_then_fail, ...

            account.add_fault("RenewInstances", when={"times": 1}, commit_then_fail=True, drop=True)
        """
        return self.control("POST", "faults", {"match": {"action": action, **(match or {})}, "when": when or {}, "then": then})

    def clear_faults(self):
        self.control("DELETE", "faults")

    # --- what happened ---

    def calls(self, action=None):
        """The account's calls, oldest first: action, params, code, done, ..."""
        query = "" if action is None else f"?action={urllib.parse.quote(action)}"
        return self.control("GET", f"requests{query}")["calls"]

    def verify(self, action="*", *, exactly=None, at_least=None, at_most=None, after=None, **match):
        """Fails the test unless this many calls were made (one or more, if no number is given). `match`: code, params, instance, ...

            account.verify("RenewInstances", code="OK", params={"/InstanceChargePrepaid/Period": 1}, exactly=1)
        """
        numbers = {"exactly": exactly, "at_least": at_least, "at_most": at_most, "after": after}
        self._verify({"match": {"action": action, **match}, **{name: n for name, n in numbers.items() if n is not None}})

    def verify_order(self, *actions):
        """Fails the test unless these calls were made in this order. Each is the name of an action or a dictionary as in `match`."""
        self._verify({"in_order": [{"action": action} if isinstance(action, str) else action for action in actions]})

    def ledger(self):
        """Every movement of money, and the balance."""
        return self.control("GET", "ledger")

    def payments(self, resource=None):
        """What calls of the API have paid, in cents, for one resource or all; oldest first."""
        return [line["Amount"] for line in self.ledger()["lines"]
                if line["Cause"] == "request" and line["To"] == "vendor" and resource in (None, line.get("ResourceId"))]

    def drop(self):
        """Deletes the account with everything that belongs to it."""
        self.control("DELETE", "accounts")

    def _verify(self, expectation):
        __tracebackhide__ = True
        verdict = self.control("POST", "requests/verify", expectation)
        if not verdict["ok"]:
            pytest.fail("\n".join([verdict["why"], *map(_near, verdict["nearest"])]))


def _near(call):
    differences = ", ".join(f"{part['what']} is {json.dumps(part['was'])}, not {json.dumps(part['wanted'])}"
                            for part in call["differs"])
    return f"  {call['action']} ({call['code']}): {differences}"


class Process(Emulator):
    """An emulator that this process has started; a context manager, which stops it."""

    def __init__(self, *flags):
        binary = os.environ.get("CVM_EMULATOR_BINARY", "cvm-renewal-emulator")
        # The settings of whoever runs the tests must not affect this process.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CVM_EMULATOR_")}
        with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
            try:
                self._process = subprocess.Popen([binary, "--port", "0", *map(str, flags)], stdout=subprocess.PIPE, stderr=log,
                                                 text=True, env=environment)
            except FileNotFoundError:
                raise EmulatorError(f"there is no {binary}: put it into PATH, or set CVM_EMULATOR_BINARY or CVM_EMULATOR_URL") from None
            overdue = threading.Timer(START_SECONDS, self._process.kill)
            overdue.start()
            ready = self._process.stdout.readline().split()
            overdue.cancel()
            if len(ready) != 2:
                self.stop()
                log.seek(0)
                raise EmulatorError(f"{binary} did not start:\n{log.read()}")
        super().__init__(ready[1])

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


@pytest.fixture(scope="session")
def cvm_emulator_flags():
    """Flags for the emulator's start. Override it in conftest.py."""
    return []


@pytest.fixture(scope="session")
def cvm_emulator(cvm_emulator_flags):
    """One emulator for all tests of a session (of each worker of pytest-xdist)."""
    url = os.environ.get("CVM_EMULATOR_URL")
    if url:
        yield Emulator(url, os.environ.get("CVM_EMULATOR_ADMIN_TOKEN"))
    else:
        with Process(*cvm_emulator_flags) as emulator:
            yield emulator


@pytest.fixture
def cvm_account(cvm_emulator):
    """An account for one test."""
    account = cvm_emulator.make_account()
    yield account
    account.drop()


@pytest.fixture(scope="session")
def cvm_ca(cvm_emulator, tmp_path_factory):
    """The path of a file with the certificate authority, for clients that use https."""
    file = tmp_path_factory.mktemp("cvm-emulator") / "ca.pem"
    pathlib.Path(file).write_text(cvm_emulator.ca(), encoding="ascii")
    return str(file)
