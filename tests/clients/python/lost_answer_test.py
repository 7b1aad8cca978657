"""What the official SDK does when a call fails, and what it pays: its behaviour as it is, and what mends it."""

import contextlib
import logging
import uuid

import httpx
import pytest
import sdk
from examples.renew_once import renew_once
from examples.retryer import Retryer
from tencentcloud.common import retry, retry_async
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import RegionBreakerProfile

INSTANCE, MONTH = "ins-r8hr2upy", 7650  # cents
RENEW = ("cvm", "RenewInstances", {"InstanceIds": [INSTANCE], "InstanceChargePrepaid": {"Period": 1}})
DROP, GATEWAY = {"commit_then_fail": True, "drop": True}, {"commit_then_fail": True, "status": 502}


def at_once(_):
    return 0


async def at_once_async(_):
    return 0


@pytest.fixture(params=[sdk.Client, sdk.AsyncClient], ids=["sync", "async"])
def kind(request):
    return request.param


@pytest.fixture
def client_of(kind, cvm_account):
    with sdk.clients(kind, cvm_account) as make:
        yield make


@pytest.fixture
def standard_retryer(kind):
    """As the SDK has it, but for the time that it waits."""
    if kind is sdk.AsyncClient:
        return retry_async.StandardRetryer(backoff_fn=at_once_async)
    return retry.StandardRetryer(backoff_fn=at_once)


@contextlib.contextmanager
def raised(code):
    """The SDK's error; None stands for that of httpx, which the SDK for asyncio lets through."""
    if code is None:
        with pytest.raises(httpx.RemoteProtocolError):
            yield
    else:
        with pytest.raises(TencentCloudSDKException) as error:
            yield
        assert error.value.get_code() == code


def lost(kind):
    return None if kind is sdk.AsyncClient else "ClientNetworkError"


# --- without a retryer ---

def test_a_lost_answer_is_an_error_and_is_paid_once(kind, client_of, cvm_account):
    cvm_account.add_fault("RenewInstances", **DROP)
    with raised(lost(kind)):
        client_of().call(*RENEW)
    cvm_account.verify("RenewInstances", exactly=1)
    assert cvm_account.payments(INSTANCE) == [MONTH]


def test_a_lost_answer_on_a_kept_connection_is_paid_once(kind, client_of, cvm_account):
    client = client_of()
    client.profile.httpProfile.keepAlive = True
    client.call("cvm", "DescribeInstances", {})
    cvm_account.add_fault("RenewInstances", **DROP)
    with raised(lost(kind)):
        client.call(*RENEW)
    assert cvm_account.payments(INSTANCE) == [MONTH]


@pytest.mark.parametrize("fault, code", [
    (GATEWAY, "ServerNetworkError"),
    ({"commit_then_fail": True}, "InternalServerError"),
    ({"error": "RequestLimitExceeded"}, "RequestLimitExceeded"),
], ids=["502", "InternalServerError", "RequestLimitExceeded"])
def test_an_error_is_not_repeated(client_of, cvm_account, fault, code):
    cvm_account.add_fault("RenewInstances", **fault)
    with raised(code):
        client_of().call(*RENEW)
    cvm_account.verify("RenewInstances", exactly=1)


def test_half_an_answer_is_an_error_and_is_paid_once(kind, client_of, cvm_account):
    cvm_account.add_fault("RenewInstances", truncate=10)
    with raised(None) if kind is sdk.AsyncClient else raised("ChunkedEncodingError"):
        client_of().call(*RENEW)
    assert cvm_account.payments(INSTANCE) == [MONTH]


# --- StandardRetryer: it keeps the error of the first attempt, so that a later one that succeeds is taken for a failure ---

