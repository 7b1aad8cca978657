"""tccli, the vendor's command line: the cases, and its own ways to say things."""

import json

import cases
import command_line
import pytest

CASES = cases.load("cases.json")
LOOK = ["cvm", "DescribeInstances", "--region", command_line.REGION]


@pytest.fixture(scope="session")
def tccli_packages():
    return command_line.packages("CVM_TCCLI_PACKAGES")


@pytest.fixture(scope="session")
def trust(tccli_packages, cvm_emulator, tmp_path_factory):
    return command_line.trusting(tccli_packages, tmp_path_factory.mktemp("trust"), cvm_emulator.ca())


@pytest.fixture
def tccli_of(tccli_packages, tmp_path, trust):
    def make(account, way=command_line.WAYS[0], **settings):
        return command_line.Tccli(tccli_packages, tmp_path, account, way, trust, **settings)
    return make


@pytest.fixture
def tccli(tccli_of, cvm_account):
    return tccli_of(cvm_account)


def answer(ran):
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("case, way", cases.everything(CASES, command_line.WAYS))
def test_case(case, way, tccli_of, tccli_packages, cvm_account):
    actions = cases.play(case, cvm_account, lambda **settings: tccli_of(cvm_account, way, **settings))
    cases.passed(f"tccli {command_line.version(tccli_packages, 'tccli')}", actions, way)


def test_temporary_keys(tccli_of, temporary_account):
    cases.play(CASES["cases"][0], temporary_account, lambda **settings: tccli_of(temporary_account, **settings))
    tccli = tccli_of(temporary_account)
    del tccli.environment["TENCENTCLOUD_TOKEN"]
    with pytest.raises(cases.Refused) as refused:
        tccli({"service": "cvm", "action": "DescribeInstances", "params": {}})
    assert refused.value.code == "AuthFailure.TokenFailure"


def test_it_signs_a_host_with_http_before_it(tccli_of, cvm_account):
    tccli = tccli_of(cvm_account, secret_key="wrong")
    with pytest.raises(cases.Refused):
        tccli({"service": "cvm", "action": "DescribeInstances", "params": {}})
    [call] = cvm_account.calls()
    explained = cvm_account.control("GET", call["signature"].removeprefix("/_emulator/"))
    assert f"host:http://{cvm_account.endpoint}" in json.dumps(explained)


def test_an_address_without_http_is_https(tccli):
    ran = tccli.run(*LOOK, "--endpoint", tccli.account.endpoint)
    assert answer(ran)["TotalCount"] > 0
    tccli.environment["PYTHONPATH"] = str(tccli.program.parent.parent)  # without the authority
    ran = tccli.run(*LOOK, "--endpoint", tccli.account.endpoint)
    assert ran.returncode == 255 and "CERTIFICATE_VERIFY_FAILED" in ran.stderr


def test_endpoint_and_keys_of_a_profile(tccli, cvm_account):
    del tccli.environment["TENCENTCLOUD_SECRET_ID"], tccli.environment["TENCENTCLOUD_SECRET_KEY"]
    for name, value in {"secretId": cvm_account.secret_id, "secretKey": cvm_account.secret_key, "region": command_line.REGION,
                        "output": "json", "cvm.endpoint": cvm_account.url, "billing.endpoint": cvm_account.url}.items():
        assert tccli.run("configure", "set", name, value, "--profile", "emulator").returncode == 0
    assert answer(tccli.run("cvm", "DescribeInstances", "--profile", "emulator"))["TotalCount"] > 0
    tccli.environment["TCCLI_PROFILE"] = "emulator"
    assert answer(tccli.run("billing", "DescribeAccountBalance"))["Balance"] == 1000000


def test_a_role_of_a_profile_that_may_only_renew(tccli, cvm_account):
    del tccli.environment["TENCENTCLOUD_SECRET_ID"], tccli.environment["TENCENTCLOUD_SECRET_KEY"]
    for name, value in {"secretId": cvm_account.secret_id, "secretKey": cvm_account.secret_key, "region": command_line.REGION,
                        "output": "json", "role-arn": f"qcs::cam::uin/{cvm_account.uin}:roleName/renewer",
                        "role-session-name": "nightly", "cvm.endpoint": cvm_account.url, "sts.endpoint": cvm_account.url}.items():
        assert tccli.run("configure", "set", name, value).returncode == 0
    renew = ["RenewInstances", "--InstanceIds", '["ins-r8hr2upy"]', "--InstanceChargePrepaid", '{"Period":1}']
    answer(tccli.run("cvm", *renew))
    assert cvm_account.payments("ins-r8hr2upy") == [7650]
    ran = tccli.run("cvm", "TerminateInstances", "--InstanceIds", '["ins-r8hr2upy"]')
    assert command_line.ERROR.search(ran.stderr)["code"] == "UnauthorizedOperation"
    cvm_account.verify_order("AssumeRole", "RenewInstances", "AssumeRole", "TerminateInstances")
    cvm_account.verify("RenewInstances", exactly=1, code="OK")
    # Another role is none of the account's.
    ran = tccli.run("cvm", *renew, "--role-arn", f"qcs::cam::uin/{cvm_account.uin}:roleName/other", "--role-session-name", "nightly")
    assert ran.returncode == 255 and "ResourceNotFound.RoleNotFound" in ran.stderr
    assert cvm_account.payments("ins-r8hr2upy") == [7650]


