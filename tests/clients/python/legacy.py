"""qcloudapi-sdk-python, the SDK of the legacy API. Host and https are fixed in its code; it asks the environment for a proxy."""

import json

import cases
from QcloudApi.qcloudapi import QcloudApi

REGION = cases.load("legacy_cases.json")["region"]
# It speaks https only.
WAYS = [cases.Way(signature, method, transport)
        for transport in ("https proxy", "https") for signature in ("HmacSHA1", "HmacSHA256") for method in ("POST", "GET")]


def environment(account, transport, ca):
    proxy = {"HTTPS_PROXY": account.url} if transport == "https proxy" else {}
    return {"SSL_CERT_FILE": ca, **proxy}


class Client:
    def __init__(self, account, way=WAYS[0], *, region=REGION, secret_id=None, secret_key=None):
        settings = {
            "Region": region,
            "secretId": secret_id or account.secret_id,
            "secretKey": secret_key or account.secret_key,
            "method": way.method,
            "SignatureMethod": way.signature,
            **({"Token": account.token} if account.token else {}),
        }
        if way.transport == "https proxy":
            self.service = QcloudApi("cvm", settings)
        else:
            # A module that it does not know may have a host of its own, with a port.
            self.service = QcloudApi("emulator", {**settings, "endpoint": account.endpoint})

    def __call__(self, step):
        version = {"Version": step["version"]} if "version" in step else {}
        return self.call(step["action"], {**step.get("params", {}), **version})

    def call(self, action, params):
        return json.loads(self.service.call(action, params))
