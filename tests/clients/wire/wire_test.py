#!/usr/bin/env python3
"""Sends the requests of requests.json, to the byte, over a socket; CVM_EMULATOR_BINARY names the emulator."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import unittest
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))

import plain_result

FILE = json.loads((HERE / "requests.json").read_text(encoding="utf-8"))
PATIENCE = 10  # seconds


class Emulator:
    def __init__(self):
        command = [os.environ.get("CVM_EMULATOR_BINARY", "cvm-renewal-emulator"), "--port", "0", "--log-level", "warn",
                   "--fixtures", str(HERE.parent / "account.json")]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("Ready. http://"):
                self.address = line.removeprefix("Ready. http://").strip()
                return
        raise RuntimeError("the emulator ended without its ready line")

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def account(self):
        url = f"http://{self.address}/_emulator/accounts"
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(urllib.request.Request(url, method="POST"), timeout=PATIENCE) as answer:
            return json.load(answer)

    def send(self, data):
        """The body of the answer to the bytes."""
        host, port = self.address.split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
            connection.sendall(data)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return json.loads(answer.read())["Response"]


def hmac_sha256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def authorization(request, keys, host, timestamp):
    """As TC3-HMAC-SHA256 has it."""
    method, target, _ = request["head"][0].split(" ")
    content_type = next(line.partition(": ")[2] for line in request["head"] if line.lower().startswith("content-type:"))
    canonical = "\n".join([method, "/", urllib.parse.urlsplit(target).query, f"content-type:{content_type}", f"host:{host}", "",
                           "content-type;host", sha256(request.get("body", ""))])
    day = time.strftime("%Y-%m-%d", time.gmtime(timestamp))
    scope = f"{day}/{request['service']}/tc3_request"
    key = f"TC3{keys['SecretKey']}".encode()
    for part in (day, request["service"], "tc3_request"):
        key = hmac_sha256(key, part)
    signature = hmac_sha256(key, f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{sha256(canonical)}").hex()
    return f"TC3-HMAC-SHA256 Credential={keys['SecretId']}/{scope}, SignedHeaders=content-type;host, Signature={signature}"


def signature(request, keys, host, fields):
    """As HmacSHA1 and HmacSHA256 have it, encoded for a form."""
    method, target, _ = request["head"][0].split(" ")
    sent = fill(urllib.parse.urlsplit(target).query if method == "GET" else request["body"], fields)
    signed = {name: value for name, value in urllib.parse.parse_qsl(sent) if name != "Signature"} | request.get("signed", {})
    for name in request.get("unsigned", []):
        del signed[name]
    path = urllib.parse.urlsplit(target).path or "/"
    text = f"{method}{host}{path}?" + "&".join(f"{name}={signed[name]}" for name in sorted(signed))
    made = hmac.new(keys["SecretKey"].encode(), text.encode(), signed.get("SignatureMethod", "HmacSHA1").removeprefix("Hmac").lower())
    return urllib.parse.quote(base64.b64encode(made.digest()), safe="")


def fill(text, fields):
    return re.sub(r"\{(\w+)\}", lambda field: fields.get(field[1], field[0]), text)


def bytes_of(request, keys, address):
    timestamp = int(time.time())
    host = fill(request["host"], {"address": address})
    fields = {"address": address, "timestamp": str(timestamp), "secret_id": keys["SecretId"]}
    if request["dialect"].startswith("TC3"):
        fields["authorization"] = authorization(request, keys, host, timestamp)
    else:
        fields["signature"] = signature(request, keys, host, fields)
    body = fill(request.get("body", ""), fields).encode()
    fields["length"] = str(len(body))
    return "".join(fill(line, fields) + "\r\n" for line in request["head"]).encode() + b"\r\n" + body


class Wire(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)

    def check(self, request):
        answer = self.emulator.send(bytes_of(request, self.emulator.account(), self.emulator.address))
        self.assertEqual(answer.get("Error", {}).get("Code"), request.get("code"), answer)
        expected = request.get("answer", {})
        self.assertEqual({name: answer.get(name) for name in expected}, expected)
        if "CVM_MATRIX" in os.environ and "code" not in request:
            with open(os.environ["CVM_MATRIX"], "a", encoding="utf-8") as matrix:
                fields = {name: request[name] for name in ("client", "call", "dialect", "transport")}
                matrix.write(json.dumps(fields | {"client": request["client"] + ", golden requests"}) + "\n")


def test_of(request):
    return lambda self: self.check(request)


for number, request in enumerate(FILE["requests"]):
    name = "test_%02d_%s" % (number, re.sub(r"\W+", "_", " ".join(request[part] for part in ("client", "dialect", "what"))))
    setattr(Wire, name, test_of(request))

if __name__ == "__main__":
    sys.exit(plain_result.run())