def test_standard_retryer_pays_twice_for_one_refusal(client_of, standard_retryer, cvm_account):
    cvm_account.add_fault("RenewInstances", when={"nth": 1}, error="RequestLimitExceeded")
    with raised("RequestLimitExceeded"):
        client_of(retryer=standard_retryer).call(*RENEW)
    assert [call["code"] for call in cvm_account.calls("RenewInstances")] == ["RequestLimitExceeded", "OK", "OK"]
    assert cvm_account.payments(INSTANCE) == [MONTH] * 2


@pytest.mark.parametrize("fault, code", [(DROP, "ClientNetworkError"), (GATEWAY, "ServerNetworkError")], ids=["drop", "502"])
def test_standard_retryer_pays_three_times_for_one_lost_answer(kind, client_of, standard_retryer, cvm_account, fault, code):
    cvm_account.add_fault("RenewInstances", when={"nth": 1}, **fault)
    with raised(lost(kind) if fault is DROP else code):
        client_of(retryer=standard_retryer).call(*RENEW)
    cvm_account.verify("RenewInstances", exactly=3)
    assert cvm_account.payments(INSTANCE) == [MONTH] * 3


def test_client_token_makes_buying_safe_with_any_retryer(client_of, standard_retryer, cvm_account):
    params = {"Placement": {"Zone": "ap-guangzhou-3"}, "ImageId": "img-eb30mz89", "InstanceType": "S5.MEDIUM4",
              "InstanceChargeType": "PREPAID", "InstanceChargePrepaid": {"Period": 1}}
    bought = {}
    for case, token in {"without": {}, "with": {"ClientToken": str(uuid.uuid4())}}.items():
        cvm_account.clear_faults()
        cvm_account.add_fault("RunInstances", when={"nth": 1}, **GATEWAY)
        before = client_of().call("cvm", "DescribeInstances", {})["TotalCount"]
        with raised("ServerNetworkError"):
            client_of(retryer=standard_retryer).call("cvm", "RunInstances", {**params, **token})
        bought[case] = client_of().call("cvm", "DescribeInstances", {})["TotalCount"] - before
    cvm_account.verify("RunInstances", exactly=6)
    assert bought == {"without": 3, "with": 1}


# --- what mends it ---

def test_a_retryer_that_ends_after_a_success(cvm_account):
    cvm_account.add_fault("RenewInstances", when={"nth": 1}, error="RequestLimitExceeded")
    sdk.Client(cvm_account, retryer=Retryer(backoff_fn=at_once)).call(*RENEW)
    assert [call["code"] for call in cvm_account.calls("RenewInstances")] == ["RequestLimitExceeded", "OK"]
    assert cvm_account.payments(INSTANCE) == [MONTH]


@pytest.mark.parametrize("fault, code", [(DROP, "ClientNetworkError"), (GATEWAY, "ServerNetworkError")], ids=["drop", "502"])
def test_that_retryer_does_not_repeat_what_may_be_paid(cvm_account, fault, code):
    cvm_account.add_fault("RenewInstances", **fault)
    with raised(code):
        sdk.Client(cvm_account, retryer=Retryer(backoff_fn=at_once)).call(*RENEW)
    assert cvm_account.payments(INSTANCE) == [MONTH]


def test_that_retryer_gives_up(cvm_account):
    cvm_account.add_fault("RenewInstances", error="RequestLimitExceeded")
    with raised("RequestLimitExceeded"):
        sdk.Client(cvm_account, retryer=Retryer(backoff_fn=at_once)).call(*RENEW)
    cvm_account.verify("RenewInstances", exactly=3)


@pytest.mark.parametrize("fault", [DROP, GATEWAY, {"drop": True}, {"status": 502}, {"error": "InternalServerError"}],
                         ids=["paid and dropped", "paid and 502", "dropped", "502", "InternalServerError"])
def test_a_renewal_that_looks_first_is_paid_once(cvm_account, fault):
    cvm_account.add_fault("RenewInstances", when={"nth": 1}, **fault)
    renew_once(sdk.Client(cvm_account).service("cvm"), INSTANCE)
    assert cvm_account.payments(INSTANCE) == [MONTH]


