"""qcloudapi-sdk-python: the cases of the legacy API, and what it does when an answer is lost."""

import importlib.metadata

import cases
import legacy
import pytest
from QcloudApi.common.api_exception import ApiServerNetworkException

CASES = cases.load("legacy_cases.json")
LABEL = f"qcloudapi-sdk-python {importlib.metadata.version('qcloudapi-sdk-python')}"
RENEW = {"instanceId": "ins-r8hr2upy", "period": 1}


@pytest.fixture
def client_of(cvm_account, cvm_ca, monkeypatch):
    def make(way=legacy.WAYS[0], account=cvm_account, **settings):
        for name, value in legacy.environment(account, way.transport, cvm_ca).items():
            monkeypatch.setenv(name, value)
        return legacy.Client(account, way, **settings)
    return make


@pytest.mark.parametrize("case, way", cases.everything(CASES, legacy.WAYS))
def test_case(case, way, client_of, cvm_account):
    actions = cases.play(case, cvm_account, lambda **settings: client_of(way, **settings))
    cases.passed(LABEL, actions, way)


def test_temporary_keys(client_of, temporary_account):
    cases.play(CASES["cases"][0], temporary_account, lambda **settings: client_of(account=temporary_account, **settings))
    temporary_account.token = None
    refused = client_of(account=temporary_account).call("DescribeInstances", {})
    assert (refused["code"], refused["codeDesc"]) == (4100, "AuthFailure.TokenFailure")


def lose_an_answer(account):
    account.add_fault("RenewInstance", when={"nth": 1}, commit_then_fail=True, drop=True)


def test_a_lost_answer_by_post_is_sent_again_and_refused_as_a_replay(client_of, cvm_account):
    """It sends the same bytes, and so the same Nonce: it is paid once, and the client is told that it failed."""
    lose_an_answer(cvm_account)
    assert client_of().call("RenewInstance", RENEW)["codeDesc"] == "InvalidRequest.ReplayAttack"
    assert [call["code"] for call in cvm_account.calls("RenewInstance")] == [None, "InvalidRequest.ReplayAttack"]
    assert cvm_account.payments() == [7650]


def test_a_lost_answer_by_get_is_sent_again_without_its_query(client_of, cvm_account):
    lose_an_answer(cvm_account)
    assert client_of(legacy.WAYS[1]).call("RenewInstance", RENEW)["codeDesc"] == "MissingParameter"
    cvm_account.verify("RenewInstance", exactly=1)
    assert cvm_account.payments() == [7650]


def test_a_status_of_http_is_an_error_and_not_repeated(client_of, cvm_account):
    cvm_account.add_fault("RenewInstance", status=502)
    with pytest.raises(ApiServerNetworkException) as error:
        client_of().call("RenewInstance", RENEW)
    assert error.value.status == 502
    cvm_account.verify("RenewInstance", exactly=1)
