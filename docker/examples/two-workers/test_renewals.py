"""Two workers, one emulator, an account each: what one renews, the other does not see.

docker run --detach --rm --publish 127.0.0.1:8213:8213 cvm-renewal-emulator:0.1.0
pip install -r requirements.txt && pytest -n 2
"""

import json
import os
import urllib.request

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.cvm.v20170312 import cvm_client, models

ENDPOINT = os.environ.get("CVM_ENDPOINT", "http://127.0.0.1:8213")


def control(method, path, body=None):
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(ENDPOINT + path, data, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.fixture(scope="session")  # of pytest-xdist each worker has a session of its own, and so an account
def account():
    made = control("POST", "/_emulator/accounts", {"from": "default"})
    yield made
    control("DELETE", f"/_emulator/accounts?account={made['Uin']}")


@pytest.fixture
def client(account):
    control("POST", f"/_emulator/reset?account={account['Uin']}")  # each test starts from the fixtures
    return cvm_client.CvmClient(
        Credential(account["SecretId"], account["SecretKey"]), "ap-guangzhou",
        ClientProfile(httpProfile=HttpProfile(endpoint=ENDPOINT)))


@pytest.mark.parametrize("months", [1, 2, 3, 6])
def test_a_renewal_is_paid_once(client, account, months):
    request = models.RenewInstancesRequest()
    request.from_json_string(json.dumps({"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": months}}))
    client.RenewInstances(request)
    renewals = {"action": "RenewInstances", "code": "OK", "params": {"/InstanceChargePrepaid/Period": months}}
    claim = control("POST", f"/_emulator/requests/verify?account={account['Uin']}", {"match": renewals, "exactly": 1})
    assert claim["ok"], claim
    assert control("GET", f"/_emulator/invariants?account={account['Uin']}")["ok"]