def test_a_renewal_that_looks_first_gives_up(cvm_account):
    cvm_account.add_fault("RenewInstances", status=502)
    with raised("ServerNetworkError"):
        renew_once(sdk.Client(cvm_account).service("cvm"), INSTANCE)
    cvm_account.verify("RenewInstances", exactly=3)
    assert cvm_account.payments(INSTANCE) == []


# --- the region breaker: leave it off ---

def test_the_region_breaker_leaves_for_the_real_cloud(cvm_account, caplog):
    """The emulator is the proxy here, so that nothing gets out."""
    breaker = RegionBreakerProfile(max_fail_num=2)
    client = sdk.Client(cvm_account, sdk.WAYS[0]._replace(transport="http proxy"), disable_region_breaker=False,
                        region_breaker_profile=breaker)
    client.profile.httpProfile.endpoint = cvm_account.endpoint
    cvm_account.add_fault("RenewInstances", drop=True)
    with caplog.at_level(logging.DEBUG, logger="tencentcloud_sdk_common"):
        for _ in range(2):
            with raised("AttributeError"):  # 'NoneType' object has no attribute 'status_code'
                client.call(*RENEW)
        cvm_account.clear_faults()
        client.call(*RENEW)
    sent_to = [record.getMessage().splitlines()[0] for record in caplog.records if record.getMessage().startswith("SendRequest")]
    assert sent_to == [f"SendRequest: Host: {cvm_account.endpoint}"] * 2 + ["SendRequest: Host: cvm.ap-guangzhou.tencentcloudapi.com"]


def test_the_region_breaker_of_asyncio_fails_at_once(cvm_account):
    with sdk.clients(sdk.AsyncClient, cvm_account) as client_of:
        with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'url'"):
            client_of(disable_region_breaker=False).call(*RENEW)
    assert cvm_account.calls() == []


# --- arguments that the SDK for asyncio does not pass on ---

def test_asyncio_takes_no_proxy_and_no_authority_as_arguments(cvm_account, cvm_ca):
    with sdk.clients(sdk.AsyncClient, cvm_account) as client_of:
        client = client_of()
        client.profile.httpProfile.proxy = cvm_account.url
        with pytest.raises(TypeError, match="proxies"):
            client.call(*RENEW)
        client.profile.httpProfile.proxy, client.profile.httpProfile.certification = None, cvm_ca
        # It is taken for a certificate of the client, whose key is missing.
        with pytest.warns(DeprecationWarning, match="cert="), pytest.raises(OSError, match="PEM"):
            client.call(*RENEW)


# --- proxies and NO_PROXY ---

NOWHERE = "http://127.0.0.1:1"


@pytest.mark.parametrize("no_proxy, direct", [
    ("127.0.0.1", []),
    ("127.0.0.1:{port}", []),
    ("localhost,127.0.0.0/8", []),
    ("127.0.0.1,127.0.0.1:{port}", ["endpoint"]),
    ("127.0.0.1,http://127.0.0.1:{port}", ["endpoint", "url"]),
])
def test_no_proxy_needs_the_address_and_the_endpoint(cvm_account, monkeypatch, no_proxy, direct):
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    monkeypatch.setenv("NO_PROXY", no_proxy.format(port=cvm_account.endpoint.split(":")[1]))
    for form in ("endpoint", "url"):
        client = sdk.Client(cvm_account)
        client.profile.httpProfile.endpoint = getattr(cvm_account, form)
        with contextlib.nullcontext() if form in direct else raised("ClientNetworkError"):
            client.call(*RENEW)
    assert cvm_account.payments(INSTANCE) == [MONTH] * len(direct)


def test_asyncio_takes_no_proxy_as_usual(cvm_account, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with sdk.clients(sdk.AsyncClient, cvm_account) as client_of:
        client_of().call(*RENEW)
    assert cvm_account.payments(INSTANCE) == [MONTH]
