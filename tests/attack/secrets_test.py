#!/usr/bin/env python3
"""No secret in what a server prints or remembers. Reads the output of all tests of this folder too: runs after them."""

import base64
import hashlib
import hmac
import itertools
import json
import re
import sys
import time
import urllib.parse

from attack import OUTPUT, Test, accounts, calls, control, sign
import plain_result

FLAG_KEY = "flagkeyOfThisTestEXAMPLE"
ADMIN = "admin-token-of-this-test"
CHOSEN_KEY = "chosenkeyOfThisTestEXAMPLE"
# Sent where it does not belong.
STRAY = "straysecretOfThisTestEXAMPLE"
LOGIN = "Passw0rd-of-this-test"
TOKEN = "sessiontokenOfThisTestEXAMPLE"
NONCES = itertools.count(1)
DOCUMENTED_KEY = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"


def form_call(port, key_id, key, parameters, path="/"):
    """A POST of a form, signed with HmacSHA1 as the v1 and the legacy API have it."""
    form = {"Action": "DescribeInstances", "Nonce": str(next(NONCES)), "Region": "ap-guangzhou", "SecretId": key_id, **parameters}
    text = f"POST127.0.0.1:{port}{path}?" + "&".join(f"{name}={form[name]}" for name in sorted(form))
    form["Signature"] = base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha1).digest()).decode()
    body = urllib.parse.urlencode(form)
    return (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def with_fields(request, fields):
    return request.replace(b"\r\n", b"\r\n" + fields.encode(), 1)


class Secrets(Test):
    instances = 5

    def setUp(self):
        super().setUp()
        self.server = self.start("--credential", f"AKIDflagEXAMPLE:{FLAG_KEY}", "--admin-token", ADMIN, "--db", self.database)
        self.secrets = {FLAG_KEY, ADMIN, CHOSEN_KEY, STRAY, LOGIN, TOKEN, accounts.SECRET_KEY}

    def ask(self, method, target, value=None, fields=f"Authorization: Bearer {ADMIN}\r\n"):
        return self.send(with_fields(control(self.server.port, method, target, value), fields))

    def send(self, request):
        with self.server.connect() as client:
            head, body = client.exchange(request)
        return (head + body).decode()

    def check(self, text, where):
        for secret in self.secrets:
            self.assertNotIn(secret, text, where)

    def test_nothing_that_is_told_or_printed_holds_a_secret(self):
        port = self.server.port
        # Creating keys returns them; that is documented, and apart from the export the only answer with keys.
        made = json.loads(self.ask("POST", "/_emulator/accounts", {"expires_in": "PT10M"}).partition("\r\n\r\n")[2])
        self.secrets |= {made["SecretKey"], made["Token"]}
        chosen = {"SecretId": "AKIDchosenEXAMPLE", "SecretKey": CHOSEN_KEY}
        self.assertIn(CHOSEN_KEY, self.ask("POST", "/_emulator/accounts/credentials", chosen))
        answers = self.calls(port, made)
        self.assertGreater(len(answers), 20)
        for number, answer in enumerate(answers):
            self.check(answer, f"answer {number}")
        self.check_memory(answers)
        self.server.stop()
        self.check_files()

    def calls(self, port, made):
        """Valid and invalid calls in every dialect, with secrets in the right and in wrong places."""
        now = {"Timestamp": int(time.time()), "Version": "2017-03-12"}
        ids = {"InstanceIds": [accounts.instance_id(0)]}
        key = accounts.SECRET_KEY
        requests = [sign("DescribeInstances", ids, port),
                    calls.signed("DescribeInstances", ids, key + " ", port, now["Timestamp"]),
                    calls.signed("DescribeInstances", ids, STRAY, port, now["Timestamp"]),
                    sign("ResetInstance", {**ids, "InstanceId": accounts.instance_id(0), "LoginSettings": {"Password": LOGIN}},
                         port),
                    calls.signed("ResetInstance", {"InstanceId": accounts.instance_id(0), "LoginSettings": {"Password": LOGIN}},
                                 STRAY, port, now["Timestamp"]),
                    sign("RunInstances", {"UserData": STRAY, "LoginSettings": {"Password": LOGIN}}, port),
                    sign("DescribeInstances", {**ids, "SecretKey": STRAY}, port),
                    sign("DescribeInstances", {**ids, "Token": STRAY}, port)]
        for one in list(requests):
            requests += [with_fields(one, f"X-TC-Token: {TOKEN}\r\n"), with_fields(one, f"Cookie: session={STRAY}\r\n"),
                         with_fields(one, f"Proxy-Authorization: Basic {STRAY}\r\n")]
        for path in ("/", "/v2/index.php"):
            for signed_by in (key, STRAY):
                for more in ({}, {"Token": TOKEN}, {"SecretKey": STRAY}, {"LoginSettings.Password": LOGIN}):
                    requests.append(form_call(port, accounts.SECRET_ID, signed_by, {**now, **more}, path))
        # With the temporary key pair, with its token and without.
        requests.append(form_call(port, made["SecretId"], made["SecretKey"], {**now, "Token": made["Token"]}))
        requests.append(form_call(port, made["SecretId"], made["SecretKey"], now))
        requests.append(form_call(port, made["SecretId"], made["SecretKey"] + "x", {**now, "Token": made["Token"]}))
        answers = [self.send(one) for one in requests]
        # Control, with a wrong token, and with secrets in the path, the query and the body.
        for fields in ("", f"Authorization: Bearer {STRAY}\r\n", f"Authorization: Bearer {ADMIN}x\r\n"):
            answers.append(self.ask("GET", "/_emulator/state", fields=fields))
        answers.append(self.ask("POST", "/_emulator/accounts/credentials", {"SecretId": "AKIDchosenEXAMPLE", "SecretKey": STRAY}))
        for one in requests:
            answers.append(self.send(f"POST /_emulator/signatures/explain HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                                     f"Authorization: Bearer {ADMIN}\r\nContent-Length: {len(one)}\r\n\r\n".encode() + one))
        return answers

    def check_memory(self, answers):
        """The journal, the signature debugger and all other resources."""
        calls_kept = self.ask("GET", "/_emulator/requests?limit=1000")
        self.check(calls_kept, "requests")
        kept = json.loads(calls_kept.partition("\r\n\r\n")[2])
        ids = {one for answer in answers for one in re.findall(r"/_emulator/signatures/([0-9A-Fa-f-]{36})", answer)}
        self.assertGreater(len(ids), 10)
        for one in ids:
            self.check(self.ask("GET", f"/_emulator/signatures/{one}"), one)
        self.assertGreater(len(kept["calls"]), 10)
        for target in ("clock", "ledger", "invariants", "accounts", "faults", "coverage", "health", "openapi.json"):
            self.check(self.ask("GET", f"/_emulator/{target}"), target)
        # The export is to be imported again, keys and all: documented.
        exported = self.ask("GET", "/_emulator/state")
        self.assertIn(accounts.SECRET_KEY, exported)
        for secret in (ADMIN, STRAY, LOGIN):
            self.assertNotIn(secret, exported)

    def check_files(self):
        """All output of the servers of this folder, including those of other tests."""
        files = [path for path in OUTPUT.rglob("*") if path.is_file()]
        self.assertIn(self.server.log, files)
        self.assertIn("request_id=", self.server.log_text())
        self.secrets.add(DOCUMENTED_KEY)
        for path in files:
            self.check(path.read_text(errors="replace"), path)


if __name__ == "__main__":
    sys.exit(plain_result.run())
