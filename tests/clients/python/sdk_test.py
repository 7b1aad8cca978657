"""The official SDK, synchronous and for asyncio: the cases, temporary keys, connections that are kept, many calls at once."""

import asyncio
import concurrent.futures
import logging

import cases
import pytest
import sdk

CASES = cases.load("cases.json")
RENEWAL = CASES["cases"][0]
LOOK = {"InstanceIds": ["ins-r8hr2upy"]}


def each(kinds):
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: kind.__name__)


each_client = each(sdk.CLIENTS)
each_async_client = each([kind for kind in sdk.CLIENTS if issubclass(kind, sdk.AsyncClient)])
each_synchronous_client = each([kind for kind in sdk.CLIENTS if not issubclass(kind, sdk.AsyncClient)])


@pytest.mark.parametrize("case, way", cases.everything(CASES, sdk.WAYS))
@each_client
def test_case(kind, case, way, cvm_account, cvm_ca, monkeypatch):
    for name, value in kind.environment(cvm_account, way.transport, cvm_ca).items():
        monkeypatch.setenv(name, value)
    with sdk.clients(kind, cvm_account, way, cvm_ca) as client_of:
        actions = cases.play(case, cvm_account, client_of)
    cases.passed(kind.label, actions, way)


@each_client
def test_temporary_keys(kind, temporary_account):
    with sdk.clients(kind, temporary_account) as client_of:
        cases.play(RENEWAL, temporary_account, client_of)
        with pytest.raises(cases.Refused) as refused:
            client_of(token=False)({"service": "cvm", "action": "DescribeInstances", "params": {}})
    assert refused.value.code == "AuthFailure.TokenFailure"


def connections(caplog):
    """How many connections a client has opened, as urllib3 or httpcore log it."""
    return sum(record.name == "urllib3.connectionpool" and "Starting new HTTP connection" in record.getMessage()
               or record.name == "httpcore.connection" and record.getMessage().startswith("connect_tcp.complete")
               for record in caplog.records)


@each_client
def test_200_calls_over_one_connection(kind, cvm_account, caplog):
    with sdk.clients(kind, cvm_account) as client_of:
        client = client_of()
        client.profile.httpProfile.keepAlive = True
        with caplog.at_level(logging.DEBUG):
            for _ in range(200):
                assert client.call("cvm", "DescribeInstances", LOOK)["TotalCount"] == 1
    cvm_account.verify("DescribeInstances", code="OK", exactly=200)
    assert connections(caplog) == 1


@pytest.fixture
def fifty_accounts(cvm_emulator):
    accounts = [cvm_emulator.make_account() for _ in range(50)]
    yield accounts
    for account in accounts:
        account.drop()


RENEW = {"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}}


@each_synchronous_client
def test_50_renewals_at_once_in_50_accounts(kind, fifty_accounts):
    clients = [kind(account) for account in fifty_accounts]
    with concurrent.futures.ThreadPoolExecutor(50) as threads:
        list(threads.map(lambda client: client.call("cvm", "RenewInstances", RENEW), clients))
    assert [account.payments() for account in fifty_accounts] == [[7650]] * 50


@each_async_client
def test_50_renewals_at_once_in_50_accounts_by_asyncio(kind, fifty_accounts):
    async def all_of_them():
        await asyncio.gather(*(client.call_soon("cvm", "RenewInstances", RENEW) for client in clients))

    clients = [kind(account) for account in fifty_accounts]
    try:
        clients[0].runner.run(all_of_them())
    finally:
        for client in clients:
            client.close()
    assert [account.payments() for account in fifty_accounts] == [[7650]] * 50
