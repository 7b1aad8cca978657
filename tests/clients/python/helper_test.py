"""The pytest helper: what it does for a test, and how it fails one."""

import os
import subprocess
import sys

import cases
import cvm_emulator as helper
import pytest
import sdk


def renew(account):
    sdk.Client(account).call("cvm", "RenewInstances", {"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}})


def state(account):
    step = {"service": "cvm", "action": "DescribeInstances", "params": {"InstanceIds": ["ins-r8hr2upy"]}}
    return sdk.Client(account)(step)["InstanceSet"][0]["InstanceState"]


# snippet: helper
def test_a_renewal_is_paid_once_and_lasts(cvm_account):
    renew(cvm_account)
    cvm_account.verify("RenewInstances", code="OK", params={"/InstanceChargePrepaid/Period": 1}, exactly=1)
    assert cvm_account.payments("ins-r8hr2upy") == [7650]  # cents
    cvm_account.advance("P1M2D")  # past the old expiry, not past the new one
    assert state(cvm_account) == "RUNNING"
# snippet: end


def test_each_test_has_an_account_of_its_own(cvm_account, cvm_emulator):
    other = cvm_emulator.make_account()
    renew(other)
    assert cvm_account.calls() == [] and len(other.calls()) == 1
    other.drop()
    assert other.uin not in [account["Uin"] for account in cvm_emulator.control("GET", "accounts")["accounts"]]


def test_a_failed_verification_says_what_came(cvm_account):
    renew(cvm_account)
    with pytest.raises(pytest.fail.Exception) as failed:
        cvm_account.verify("RenewInstances", params={"/InstanceChargePrepaid/Period": 2}, exactly=1)
    assert str(failed.value).splitlines()[1:] == ["  RenewInstances (OK): params/InstanceChargePrepaid/Period is 1, not 2"]


def test_calls_in_order(cvm_account):
    renew(cvm_account)
    state(cvm_account)
    cvm_account.verify_order({"action": "RenewInstances", "code": "OK"}, "DescribeInstances")
    with pytest.raises(pytest.fail.Exception):
        cvm_account.verify_order("DescribeInstances", "RenewInstances")


def test_the_clock(cvm_account):
    assert cvm_account.now() == "2030-01-10T00:00:00Z"
    events = cvm_account.set_clock("2030-01-21T00:00:00Z")
    assert [event["resource"] for event in events if event["event"] == "isolated"] == ["ins-5d8a23rs"]
    cvm_account.freeze(False)
    assert not cvm_account.control("GET", "clock")["frozen"]


def test_faults_until_they_are_cleared(cvm_account):
    cvm_account.add_fault("RenewInstances", match={"instance": "ins-r8hr2upy"}, error="InternalServerError")
    with pytest.raises(sdk.TencentCloudSDKException):
        renew(cvm_account)
    cvm_account.clear_faults()
    renew(cvm_account)


def test_more_keys(cvm_account):
    keys = cvm_account.add_credentials(Actions=["cvm:Describe*"], expires_in="PT1H")
    limited = helper.Account(cvm_account.emulator, keys)
    assert limited.token and state(limited) == "RUNNING"
    with pytest.raises(sdk.TencentCloudSDKException) as refused:
        renew(limited)
    assert refused.value.get_code() == "UnauthorizedOperation"


def test_a_refused_control_call_says_why(cvm_account):
    with pytest.raises(helper.EmulatorError, match="POST clock.*400"):
        cvm_account.advance("tomorrow")


def test_a_binary_that_is_not_there(monkeypatch):
    monkeypatch.setenv("CVM_EMULATOR_BINARY", "no-such-file")
    with pytest.raises(helper.EmulatorError, match="there is no no-such-file"):
        helper.Process()


def test_a_start_that_fails_says_why():
    with pytest.raises(helper.EmulatorError, match="did not start:\n(.|\n)*--nonsense"):
        helper.Process("--nonsense")


@pytest.mark.parametrize("given", ["CVM_EMULATOR_URL", "CVM_EMULATOR_BINARY", "PATH"])
def test_in_a_project_of_a_stranger(given, cvm_emulator, tmp_path):
    """The file alone, beside a conftest.py, with each way to name the emulator."""
    binary = os.path.abspath(os.environ["CVM_EMULATOR_BINARY"])
    (tmp_path / "cvm_emulator.py").symlink_to(helper.__file__)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["cvm_emulator"]\n')
    (tmp_path / "test_mine.py").write_text("def test_mine(cvm_account, cvm_ca):\n    assert cvm_account.now() and open(cvm_ca).read()\n")
    (tmp_path / "cvm-renewal-emulator").symlink_to(binary)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CVM_EMULATOR_", "PYTEST_"))}
    environment |= {
        "CVM_EMULATOR_URL": {"CVM_EMULATOR_URL": cvm_emulator.url},
        "CVM_EMULATOR_BINARY": {"CVM_EMULATOR_BINARY": binary},
        "PATH": {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
    }[given]
    ran = subprocess.run([sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=tmp_path, env=environment,
                         capture_output=True, text=True, timeout=60)
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr


@pytest.mark.parametrize("wanted, was, said", [
    ({"A": 1}, {"A": 1, "B": 2}, []),
    ({"A": None}, {}, []),
    ({"A": [{"B": 1}, {}]}, {"A": [{"B": 2}, {"C": 3}]}, ["answer.A[0].B: wanted 1, was 2"]),
    ({"A": [1]}, {"A": [1, 2]}, ["answer.A: wanted [1], was [1, 2]"]),
    ({"A": {"B": 1}}, {"A": None}, ['answer.A: wanted {"B": 1}, was null']),
])
def test_the_driver_tells_what_differs(wanted, was, said):
    assert cases.differences(wanted, was) == said