def test_unfolded_arguments(tccli, cvm_account):
    answer(tccli.run("cvm", "RenewInstances", "--cli-unfold-argument", "--region", command_line.REGION, "--endpoint", cvm_account.url,
                     "--InstanceIds", "ins-r8hr2upy", "ins-5d8a23rs", "--InstanceChargePrepaid.Period", "1"))
    cvm_account.verify("RenewInstances", exactly=1, params={"/InstanceIds": ["ins-r8hr2upy", "ins-5d8a23rs"],
                                                            "/InstanceChargePrepaid/Period": 1})


def test_parameters_from_a_file(tccli, cvm_account, tmp_path):
    skeleton = answer(tccli.run("cvm", "RenewInstances", "--generate-cli-skeleton"))
    assert "InstanceChargePrepaid" in skeleton
    file = tmp_path / "renew.json"
    file.write_text(json.dumps({"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}}))
    answer(tccli.run("cvm", "RenewInstances", "--region", command_line.REGION, "--endpoint", cvm_account.url,
                     "--cli-input-json", f"file://{file}"))
    assert cvm_account.payments("ins-r8hr2upy") == [7650]


def test_filter_and_output(tccli, cvm_account):
    look = [*LOOK, "--endpoint", cvm_account.url, "--InstanceIds", '["ins-r8hr2upy"]', "--filter", "InstanceSet[0].ExpiredTime"]
    assert tccli.run(*look).stdout.strip() == '"2030-01-31T08:00:00Z"'
    assert tccli.run(*look, "--output", "text").stdout.strip() == "2030-01-31T08:00:00Z"
    assert "2030-01-31T08:00:00Z" in tccli.run(*look, "--output", "table").stdout


def test_a_missing_parameter_is_not_even_sent(tccli, cvm_account):
    ran = tccli.run("cvm", "RenewInstances", "--region", command_line.REGION, "--endpoint", cvm_account.url)
    assert ran.returncode == 252 and "--InstanceIds" in ran.stderr
    assert cvm_account.calls() == []


def test_no_proxy_names_the_address_and_the_endpoint(tccli, cvm_account):
    tccli.environment |= {"HTTP_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1",
                          "NO_PROXY": f"127.0.0.1,{cvm_account.url}"}
    assert answer(tccli.run(*LOOK, "--endpoint", cvm_account.url))["TotalCount"] > 0


def waiter(**settings):
    return ["--waiter", json.dumps({"expr": "InstanceSet[0].InstanceState", "to": "SHUTDOWN", **settings})]


def test_waiter_sees_the_expiry(tccli, cvm_account):
    waiting = tccli.start(*LOOK, "--endpoint", cvm_account.url, "--InstanceIds", '["ins-r8hr2upy"]', "--filter",
                          "InstanceSet[0].ExpiredTime", *waiter(interval=1, timeout=30))
    cvm_account.control("POST", "requests/wait", {"match": {"action": "DescribeInstances"}, "at_least": 1, "timeout_ms": 30000})
    cvm_account.set_clock("2030-02-01T00:00:00Z")
    out, err = waiting.communicate(timeout=command_line.PATIENCE)
    # What it says while it waits, `Inquiry result is RUNNING.`, is lost when the output is no terminal.
    assert (waiting.returncode, out) == (0, '"2030-01-31T08:00:00Z"\n'), err
    cvm_account.verify("DescribeInstances", code="OK", at_least=2)


def test_waiter_gives_up(tccli, cvm_account):
    ran = tccli.run(*LOOK, "--endpoint", cvm_account.url, "--InstanceIds", '["ins-r8hr2upy"]', *waiter(interval=1, timeout=1))
    assert ran.returncode == 255 and "last request is RUNNING" in ran.stderr


def test_a_lost_answer_is_paid_once_and_an_error(tccli, cvm_account):
    cvm_account.add_fault("RenewInstances", commit_then_fail=True, drop=True)
    with pytest.raises(cases.Refused) as refused:
        tccli(CASES["cases"][0]["steps"][1])
    assert refused.value.code == "ClientNetworkError"
    cvm_account.verify("RenewInstances", exactly=1)
    assert cvm_account.payments() == [7650]


@pytest.mark.parametrize("fault, code", [({"error": "RequestLimitExceeded"}, "RequestLimitExceeded"),
                                         ({"status": 502}, "ServerNetworkError")])
def test_a_refusal_is_not_repeated(tccli, cvm_account, fault, code):
    cvm_account.add_fault("RenewInstances", **fault)
    with pytest.raises(cases.Refused) as refused:
        tccli(CASES["cases"][0]["steps"][1])
    assert refused.value.code == code
    cvm_account.verify("RenewInstances", exactly=1)
